//! Every response that Moov gives.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::json;
use tokensmith_moov::error::{RevocationError, TokenError};
use tokensmith_moov::response::{AuthToken, TokenType};
use tokensmith_moov::{ClientCredentials, Error, ErrorKind, Moov, RefreshToken, RevokeToken};
use tokensmith_runtime::{ClientAuth, ErrorCode};
use tokensmith_tests::endpoint::{Endpoint, Style};
use tokensmith_tests::moov;
use tokensmith_tests::strict_server::ServerResponse;

use crate::caller::{Caller, Kind, both};
use crate::facts::{Facts, facts};
use crate::request::requests;

const REQUEST_ID: Option<&str> = Some("0f8fad5b-d9cb-469f-a165-70867728950e");

fn caller(kind: Kind, endpoint: &Endpoint) -> Caller<Moov> {
    Caller::new(kind, &endpoint.url())
}

/// What every refusal of Moov's says that says no more than its status and its request's identifier.
fn refused_with(kind: ErrorKind, status: u16) -> Facts<'static> {
    Facts {
        request_id: REQUEST_ID,
        ..Facts::of(kind, status)
    }
}

/// The facts of a documented refusal by its status; `again` says whether the request may be sent again.
fn documented(status: u16, again: bool) -> Facts<'static> {
    match status {
        400 => Facts {
            code: Some("invalid_request"),
            ..refused_with(ErrorKind::Provider, 400)
        },
        422 => Facts {
            description: Some("`refresh_token`: not a refresh token; `scope`: unknown scope"),
            ..refused_with(ErrorKind::Provider, 422)
        },
        429 => Facts {
            retry_after: Some(Duration::from_secs(2)),
            retryable: again,
            ..refused_with(ErrorKind::RateLimited, 429)
        },
        500 => refused_with(ErrorKind::Server, 500),
        504 => Facts {
            retryable: again,
            ..refused_with(ErrorKind::Server, 504)
        },
        _ => panic!("{status} is not documented"),
    }
}

#[track_caller]
fn check_token_error(error: &Error<TokenError>, status: u16, again: bool) {
    assert_eq!(facts(error), documented(status, again));
    match (status, error.body()) {
        (400, Some(TokenError::BadRequest(body))) => {
            assert_eq!(body.error, Some(ErrorCode::InvalidRequest))
        }
        (422, Some(TokenError::UnprocessableContent(body))) => assert_eq!(
            (body.scope.as_deref(), body.refresh_token.as_deref()),
            (Some("unknown scope"), Some("not a refresh token"))
        ),
        (429, Some(TokenError::TooManyRequests))
        | (500, Some(TokenError::InternalServerError))
        | (504, Some(TokenError::GatewayTimeout)) => assert_eq!(error.raw_body(), b""),
        (_, body) => panic!("{status}: {body:?}"),
    }
}

#[test]
fn every_status_of_the_token_endpoint() {
    both(|kind| {
        let endpoint = moov::start();
        let caller = caller(kind, &endpoint);
        for status in moov::STATUSES.into_iter().filter(|status| *status != 200) {
            endpoint.respond_next(moov::response(status));
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            check_token_error(&error, status, true);
            endpoint.respond_next(moov::response(status));
            let error = caller.send(RefreshToken::new("r")).expect_err("a refusal");
            // A refresh token may have been used up by a response of any status.
            check_token_error(&error, status, false);
        }
        assert_eq!(requests(&endpoint).len(), 10);
    });
}

#[test]
fn every_status_of_the_revocation_endpoint() {
    both(|kind| {
        let endpoint = moov::start();
        let caller = caller(kind, &endpoint);
        for status in moov::REVOCATION_STATUSES {
            endpoint.respond_next(match status {
                422 => moov::unprocessable_revocation(),
                status => moov::response(status),
            });
            let error = match (status, caller.send(RevokeToken::new("t"))) {
                (204, Ok(())) => continue,
                (204, Err(error)) => panic!("{error}"),
                (_, outcome) => outcome.expect_err("a refusal"),
            };
            let mut wanted = documented(status, true);
            if status == 422 {
                wanted.description = Some("`token`: not a token; `token_type_hint`: unknown");
            }
            assert_eq!(facts(&error), wanted);
            match (status, error.body()) {
                (400, Some(RevocationError::BadRequest(body))) => {
                    assert_eq!(body.error, Some(ErrorCode::InvalidRequest))
                }
                (422, Some(RevocationError::UnprocessableContent(body))) => assert_eq!(
                    (body.token.as_deref(), body.token_type_hint.as_deref()),
                    (Some("not a token"), Some("unknown"))
                ),
                (429, Some(RevocationError::TooManyRequests))
                | (500, Some(RevocationError::InternalServerError))
                | (504, Some(RevocationError::GatewayTimeout)) => {}
                (_, body) => panic!("{status}: {body:?}"),
            }
        }
        assert_eq!(requests(&endpoint).len(), 6);
    });
}

#[test]
fn statuses_that_are_not_documented() {
    both(|kind| {
        let endpoint = moov::start();
        let caller = caller(kind, &endpoint).client_auth(ClientAuth::Basic);
        endpoint.accept_only(&[Style::Body]);
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(
            facts(&error),
            Facts {
                code: Some("invalid_client"),
                ..refused_with(ErrorKind::Provider, 401)
            }
        );
        assert!(error.body().is_none());
        endpoint.accept_only(&[Style::Basic]);
        for (status, wanted) in [
            (403, ErrorKind::Provider),
            (404, ErrorKind::Provider),
            (501, ErrorKind::Server),
        ] {
            endpoint.respond_next(ServerResponse::new(status).body("<html>no</html>"));
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            assert_eq!(facts(&error), Facts::of(wanted, status));
            assert!(error.body().is_none());
            assert_eq!(error.raw_body(), b"<html>no</html>");
        }
        // What is documented for 400 is not what a proxy makes of it.
        endpoint.respond_next(ServerResponse::new(400).body("Bad Request"));
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(facts(&error), Facts::of(ErrorKind::Provider, 400));
        assert!(error.body().is_none());
    });
}

#[test]
fn a_200_without_a_token() {
    both(|kind| {
        let endpoint = moov::start();
        let caller = caller(kind, &endpoint);
        for (body, wanted) in [
            ("", Facts::of(ErrorKind::Malformed, 200)),
            (
                r#"{"access_token":""}"#,
                Facts::of(ErrorKind::Malformed, 200),
            ),
            ("<html>", Facts::of(ErrorKind::Malformed, 200)),
            (
                r#"{"error":"invalid_scope","error_description":"none of yours"}"#,
                Facts {
                    code: Some("invalid_scope"),
                    description: Some("none of yours"),
                    ..Facts::of(ErrorKind::Provider, 200)
                },
            ),
        ] {
            endpoint.respond_next(ServerResponse::json(200, body));
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            assert_eq!(facts(&error), wanted, "{body}");
        }
    });
}

/// What becomes of a response.
fn read(kind: Kind, body: &serde_json::Value) -> AuthToken {
    let endpoint = moov::start();
    endpoint.respond_next(
        ServerResponse::json(200, body.to_string())
            .header("x-request-id", REQUEST_ID.unwrap_or_default()),
    );
    caller(kind, &endpoint)
        .send(ClientCredentials::new())
        .expect("a token")
}

#[test]
fn a_token_with_all_that_belongs_to_it() {
    both(|kind| {
        let token = read(
            kind,
            &json!({
                "access_token": "a", "refresh_token": "r", "token_type": "opaque", "expires_in": 900,
                "scope": "/accounts.read /ping.read", "facilitator": "f",
            }),
        );
        assert_eq!(token.access_token.expose(), "a");
        assert_eq!(
            token.refresh_token.as_ref().map(|token| token.expose()),
            Some("r")
        );
        assert_eq!(token.token_type, Some(TokenType::Opaque));
        assert_eq!(token.expires_in(), Some(Duration::from_secs(900)));
        assert_eq!(
            token.scopes().unwrap_or_default(),
            ["/accounts.read", "/ping.read"]
        );
        assert_eq!(token.extra.get("facilitator"), Some(&json!("f")));
        assert_eq!(token.extra.len(), 1);
        let metadata = token.metadata;
        assert_eq!(metadata.expires_in, Some(Duration::from_secs(900)));
        assert_eq!(
            metadata.scopes,
            Some(vec!["/accounts.read".to_owned(), "/ping.read".to_owned()])
        );
        assert_eq!(
            (metadata.status, metadata.request_id.as_deref()),
            (Some(200), REQUEST_ID)
        );
        assert_eq!(metadata.warnings, []);
        assert!(metadata.set_aside.is_empty() && metadata.envelope.is_empty());
    });
}

#[test]
fn expires_in_is_seconds_or_a_unix_time() {
    let minute = Duration::from_secs(60);
    both(|kind| {
        let now = SystemTime::now();
        let unix = now
            .duration_since(UNIX_EPOCH)
            .expect("a time after 1970")
            .as_secs();
        for value in [json!(900), json!(unix + 900), json!((unix + 900) * 1000)] {
            let token = read(kind, &json!({ "access_token": "a", "expires_in": value }));
            let lifetime = token.metadata.expires_in.expect("a lifetime");
            let until = token.metadata.expires_at.expect("an expiry");
            assert!(
                lifetime <= minute * 15 && lifetime > minute * 14,
                "{value}: {lifetime:?}"
            );
            assert!(
                until > now + minute * 14 && until < now + minute * 16,
                "{value}"
            );
            assert_eq!(token.metadata.warnings, []);
        }
        // The vendor's example is long past, so that it reads as a lifetime (rule R6).
        let seconds: i64 = 1_736_964_352;
        let before = SystemTime::now();
        let token = read(kind, &json!({ "access_token": "a", "expires_in": seconds }));
        let lifetime = Duration::from_secs(seconds.unsigned_abs());
        assert_eq!(token.expires_in(), Some(lifetime));
        let until = token.metadata.expires_at.expect("an expiry");
        let called = before..=SystemTime::now();
        assert!(called.contains(&(until - lifetime)), "{until:?}");
    });
}

#[test]
fn token_types_known_and_unknown() {
    both(|kind| {
        for (wire, typed) in [
            ("opaque", TokenType::Opaque),
            ("jwt", TokenType::Jwt),
            ("Bearer", TokenType::Bearer),
            ("bearer", TokenType::Bearer),
        ] {
            let token = read(kind, &json!({ "access_token": "a", "token_type": wire }));
            assert_eq!(token.token_type, Some(typed));
            assert_eq!(token.metadata.token_type, wire);
        }
        let token = read(kind, &json!({ "access_token": "a", "token_type": "mac" }));
        let Some(TokenType::Other(other)) = &token.token_type else {
            panic!("{:?}", token.token_type)
        };
        assert_eq!(other.as_str(), "mac");
        let token = read(kind, &json!({ "access_token": "a" }));
        assert_eq!(
            (token.token_type, token.metadata.token_type.as_str()),
            (None, "Bearer")
        );
    });
}

#[test]
fn an_empty_refresh_token_is_absent() {
    both(|kind| {
        let token = read(kind, &json!({ "access_token": "a", "refresh_token": "" }));
        assert!(token.refresh_token.is_none());
    });
}

#[test]
fn what_is_odd_does_not_cost_the_token() {
    both(|kind| {
        let long = "a".repeat(5000);
        let token = read(
            kind,
            &json!({ "access_token": long, "refresh_token": 7, "expires_in": "soon", "scope": ["/a", "/b"], "token_type": 1 }),
        );
        assert_eq!(token.access_token.expose(), long);
        assert_eq!(token.expires_in(), None);
        assert_eq!(
            token.metadata.scopes,
            Some(vec!["/a".to_owned(), "/b".to_owned()])
        );
        assert_eq!(
            token.metadata.set_aside.get("/expires_in"),
            Some(&json!("soon"))
        );
        let mut odd: Vec<_> = token
            .metadata
            .warnings
            .iter()
            .map(|warning| warning.pointer.as_str())
            .collect();
        odd.sort_unstable();
        assert_eq!(odd, ["/expires_in", "/token_type"]);
    });
}
