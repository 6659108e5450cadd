//! `tokensmith logout`.

use serde_json::{Value, json};
use tokensmith_mock::{Fault, MockServer, Options};
use tokensmith_runtime::EndpointKind;

use super::{Home, keep};
use crate::login::standard;
use crate::run::{command, finish};

/// The paths that a mock was asked at, since it started.
fn paths(server: &MockServer) -> Vec<String> {
    let requests = server.provider().requests();
    requests
        .iter()
        .map(|request| request.path.clone())
        .collect()
}

fn is_kept(home: &Home) -> bool {
    home.run(&["kept"]).stdout != "[]\n"
}

#[test]
fn what_is_kept_is_revoked_and_forgotten() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    let token = keep(&home, &server, "work", &["--output", "json"]);
    let done = home.run(&["logout", "work"]).token();
    assert_eq!(
        done,
        json!({"name": "work", "revoked": true, "forgotten": true, "end_session_url": null})
    );
    assert!(paths(&server).contains(&"/revoke".to_owned()));
    assert!(!is_kept(&home));
    // The provider knows the refresh token no more.
    let refresh_token = token["refresh_token"].as_str().expect("a text");
    let url = server.url();
    let refreshed = finish(
        command(&["refresh", "--issuer", &url])
            .env("TOKENSMITH_CLIENT_ID", "app")
            .env("TOKENSMITH_CLIENT_SECRET", "s3cret")
            .env("TOKENSMITH_REFRESH_TOKEN", refresh_token),
    );
    assert_eq!(refreshed.error()["code"], "invalid_grant");
}

#[test]
fn what_cannot_be_revoked_is_forgotten_and_said() {
    let broken = Fault::status(400).endpoint(EndpointKind::Revocation);
    let server = standard(Options::new().approve().fault(broken));
    let home = Home::new();
    keep(&home, &server, "work", &[]);
    let run = home.run(&["logout", "work"]);
    assert_eq!(run.code, Some(1));
    let done: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(
        (&done["revoked"], &done["forgotten"]),
        (&json!(false), &json!(true))
    );
    let last = run.stderr.lines().last().unwrap_or_default();
    let error: Value = serde_json::from_str(last).expect("JSON");
    assert_eq!(error["error"]["status"], 400, "{error}");
    assert!(!is_kept(&home));
}

#[test]
fn what_is_only_forgotten_asks_nobody_and_needs_no_key() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    let asked = paths(&server).len();
    let without_key =
        |arguments: &[&str]| finish(command(arguments).env("TOKENSMITH_HOME", home.path()));
    assert!(
        without_key(&["logout", "work"]).error()["message"]
            .to_string()
            .contains("TOKENSMITH_KEY")
    );
    assert!(is_kept(&home));
    let text = without_key(&["logout", "work", "--forget", "--output", "text"]);
    assert_eq!(
        text.stdout,
        "The tokens of `work` are forgotten here; the provider was not asked to revoke them.\n"
    );
    assert!(!is_kept(&home));

    keep(&home, &server, "work", &[]);
    let asked_again = paths(&server).len();
    assert_eq!(home.run(&["logout", "work", "--forget"]).code, Some(0));
    assert_eq!(paths(&server).len(), asked_again);
    assert!(asked_again > asked);
    assert!(!is_kept(&home));
}

#[test]
fn the_token_of_a_client_is_revoked_while_it_is_valid() {
    let (home, server) = (Home::new(), crate::login::mock_of("gitlab"));
    let url = server.url();
    let arguments = [
        "token",
        "gitlab",
        "--server",
        &url,
        "--grant",
        "password",
        "--param",
        "username=a",
    ];
    let more = [
        "--secret-param",
        "password=TOKENSMITH_CLIENT_SECRET",
        "--keep",
        "ci",
    ];
    let run = home.run_as_client(&[&arguments[..], &more].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    home.token("ci");
    let done = home.run(&["logout", "ci"]).token();
    assert_eq!(done["revoked"], true);
    assert!(
        paths(&server).iter().any(|path| path.ends_with("/revoke")),
        "{:?}",
        paths(&server)
    );
}

#[test]
fn a_provider_without_revocation_is_told_apart() {
    let (home, server) = (Home::new(), standard(Options::new()));
    let url = format!("{}/token", server.url());
    let run = home.run_as_client(&["token", "--token-url", &url, "--keep", "ci"]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    home.token("ci");
    let run = home.run(&["logout", "ci", "--output", "text"]);
    assert!(
        run.stdout.contains("stay valid until they expire"),
        "{}{}",
        run.stdout,
        run.stderr
    );
    assert!(!is_kept(&home));
}
