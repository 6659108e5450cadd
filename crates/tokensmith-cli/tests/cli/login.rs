//! People sign in. The tests are the browser.

pub(crate) mod browser;
mod device;
mod hostile;
mod opened;
pub(crate) mod outside;

use serde_json::Value;
use tokensmith_mock::{MockClient, MockServer, Options, Provider};
use tokensmith_providers::PROVIDERS;

use crate::run::{spec_argument, tokensmith};
use browser::{Login, get, pairs};

pub(crate) fn start(provider: Provider) -> MockServer {
    MockServer::start(provider, "127.0.0.1:0".parse().expect("an address")).expect("a free port")
}

/// A server that knows no provider.
pub(crate) fn standard(options: Options) -> MockServer {
    start(Provider::standard(options))
}

pub(crate) fn mock_of(name: &str) -> MockServer {
    mock_with(name, Options::new())
}

/// A mock of a provider that asks nobody.
pub(crate) fn mock_with(name: &str, options: Options) -> MockServer {
    let mut entries = PROVIDERS.iter();
    let entry = entries.find(|entry| entry.description.name() == name);
    let entry = entry.expect("is built in");
    let mut options = options.approve();
    let mut endpoints = entry.description.endpoints().iter();
    if endpoints.any(|endpoint| !endpoint.signature_in_redirect().is_empty()) {
        options = options.client(MockClient::new("app", "s3cret"));
    }
    start(Provider::of(entry, options))
}

/// The values of a parameter of the token requests that a mock has seen.
fn seen(server: &MockServer, name: &str) -> Vec<String> {
    let requests = server.provider().requests();
    let parameters = requests.iter().flat_map(|request| &request.parameters);
    let values = parameters.filter(|parameter| parameter.name == name);
    values.map(|parameter| parameter.value.clone()).collect()
}

/// Signs in, and returns the token that the command prints.
fn token(arguments: &[&str]) -> Value {
    let login = Login::start(arguments);
    let page = get(&login.away());
    assert_eq!(page.status, 200, "{page:?}");
    assert!(page.body.contains("You can close this page"), "{page:?}");
    login.finish().token_after_sign_in()
}

#[test]
fn an_issuer_is_enough() {
    let server = standard(Options::new());
    let url = server.url();
    let login = Login::start(&["--issuer", &url, "--scope", "openid", "--scope", "mail"]);
    let sent = pairs(&login.url);
    assert_eq!(sent["response_type"], "code");
    assert_eq!(sent["client_id"], "app");
    assert_eq!(sent["scope"], "openid mail");
    assert_eq!(sent["code_challenge_method"], "S256");
    assert_eq!(sent["code_challenge"].len(), 43);
    assert!(sent["state"].len() >= 43 && sent["nonce"].len() >= 43);
    assert!(sent["redirect_uri"].starts_with("http://127.0.0.1:"));
    assert!(sent["redirect_uri"].ends_with("/callback"));

    let back = login.decide("approve");
    let code = pairs(&back)["code"].clone();
    let page = get(&back);
    assert_eq!(page.status, 200);
    for (name, value) in [
        ("cache-control", "no-store"),
        ("referrer-policy", "no-referrer"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(page.header(name), Some(value));
    }
    let secrets = [&code, &sent["state"], &sent["nonce"]];
    assert!(secrets.iter().all(|secret| !page.body.contains(*secret)));

    let token = login.finish().token_after_sign_in();
    assert!(token["access_token"].is_string() && token["refresh_token"].is_string());
    assert!(token["id_token"].is_string());
}

/// RFC 9126.
#[test]
fn the_request_is_pushed_where_the_server_takes_it() {
    let options = Options::new().approve().push_authorization();
    let server = standard(options.reveal_secrets());
    let url = server.url();
    let login = Login::start(&["--issuer", &url, "--scope", "openid"]);
    let carried = pairs(&login.url);
    let names: Vec<&str> = carried.keys().map(String::as_str).collect();
    assert_eq!(names, ["client_id", "request_uri"]);
    assert_eq!(get(&login.away()).status, 200);
    let token = login.finish().token_after_sign_in();
    assert!(token["id_token"].is_string());
    assert_eq!(seen(&server, "scope")[0], "openid");

    let run = tokensmith(&["login", "--issuer", &url, "--param", "response_mode=jwt"]);
    assert!(run.usage().contains("`response_mode`"), "{}", run.stderr);
}

#[test]
fn a_name_a_document_and_two_urls_are_enough() {
    let zoom = mock_of("zoom");
    let (url, spec) = (zoom.url(), spec_argument("zoom.yaml"));
    for whose in [&["zoom"][..], &["--spec", &spec]] {
        let token = token(&[whose, &["--server", &url]].concat());
        assert!(token["access_token"].is_string());
    }
    let server = standard(Options::new().approve());
    let (authorization, endpoint) = (
        format!("{}/authorize", server.url()),
        format!("{}/token", server.url()),
    );
    let urls = [
        "--authorization-url",
        authorization.as_str(),
        "--token-url",
        &endpoint,
    ];
    assert!(token(&urls)["access_token"].is_string());
}

#[test]
fn a_state_that_the_document_asks_for_goes_with_the_code() {
    let server = mock_of("dropbox-sign");
    let url = server.url();
    assert!(token(&["dropbox-sign", "--server", &url])["access_token"].is_string());
}

#[test]
fn the_registered_redirect_uri_is_used() {
    let server = standard(Options::new().approve());
    let url = server.url();
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let port = free.local_addr().expect("an address").port();
    drop(free);
    let uri = format!("http://localhost:{port}/sign/in?app=1");
    let login = Login::start(&["--issuer", &url, "--redirect-uri", &uri]);
    assert_eq!(pairs(&login.url)["redirect_uri"], uri);
    assert_eq!(get(&login.away()).status, 200);
    login.finish().token_after_sign_in();
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
    let uri = format!("http://{}/cb", taken.local_addr().expect("an address"));
    let server = standard(Options::new());
    let run = tokensmith(&["login", "--issuer", &server.url(), "--redirect-uri", &uri]);
    let message = run.error()["message"].to_string();
    assert!(message.contains(&uri), "{message}");
}

#[test]
fn a_refusal_is_told_as_other_failures_are() {
    let server = standard(Options::new());
    let url = server.url();
    let login = Login::start(&["--issuer", &url]);
    let page = get(&login.decide("deny"));
    assert!(page.body.contains("There was no sign-in"), "{page:?}");
    let error = login.finish().error();
    assert_eq!(
        (&error["kind"], &error["code"]),
        (&"provider".into(), &"access_denied".into())
    );

    let login = Login::start(&["--issuer", &url, "--output", "text"]);
    get(&login.decide("deny"));
    let run = login.finish();
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("access_denied"), "{}", run.stderr);
    assert!(!run.stderr.contains("--dry-run"), "{}", run.stderr);
}

#[test]
fn verbose_shows_no_secret() {
    let server = standard(Options::new());
    let url = server.url();
    let login = Login::start(&["--issuer", &url, "--scope", "openid", "-vv"]);
    let back = login.decide("approve");
    get(&back);
    let run = login.finish();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let token: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert!(run.stderr.contains("POST"), "{}", run.stderr);
    let mut secrets = vec![pairs(&back)["code"].clone(), "s3cret".to_owned()];
    for name in ["access_token", "refresh_token", "id_token"] {
        secrets.push(token[name].as_str().expect("a text").to_owned());
    }
    for secret in secrets {
        assert!(!run.stderr.contains(&secret), "{}", run.stderr);
    }
}

#[test]
fn parameters_go_where_they_belong() {
    let server = standard(Options::new().approve().reveal_secrets());
    let url = server.url();
    let login = Login::start(&[
        "--issuer",
        &url,
        "--param",
        "prompt=login",
        "--token-param",
        "audience=api",
    ]);
    let sent = pairs(&login.url);
    assert_eq!(sent["prompt"], "login");
    assert!(!sent.contains_key("audience"));
    get(&login.away());
    login.finish().token_after_sign_in();
    assert_eq!(seen(&server, "audience"), ["api"]);
    // The mock holds it against the challenge.
    assert_eq!(seen(&server, "code_verifier").len(), 1);
    assert_eq!(
        seen(&server, "redirect_uri"),
        [&*sent["redirect_uri"], &*sent["redirect_uri"]]
    );
}

#[test]
fn a_code_is_exchanged_without_a_grant_type_where_the_document_has_none() {
    for (provider, more) in [
        ("facebook", &["--client-auth", "query"][..]),
        ("shopify", &[]),
    ] {
        let server = mock_of(provider);
        let url = server.url();
        let arguments = [provider, "--server", &url, "--scope", "read"];
        assert!(token(&[&arguments[..], more].concat())["access_token"].is_string());
        assert_eq!(seen(&server, "grant_type"), [""; 0]);
    }
}

#[test]
fn a_secret_does_not_go_into_a_url_because_a_document_says_so() {
    let run = tokensmith(&["login", "facebook"]);
    assert!(
        run.usage().contains("--client-auth query"),
        "{}",
        run.stderr
    );
}

#[test]
fn arguments_that_make_no_sense_are_refused() {
    for arguments in [
        &[][..],
        &["zoom", "--issuer", "http://127.0.0.1:1"],
        &["--token-url", "http://127.0.0.1:1/token"],
        &["--authorization-url", "http://127.0.0.1:1/authorize"],
        &["zoom", "--redirect-uri", "https://example.com/callback"],
        &["zoom", "--timeout", "0"],
        &["zoom", "--device", "--no-browser"],
        &["--device", "--token-url", "http://127.0.0.1:1/token"],
        // Its document has no device authorization endpoint.
        &["dropbox", "--device"],
        &["zoom", "--param", "canary"],
        // Its document has no authorization endpoint.
        &["moov"],
    ] {
        let run = tokensmith(&[&["login"], arguments].concat());
        assert!(!run.usage().contains("canary"));
    }
}
