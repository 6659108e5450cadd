//! Moveworks: one grant, JSON, credentials in the body, the token in an envelope.

use std::time::Duration;

use serde_json::json;
use tokensmith_moveworks::error::TokenError;
use tokensmith_moveworks::{ClientCredentials, ErrorKind, Moveworks};
use tokensmith_runtime::BodyFormat::{Form, Json};
use tokensmith_runtime::ClientAuth;
use tokensmith_tests::endpoint::Style;
use tokensmith_tests::moveworks;
use tokensmith_tests::strict_server::ServerResponse;

use crate::caller::{Caller, both};
use crate::facts::{Facts, facts};
use crate::request::{AUTHENTICATIONS, expected, only, requests, shown, styles};

const PATH: &str = "/oauth/v1/token";
const BODY: &str = r#"{"grant_type":"client_credentials"}"#;

#[test]
fn the_request_of_the_page() {
    both(|kind| {
        let endpoint = moveworks::start();
        let caller = Caller::<Moveworks>::new(kind, &endpoint.url());
        let token = caller.send(ClientCredentials::new()).expect("a token");
        assert_eq!(token.access_token.expose(), "mw-access-token");
        assert_eq!(only(&endpoint), expected(PATH, None, &[], Json, BODY));
    });
}

#[test]
fn every_authentication_that_a_caller_may_ask_for() {
    both(|kind| {
        for (auth, style, header) in AUTHENTICATIONS {
            let endpoint = moveworks::start();
            endpoint.accept_only(&[style]);
            let caller = Caller::<Moveworks>::new(kind, &endpoint.url()).client_auth(auth);
            caller.send(ClientCredentials::new()).expect("a token");
            assert_eq!(
                only(&endpoint),
                expected(PATH, header, &[], Json, BODY),
                "{auth}"
            );
        }
    });
}

#[test]
fn auto_finds_the_body() {
    both(|kind| {
        let endpoint = moveworks::start();
        let caller = Caller::<Moveworks>::new(kind, &endpoint.url()).client_auth(ClientAuth::Auto);
        for _ in 0..2 {
            caller.send(ClientCredentials::new()).expect("a token");
        }
        assert_eq!(styles(&endpoint), [Style::Basic, Style::Body, Style::Body]);
    });
}

#[test]
fn a_form_where_the_caller_insists() {
    both(|kind| {
        let endpoint = moveworks::start();
        let caller = Caller::<Moveworks>::new(kind, &endpoint.url()).format(Form);
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("the page knows JSON only");
        assert_eq!(error.kind(), ErrorKind::Provider);
        assert_eq!(endpoint.complaints().len(), 1);
        let wanted = expected(PATH, None, &[], Form, "grant_type=client_credentials");
        assert_eq!(shown(&endpoint.requests()[0]), wanted);
    });
}

#[test]
fn the_envelope_and_the_bare_token_read_alike() {
    both(|kind| {
        for (response, pointer) in [
            (moveworks::response(200), "/data"),
            (moveworks::bare_token(), ""),
        ] {
            let endpoint = moveworks::start();
            endpoint.respond_next(response);
            let caller = Caller::<Moveworks>::new(kind, &endpoint.url());
            let token = caller.send(ClientCredentials::new()).expect("a token");
            assert_eq!(token.access_token.expose(), "mw-access-token");
            assert_eq!(token.token_type.as_deref(), Some("Bearer"));
            let lifetime = token.expires_in();
            assert_eq!(lifetime, Some(Duration::from_secs(60)), "at {pointer}");
            assert_eq!(token.scopes(), None);
            assert!(token.extra.is_empty() && token.metadata.envelope.is_empty());
        }
    });
}

#[test]
fn what_is_beside_the_token_is_kept() {
    both(|kind| {
        let endpoint = moveworks::start();
        endpoint.respond_next(ServerResponse::json(
            200,
            r#"{"data":{"access_token":"a","org":"o"},"meta":{"version":1},"access_token":"not this one"}"#,
        ));
        let caller = Caller::<Moveworks>::new(kind, &endpoint.url());
        let token = caller.send(ClientCredentials::new()).expect("a token");
        assert_eq!(token.access_token.expose(), "a");
        assert_eq!(token.extra.get("org"), Some(&json!("o")));
        assert_eq!(
            token.metadata.envelope.get("meta"),
            Some(&json!({ "version": 1 }))
        );
    });
}

#[test]
fn every_status_without_a_body() {
    both(|kind| {
        let endpoint = moveworks::start();
        let caller = Caller::<Moveworks>::new(kind, &endpoint.url());
        for status in moveworks::STATUSES
            .into_iter()
            .filter(|status| *status != 200)
        {
            endpoint.respond_next(moveworks::response(status));
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            let wanted = match status {
                400 | 401 => Facts::of(ErrorKind::Provider, status),
                429 => Facts {
                    retryable: true,
                    ..Facts::of(ErrorKind::RateLimited, 429)
                },
                _ => Facts::of(ErrorKind::Server, status),
            };
            assert_eq!(facts(&error), wanted);
            match (status, error.body()) {
                (400, Some(TokenError::BadRequest))
                | (401, Some(TokenError::Unauthorized))
                | (429, Some(TokenError::TooManyRequests))
                | (500, Some(TokenError::InternalServerError)) => {}
                (_, body) => panic!("{status}: {body:?}"),
            }
        }
        assert_eq!(requests(&endpoint).len(), 4);
    });
}

#[test]
fn both_shapes_of_an_error() {
    both(|kind| {
        let endpoint = moveworks::start();
        let caller = Caller::<Moveworks>::new(kind, &endpoint.url());
        for (response, status) in [
            (moveworks::enveloped_error(401), 401),
            (moveworks::flat_error(401), 401),
            (moveworks::enveloped_error(400), 400),
            (moveworks::flat_error(400), 400),
        ] {
            endpoint.respond_next(response);
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            let wanted = Facts {
                code: Some("invalid_client"),
                description: Some("The client is not known."),
                ..Facts::of(ErrorKind::Provider, status)
            };
            assert_eq!(facts(&error), wanted);
            assert_eq!(
                error.reason().to_string(),
                format!("invalid_client (HTTP {status}): The client is not known.")
            );
        }
    });
}
