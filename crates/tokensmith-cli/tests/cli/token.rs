//! Tokens, from servers that know the providers' pages only.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tokensmith_tests::endpoint::{Endpoint, Style};
use tokensmith_tests::strict_server::{Server, ServerResponse};
use tokensmith_tests::{moov, moveworks, workiva};

use crate::run::{spec_argument, tokensmith, tokensmith_with};

const MEMBERS: [&str; 9] = [
    "access_token",
    "token_type",
    "expires_in",
    "expires_at",
    "scope",
    "refresh_token",
    "id_token",
    "extra",
    "warnings",
];

/// The members of a response, in the order in which they are printed.
fn members(text: &str) -> Vec<&str> {
    let mut places: Vec<(usize, &str)> = MEMBERS
        .iter()
        .filter_map(|name| Some((text.find(&format!("\"{name}\":"))?, *name)))
        .collect();
    places.sort_unstable();
    places.into_iter().map(|(_, name)| name).collect()
}

#[track_caller]
fn no_complaints(endpoint: &Endpoint) {
    assert_eq!(endpoint.complaints(), Vec::<String>::new());
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// A server that gives everybody the same response.
fn responding(body: &'static str) -> Server {
    Server::start(move |_| ServerResponse::json(200, body))
}

#[test]
fn built_in_providers_give_tokens() {
    for (name, endpoint) in [
        ("moov", moov::start()),
        ("moveworks", moveworks::start()),
        ("workiva", workiva::start()),
    ] {
        let run = tokensmith(&[
            "token",
            name,
            "--server",
            &endpoint.url(),
            "--output",
            "json",
        ]);
        let token = run.token();
        assert_eq!(members(&run.stdout), MEMBERS);
        assert_eq!(
            token.as_object().map(serde_json::Map::len),
            Some(MEMBERS.len())
        );
        assert!(
            token["access_token"]
                .as_str()
                .is_some_and(|token| !token.is_empty()),
            "{name}"
        );
        no_complaints(&endpoint);
    }
}

#[test]
fn documents_give_tokens_without_a_crate() {
    for (name, endpoint) in [
        ("moov", moov::start()),
        ("moveworks", moveworks::start()),
        ("workiva", workiva::start()),
    ] {
        let spec = spec_argument(&format!("{name}.yaml"));
        let token = tokensmith(&["token", "--spec", &spec, "--server", &endpoint.url()]).token();
        let built_in = tokensmith(&["token", name, "--server", &endpoint.url()]).token();
        assert_eq!(
            (&token["access_token"], &token["extra"]),
            (&built_in["access_token"], &built_in["extra"])
        );
        no_complaints(&endpoint);
    }
}

#[test]
fn an_overlay_can_be_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let moved = folder.path().join("My Provider.yaml");
    let text = std::fs::read_to_string(crate::run::spec("moveworks.yaml")).expect("a document");
    // Nothing in it says what the overlay does.
    std::fs::write(&moved, text.replace("client_credentials", "...")).expect("a copy");
    let moved = moved.to_str().expect("UTF-8");
    let endpoint = moveworks::start();
    let server = endpoint.url();

    let error = tokensmith(&["token", "--spec", moved, "--server", &server]).error();
    assert_eq!(error["kind"], "config");
    assert!(
        error["message"]
            .as_str()
            .is_some_and(|message| message.contains("error[TS010]")),
        "{error}"
    );
    let overlay = spec_argument("moveworks.overlay.yaml");
    tokensmith(&[
        "token",
        "--spec",
        moved,
        "--overlay",
        &overlay,
        "--server",
        &server,
    ])
    .token();
    no_complaints(&endpoint);
}

#[test]
fn a_url_is_enough() {
    let endpoint = workiva::start();
    let url = format!("{}/oauth2/token", endpoint.url());
    let token = tokensmith(&["token", "--token-url", &url, "--scope", "file:read"]).token();
    assert_eq!(token["scope"], json!(["file:read"]));
    no_complaints(&endpoint);
}

#[test]
fn every_option_reaches_the_request() {
    let endpoint = moov::start();
    endpoint.accept_only(&[Style::Body]);
    let arguments = [
        "token",
        "moov",
        "--server",
        &endpoint.url(),
        "--grant",
        "refresh_token",
        "--client-auth",
        "body",
        "--format",
        "json",
        "--scope",
        "/ping.read",
        "--scope",
        "/accounts.write",
        "--secret-param",
        "refresh_token=REFRESH",
        "--param",
        "x-moov-version=v2024.01.00",
    ];
    let variables = [
        (
            "TOKENSMITH_CLIENT_ID",
            tokensmith_tests::endpoint::CLIENT_ID,
        ),
        (
            "TOKENSMITH_CLIENT_SECRET",
            tokensmith_tests::endpoint::CLIENT_SECRET,
        ),
        ("REFRESH", "a=refresh/token"),
    ];
    tokensmith_with(&arguments, &variables).token();
    no_complaints(&endpoint);
    let [request] = endpoint.requests().try_into().expect("one request");
    assert_eq!(request.header("x-moov-version"), Some("v2024.01.00"));
    let body: Value = serde_json::from_slice(&request.body).expect("JSON");
    assert_eq!(body["refresh_token"], "a=refresh/token");
    assert_eq!(body["scope"], "/ping.read /accounts.write");
}

#[test]
fn undeclared_parameters_and_headers_are_sent() {
    let server = responding(r#"{"access_token":"t"}"#);
    let url = format!("{}/token?tenant=a", server.url());
    let arguments = [
        "token",
        "--token-url",
        &url,
        "--grant",
        "urn:example:grant",
        "--client-auth",
        "none",
        "--param",
        "audience=https://api.example?x=1",
        "--param",
        "resource=a",
        "--param",
        "resource=b",
        "--header",
        "X-Key=k=1",
    ];
    tokensmith_with(&arguments, &[("TOKENSMITH_CLIENT_ID", "public")]).token();
    let [request] = server.requests().try_into().expect("one request");
    assert_eq!(
        (request.target.as_str(), request.header("x-key")),
        ("/token?tenant=a", Some("k=1"))
    );
    assert_eq!(request.header("authorization"), None);
    let form = request.text();
    for part in [
        "grant_type=urn%3Aexample%3Agrant",
        "audience=https%3A%2F%2Fapi.example%3Fx%3D1",
        "resource=a&resource=b",
        "client_id=public",
    ] {
        assert!(form.contains(part), "{part} in {form}");
    }
}

#[test]
fn another_path_can_be_taken() {
    let endpoint = workiva::start();
    tokensmith(&[
        "token",
        "workiva",
        "--server",
        &endpoint.url(),
        "--path",
        workiva::PATHS[1],
    ])
    .token();
    no_complaints(&endpoint);
    assert_eq!(endpoint.requests()[0].target, workiva::PATHS[1]);
}

#[test]
fn moveworks_may_leave_out_the_envelope() {
    let endpoint = moveworks::start();
    endpoint.respond_next(moveworks::bare_token());
    tokensmith(&["token", "moveworks", "--server", &endpoint.url()]).token();
    no_complaints(&endpoint);
}

#[test]
fn the_whole_response_is_printed() {
    let server = responding(
        r#"{"meta":{"id":1},"shown":"outside","data":{"access_token":"t","token_type":"DPoP","expires_in":"3600","scope":"a b",
            "refresh_token":"r","id_token":"i","shown":"inside","n":[1]}}"#,
    );
    let mut token = tokensmith(&["token", "moveworks", "--server", &server.url()]).token();
    let expires_at = token["expires_at"].take().as_u64().expect("a Unix time");
    assert!(
        (now() + 3590..=now() + 3600).contains(&expires_at),
        "{expires_at}"
    );
    let expected = json!({
        "access_token": "t", "token_type": "DPoP", "expires_in": 3600, "expires_at": null, "scope": ["a", "b"],
        "refresh_token": "r", "id_token": "i", "extra": {"meta": {"id": 1}, "shown": "inside", "n": [1]}, "warnings": [],
    });
    assert_eq!(token, expected);
}

#[test]
fn what_is_absent_is_null() {
    let server = responding(r#"{"access_token":"t"}"#);
    let token = tokensmith(&["token", "--token-url", &server.url()]).token();
    let expected = json!({
        "access_token": "t", "token_type": "Bearer", "expires_in": null, "expires_at": null, "scope": null,
        "refresh_token": null, "id_token": null, "extra": {}, "warnings": [],
    });
    assert_eq!(token, expected);
}

#[test]
fn what_is_odd_is_set_aside_and_named() {
    let server = responding(
        r#"{"access_token":"t","expires_in":"soon","scope":7,"refresh_token":["r"],"token_type":{}}"#,
    );
    let token = tokensmith(&["token", "moov", "--server", &server.url()]).token();
    assert_eq!(
        token["extra"],
        json!({"expires_in": "soon", "scope": 7, "refresh_token": ["r"], "token_type": {}})
    );
    assert_eq!(
        (
            &token["expires_in"],
            &token["refresh_token"],
            &token["scope"]
        ),
        (&Value::Null, &Value::Null, &Value::Null)
    );
    let warnings = token["warnings"].as_array().expect("warnings");
    assert_eq!(warnings.len(), 4);
    assert!(warnings.iter().all(Value::is_string));
}

#[test]
fn the_token_alone_or_in_its_header() {
    let server = responding(r#"{"access_token":"abc","expires_in":"soon"}"#);
    for (output, expected) in [
        ("token", "abc\n"),
        ("header", "Authorization: Bearer abc\n"),
    ] {
        let run = tokensmith(&["token", "--token-url", &server.url(), "--output", output]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), expected));
        assert!(
            run.stderr.starts_with("warning: /expires_in"),
            "{}",
            run.stderr
        );
    }
}

#[test]
fn a_token_that_would_add_a_header_is_not_printed_as_one() {
    let server = responding(r#"{"access_token":"abc\r\nX-Evil: 1"}"#);
    let run = tokensmith(&["token", "--token-url", &server.url(), "--output", "header"]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
}

#[test]
fn a_header_is_printed_as_the_document_has_it() {
    let spec = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../tests/fixtures/3.0/token-use.yaml"
    );
    let print = |path: &str, more: &[&str]| {
        let server = responding(r#"{"access_token":"t"}"#);
        let url = server.url();
        let arguments = ["token", "--spec", spec, "--server", &url, "--path", path];
        let run = tokensmith(&[&arguments[..], &["--output", "header"], more].concat());
        (run, server.count())
    };
    let (run, _) = print("/oauth/access_token", &[]);
    assert_eq!(
        run.stdout.trim_end(),
        "X-Shopify-Access-Token: t",
        "{}",
        run.stderr
    );
    let (run, _) = print("/oauth/access_token", &["--header-key", "Authorization"]);
    assert_eq!(run.stdout.trim_end(), "Authorization: Bearer t");
    let (run, requests) = print("/oauth/query_access_token/v2", &[]);
    // A token that cannot be printed is not asked for.
    assert_eq!((run.code, run.stdout.as_str(), requests), (Some(1), "", 0));
    assert!(
        run.stderr.contains("query parameter `access_token`"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_client_without_a_secret_is_a_public_one() {
    let server = responding(r#"{"access_token":"t"}"#);
    let variables = [
        ("TOKENSMITH_CLIENT_ID", "me"),
        ("TOKENSMITH_CLIENT_SECRET", ""),
    ];
    tokensmith_with(&["token", "--token-url", &server.url()], &variables).token();
    let [request] = server.requests().try_into().expect("one request");
    assert_eq!(
        (request.header("authorization"), request.text()),
        (None, "grant_type=client_credentials&client_id=me")
    );
}

#[test]
fn a_code_grant_without_a_grant_type_is_chosen_by_its_name() {
    let run = tokensmith(&[
        "token",
        "facebook",
        "--grant",
        "authorization_code",
        "--client-auth",
        "query",
        "--param",
        "redirect_uri=http://127.0.0.1/",
        "--secret-param",
        "code=CODE",
        "--dry-run",
    ]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(run.stdout.contains("&code=$CODE&"), "{}", run.stdout);
    assert!(!run.stdout.contains("grant_type"), "{}", run.stdout);
}
