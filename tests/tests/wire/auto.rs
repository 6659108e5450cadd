//! `auto`: Basic, then the body where Basic was refused as client authentication, and what it remembers.

use tokensmith_moov::{ClientCredentials, ErrorKind, Moov, RefreshToken, RevokeToken};
use tokensmith_runtime::{Credentials, Retry};
use tokensmith_tests::endpoint::Style::{Basic, Body};
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET, Endpoint, Style};
use tokensmith_tests::moov;
use tokensmith_tests::strict_server::ServerResponse;

use crate::caller::{Caller, Kind, both};
use crate::request::{requests, styles};

fn start(accepted: &[Style], kind: Kind) -> (Endpoint, Caller<Moov>) {
    let endpoint = moov::start();
    endpoint.accept_only(accepted);
    let caller = Caller::new(kind, &endpoint.url());
    (endpoint, caller)
}

#[track_caller]
fn token(caller: &Caller<Moov>) {
    caller.send(ClientCredentials::new()).expect("a token");
}

#[test]
fn basic_is_enough_where_it_is_let_in() {
    both(|kind| {
        let (endpoint, caller) = start(&[Basic, Body], kind);
        token(&caller);
        token(&caller);
        assert_eq!(styles(&endpoint), [Basic, Basic]);
    });
}

#[test]
fn the_body_is_found_once_and_remembered() {
    both(|kind| {
        let (endpoint, caller) = start(&[Body], kind);
        let before = caller.clone();
        token(&caller);
        token(&caller);
        assert_eq!(styles(&endpoint), [Basic, Body, Body]);
        // Clones made before and after know it too.
        token(&before);
        token(&caller.clone());
        assert_eq!(styles(&endpoint)[3..], [Body, Body]);
        // Another client of the same name does not.
        token(&Caller::new(kind, &endpoint.url()));
        assert_eq!(styles(&endpoint)[5..], [Basic, Body]);
        // Nor does another endpoint of the same server.
        caller.send(RevokeToken::new("t")).expect("a revocation");
        caller.send(RevokeToken::new("t")).expect("a revocation");
        assert_eq!(styles(&endpoint)[7..], [Basic, Body, Body]);
    });
}

#[test]
fn a_clone_that_is_set_otherwise_keeps_to_it() {
    both(|kind| {
        let (endpoint, caller) = start(&[Body], kind);
        token(&caller);
        let basic = caller
            .clone()
            .client_auth(tokensmith_runtime::ClientAuth::Basic);
        basic.send(ClientCredentials::new()).expect_err("a refusal");
        token(&caller);
        assert_eq!(styles(&endpoint), [Basic, Body, Basic, Body]);
    });
}

#[test]
fn what_was_learnt_is_learnt_anew_when_the_server_changes() {
    both(|kind| {
        let (endpoint, caller) = start(&[Body], kind);
        token(&caller);
        endpoint.accept_only(&[Basic]);
        token(&caller);
        token(&caller);
        assert_eq!(styles(&endpoint), [Basic, Body, Body, Basic, Basic]);
    });
}

#[test]
fn every_way_of_refusing_the_client_leads_on() {
    both(|kind| {
        for refusal in [
            ServerResponse::new(401),
            ServerResponse::json(401, r#"{"error":"unauthorized"}"#),
            ServerResponse::json(400, r#"{"error":"invalid_client"}"#),
            ServerResponse::json(200, r#"{"error":"invalid_client"}"#),
            ServerResponse::json(403, r#"{"error":{"code":"invalid_client"}}"#),
            ServerResponse::new(401).header("WWW-Authenticate", r#"Basic realm="moov""#),
        ] {
            let (endpoint, caller) = start(&[Basic, Body], kind);
            endpoint.respond_next(refusal);
            token(&caller);
            token(&caller);
            assert_eq!(styles(&endpoint), [Basic, Body, Body]);
        }
    });
}

#[test]
fn nothing_else_leads_on() {
    both(|kind| {
        for (response, wanted) in [
            (
                ServerResponse::json(400, r#"{"error":"invalid_grant"}"#),
                ErrorKind::Provider,
            ),
            (
                ServerResponse::json(401, r#"{"error":"invalid_grant"}"#),
                ErrorKind::Provider,
            ),
            (
                ServerResponse::json(400, r#"{"error":"invalid_scope"}"#),
                ErrorKind::Provider,
            ),
            (
                ServerResponse::json(400, r#"{"error":"unauthorized_client"}"#),
                ErrorKind::Provider,
            ),
            (ServerResponse::new(400), ErrorKind::Provider),
            (ServerResponse::new(403), ErrorKind::Provider),
            (moov::response(422), ErrorKind::Provider),
            (moov::response(429), ErrorKind::RateLimited),
            (
                ServerResponse::json(429, r#"{"error":"invalid_client"}"#),
                ErrorKind::RateLimited,
            ),
            (moov::response(500), ErrorKind::Server),
            (
                ServerResponse::json(500, r#"{"error":"invalid_client"}"#),
                ErrorKind::Server,
            ),
            (ServerResponse::new(502), ErrorKind::Server),
            (ServerResponse::new(503), ErrorKind::Server),
            (moov::response(504), ErrorKind::Server),
            (
                ServerResponse::new(302).header("Location", "/"),
                ErrorKind::Redirect,
            ),
            (ServerResponse::json(200, "{}"), ErrorKind::Malformed),
            (ServerResponse::hang_up(), ErrorKind::Transport),
        ] {
            let (endpoint, caller) = start(&[Basic, Body], kind);
            endpoint.respond_next(response.clone());
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            assert_eq!(
                (error.kind(), styles(&endpoint)),
                (wanted, vec![Basic]),
                "{response:?}"
            );
            assert!(error.previous().is_none() && error.may_have_been_sent());
            // And it is not remembered as a failure of Basic.
            token(&caller);
            assert_eq!(styles(&endpoint), [Basic, Basic]);
        }
    });
}

#[test]
fn a_refresh_token_is_never_tried_twice() {
    both(|kind| {
        let (endpoint, caller) = start(&[Body], kind);
        let caller = caller.retry(Retry::default());
        let error = caller.send(RefreshToken::new("r")).expect_err("a refusal");
        assert_eq!(
            error.code().map(|code| code.as_str()),
            Some("invalid_client")
        );
        assert!(error.previous().is_none() && !error.is_retryable());
        assert_eq!(styles(&endpoint), [Basic]);
        // Once the style is known it goes out right the first time.
        token(&caller);
        caller.send(RefreshToken::new("r")).expect("a token");
        assert_eq!(styles(&endpoint)[1..], [Basic, Body, Body]);
        // And still once only.
        endpoint.accept_only(&[Basic]);
        caller.send(RefreshToken::new("r")).expect_err("a refusal");
        assert_eq!(styles(&endpoint)[4..], [Body]);
    });
}

#[test]
fn both_refusals_are_reported() {
    both(|kind| {
        let (endpoint, caller) = start(&[], kind);
        endpoint.accept_only(&[]);
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(styles(&endpoint), [Basic, Body]);
        let first = error.previous().expect("the first refusal");
        for (status, code) in [
            (first.status(), first.code()),
            (error.status(), error.code()),
        ] {
            assert_eq!(
                (status, code.map(|code| code.as_str())),
                (Some(401), Some("invalid_client"))
            );
        }
        let refused = "invalid_client (HTTP 401, request id 0f8fad5b-d9cb-469f-a165-70867728950e)";
        let reason = format!(
            "with HTTP Basic authentication: {refused}; \
             then with authentication in the body: {refused}"
        );
        assert_eq!(error.reason().to_string(), reason);
        let host = endpoint.server().address();
        assert_eq!(
            error.to_string(),
            format!("moov: POST {host}/oauth2/token: {reason}")
        );
        // Nothing was learnt.
        caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(styles(&endpoint)[2..], [Basic, Body]);
    });
}

#[test]
fn the_second_error_may_be_of_another_kind() {
    both(|kind| {
        let (endpoint, caller) = start(&[Body], kind);
        endpoint.respond_next(moov::response(429));
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(
            (error.kind(), error.is_retryable()),
            (ErrorKind::RateLimited, true)
        );
        assert_eq!(error.previous().and_then(|first| first.status()), Some(401));
        assert_eq!(styles(&endpoint), [Basic, Body]);
    });
}

#[test]
fn a_client_without_a_secret_has_nothing_to_try() {
    both(|kind| {
        let endpoint = moov::start();
        let credentials = Credentials::public(CLIENT_ID);
        let caller = Caller::<Moov>::with_credentials(kind, &endpoint.url(), credentials);
        caller
            .send(ClientCredentials::new())
            .expect_err("the page asks for a secret");
        assert_eq!(endpoint.complaints(), ["client_id without client_secret"]);
        assert_eq!(endpoint.requests().len(), 1);
    });
}

#[test]
fn a_wrong_secret_is_tried_both_ways() {
    both(|kind| {
        let endpoint = moov::start();
        let credentials = Credentials::new(CLIENT_ID, format!("{CLIENT_SECRET}!"));
        let caller = Caller::<Moov>::with_credentials(kind, &endpoint.url(), credentials);
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert!(error.previous().is_some());
        assert_eq!((requests(&endpoint).len(), endpoint.refusals()), (2, 2));
    });
}
