//! Every request that Moov takes.

use tokensmith_moov::request::TokenTypeHint;
use tokensmith_moov::{
    Client, ClientCredentials, Credentials, Moov, RefreshToken, RevokeToken, blocking, scope,
};
use tokensmith_runtime::BodyFormat::{Form, Json};
use tokensmith_runtime::{BodyFormat, ClientAuth};
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET, Style};
use tokensmith_tests::moov;

use crate::caller::{Caller, Kind, block_on, both};
use crate::request::{AUTHENTICATIONS, BASIC, expected, only};

/// Every authentication in both formats: the request has to be this one, the server lets it in, and responds.
fn every_way(path: &str, form: &str, json: &str, send: impl Fn(&Caller<Moov>)) {
    both(|kind| {
        for (auth, style, header) in AUTHENTICATIONS {
            for (format, body) in [(Form, form), (Json, json)] {
                let endpoint = moov::start();
                endpoint.accept_only(&[style]);
                send(
                    &Caller::new(kind, &endpoint.url())
                        .client_auth(auth)
                        .format(format),
                );
                assert_eq!(
                    only(&endpoint),
                    expected(path, header, &[], format, body),
                    "{auth} {format:?}"
                );
                assert_eq!(endpoint.refusals(), 0);
            }
        }
    });
}

#[test]
fn client_credentials() {
    every_way(
        "/oauth2/token",
        "grant_type=client_credentials",
        r#"{"grant_type":"client_credentials"}"#,
        |caller| {
            let token = caller
                .send(ClientCredentials::new())
                .expect("a token without a scope");
            assert_eq!(
                token.access_token.expose(),
                "i1qxz68gu50zp4i8ceyxqogmq7y0yienm52351c6..."
            );
        },
    );
    every_way(
        "/oauth2/token",
        "grant_type=client_credentials&scope=%2Faccounts.read+%2Faccounts%2Fa1%2Fwallets.read",
        r#"{"grant_type":"client_credentials","scope":"/accounts.read /accounts/a1/wallets.read"}"#,
        |caller| {
            let request = ClientCredentials::new()
                .scope(scope::ACCOUNTS_READ)
                .scope(scope::accounts_wallets_read("a1"));
            let token = caller.send(request).expect("a token with a scope");
            assert_eq!(
                token.metadata.scopes.as_deref(),
                Some(
                    &[
                        "/accounts.read".to_owned(),
                        "/accounts/a1/wallets.read".to_owned()
                    ][..]
                )
            );
        },
    );
}

#[test]
fn refresh_token() {
    every_way(
        "/oauth2/token",
        "grant_type=refresh_token&refresh_token=r1+%26%2B%3D%25%C3%BC&scope=%2Fping.read",
        r#"{"grant_type":"refresh_token","refresh_token":"r1 &+=%ü","scope":"/ping.read"}"#,
        |caller| {
            let request = RefreshToken::new("r1 &+=%ü").scope(scope::PING_READ);
            let token = caller.send(request).expect("a token for a refresh token");
            let refresh_token = token.refresh_token.expect("the next refresh token");
            assert!(refresh_token.expose().starts_with("r1qxz68"));
        },
    );
}

#[test]
fn revocation() {
    every_way(
        "/oauth2/revoke",
        "token=t%2F1",
        r#"{"token":"t/1"}"#,
        |caller| caller.send(RevokeToken::new("t/1")).expect("a revocation"),
    );
    every_way(
        "/oauth2/revoke",
        "token=t1&token_type_hint=refresh_token",
        r#"{"token":"t1","token_type_hint":"refresh_token"}"#,
        |caller| {
            let request = RevokeToken::new("t1").token_type_hint(TokenTypeHint::RefreshToken);
            caller.send(request).expect("a revocation with a hint");
        },
    );
}

#[test]
fn form_and_auto_are_what_nothing_said_means() {
    both(|kind| {
        let endpoint = moov::start();
        Caller::<Moov>::new(kind, &endpoint.url())
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

type Send<'a> = &'a dyn Fn(&Caller<Moov>);

#[test]
fn the_version_goes_in_a_header() {
    both(|kind| {
        let version = "x-moov-version: v2024.01.00";
        let sends: [(&str, &str, Send<'_>); 3] = [
            (
                "/oauth2/token",
                "grant_type=client_credentials",
                &|caller| {
                    let request = ClientCredentials::new().moov_version("v2024.01.00");
                    caller.send(request).map(drop).expect("a token");
                },
            ),
            (
                "/oauth2/token",
                "grant_type=refresh_token&refresh_token=r",
                &|caller| {
                    let request = RefreshToken::new("r").moov_version("v2024.01.00");
                    caller.send(request).map(drop).expect("a token");
                },
            ),
            ("/oauth2/revoke", "token=t", &|caller| {
                let request = RevokeToken::new("t").moov_version("v2024.01.00");
                caller.send(request).expect("a revocation");
            }),
        ];
        for (path, body, send) in sends {
            let endpoint = moov::start();
            send(&Caller::new(kind, &endpoint.url()));
            assert_eq!(
                only(&endpoint),
                expected(path, Some(BASIC), &[version], Form, body)
            );
        }
    });
}

#[test]
fn parameters_and_headers_of_the_callers_own() {
    both(|kind| {
        for (format, body) in [
            (Form, "grant_type=client_credentials&audience=a+b"),
            (
                Json,
                r#"{"audience":"a b","grant_type":"client_credentials"}"#,
            ),
        ] {
            let endpoint = moov::start();
            endpoint.allow_parameter("audience");
            endpoint.allow_header("X-Trace");
            let caller = Caller::<Moov>::new(kind, &endpoint.url())
                .format(format)
                .header("X-Trace", "1");
            caller
                .send(ClientCredentials::new().extra("audience", "a b"))
                .expect("a token");
            let wanted = expected("/oauth2/token", Some(BASIC), &["x-trace: 1"], format, body);
            assert_eq!(only(&endpoint), wanted);
        }
    });
}

#[test]
fn the_clients_that_the_crate_names() {
    let credentials = || Credentials::new(CLIENT_ID, CLIENT_SECRET);
    both(|kind| {
        let endpoint = moov::start();
        endpoint.accept_only(&[Style::Body]);
        match kind {
            Kind::Asynchronous => {
                let client = Client::new(credentials()).expect("a client");
                let client = client.base_url(endpoint.url()).expect("a URL");
                let client = client
                    .client_auth(ClientAuth::Body)
                    .format(BodyFormat::Json);
                block_on(client.send(ClientCredentials::new())).map(drop)
            }
            Kind::Blocking => {
                let client = blocking::Client::new(credentials()).expect("a client");
                let client = client.base_url(endpoint.url()).expect("a URL");
                let client = client
                    .client_auth(ClientAuth::Body)
                    .format(BodyFormat::Json);
                client.send(ClientCredentials::new()).map(drop)
            }
        }
        .expect("a token");
        let body = r#"{"grant_type":"client_credentials"}"#;
        assert_eq!(
            only(&endpoint),
            expected("/oauth2/token", None, &[], Json, body)
        );
    });
}
