//! Moveworks, as its document has it with our overlay.

use std::time::Duration;

use tokensmith_moveworks::error::TokenError;
use tokensmith_moveworks::{ClientCredentials, ErrorKind, Moveworks};
use tokensmith_tests::prism::Prism;

use crate::caller::both;
use crate::{caller, responding, serve};

#[test]
fn requests_and_responses() {
    let prism = serve("moveworks");
    the_request_passes_and_the_token_is_read(&prism);
    every_refusal_is_read(&prism);
    assert_eq!(prism.violations(), [""; 0]);
    basic_is_noticed(&prism);
}

fn the_request_passes_and_the_token_is_read(prism: &Prism) {
    both(|kind| {
        let caller = caller::<Moveworks>(kind, prism);
        let token = caller.send(ClientCredentials::new()).expect("a token");
        assert_eq!(token.access_token.expose(), "example-access-token-not-real");
        assert_eq!(token.token_type.as_deref(), Some("Bearer"));
        assert_eq!(token.metadata.expires_in, Some(Duration::from_secs(60)));
        assert_eq!(token.metadata.warnings, []);
    });
}

fn every_refusal_is_read(prism: &Prism) {
    both(|kind| {
        for status in [400, 401, 429, 500] {
            let (name, value) = tokensmith_tests::prism::prefer_status(status);
            let caller = caller::<Moveworks>(kind, prism).header(name, &value);
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            let kind = match status {
                400 | 401 => ErrorKind::Provider,
                429 => ErrorKind::RateLimited,
                _ => ErrorKind::Server,
            };
            assert_eq!((error.kind(), error.status()), (kind, Some(status)));
            match (status, error.body()) {
                (400, Some(TokenError::BadRequest))
                | (401, Some(TokenError::Unauthorized))
                | (429, Some(TokenError::TooManyRequests))
                | (500, Some(TokenError::InternalServerError)) => {}
                (_, body) => panic!("{status}: {body:?}"),
            }
        }
    });
}

/// The document has the credentials in the body only; this is the last request that Prism gets.
#[track_caller]
fn basic_is_noticed(prism: &Prism) {
    both(|kind| drop(responding::<Moveworks>(kind, prism, 200).send(ClientCredentials::new())));
    assert_eq!(prism.violations().len(), 4, "{:?}", prism.violations());
}
