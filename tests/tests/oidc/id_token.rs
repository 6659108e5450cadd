//! ID tokens and userinfo of oidc-provider, by every algorithm that it signs by.

use std::time::Duration;

use tokensmith_runtime::jwt::Algorithm;
use tokensmith_runtime::{
    Any, Authorization, ClientAuth, Error, ErrorKind, ExpectedIdToken, Secret, Token, TokenRequest,
    blocking::Client,
};

use crate::code::{AUTHORIZE, CODE, exchange, refresh};
use crate::{CALLBACK, PROVIDER, client};

/// Somebody signs in by a client of this name.
fn signed_in(id: &str) -> (Client<Any>, Authorization, Token) {
    let client = client(id, ClientAuth::Basic);
    let metadata = client.discover(PROVIDER.issuer()).expect("metadata");
    let client = client.server(&metadata);
    let request = TokenRequest::new(&AUTHORIZE, &CODE)
        .parameter("redirect_uri", CALLBACK)
        .parameter("prompt", "consent")
        .parameter("max_age", "600")
        .scope("openid")
        .scope("offline_access");
    let authorization = client.authorization_url(&request).expect("a URL");
    let back = PROVIDER.sign_in(&authorization.url, "alice");
    let redirect = authorization.pending.redirect(&back).expect("a code");
    let token = client.send(exchange(&authorization, &redirect));
    (client, authorization, token.expect("a token"))
}

#[test]
fn every_algorithm_is_checked() {
    for algorithm in ["RS256", "PS256", "ES256", "EdDSA"] {
        let (client, authorization, token) = signed_in(&format!("signed-{algorithm}"));
        let id_token = client.id_token(&token, &authorization.pending);
        let id_token = id_token.unwrap_or_else(|error| panic!("{algorithm}: {error}"));
        assert_eq!(id_token.subject(), "alice");
        assert_eq!(id_token.algorithm().as_str(), algorithm);
        // Because of `max_age`.
        assert!(id_token.auth_time().is_some());
        let by_tls = client.id_token_by_tls(&token, &authorization.pending);
        assert_eq!(by_tls.expect("the same").subject(), "alice");
    }
}

#[test]
fn a_shared_secret_has_to_be_allowed() {
    let (client, authorization, token) = signed_in("signed-HS256");
    let refused = |outcome: Result<(), Error>| {
        let error = outcome.expect_err("not allowed");
        assert!(error.to_string().contains("with_algorithms"), "{error}");
    };
    refused(client.id_token(&token, &authorization.pending).map(drop));
    refused(
        client
            .id_token_by_tls(&token, &authorization.pending)
            .map(drop),
    );
    let expected =
        ExpectedIdToken::from(&authorization.pending).with_algorithms([Algorithm::HS256]);
    let id_token = client.id_token(&token, expected.clone()).expect("allowed");
    assert_eq!(id_token.subject(), "alice");
    assert!(client.id_token_by_tls(&token, expected).is_ok());
}

#[test]
fn another_authorization_another_client_and_another_issuer_are_refused() {
    let (client, authorization, token) = signed_in("signed-RS256");
    let (other, later, _) = signed_in("signed-PS256");
    let error = |outcome: Result<_, Error>| outcome.map(drop).expect_err("a refusal").to_string();
    let message = error(client.id_token(&token, &later.pending));
    assert!(message.contains("`nonce` of another"), "{message}");
    let message = error(other.id_token(&token, &authorization.pending));
    assert!(message.contains("another client"), "{message}");
    let mut metadata = client.discover(PROVIDER.issuer()).expect("metadata");
    "https://attacker.example".clone_into(&mut metadata.issuer);
    let elsewhere = client.clone().server(&metadata);
    let message = error(elsewhere.id_token(&token, &authorization.pending));
    assert!(message.contains("another issuer"), "{message}");
    let expected = ExpectedIdToken::from(&authorization.pending).with_max_age(Duration::ZERO);
    let strict = expected.with_clock_skew(Duration::ZERO);
    std::thread::sleep(Duration::from_secs(1));
    let message = error(client.id_token(&token, strict));
    assert!(message.contains("`auth_time`"), "{message}");
}

#[test]
fn the_metadata_are_discovered_where_only_the_issuer_is_known() {
    let (_, authorization, token) = signed_in("signed-RS256");
    let unknown = client("signed-RS256", ClientAuth::Basic);
    let error = unknown.id_token(&token, &authorization.pending);
    assert_eq!(error.expect_err("no issuer").kind(), ErrorKind::Config);
    let client = unknown.issuer(PROVIDER.issuer());
    let id_token = client.id_token(&token, &authorization.pending);
    assert_eq!(id_token.expect("checked").subject(), "alice");
}

#[test]
fn a_refreshed_token_is_about_the_same_person() {
    let (client, authorization, token) = signed_in("signed-ES256");
    let first = client.id_token(&token, &authorization.pending);
    let first = first.expect("checked");
    let second = client.send(refresh(&token)).expect("another token");
    let again = client.id_token(&second, ExpectedIdToken::refreshed(&first));
    assert_eq!(again.expect("checked").subject(), "alice");
}

#[test]
fn userinfo_is_about_the_person_of_the_id_token() {
    let (client, authorization, token) = signed_in("signed-RS256");
    let id_token = client.id_token(&token, &authorization.pending);
    let id_token = id_token.expect("checked");
    let person = client.user_info(&token.access_token, id_token.subject());
    assert_eq!(person.expect("claims").subject(), "alice");
    let error = client.user_info(&token.access_token, "mallory");
    let error = error.expect_err("somebody else").to_string();
    assert!(error.contains("another person"), "{error}");
    let error = client.user_info(&Secret::from("canary-token"), "alice");
    let error = error.expect_err("no token of this provider");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Provider, Some(401))
    );
    assert!(!error.to_string().contains("canary-token"));
}
