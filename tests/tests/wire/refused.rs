//! What is refused before anything is sent.

use tokensmith_moov::request::TokenTypeHint;
use tokensmith_moov::{
    Client, ClientCredentials, Credentials, Error, ErrorKind, Moov, RefreshToken, RevokeToken,
};
use tokensmith_runtime::{ClientAuth, Request};
use tokensmith_tests::moov;

use crate::caller::{Caller, both};
use crate::facts::{Facts, facts};
use crate::request::requests;

/// Sends what must not be sent, with either client, and gives back what the error says.
#[track_caller]
fn refused<R: Request<Provider = Moov>>(request: impl Fn() -> R) -> String
where
    R::Response: Sized,
{
    let says = std::cell::RefCell::new(String::new());
    both(|kind| {
        let endpoint = moov::start();
        let caller = Caller::<Moov>::new(kind, &endpoint.url());
        let Err(error) = caller.send(request()) else {
            panic!("it was sent")
        };
        assert_eq!(facts(&error), Facts::local(ErrorKind::Request), "{error}");
        assert_eq!(endpoint.server().count(), 0);
        assert!(
            error.to_string().starts_with("moov: cannot send POST "),
            "{error}"
        );
        *says.borrow_mut() = error.reason().to_string();
    });
    says.into_inner()
}

#[test]
fn a_refresh_token_that_is_too_long() {
    let long = "0123456789abcdef".repeat(256) + "x";
    let says = refused(|| RefreshToken::new(&*long));
    assert_eq!(
        says,
        "the parameter `refresh_token` is longer than 4096 characters"
    );
}

#[test]
fn the_longest_refresh_token_is_sent() {
    both(|kind| {
        let endpoint = moov::start();
        let caller = Caller::<Moov>::new(kind, &endpoint.url());
        // The limit is one of characters, not of bytes.
        for longest in ["a".repeat(moov::TOKEN_LIMIT), "ü".repeat(moov::TOKEN_LIMIT)] {
            caller.send(RefreshToken::new(longest)).expect("a token");
        }
        assert_eq!(requests(&endpoint).len(), 2);
    });
}

#[test]
fn a_parameter_that_the_request_has_already() {
    let twice = |name| format!("the parameter `{name}` is given twice");
    let says = refused(|| {
        ClientCredentials::new()
            .scope("/ping.read")
            .extra("scope", "/accounts.write")
    });
    assert_eq!(says, twice("scope"));
    let says = refused(|| RefreshToken::new("mine").extra("refresh_token", "another"));
    assert_eq!(says, twice("refresh_token"));
    let says = refused(|| RevokeToken::new("mine").extra("token", "another"));
    assert_eq!(says, twice("token"));
    let hint = TokenTypeHint::AccessToken;
    let says = refused(|| {
        RevokeToken::new("t")
            .token_type_hint(hint)
            .extra("token_type_hint", "refresh_token")
    });
    assert_eq!(says, twice("token_type_hint"));
    let says = refused(|| {
        ClientCredentials::new()
            .extra("audience", "one")
            .extra("audience", "two")
    });
    assert_eq!(says, twice("audience"));
    let says = refused(|| {
        ClientCredentials::new()
            .moov_version("v1")
            .extra("x-moov-version", "v2")
    });
    assert_eq!(says, twice("x-moov-version"));
}

#[test]
fn a_parameter_that_the_client_itself_sends() {
    for name in [
        "grant_type",
        "client_id",
        "client_secret",
        "client_assertion",
        "client_assertion_type",
    ] {
        let says = refused(|| ClientCredentials::new().extra(name, "something"));
        assert_eq!(
            says,
            format!("the parameter `{name}` cannot be given: the client sends what it stands for")
        );
    }
}

#[test]
fn a_declared_parameter_is_checked_wherever_it_comes_from() {
    let says = refused(|| RevokeToken::new("t").extra("token_type_hint", "id_token"));
    assert_eq!(
        says,
        "the parameter `token_type_hint` is not one of: access_token, refresh_token"
    );
    let says = refused(|| ClientCredentials::new().moov_version("v1\r\nX-Other: 1"));
    assert_eq!(
        says,
        "the parameter `x-moov-version` does not fit in a header"
    );
}

fn client() -> Client {
    Client::new(Credentials::new("id", "secret")).expect("a client")
}

#[track_caller]
fn config_error(outcome: Result<Client, Error>) -> String {
    let error = outcome.expect_err("it was taken");
    assert_eq!(facts(&error), Facts::local(ErrorKind::Config));
    error.to_string()
}

#[test]
fn plain_http_goes_to_this_machine_only() {
    for url in [
        "http://api.moov.io",
        "http://192.0.2.1:8080",
        "http://[2001:db8::1]",
        "http://127.0.0.1.example.com",
        "http://localhost.example.com",
    ] {
        let error = config_error(client().base_url(url));
        let host = url.trim_start_matches("http://");
        let expected = format!("plain http to `{host}` is refused: use https");
        assert!(error.starts_with(&expected), "{url}: {error}");
    }
    for url in [
        "http://127.0.0.1:1",
        "http://127.8.9.10",
        "http://localhost:80",
        "http://[::1]:8080",
        "https://api.moov.io",
    ] {
        client().base_url(url).map(drop).expect(url);
    }
}

#[test]
fn urls_that_are_none_or_hold_credentials() {
    for url in [
        "",
        "api.moov.io",
        "ftp://api.moov.io",
        "https://",
        "https://user:pass@api.moov.io",
        "https://api.moov.io\\@example.com",
        "https://api.moov.io:port",
        "https://{tenant}.moov.io",
    ] {
        config_error(client().base_url(url));
    }
}

#[test]
fn headers_that_the_client_itself_sets() {
    for name in [
        "Authorization",
        "content-type",
        "Content-Length",
        "Host",
        "Transfer-Encoding",
    ] {
        let says = config_error(client().header(name, "x"));
        assert!(
            says.contains(&format!("`{}`", name.to_lowercase())),
            "{says}"
        );
    }
    config_error(client().header("X Y", "x"));
    config_error(client().header("X-Y", "x\r\nX-Z: 1"));
}

#[test]
fn a_parameter_may_be_an_assertion_where_the_client_has_no_other_proof() {
    both(|kind| {
        let endpoint = moov::start();
        for name in ["client_assertion", "client_assertion_type"] {
            endpoint.allow_parameter(name);
        }
        let caller = Caller::<Moov>::new(kind, &endpoint.url()).client_auth(ClientAuth::None);
        let request = ClientCredentials::new()
            .extra("client_assertion", "jwt")
            .extra("client_assertion_type", "type");
        caller
            .send(request)
            .expect_err("the page asks for a secret");
        let sent = endpoint.requests()[0].text().to_owned();
        assert_eq!(
            sent,
            "grant_type=client_credentials&client_assertion=jwt&client_assertion_type=type&client_id=client+id%2F1%2B%25"
        );
    });
}
