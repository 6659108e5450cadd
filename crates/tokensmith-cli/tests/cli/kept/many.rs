//! Several processes at once.

use std::process::Stdio;

use serde_json::Value;
use tokensmith_mock::Options;

use super::{Home, count, keep};
use crate::login::browser::{Login, get};
use crate::login::{outside, standard};
use crate::run::command;

/// Runs eight processes at once, and returns the one access token that they print.
#[track_caller]
fn token_of_eight(home: &Home) -> String {
    let start = || {
        command(&["token", "--kept", "work", "--output", "token"])
            .envs(home.variables())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the command runs")
    };
    let started: Vec<_> = (0..8).map(|_| start()).collect();
    let outputs = started
        .into_iter()
        .map(|it| it.wait_with_output().expect("ends"));
    let mut tokens: Vec<String> = outputs
        .map(|output| {
            assert!(
                output.status.success(),
                "{}",
                String::from_utf8_lossy(&output.stderr)
            );
            String::from_utf8(output.stdout).expect("UTF-8")
        })
        .collect();
    tokens.dedup();
    assert_eq!(tokens.len(), 1, "{tokens:?}");
    tokens.remove(0)
}

#[test]
fn eight_processes_refresh_once() {
    let server = standard(Options::new().approve().rotate(true));
    let home = Home::new();
    keep(&home, &server, "work", &[]);
    let mut before = token_of_eight(&home);
    assert_eq!(count(&server, "refresh_token"), 0);
    // A refresh token that is used twice would revoke all of them.
    for round in 1..=3 {
        home.lose_access_tokens();
        let after = token_of_eight(&home);
        assert_ne!(after, before);
        assert_eq!(count(&server, "refresh_token"), round);
        before = after;
    }
}

#[test]
fn oidc_provider_takes_no_refresh_for_theft() {
    let provider = outside::provider();
    let home = Home::new();
    let variables = home.variables();
    let variables = variables
        .each_ref()
        .map(|(name, value)| (*name, value.as_str()));
    let scopes = [
        "--scope",
        "openid",
        "--scope",
        "offline_access",
        "--param",
        "prompt=consent",
    ];
    let arguments = [
        "--issuer",
        provider.issuer(),
        "--client-auth",
        "none",
        "--keep",
        "work",
    ];
    let login = Login::start_with(&[&arguments[..], &scopes].concat(), &variables);
    assert_eq!(get(&provider.sign_in(&login.url, "alice")).status, 200);
    let run = login.finish();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let kept: Value = serde_json::from_str(&run.stdout).expect("JSON");
    assert_eq!(kept[0]["renews"], true, "{kept}");
    let mut before = token_of_eight(&home);
    for _ in 0..3 {
        home.lose_access_tokens();
        let after = token_of_eight(&home);
        assert_ne!(after, before);
        before = after;
    }
    let claims = home.run(&["userinfo", "--kept", "work"]);
    assert!(
        claims.stdout.contains("\"sub\":\"alice\""),
        "{}{}",
        claims.stdout,
        claims.stderr
    );
    let done = home.run(&["logout", "work"]).token();
    assert_eq!(done["revoked"], true, "{done}");
    let end = done["end_session_url"].as_str().expect("a URL");
    assert!(end.starts_with(provider.issuer()), "{end}");
    assert!(end.ends_with("/session/end?client_id=app"), "{end}");
}
