//! Who signed in.

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use serde_json::json;
use tokensmith_runtime::jwt::Algorithm;
use tokensmith_runtime::{ExpectedIdToken, MockTransport};

use super::world::{Browser, ISSUER, SECRET, World, client};
use crate::{Error, ErrorKind, SignedIn};

/// Signs in with an ID token that has this nonce, or the right one.
fn signed_in(nonce: Option<&str>) -> Result<SignedIn<tokensmith_runtime::Token>, Error> {
    let mut world = World::new();
    world.parameters.push(("scope", "openid"));
    world.sign_in = world.sign_in.expect_id_token(|pending| {
        Some(ExpectedIdToken::from(pending).with_algorithms([Algorithm::HS256]))
    });
    let mut browser = Browser::default();
    let (state, sent) = begin(&world, &mut browser);
    let body = json!({"access_token": "a token", "id_token": id_token(nonce.unwrap_or(&sent))});
    let server = MockTransport::new().respond(200, "application/json", body.to_string());
    world.client = client(&server).server(&world.metadata);
    world.finish(&mut browser, &state)
}

/// Begins a sign-in; its state and its nonce.
fn begin(world: &World, browser: &mut Browser) -> (String, String) {
    let begun = world.begun(browser, "/").expect("begun");
    let (_, query) = begun.url.split_once('?').expect("a query");
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    let (_, nonce) = pairs.find(|(name, _)| name == "nonce").expect("a nonce");
    (super::world::state(&begun.url), nonce.into_owned())
}

fn id_token(nonce: &str) -> String {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    let claims = json!({
        "iss": ISSUER, "sub": "alice", "aud": "client", "iat": now, "exp": now + 60, "nonce": nonce,
    });
    let encode = |text: &str| URL_SAFE_NO_PAD.encode(text);
    let signed = format!(
        "{}.{}",
        encode(r#"{"alg":"HS256"}"#),
        encode(&claims.to_string())
    );
    let key = hmac::Key::new(hmac::HMAC_SHA256, SECRET.as_bytes());
    let tag = hmac::sign(&key, signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(tag))
}

#[test]
fn it_is_checked_where_openid_was_asked_for() {
    let signed_in = signed_in(None).expect("signed in");
    assert_eq!(signed_in.id_token.expect("an ID token").subject(), "alice");
}

#[test]
fn that_of_another_sign_in_is_refused_and_ends_this_one() {
    let error = signed_in(Some("another")).expect_err("a nonce of somebody else");
    assert_eq!(error.kind(), ErrorKind::IdToken);
    assert!(error.set_cookie().is_some());
    assert!(error.to_string().contains("`nonce`"), "{error}");
}

#[test]
fn an_outage_of_the_keys_says_nothing_of_the_token() {
    let mut world = World::new();
    world.parameters.push(("scope", "openid"));
    let mut browser = Browser::default();
    let (state, nonce) = begin(&world, &mut browser);
    let good = id_token(&nonce);
    let claims = good.split('.').nth(1).expect("claims");
    let id_token = format!(
        "{}.{claims}.AAAA",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"RS256"}"#)
    );
    let body = json!({"access_token": "a token", "id_token": id_token}).to_string();
    let server = MockTransport::new().respond(200, "application/json", body);
    let server = (0..9).fold(server, |server, _| server.respond(503, "text/plain", ""));
    world.client = client(&server).server(&world.metadata);
    let error = world.finish(&mut browser, &state).expect_err("no keys");
    assert_eq!(error.kind(), ErrorKind::Keys, "{error}");
}

#[test]
fn a_response_without_one_is_refused() {
    let mut world = World::new();
    world.parameters.push(("scope", "openid"));
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let error = world.finish(&mut browser, &state).expect_err("no ID token");
    assert_eq!(error.kind(), ErrorKind::IdToken);
}

#[test]
fn an_application_may_do_without() {
    let mut world = World::new();
    world.parameters.push(("scope", "openid"));
    world.sign_in = world.sign_in.expect_id_token(|_| None);
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let signed_in = world.finish(&mut browser, &state).expect("signed in");
    assert!(signed_in.id_token.is_none());
}

#[test]
fn a_provider_that_refuses_the_code_is_named() {
    let mut world = World::new();
    let body = r#"{"error": "invalid_grant", "error_description": "used"}"#;
    let server = MockTransport::new().respond(400, "application/json", body);
    world.client = client(&server).server(&world.metadata).provider("acme");
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let error = world.finish(&mut browser, &state).expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::Exchange);
    let provider = error.provider_error().expect("an error of the provider");
    assert_eq!(
        provider.code().map(|code| code.as_str()),
        Some("invalid_grant")
    );
    assert!(error.to_string().contains("acme"), "{error}");
    assert!(error.set_cookie().is_some());
}
