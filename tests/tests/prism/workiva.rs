//! Workiva, as its document has it.

use std::time::Duration;

use tokensmith_runtime::ErrorCode;
use tokensmith_tests::prism::Prism;
use tokensmith_workiva::error::TokenError;
use tokensmith_workiva::request::TokenPath;
use tokensmith_workiva::{ClientCredentials, ErrorKind, Workiva, scope};

use crate::caller::{Caller, both};
use crate::{AUTHENTICATIONS, caller, no_violations, responding, serve};

#[test]
fn requests_and_responses() {
    let prism = serve("workiva");
    every_request_passes_and_the_token_is_read(&prism);
    every_refusal_is_read(&prism);
    no_violations(&prism, "/oauth2/token");
}

const PATHS: [TokenPath; 2] = [TokenPath::Oauth2Token, TokenPath::IamV1Oauth2Token];

fn every_request_passes_and_the_token_is_read(prism: &Prism) {
    both(|kind| {
        for (auth, path) in AUTHENTICATIONS
            .into_iter()
            .flat_map(|auth| PATHS.map(|path| (auth, path)))
        {
            let caller: Caller<Workiva> = caller(kind, prism).client_auth(auth);
            for request in [
                ClientCredentials::new(),
                ClientCredentials::new()
                    .scope(scope::FILE_READ)
                    .scope(scope::FILE_WRITE),
            ] {
                let token = caller.send(request.path(path)).expect("a token");
                assert_eq!(token.access_token.expose(), "example-access-token-not-real");
                assert_eq!(token.token_type.as_deref(), Some("Bearer"));
                let scopes = token.metadata.scopes.unwrap_or_default();
                assert_eq!(scopes, ["file:read", "file:write"]);
                assert_eq!(token.metadata.expires_in, Some(Duration::from_secs(600)));
                assert_eq!(token.metadata.warnings, []);
            }
        }
    });
}

fn every_refusal_is_read(prism: &Prism) {
    both(|kind| {
        for (status, path) in [400, 401]
            .into_iter()
            .flat_map(|status| PATHS.map(|path| (status, path)))
        {
            let caller = responding::<Workiva>(kind, prism, status);
            let error = caller
                .send(ClientCredentials::new().path(path))
                .expect_err("a refusal");
            assert_eq!(
                (error.kind(), error.status()),
                (ErrorKind::Provider, Some(status))
            );
            let (body, code) = match (status, error.body()) {
                (400, Some(TokenError::BadRequest(body))) => (body, ErrorCode::InvalidRequest),
                (401, Some(TokenError::Unauthorized(body))) => (body, ErrorCode::InvalidClient),
                (_, body) => panic!("{status}: {body:?}"),
            };
            assert_eq!(
                (error.code(), body.error.as_ref()),
                (Some(&code), Some(&code))
            );
            assert_eq!(error.description(), body.error_description.as_deref());
            assert!(error.description().is_some());
            assert_eq!(error.uri(), Some("https://developers.workiva.com/"));
            assert_eq!(body.error_uri.as_deref(), error.uri());
        }
    });
}
