//! S4: `auto` tries Basic, then the body, and only after a refusal of the client itself.

use super::{BASIC, authentication, client_credentials, good, refresh, refused, unreachable, with};
use crate::ClientAuth;
use crate::testing::{play, response, settings, with_headers};

#[test]
fn auto_goes_on_to_the_body_and_remembers() {
    let settings = with(ClientAuth::Auto);
    let shared = settings.clone();
    let played = play(&settings, &client_credentials(), [refused(), good()]);
    assert_eq!(authentication(&played.sent[0]).0, Some(BASIC));
    assert_eq!(authentication(&played.sent[1]).0, None);
    assert_eq!(authentication(&played.sent[1]).1.len(), 2);
    assert!(played.outcome.is_ok() && played.waited.is_empty());

    for request in [client_credentials(), refresh()] {
        let played = play(&shared, &request, [good()]);
        assert_eq!(authentication(&played.sent[0]).1.len(), 2);
    }
    let mut elsewhere = shared.clone();
    elsewhere.set_base_url("https://other.example.com").unwrap();
    let played = play(&elsewhere, &client_credentials(), [good()]);
    assert_eq!(authentication(&played.sent[0]).0, Some(BASIC));

    // A server that changes its mind does not lock the client out.
    let played = play(&shared, &client_credentials(), [refused(), good()]);
    assert_eq!(authentication(&played.sent[1]).0, Some(BASIC));
}

#[test]
fn auto_reports_both_refusals_the_first_one_first() {
    let second = response(
        401,
        r#"{"error":"invalid_client","error_description":"second"}"#,
    );
    let played = play(&settings(), &client_credentials(), [refused(), second]);
    let error = played.outcome.unwrap_err();
    assert_eq!(error.description(), Some("second"));
    assert_eq!(
        error.previous().and_then(|error| error.description()),
        Some("first")
    );
    assert_eq!(
        error.to_string(),
        "POST auth.example.com/oauth2/token: \
         with HTTP Basic authentication: invalid_client (HTTP 401): first; \
         then with authentication in the body: invalid_client (HTTP 401): second"
    );
}

#[test]
fn auto_goes_on_only_when_the_client_was_refused() {
    let onward = [
        response(401, ""),
        response(401, r#"{"error":"invalid_request"}"#),
        response(400, r#"{"error":"invalid_client"}"#),
        response(200, r#"{"error":"invalid_client"}"#),
        with_headers(
            400,
            &[("www-authenticate", "Bearer error=\"invalid_client\"")],
            "",
        ),
    ];
    for first in onward {
        let played = play(&settings(), &client_credentials(), [first, good()]);
        assert!(played.outcome.is_ok());
    }
    let mut settings = settings();
    settings.set_retry(crate::Retry::never());
    let final_responses = [
        response(401, r#"{"error":"invalid_grant"}"#),
        response(400, r#"{"error":"invalid_grant"}"#),
        response(400, r#"{"error":"unauthorized_client"}"#),
        response(403, ""),
        response(429, r#"{"error":"invalid_client"}"#),
        response(500, r#"{"error":"invalid_client"}"#),
        response(302, ""),
        unreachable(),
    ];
    for first in final_responses {
        let played = play(&settings, &client_credentials(), [first]);
        assert!(played.outcome.unwrap_err().previous().is_none());
    }
}
