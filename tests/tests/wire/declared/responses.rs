//! `expiry` and `request-id`: what is read of a response.

use std::time::Duration;

use tokensmith_runtime::{EndpointKind, Token};
use tokensmith_tests::strict_server::ServerResponse;

use super::World;

const TOKEN: (EndpointKind, Option<&str>) = (EndpointKind::Token, None);

fn token(body: &str) -> Token {
    let response = ServerResponse::json(200, body).header("X-Request-Id", "of the header");
    let world = World::new("expiry-zero", [response]);
    let sent = world.send::<Token>(&world.settings(), TOKEN, |request| request);
    sent.outcome.expect("a token")
}

#[test]
fn a_lifetime_of_zero_may_mean_never() {
    let never = token(r#"{"access_token":"t","expires":0}"#);
    assert!(never.metadata.never_expires);
    assert_eq!(never.expires_in(), None);
    let hour = token(r#"{"access_token":"t","expires":3600}"#);
    assert!(!hour.metadata.never_expires);
    assert_eq!(hour.expires_in(), Some(Duration::from_secs(3600)));
}

#[test]
fn a_body_may_have_the_identifier_of_the_request() {
    let id = |body: &str| token(body).metadata.request_id;
    assert_eq!(
        id(r#"{"access_token":"t","request_id":"a1"}"#).as_deref(),
        Some("a1")
    );
    // What is no identifier is not taken for one.
    let long = "x".repeat(201);
    for odd in ["null", "\"\"", "{}", r#""a\nb""#, &format!("\"{long}\"")] {
        let body = format!(r#"{{"access_token":"t","request_id":{odd}}}"#);
        assert_eq!(id(&body).as_deref(), Some("of the header"), "{odd}");
    }

    let body = r#"{"error":"invalid_grant","correlationId":"c0ffee","request_id":"a1"}"#;
    let world = World::new("expiry-zero", [ServerResponse::json(400, body)]);
    let sent = world.send::<Token>(&world.settings(), TOKEN, |request| request);
    let error = sent.outcome.expect_err("a refusal");
    assert_eq!(error.request_id(), Some("c0ffee"));
}
