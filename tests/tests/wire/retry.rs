//! Trying again: when, how often and after how long. Nothing here waits: the waits are written down.

use std::net::TcpListener;
use std::time::{Duration, Instant, SystemTime};

use tokensmith_moov::{ClientCredentials, ErrorKind, Moov, RefreshToken, RevokeToken};
use tokensmith_runtime::Retry;
use tokensmith_tests::endpoint::Endpoint;
use tokensmith_tests::endpoint::Style::{Basic, Body};
use tokensmith_tests::moov;
use tokensmith_tests::strict_server::ServerResponse;

use crate::caller::{Caller, Kind, both};
use crate::request::{requests, styles};

const SECOND: Duration = Duration::from_secs(1);

fn start(kind: Kind, responses: &[ServerResponse]) -> (Endpoint, Caller<Moov>) {
    let endpoint = moov::start();
    for response in responses {
        endpoint.respond_next(response.clone());
    }
    let caller = Caller::new(kind, &endpoint.url()).retry(Retry::default());
    (endpoint, caller)
}

#[test]
fn retry_after_is_waited_for() {
    both(|kind| {
        let (endpoint, caller) = start(
            kind,
            &[
                moov::response(429),
                ServerResponse::new(503).header("Retry-After", "0"),
            ],
        );
        caller.send(ClientCredentials::new()).expect("a token");
        assert_eq!(caller.waits(), [SECOND * 2, Duration::ZERO]);
        let requests = requests(&endpoint);
        assert!(
            requests.len() == 3 && requests.iter().all(|request| *request == requests[0]),
            "the same three times"
        );
    });
}

#[test]
fn retry_after_may_be_a_date() {
    both(|kind| {
        let in_five = httpdate::fmt_http_date(SystemTime::now() + SECOND * 5);
        let past = "Thu, 01 Jan 1970 00:00:10 GMT";
        let (_endpoint, caller) = start(
            kind,
            &[
                ServerResponse::new(429).header("Retry-After", &in_five),
                ServerResponse::new(429).header("Retry-After", past),
            ],
        );
        caller.send(ClientCredentials::new()).expect("a token");
        let waits = caller.waits();
        assert!(waits[0] > SECOND * 3 && waits[0] <= SECOND * 5, "{waits:?}");
        assert_eq!(waits[1..], [Duration::ZERO]);
    });
}

#[test]
fn a_retry_after_beyond_the_longest_delay_is_reported_and_not_waited_for() {
    both(|kind| {
        let (endpoint, caller) = start(
            kind,
            &[ServerResponse::new(429).header("Retry-After", "3600")],
        );
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(error.retry_after(), Some(SECOND * 3600));
        assert!(error.is_retryable());
        assert_eq!((requests(&endpoint).len(), caller.waits()), (1, vec![]));
        // The cap is the caller's.
        endpoint.respond_next(ServerResponse::new(429).header("Retry-After", "3600"));
        let patient = caller
            .clone()
            .retry(Retry::default().with_max_delay(SECOND * 3600));
        patient.send(ClientCredentials::new()).expect("a token");
        assert_eq!(caller.waits(), [SECOND * 3600]);
    });
}

#[test]
fn the_delay_doubles_and_varies() {
    both(|kind| {
        let (endpoint, caller) = start(kind, &vec![ServerResponse::new(503); 5]);
        let caller = caller.retry(
            Retry::default()
                .with_attempts(5)
                .with_base_delay(SECOND)
                .with_max_delay(SECOND * 3),
        );
        let error = caller
            .send(ClientCredentials::new())
            .expect_err("a refusal");
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Server, Some(503))
        );
        let waits = caller.waits();
        for (wait, most) in waits.iter().zip([1, 2, 3, 3]) {
            assert!(
                *wait >= SECOND * most / 2 && *wait <= SECOND * most,
                "{waits:?}"
            );
        }
        assert_eq!((waits.len(), requests(&endpoint).len()), (4, 5));
    });
}

#[test]
fn only_what_may_pass_is_tried_again() {
    both(|kind| {
        for (response, attempts) in [
            (ServerResponse::new(408), 3),
            (ServerResponse::new(429), 3),
            (ServerResponse::new(502), 3),
            (ServerResponse::new(503), 3),
            (moov::response(504), 3),
            (moov::response(400), 1),
            (moov::response(422), 1),
            (ServerResponse::new(404), 1),
            (moov::response(500), 1),
            (ServerResponse::new(501), 1),
            // It may have arrived.
            (ServerResponse::hang_up(), 1),
        ] {
            let (endpoint, caller) = start(kind, &vec![response.clone(); 3]);
            let error = caller
                .send(ClientCredentials::new())
                .expect_err("a refusal");
            assert_eq!(requests(&endpoint).len(), attempts, "{response:?}");
            assert_eq!(error.is_retryable(), attempts > 1);
            let (endpoint, caller) = start(kind, &vec![response.clone(); 3]);
            let error = caller.send(RefreshToken::new("r")).expect_err("a refusal");
            assert_eq!(requests(&endpoint).len(), 1, "{response:?}");
            assert!(!error.is_retryable() && caller.waits().is_empty());
        }
        let (endpoint, caller) = start(kind, &[moov::response(504)]);
        caller.send(RevokeToken::new("t")).expect("a revocation");
        assert_eq!(requests(&endpoint).len(), 2);
    });
}

#[test]
fn what_never_left_is_tried_again_whatever_it_carries() {
    both(|kind| {
        // A port that was free a moment ago.
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("its address");
        drop(listener);
        let caller =
            Caller::<Moov>::new(kind, &format!("http://{address}")).retry(Retry::default());
        let error = caller
            .send(RefreshToken::new("r"))
            .expect_err("nobody is there");
        assert_eq!((error.kind(), error.status()), (ErrorKind::Transport, None));
        assert!(error.is_retryable() && !error.may_have_been_sent());
        assert_eq!(caller.waits().len(), 2);
    });
}

#[test]
fn the_second_style_has_its_own_attempts() {
    both(|kind| {
        let (endpoint, caller) = start(kind, &[]);
        endpoint.accept_only(&[Body]);
        for _ in 0..2 {
            endpoint.respond_next(moov::response(504));
        }
        caller.send(ClientCredentials::new()).expect("a token");
        assert_eq!(styles(&endpoint), [Basic, Body, Body, Body]);
        assert_eq!(caller.waits().len(), 2);
    });
}

#[test]
fn a_wait_is_really_waited() {
    let endpoint = moov::start();
    let retry = Retry::default().with_base_delay(Duration::from_millis(60));
    both(|kind| {
        endpoint.respond_next(ServerResponse::new(503));
        let credentials = tokensmith_moov::Credentials::new(
            tokensmith_tests::endpoint::CLIENT_ID,
            tokensmith_tests::endpoint::CLIENT_SECRET,
        );
        let before = Instant::now();
        match kind {
            Kind::Asynchronous => {
                let client = tokensmith_moov::Client::new(credentials).expect("a client");
                let client = client.base_url(endpoint.url()).expect("a URL").retry(retry);
                crate::caller::block_on(client.send(ClientCredentials::new())).map(drop)
            }
            Kind::Blocking => {
                let client = tokensmith_moov::blocking::Client::new(credentials).expect("a client");
                let client = client.base_url(endpoint.url()).expect("a URL").retry(retry);
                client.send(ClientCredentials::new()).map(drop)
            }
        }
        .expect("a token");
        assert!(before.elapsed() >= Duration::from_millis(30));
    });
}
