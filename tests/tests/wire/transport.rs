//! Transports: one that a user wrote, and what ours do not follow.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokensmith_moov::{ClientCredentials, Credentials, ErrorKind, Moov};
use tokensmith_moveworks::Moveworks;
use tokensmith_runtime::{
    BlockingTransport, Client, Error, Provider, Request, Retry, Timeouts, Transport,
    TransportError, TransportErrorKind, blocking,
};
use tokensmith_tests::endpoint::Style::Basic;
use tokensmith_tests::strict_server::{Server as StrictServer, ServerResponse};
use tokensmith_tests::{endpoint, moov};
use tokensmith_workiva::Workiva;

use crate::caller::{Caller, block_on, both};
use crate::facts::{Facts, facts};
use crate::request::styles;

/// What a user might write: it never touches a network.
#[derive(Default)]
struct Canned {
    sent: Mutex<Vec<http::Request<Vec<u8>>>>,
    broken: bool,
}

impl Canned {
    fn response(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.sent
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(request);
        if self.broken {
            return Err(TransportError::new(
                TransportErrorKind::Other,
                true,
                "the line is dead",
            ));
        }
        let token = br#"{"access_token":"canned","token_type":"Bearer","expires_in":60}"#;
        Ok(http::Response::new(token.to_vec()))
    }

    fn urls(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap_or_else(PoisonError::into_inner);
        sent.iter()
            .map(|request| request.uri().to_string())
            .collect()
    }
}

impl Transport for Canned {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.response(request)
    }

    async fn sleep(&self, _duration: Duration) {}
}

impl BlockingTransport for Canned {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.response(request)
    }
}

/// The URLs that both clients send a request to.
fn urls<P: Provider, R: Request<Provider = P>>(
    server: impl Fn() -> P::Server,
    request: impl Fn() -> R,
) -> Vec<String> {
    let canned = Canned::default();
    let credentials = || Credentials::new("id", "secret");
    let client =
        Client::<P, _>::with_transport(&canned, server(), credentials()).expect("a client");
    assert!(block_on(client.send(request())).is_ok());
    let client = blocking::Client::<P, _>::with_transport(&canned, server(), credentials())
        .expect("a client");
    assert!(client.send(request()).is_ok());
    canned.urls()
}

#[test]
fn a_transport_of_the_users_own_serves_every_region() {
    use tokensmith_workiva::Server::{AsiaPacific, Europe, UnitedStates};
    use tokensmith_workiva::request::TokenPath;

    for (server, host) in [
        (UnitedStates, "api.app.wdesk.com"),
        (Europe, "api.eu.wdesk.com"),
        (AsiaPacific, "api.apac.wdesk.com"),
    ] {
        let first = urls::<Workiva, _>(|| server, tokensmith_workiva::ClientCredentials::new);
        assert_eq!(first, vec![format!("https://{host}/oauth2/token"); 2]);
        let older =
            || tokensmith_workiva::ClientCredentials::new().path(TokenPath::IamV1Oauth2Token);
        let second = urls::<Workiva, _>(|| server, older);
        assert_eq!(
            second,
            vec![format!("https://{host}/iam/v1/oauth2/token"); 2]
        );
    }
    assert_eq!(tokensmith_workiva::Server::default(), UnitedStates);
}

#[test]
fn every_server_of_the_others() {
    use tokensmith_moveworks::Server::{
        Canada, Demo, Europe, EuropeAlternate, Japan, UnitedKingdom, UnitedStates,
        UnitedStatesGovernment, UsProd3, UsProd4,
    };

    let moov = urls::<Moov, _>(tokensmith_moov::Server::default, ClientCredentials::new);
    assert_eq!(moov, ["https://api.moov.io/oauth2/token"; 2]);
    for (server, host) in [
        (UnitedStates, "api.moveworks.ai"),
        (UsProd3, "api.prod3.us.moveworks.com"),
        (UsProd4, "api.prod4.us.moveworks.com"),
        (UnitedStatesGovernment, "api.moveworksgov.ai"),
        (Canada, "api.am-ca-central.moveworks.ai"),
        (Europe, "api.am-eu-central.moveworks.ai"),
        (EuropeAlternate, "api.eu.moveworks.ai"),
        (UnitedKingdom, "api.uk.moveworks.com"),
        (Japan, "api.jp.moveworks.com"),
        (Demo, "api-demo.moveworks.ai"),
    ] {
        let sent = urls::<Moveworks, _>(|| server, tokensmith_moveworks::ClientCredentials::new);
        assert_eq!(sent, vec![format!("https://{host}/oauth/v1/token"); 2]);
    }
    assert_eq!(tokensmith_moveworks::Server::default(), UnitedStates);
}

#[test]
fn what_a_transport_says_of_its_failure_is_kept() {
    let canned = Canned {
        broken: true,
        ..Canned::default()
    };
    let server = tokensmith_moov::Server::Production;
    let credentials = Credentials::new("id", "secret");
    let client: tokensmith_moov::Client<&Canned> =
        tokensmith_moov::Client::with_transport(&canned, server, credentials).expect("a client");
    let error = block_on(client.send(ClientCredentials::new())).expect_err("a failure");
    let wanted = Facts {
        sent: true,
        ..Facts::local(ErrorKind::Transport)
    };
    assert_eq!(facts(&error), wanted);
    let chain: Vec<_> =
        std::iter::successors(std::error::Error::source(&error), |error| error.source())
            .map(ToString::to_string)
            .collect();
    assert_eq!(chain, ["the connection broke", "the line is dead"]);
    assert_eq!(canned.urls().len(), 1);
}

#[test]
fn a_redirect_is_not_followed() {
    both(|kind| {
        let elsewhere = StrictServer::start(|_| moov::response(200));
        for status in [301, 302, 303, 307, 308] {
            let endpoint = moov::start();
            let location = format!("{}/oauth2/token", elsewhere.url());
            endpoint.respond_next(ServerResponse::new(status).header("Location", &location));
            let error = Caller::<Moov>::new(kind, &endpoint.url())
                .send(ClientCredentials::new())
                .expect_err("a redirect");
            assert_eq!(facts(&error), Facts::of(ErrorKind::Redirect, status));
            assert_eq!(styles(&endpoint), [Basic]);
        }
        assert_eq!(elsewhere.count(), 0);
    });
}

#[test]
fn a_base_url_may_have_a_path_and_a_slash() {
    both(|kind| {
        let server = StrictServer::start(|_| moov::response(200));
        for (base, target) in [
            ("/", "/oauth2/token"),
            ("/proxy/moov", "/proxy/moov/oauth2/token"),
            ("/proxy/?tenant=a%20b", "/proxy/oauth2/token?tenant=a%20b"),
        ] {
            let caller = Caller::<Moov>::new(kind, &format!("{}{base}", server.url()));
            caller.send(ClientCredentials::new()).expect("a token");
            assert_eq!(
                server
                    .requests()
                    .last()
                    .map(|request| request.target.clone()),
                Some(target.to_owned())
            );
        }
    });
}

/// Credentials that `send` consumes no part of: one client serves many threads.
#[test]
fn one_client_serves_many_threads() {
    let endpoint = moov::start();
    let credentials = Credentials::new(endpoint::CLIENT_ID, endpoint::CLIENT_SECRET);
    let client = tokensmith_moov::blocking::Client::new(credentials).expect("a client");
    let client = client.base_url(endpoint.url()).expect("a URL");
    let outcome: Result<Vec<_>, Error<_>> = std::thread::scope(|scope| {
        let send = || client.send(ClientCredentials::new());
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(send)).collect();
        threads
            .into_iter()
            .map(|thread| thread.join().expect("no panic"))
            .collect()
    });
    assert_eq!(outcome.map(|tokens| tokens.len()).ok(), Some(8));
    assert_eq!(styles(&endpoint), [Basic; 8]);
}

/// The limits of a client are those that were set, and the client is still the same otherwise.
#[test]
fn a_client_takes_the_timeouts_that_it_is_given() {
    let server = StrictServer::start(|_| {
        ServerResponse::json(200, r#"{"access_token":"t"}"#).delay(Duration::from_secs(3))
    });
    let timeouts = Timeouts::default().with_total(Duration::from_millis(200));
    let request = || ClientCredentials::new();
    let credentials = || Credentials::new("client", "secret");
    let client = tokensmith_moov::Client::new(credentials())
        .and_then(|client| client.base_url(server.url()))
        .expect("the URL is valid")
        .retry(Retry::never())
        .timeouts(timeouts);
    let error = block_on(client.send(request())).expect_err("the server is slow");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    let client = tokensmith_moov::blocking::Client::new(credentials())
        .and_then(|client| client.base_url(server.url()))
        .expect("the URL is valid")
        .retry(Retry::never())
        .timeouts(timeouts);
    let error = client.send(request()).expect_err("the server is slow");
    assert_eq!(error.kind(), ErrorKind::Timeout, "{error}");
    assert_eq!(server.count(), 2);
    let patient = client.timeouts(Timeouts::default());
    assert!(patient.send(request()).is_ok());
    assert_eq!(server.count(), 3);
}
