//! Workiva: one grant, a form, two paths, a scope that may be granted otherwise than asked for.

use std::time::Duration;

use tokensmith_runtime::BodyFormat::Form;
use tokensmith_runtime::{ClientAuth, ErrorCode};
use tokensmith_tests::endpoint::Style;
use tokensmith_tests::strict_server::ServerResponse;
use tokensmith_tests::workiva;
use tokensmith_workiva::error::TokenError;
use tokensmith_workiva::request::TokenPath;
use tokensmith_workiva::{ClientCredentials, ErrorKind, Workiva, scope};

use crate::caller::{Caller, both};
use crate::facts::{Facts, facts};
use crate::request::{AUTHENTICATIONS, BASIC, expected, only, styles};

#[test]
fn every_authentication_at_both_paths() {
    both(|kind| {
        for (auth, style, header) in AUTHENTICATIONS {
            for path in [TokenPath::Oauth2Token, TokenPath::IamV1Oauth2Token] {
                let endpoint = workiva::start();
                endpoint.accept_only(&[style]);
                let caller = Caller::<Workiva>::new(kind, &endpoint.url()).client_auth(auth);
                let request = ClientCredentials::new()
                    .scope(scope::FILE_READ)
                    .scope(scope::FILE_WRITE)
                    .path(path);
                caller.send(request).expect("a token");
                let body = "grant_type=client_credentials&scope=file%3Aread+file%3Awrite";
                assert_eq!(
                    only(&endpoint),
                    expected(path.as_str(), header, &[], Form, body),
                    "{auth}"
                );
            }
        }
    });
}

#[test]
fn the_first_path_and_basic_are_what_nothing_said_means() {
    assert_eq!(
        [
            TokenPath::Oauth2Token.as_str(),
            TokenPath::IamV1Oauth2Token.as_str()
        ],
        workiva::PATHS
    );
    both(|kind| {
        let endpoint = workiva::start();
        Caller::<Workiva>::new(kind, &endpoint.url())
            .send(ClientCredentials::new())
            .expect("a token");
        let wanted = expected(
            "/oauth2/token",
            Some(BASIC),
            &[],
            Form,
            "grant_type=client_credentials",
        );
        assert_eq!(only(&endpoint), wanted);
    });
}

#[test]
fn what_auto_learns_holds_for_one_path() {
    both(|kind| {
        let endpoint = workiva::start();
        endpoint.accept_only(&[Style::Body]);
        let caller = Caller::<Workiva>::new(kind, &endpoint.url());
        let older = || ClientCredentials::new().path(TokenPath::IamV1Oauth2Token);
        caller.send(ClientCredentials::new()).expect("a token");
        caller.send(older()).expect("a token");
        caller.send(ClientCredentials::new()).expect("a token");
        caller.send(older()).expect("a token");
        assert_eq!(
            styles(&endpoint),
            [
                Style::Basic,
                Style::Body,
                Style::Basic,
                Style::Body,
                Style::Body,
                Style::Body
            ]
        );
    });
}

#[test]
fn the_scope_granted_is_not_the_one_asked_for() {
    both(|kind| {
        let endpoint = workiva::start();
        let caller = Caller::<Workiva>::new(kind, &endpoint.url());
        let request = ClientCredentials::new()
            .scope("file:read file:write")
            .scope(scope::GRAPH_READ);
        let token = caller.send(request).expect("a token");
        assert_eq!(token.access_token.expose(), "wk-access-token");
        assert_eq!(token.token_type.as_deref(), Some("bearer"));
        assert_eq!(token.scopes().unwrap_or_default(), ["file:read"]);
        assert_eq!(token.expires_in(), Some(Duration::from_secs(600)));
        let body = "grant_type=client_credentials&scope=file%3Aread+file%3Awrite+graph%3Aread";
        assert_eq!(
            only(&endpoint),
            expected("/oauth2/token", Some(BASIC), &[], Form, body)
        );
    });
}

#[test]
fn every_status() {
    both(|kind| {
        let endpoint = workiva::start();
        let caller = Caller::<Workiva>::new(kind, &endpoint.url()).client_auth(ClientAuth::Basic);
        for status in workiva::STATUSES
            .into_iter()
            .filter(|status| *status != 200)
        {
            endpoint.respond_next(workiva::response(status));
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            let (code, description) = match status {
                400 => ("invalid_scope", "The scope is not known."),
                _ => ("invalid_client", "The client is not known."),
            };
            let wanted = Facts {
                code: Some(code),
                description: Some(description),
                uri: Some("https://example.com/errors"),
                ..Facts::of(ErrorKind::Provider, status)
            };
            assert_eq!(facts(&error), wanted);
            let body = match (status, error.body()) {
                (400, Some(TokenError::BadRequest(body)))
                | (401, Some(TokenError::Unauthorized(body))) => body,
                (_, body) => panic!("{status}: {body:?}"),
            };
            assert_eq!(body.error, Some(ErrorCode::from(code)));
            assert_eq!(body.error_description.as_deref(), Some(description));
            assert_eq!(
                body.error_uri.as_deref(),
                Some("https://example.com/errors")
            );
            let shown = error.reason().to_string();
            let wanted =
                format!("{code} (HTTP {status}, see https://example.com/errors): {description}");
            assert_eq!(shown, wanted);
        }
    });
}

#[test]
fn every_member_of_an_error_may_be_missing() {
    both(|kind| {
        let endpoint = workiva::start();
        let caller = Caller::<Workiva>::new(kind, &endpoint.url());
        endpoint.respond_next(ServerResponse::json(400, r#"{"trace":"x"}"#));
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(facts(&error), Facts::of(ErrorKind::Provider, 400));
        let Some(TokenError::BadRequest(body)) = error.body() else {
            panic!("{:?}", error.body())
        };
        assert!(body.error.is_none() && body.error_description.is_none());
        assert!(body.error_uri.is_none() && body.extra.get("trace").is_some());
    });
}

#[test]
fn the_reason_may_be_in_a_challenge() {
    both(|kind| {
        let endpoint = workiva::start();
        let caller = Caller::<Workiva>::new(kind, &endpoint.url()).client_auth(ClientAuth::Basic);
        let challenge =
            r#"Basic realm="w", Bearer error="invalid_client", error_description="who?""#;
        endpoint.respond_next(ServerResponse::new(401).header("WWW-Authenticate", challenge));
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        let wanted = Facts {
            code: Some("invalid_client"),
            description: Some("who?"),
            ..Facts::of(ErrorKind::Provider, 401)
        };
        assert_eq!(facts(&error), wanted);
    });
}
