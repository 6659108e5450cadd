//! S5: automatic retries only where a second request can do no harm.

use std::time::Duration;

use super::{client_credentials, good, refresh, refused, unreachable};
use crate::protocol::{Exchange, Step};
use crate::testing::{now, play, response, settings, with_headers};
use crate::{ErrorCode, ErrorKind, TransportError, TransportErrorKind};

#[test]
fn a_one_time_credential_is_sent_once() {
    for first in [
        refused(),
        response(503, ""),
        response(429, ""),
        response(408, ""),
    ] {
        let error = play(&settings(), &refresh(), [first]).outcome.unwrap_err();
        assert!(!error.is_retryable());
    }
    let broken = Err(TransportError::new(
        TransportErrorKind::Other,
        true,
        "reset",
    ));
    assert!(
        play(&settings(), &refresh(), [broken])
            .outcome
            .unwrap_err()
            .may_have_been_sent()
    );
    let played = play(
        &settings(),
        &refresh(),
        [unreachable(), unreachable(), good()],
    );
    assert_eq!((played.sent.len(), played.waited.len()), (3, 2));
    assert!(played.outcome.is_ok());
}

#[test]
fn retries_what_is_transient_and_waits_as_asked() {
    for status in [408, 429, 502, 503, 504] {
        let wait = with_headers(status, &[("retry-after", "2")], "");
        let played = play(
            &settings(),
            &client_credentials(),
            [wait, response(status, ""), good()],
        );
        assert_eq!(played.waited[0], Duration::from_secs(2));
        assert!(played.waited[1] <= Duration::from_secs(1));
        assert!(played.outcome.is_ok());
    }
    let responses = [response(503, ""), unreachable(), unreachable()];
    let error = play(&settings(), &client_credentials(), responses)
        .outcome
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(error.is_retryable() && error.may_have_been_sent());
}

#[test]
fn a_long_retry_after_is_for_the_caller() {
    let wait = with_headers(429, &[("retry-after", "11")], r#"{"error":"slow_down"}"#);
    let played = play(&settings(), &client_credentials(), [wait]);
    let error = played.outcome.unwrap_err();
    assert!(played.waited.is_empty() && error.is_retryable());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(11)));
    assert_eq!(error.code(), Some(&ErrorCode::SlowDown));
}

#[test]
fn a_limit_of_requests_is_waited_for() {
    let limited = |reset| with_headers(429, &[("ratelimit-reset", reset)], "");
    let played = play(&settings(), &client_credentials(), [limited("2"), good()]);
    assert_eq!(played.waited, [Duration::from_secs(2)]);
    assert!(played.outcome.is_ok());

    let played = play(&settings(), &client_credentials(), [limited("11")]);
    let error = played.outcome.unwrap_err();
    assert!(played.waited.is_empty());
    assert_eq!(error.retry_after(), Some(Duration::from_secs(11)));

    let both = [("retry-after", "1"), ("ratelimit-reset", "9")];
    let both = with_headers(429, &both, "");
    let played = play(&settings(), &client_credentials(), [both, good()]);
    assert_eq!(played.waited, [Duration::from_secs(1)]);
}

#[test]
fn a_driver_that_errs_sends_nothing_twice() {
    let (settings, request) = (settings(), client_credentials());
    let mut exchange = Exchange::new(&settings, &request);
    exchange.receive(good(), now());
    let step = exchange.step(now());
    assert!(matches!(step, Step::Send(_)));
    assert_eq!(format!("{step:?}"), "Send(..)");
    assert!(matches!(exchange.step(now()), Step::Done));
    let error = exchange.finish().unwrap_err();
    assert!(error.may_have_been_sent(), "{error}");
}
