//! Commands that are given a token: `refresh`, `revoke` and `introspect`.

use serde_json::{Value, json};
use tokensmith_mock::{MockServer, Options, Provider};
use tokensmith_providers::PROVIDERS;

use crate::run::{Run, tokensmith, tokensmith_with};

fn start(provider: Provider) -> MockServer {
    MockServer::start(provider, "127.0.0.1:0".parse().expect("an address")).expect("a free port")
}

/// Runs a command with tokens in the environment.
fn run(arguments: &[&str], tokens: &[(&str, &str)]) -> Run {
    let client = [
        ("TOKENSMITH_CLIENT_ID", "app"),
        ("TOKENSMITH_CLIENT_SECRET", "s3cret"),
        ("PASSWORD", "secret"),
    ];
    tokensmith_with(arguments, &[&client[..], tokens].concat())
}

/// A token of a person.
fn token(server: &MockServer) -> Value {
    let url = format!("{}/token", server.url());
    let arguments = [
        "token",
        "--token-url",
        &url,
        "--grant",
        "password",
        "--param",
        "username=a",
        "--secret-param",
        "password=PASSWORD",
        "--scope",
        "read",
    ];
    run(&arguments, &[]).token()
}

fn text<'a>(token: &'a Value, name: &str) -> &'a str {
    token[name].as_str().expect("a text")
}

#[test]
fn a_refresh_token_gives_the_next_token() {
    let server = start(Provider::standard(Options::new()));
    let first = token(&server);
    let (issuer, url) = (server.url(), format!("{}/token", server.url()));
    let by_issuer = ["refresh", "--issuer", &issuer];
    let variable = |token: &Value| text(token, "refresh_token").to_owned();
    let refresh_token = variable(&first);
    let next = run(&by_issuer, &[("TOKENSMITH_REFRESH_TOKEN", &refresh_token)]).token();
    assert_ne!(next["access_token"], first["access_token"]);
    let refresh_token = match next["refresh_token"].is_string() {
        true => variable(&next),
        false => refresh_token,
    };
    let arguments = ["refresh", "--token-url", &url, "--output", "header"];
    let header = run(&arguments, &[("TOKENSMITH_REFRESH_TOKEN", &refresh_token)]);
    assert!(
        header.stdout.starts_with("Authorization: Bearer "),
        "{}",
        header.stderr
    );

    let error = run(&by_issuer, &[("TOKENSMITH_REFRESH_TOKEN", "canary")]).error();
    assert_eq!(error["code"], "invalid_grant");
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn a_token_that_is_revoked_is_not_active_any_more() {
    let server = start(Provider::standard(Options::new()));
    let token = token(&server);
    let held = [("TOKENSMITH_TOKEN", text(&token, "access_token"))];
    let url = server.url();
    let introspect = || run(&["introspect", "--issuer", &url, "-v"], &held);
    let told = introspect();
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    assert!(!told.stderr.contains(held[0].1), "{}", told.stderr);
    let told: Value = serde_json::from_str(&told.stdout).expect("JSON");
    assert_eq!(
        (&told["active"], &told["client_id"]),
        (&json!(true), &json!("app"))
    );
    assert_eq!(told["scope"], "read");
    assert!(told["exp"].is_u64(), "{told}");

    let arguments = ["revoke", "--issuer", &url, "--hint", "access_token"];
    assert_eq!(run(&arguments, &held).token(), json!({"revoked": true}));
    let told: Value = serde_json::from_str(&introspect().stdout).expect("JSON");
    assert_eq!(told, json!({"active": false}));
    let text = run(&["introspect", "--issuer", &url, "--output", "text"], &held);
    assert_eq!(text.stdout, "active  false\n");
}

#[test]
fn built_in_providers_revoke_and_refresh() {
    let mut entries = PROVIDERS.iter();
    let entry = entries.find(|entry| entry.description.name() == "gitlab");
    let server = start(Provider::of(entry.expect("is built in"), Options::new()));
    let url = server.url();
    let held = [("TOKENSMITH_TOKEN", "unknown")];
    let done = run(
        &["revoke", "gitlab", "--server", &url, "--output", "text"],
        &held,
    );
    assert_eq!(
        done.stdout, "The token is not valid any more.\n",
        "{}",
        done.stderr
    );
    let held = [("TOKENSMITH_REFRESH_TOKEN", "unknown")];
    let error = run(&["refresh", "gitlab", "--server", &url], &held).error();
    assert_eq!(error["code"], "invalid_grant");
}

#[test]
fn userinfo_is_about_the_person_of_the_id_token() {
    let server = start(Provider::standard(Options::new()));
    let token = token(&server);
    let url = server.url();
    let about = |subject: &str, token: &str| {
        let arguments = ["userinfo", "--issuer", &url, "--subject", subject, "-v"];
        run(&arguments, &[("TOKENSMITH_TOKEN", token)])
    };
    let access_token = text(&token, "access_token");
    let told = about("mock-user", access_token);
    assert_eq!(told.code, Some(0), "{}", told.stderr);
    let claims: Value = serde_json::from_str(&told.stdout).expect("JSON");
    assert_eq!(claims, json!({"sub": "mock-user"}));
    assert!(!told.stderr.contains(access_token), "{}", told.stderr);
    assert_eq!(
        about("somebody-else", access_token).error()["kind"],
        "malformed"
    );
    let error = about("mock-user", "canary").error();
    assert_eq!(error["status"], 401);
    assert!(!error.to_string().contains("canary"), "{error}");
}

#[test]
fn a_document_may_have_another_name_for_the_token() {
    let run = run(&["revoke", "line", "--dry-run"], &[]);
    assert!(
        run.stdout.contains("access_token=$TOKENSMITH_TOKEN"),
        "{}",
        run.stderr
    );
}

#[test]
fn what_is_not_known_is_said() {
    for (arguments, message) in [
        (
            &["revoke", "workiva"][..],
            "Workiva has no revocation endpoint",
        ),
        (
            &["introspect", "workiva"],
            "Workiva has no introspection endpoint",
        ),
        (&["revoke", "--token-url", "http://127.0.0.1:1"], "--issuer"),
        (&["refresh"], "--token-url"),
    ] {
        let run = tokensmith(arguments);
        assert!(run.usage().contains(message), "{}", run.stderr);
    }
    let server = start(Provider::standard(Options::new()));
    let error = run(&["revoke", "--issuer", &server.url()], &[]).error();
    let message = error["message"].to_string();
    assert!(message.contains("TOKENSMITH_TOKEN is not set"), "{message}");
}
