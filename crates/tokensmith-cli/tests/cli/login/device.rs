//! People sign in with another device.

use serde_json::Value;
use tokensmith_mock::Options;

use super::browser::{Login, post};
use super::{mock_of, seen, standard};

/// What the person does with the code that the command shows.
fn decide(login: &Login, url: &str, decision: &str) {
    let code = login.said_after("with the code ");
    let body = format!("user_code={code}&decision={decision}");
    assert_eq!(post(url, "/.mock/device", &body).status, 200);
}

#[test]
fn a_code_is_shown_and_the_token_comes_when_it_is_entered() {
    let server = standard(Options::new());
    let url = server.url();
    let login = Login::with_device(&["--issuer", &url, "--scope", "openid", "-v"]);
    assert!(login.said_after("Sign in at ").starts_with(&url));
    assert_eq!(login.said_after("within "), "10 min.");
    decide(&login, &url, "approve");
    let run = login.finish();
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let token: Value = serde_json::from_str(&run.stdout).expect("JSON");
    for name in ["access_token", "refresh_token", "id_token"] {
        let secret = token[name].as_str().expect("a text");
        assert!(!run.stderr.contains(secret), "{}", run.stderr);
    }
    assert!(
        run.stderr.contains("device_code=[redacted]"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_refusal_is_told_as_other_failures_are() {
    let server = standard(Options::new());
    let url = server.url();
    let login = Login::with_device(&["--issuer", &url]);
    decide(&login, &url, "deny");
    let error = login.finish().error();
    assert_eq!(error["code"], "access_denied");
}

#[test]
fn nobody_is_waited_for_longer_than_asked() {
    let server = standard(Options::new());
    let login = Login::with_device(&["--issuer", &server.url(), "--timeout", "2"]);
    assert_eq!(login.said_after("within "), "2 s.");
    let error = login.finish().error();
    assert_eq!(error["kind"], "timeout");
}

#[test]
fn documents_with_names_of_their_own_are_followed() {
    // Its grant is called `device_code`, and its request has the person's code as well.
    let server = mock_of("amazon-lwa");
    let url = server.url();
    let login = Login::with_device(&["amazon-lwa", "--server", &url, "--scope", "profile"]);
    decide(&login, &url, "approve");
    login.finish().token_after_sign_in();
    assert!(seen(&server, "grant_type").contains(&"device_code".to_owned()));
}
