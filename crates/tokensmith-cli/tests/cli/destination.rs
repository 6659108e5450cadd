//! Which host gets the credentials: of documents with several servers, and of values for their variables.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;
use tokensmith_tests::rfc6749;
use tokensmith_tests::strict_server::Server;

use crate::run::{Run, tokensmith_with};

/// A document in a folder of its own.
pub(crate) struct Document {
    folder: TempDir,
}

impl Document {
    pub(crate) fn new(document: &Value) -> Self {
        let folder = TempDir::new().expect("a folder");
        fs::write(folder.path().join("acme.json"), document.to_string()).expect("a document");
        Self { folder }
    }

    pub(crate) fn token(&self, arguments: &[&str]) -> Run {
        let file = self.folder.path().join("acme.json");
        let spec = [
            "token",
            "--spec",
            file.to_str().expect("UTF-8"),
            "--output",
            "json",
        ];
        let client = [
            ("TOKENSMITH_CLIENT_ID", "a"),
            ("TOKENSMITH_CLIENT_SECRET", "b"),
        ];
        tokensmith_with(&[&spec[..], arguments].concat(), &client)
    }
}

pub(crate) fn document(servers: &Value, paths: Value) -> Value {
    json!({
        "openapi": "3.0.3",
        "info": {"title": "Acme", "version": "1"},
        "servers": servers,
        "paths": paths,
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    })
}

pub(crate) fn token_operation(servers: Option<Value>) -> Value {
    let mut operation = json!({
        "description": "Issues a token.",
        "security": [{"basic": []}],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
            "required": ["grant_type"],
            "properties": {"grant_type": {"type": "string", "enum": ["client_credentials"]}}
        }}}},
        "responses": {"200": {"description": "The token.", "content": {"application/json": {"schema": {
            "properties": {"access_token": {"type": "string"}}
        }}}}}
    });
    if let Some(servers) = servers {
        operation["servers"] = servers;
    }
    json!({ "post": operation })
}

fn start() -> Server {
    rfc6749::start("a", "b", |token| token)
}

fn notes(run: &Run) -> Vec<&str> {
    run.stderr
        .lines()
        .filter(|line| line.starts_with("note: the credentials"))
        .collect()
}

/// Two token endpoints, each with production and a sandbox.
struct Two {
    servers: [Server; 4],
    document: Document,
}

impl Two {
    /// `name` describes the servers of the second endpoint.
    fn new(name: impl Fn(usize) -> Option<&'static str>, is_reversed: bool) -> Self {
        let servers = [start(), start(), start(), start()];
        let [live, sandbox, other_live, other_sandbox] = &servers;
        let described = |url: String, name: Option<&str>| match name {
            Some(name) => json!({"url": url, "description": name}),
            None => json!({ "url": url }),
        };
        let first = json!([
            described(live.url(), Some("Production")),
            described(sandbox.url(), Some("Sandbox"))
        ]);
        let mut second = vec![
            described(other_live.url(), name(0)),
            described(other_sandbox.url(), name(1)),
        ];
        if is_reversed {
            second.reverse();
        }
        let paths = json!({
            "/token": token_operation(None),
            "/partner/token": token_operation(Some(json!(second)))
        });
        let document = Document::new(&document(&first, paths));
        Self { servers, document }
    }

    fn counts(&self) -> Vec<usize> {
        self.servers.iter().map(Server::count).collect()
    }
}

#[test]
fn a_sandboxs_credentials_stay_in_the_sandbox() {
    let names = |index| Some(if index == 0 { "Production" } else { "Sandbox" });
    for is_reversed in [false, true] {
        let two = Two::new(names, is_reversed);
        let run = two
            .document
            .token(&["--server", "Sandbox", "--path", "/partner/token"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        assert_eq!(two.counts(), [0, 0, 0, 1], "{}", run.stderr);
        two.document.token(&["--path", "/partner/token"]);
        two.document
            .token(&["--server", "Sandbox", "--path", "/token"]);
        two.document.token(&["--path", "/token"]);
        assert_eq!(two.counts(), [1; 4]);
    }
}

#[test]
fn without_names_the_position_counts_and_is_told() {
    let two = Two::new(|_| None, false);
    let run = two
        .document
        .token(&["--server", "Sandbox", "--path", "/partner/token"]);
    assert_eq!(two.counts(), [0, 0, 0, 1], "{}", run.stderr);
    assert!(run.stderr.contains("warning[TS030]"), "{}", run.stderr);
}

#[test]
fn servers_that_do_not_fit_are_an_error_and_nothing_is_sent() {
    let two = Two::new(|index| Some(["Europe", "Sandbox"][index]), false);
    let run = two.document.token(&["--path", "/partner/token"]);
    // Production is taken for Europe, as the only one that is left.
    assert_eq!(run.code, Some(0), "{}", run.stderr);

    let servers = [start(), start(), start()];
    let [live, sandbox, other] = servers.each_ref().map(Server::url);
    let first = json!([
        {"url": live, "description": "Production"},
        {"url": sandbox, "description": "Sandbox"}
    ]);
    let paths = json!({
        "/token": token_operation(None),
        "/partner/token": token_operation(Some(json!([{ "url": other }])))
    });
    let document = Document::new(&document(&first, paths));
    for arguments in [&["--server", "Sandbox"][..], &["--path", "/partner/token"]] {
        let run = document.token(arguments);
        assert_eq!(run.code, Some(1));
        let error = run.stderr.lines().last().unwrap_or_default();
        let error: Value = serde_json::from_str(error).expect("JSON at last");
        let message = error["error"]["message"].as_str().unwrap_or_default();
        assert!(message.contains("TS028"), "{message}");
    }
    assert!(servers.iter().all(|server| server.count() == 0));
}

#[test]
fn one_base_url_takes_the_place_of_all_servers() {
    let two = Two::new(|index| Some(["Production", "Sandbox"][index]), false);
    let mock = start();
    let run = two
        .document
        .token(&["--server", &mock.url(), "--path", "/partner/token"]);
    assert_eq!((run.code, mock.count()), (Some(0), 1), "{}", run.stderr);
    assert_eq!(two.counts(), [0; 4]);
    assert!(notes(&run).is_empty(), "{}", run.stderr);
}

#[test]
fn a_host_that_the_document_does_not_name_first_is_told() {
    let [first, other] = [start(), start()];
    let servers = json!([{"url": first.url(), "description": "Production"}]);
    let elsewhere = json!([{"url": other.url(), "description": "Production"}]);

    let plain = Document::new(&document(
        &servers,
        json!({"/token": token_operation(None)}),
    ));
    assert!(notes(&plain.token(&[])).is_empty());

    let whole = format!("{}/token", other.url());
    for paths in [
        json!({"/token": token_operation(Some(elsewhere))}),
        json!({whole: token_operation(None)}),
    ] {
        let document = Document::new(&document(&servers, paths));
        let run = document.token(&[]);
        assert_told(&run, &other, &first);
        // Standard output is the token alone.
        let token: Value = serde_json::from_str(&run.stdout).expect("JSON");
        assert_eq!(token["access_token"], rfc6749::TOKEN);
    }
    assert_eq!((first.count(), other.count()), (1, 2));
}

/// What stands between the scheme and the path.
fn host(server: &Server) -> String {
    server.url().replace("http://", "")
}

fn port(server: &Server) -> String {
    host(server)
        .split(':')
        .next_back()
        .expect("has one")
        .to_owned()
}

/// The one note of a run that got a token: from this server, and not from the one that the document names first.
#[track_caller]
fn assert_told(run: &Run, other: &Server, first: &Server) {
    let expected = format!(
        "note: the credentials go to {}; the server that the document names first is {}",
        host(other),
        host(first)
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert_eq!(notes(run), [expected.as_str()], "{}", run.stderr);
}

#[test]
fn a_host_that_only_looks_like_the_first_servers_is_told() {
    let [first, other] = [start(), start()];
    let servers = json!([{"url": "http://127.0.0.1:{port}", "description": "Production",
        "variables": {"port": {"default": port(&first)}}}]);
    let given = ["--server-variable", &format!("port={}", port(&other))];
    let paths = json!({"/token": token_operation(None)});
    let document_of_default = Document::new(&document(&servers, paths));
    assert!(notes(&document_of_default.token(&[])).is_empty());
    assert_told(&document_of_default.token(&given), &other, &first);

    let elsewhere = json!([{"url": other.url(), "description": "Production"}]);
    let paths = json!({"/token": token_operation(Some(elsewhere))});
    let document_of_operation = Document::new(&document(&servers, paths));
    assert_told(&document_of_operation.token(&[]), &other, &first);

    let listed = json!([{"url": "http://127.0.0.1:{port}", "description": "Production",
        "variables": {"port": {"default": port(&first), "enum": [port(&first), port(&other)]}}}]);
    let document_of_enum =
        Document::new(&document(&listed, json!({"/token": token_operation(None)})));
    assert_told(&document_of_enum.token(&given), &other, &first);
}

#[test]
fn a_host_that_an_overlay_puts_in_the_place_of_the_first_is_told() {
    let [first, other] = [start(), start()];
    let servers = json!([{"url": first.url(), "description": "Production"}]);
    let document = Document::new(&document(
        &servers,
        json!({"/token": token_operation(None)}),
    ));
    let overlay = json!({
        "overlay": "1.0.0",
        "info": {"title": "Other servers", "version": "1"},
        "actions": [
            {"target": "$.servers[*]", "remove": true},
            {"target": "$", "update": {"servers": [{"url": other.url(), "description": "Production"}]}}
        ]
    });
    fs::write(
        document.folder.path().join("acme.overlay.json"),
        overlay.to_string(),
    )
    .expect("an overlay");
    assert_told(&document.token(&[]), &other, &first);
    assert_eq!((first.count(), other.count()), (0, 1));
}

#[test]
fn a_secret_goes_into_the_url_only_where_that_is_said() {
    let server = Server::start(|_| {
        tokensmith_tests::strict_server::ServerResponse::json(200, r#"{"access_token":"t"}"#)
    });
    let mut query = token_operation(None);
    query["post"]["x-tokensmith"] = json!({"client-auth": "query"});
    let mut get = token_operation(None);
    get["get"] = get["post"].take();
    let get = json!({"get": {
        "security": [{}],
        "parameters": [
            {"name": "grant_type", "in": "query", "required": true, "schema": {"type": "string", "enum": ["client_credentials"]}},
            {"name": "client_id", "in": "query", "required": true, "schema": {"type": "string"}},
            {"name": "client_secret", "in": "query", "required": true, "schema": {"type": "string"}}
        ],
        "responses": get["get"]["responses"]
    }});
    let servers = json!([{"url": server.url(), "description": "Production"}]);
    for operation in [query, get] {
        let document = Document::new(&document(&servers, json!({"/token": operation})));
        let before = server.count();
        let refused = document.token(&[]);
        assert!(
            refused.usage().contains("--client-auth query"),
            "{}",
            refused.stderr
        );
        assert_eq!(server.count(), before);
        let run = document.token(&["--client-auth", "query"]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        let last = server.requests().pop().expect("a request");
        assert!(last.target.contains("client_secret=b"), "{}", last.target);
    }
}

#[test]
fn no_assertion_is_made_for_another_host_unless_that_is_said() {
    let server = Server::start(|_| {
        tokensmith_tests::strict_server::ServerResponse::json(200, r#"{"access_token":"t"}"#)
    });
    let audiences = [
        "https://bank.example/token",
        "//bank.example",
        "https:bank.example",
        " https://bank.example",
        "api://bank.example",
        "urn:bank:example",
        "bank",
    ];
    for (asked, audience) in audiences.into_iter().enumerate() {
        let mut operation = token_operation(None);
        operation["post"]["x-tokensmith"] =
            json!({"client-auth": {"method": "client-secret-jwt", "audience": audience}});
        let servers = json!([{"url": server.url(), "description": "Production"}]);
        let document = Document::new(&document(&servers, json!({"/token": operation})));
        let refused = document.token(&[]);
        assert_eq!(
            (refused.code, server.count()),
            (Some(1), asked),
            "{audience}: {}",
            refused.stderr
        );
        assert!(
            refused.stderr.contains(audience) && refused.stderr.contains("set the audience"),
            "{}",
            refused.stderr
        );
        let run = document.token(&["--audience", audience]);
        assert_eq!(
            (run.code, server.count()),
            (Some(0), asked + 1),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn warnings_of_the_document_are_told_before_the_token() {
    let server = start();
    let servers = json!([{"url": server.url(), "description": "Production"}]);
    let paths = json!({"/token": token_operation(None)});
    let run = Document::new(&document(&servers, paths)).token(&[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let lines: Vec<&str> = run.stderr.lines().collect();
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("warning: what would be better: TS04")),
        "{lines:?}"
    );
    assert!(
        lines
            .last()
            .is_some_and(|line| line.contains("tokensmith check")),
        "{lines:?}"
    );
    assert!(lines.len() <= 4, "{lines:?}");
}
