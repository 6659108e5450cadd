//! Moov, as its document has it.

use std::time::Duration;

use tokensmith_moov::error::{RevocationError, TokenError};
use tokensmith_moov::request::TokenTypeHint;
use tokensmith_moov::response::{AuthToken, TokenType};
use tokensmith_moov::{
    ClientCredentials, Error, ErrorKind, Moov, RefreshToken, RevokeToken, scope,
};
use tokensmith_runtime::{BodyFormat, ErrorCode};
use tokensmith_tests::prism::{Prism, prefer_example};

use crate::caller::{Caller, Kind, both};
use crate::{AUTHENTICATIONS, caller, no_violations, responding, serve};

#[test]
fn requests_and_responses() {
    let prism = serve("moov");
    every_request_passes(&prism);
    every_example_of_a_token_is_read(&prism);
    every_refusal_of_a_token_is_read(&prism);
    every_refusal_of_a_revocation_is_read(&prism);
    no_violations(&prism, "/oauth2/token");
}

const EXAMPLE: &str = "example-access-token-not-real";

#[track_caller]
fn is_example(outcome: Result<AuthToken, Error<TokenError>>) {
    assert_eq!(outcome.expect("a token").access_token.expose(), EXAMPLE);
}

fn every_request_passes(prism: &Prism) {
    both(|kind| {
        for auth in AUTHENTICATIONS {
            for format in [BodyFormat::Form, BodyFormat::Json] {
                let caller: Caller<Moov> = caller(kind, prism).client_auth(auth).format(format);
                is_example(caller.send(ClientCredentials::new()));
                let request = ClientCredentials::new()
                    .scope(scope::ACCOUNTS_READ)
                    .scope(scope::accounts_wallets_read("a"))
                    .moov_version("v2024.01.00");
                is_example(caller.send(request));
                is_example(caller.send(RefreshToken::new("r&=ü")));
                is_example(caller.send(RefreshToken::new("r".repeat(4096)).scope("/ping.read")));
                for hint in [
                    None,
                    Some(TokenTypeHint::AccessToken),
                    Some(TokenTypeHint::RefreshToken),
                ] {
                    let request = RevokeToken::new("t").moov_version("latest");
                    let request = match hint {
                        Some(hint) => request.token_type_hint(hint),
                        None => request,
                    };
                    caller.send(request).expect("a revocation");
                }
            }
        }
    });
}

fn every_example_of_a_token_is_read(prism: &Prism) {
    both(|kind| {
        for (name, token_type, seconds) in [
            ("seconds", TokenType::Opaque, 900),
            // Long past, so that it reads as a lifetime (rule R6).
            ("unixTime", TokenType::Bearer, 1_736_964_352),
            ("jwt", TokenType::Jwt, 900),
        ] {
            let (header, value) = prefer_example(200, name);
            let caller: Caller<Moov> = caller(kind, prism).header(header, &value);
            let token = caller.send(ClientCredentials::new()).expect("a token");
            assert_eq!(token.access_token.expose(), EXAMPLE);
            assert!(token.refresh_token.is_some() && token.scopes().is_some());
            assert_eq!(token.token_type, Some(token_type));
            assert_eq!(
                token.metadata.expires_in,
                Some(Duration::from_secs(seconds))
            );
            assert_eq!(token.metadata.warnings, []);
            assert!(token.extra.is_empty() && token.metadata.request_id.is_some());
        }
    });
}

/// What both endpoints have in common.
#[track_caller]
fn check<B>(error: &Error<B>, status: u16) {
    let kind = match status {
        400 | 422 => ErrorKind::Provider,
        429 => ErrorKind::RateLimited,
        _ => ErrorKind::Server,
    };
    assert_eq!((error.kind(), error.status()), (kind, Some(status)));
    let retry_after = (status == 429).then_some(Duration::from_secs(2));
    assert_eq!(error.retry_after(), retry_after);
    assert!(error.request_id().is_some());
}

fn token_error(kind: Kind, prism: &Prism, status: u16) -> Error<TokenError> {
    let caller = responding::<Moov>(kind, prism, status);
    caller
        .send(ClientCredentials::new())
        .expect_err("a refusal")
}

fn every_refusal_of_a_token_is_read(prism: &Prism) {
    both(|kind| {
        for status in [400, 422, 429, 500, 504] {
            let error = token_error(kind, prism, status);
            check(&error, status);
            match (status, error.body()) {
                (400, Some(TokenError::BadRequest(body))) => {
                    assert_eq!(body.error, Some(ErrorCode::InvalidRequest))
                }
                (422, Some(TokenError::UnprocessableContent(body))) => {
                    assert_eq!(body.scope.as_deref(), Some("is not a known scope"))
                }
                (429, Some(TokenError::TooManyRequests))
                | (500, Some(TokenError::InternalServerError))
                | (504, Some(TokenError::GatewayTimeout)) => {}
                (_, body) => panic!("{status}: {body:?}"),
            }
        }
    });
}

fn every_refusal_of_a_revocation_is_read(prism: &Prism) {
    both(|kind| {
        let caller = responding::<Moov>(kind, prism, 204);
        caller.send(RevokeToken::new("t")).expect("a revocation");
        for status in [400, 422, 429, 500, 504] {
            let caller = responding::<Moov>(kind, prism, status);
            let error = caller.send(RevokeToken::new("t")).expect_err("a refusal");
            check(&error, status);
            match (status, error.body()) {
                (400, Some(RevocationError::BadRequest(body))) => {
                    assert_eq!(body.error, Some(ErrorCode::InvalidRequest))
                }
                (422, Some(RevocationError::UnprocessableContent(body))) => assert_eq!(
                    body.token_type_hint.as_deref(),
                    Some("must be access_token or refresh_token")
                ),
                (429, Some(RevocationError::TooManyRequests))
                | (500, Some(RevocationError::InternalServerError))
                | (504, Some(RevocationError::GatewayTimeout)) => {}
                (_, body) => panic!("{status}: {body:?}"),
            }
        }
    });
}
