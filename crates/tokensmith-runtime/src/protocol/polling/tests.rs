use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use super::Polling;
use crate::protocol::Step;
use crate::testing::{
    Outcome, TOKEN, TOKEN_BODY, form, now, play, response, settings, with_headers,
};
use crate::{
    DeviceAuthorization, Endpoint, EndpointKind, Error, ErrorCode, ErrorKind, NoBody, Operation,
    Parameter, Parameters, Request, Token, TokenRequest, TransportError, TransportErrorKind,
};

static DEVICE_CODE: Operation<'static> =
    Operation::grant("urn:ietf:params:oauth:grant-type:device_code")
        .one_time()
        .with_parameters(&[Parameter::new("device_code").required().secret()]);
static AUTHORIZE_DEVICE: Operation<'static> =
    Operation::new().with_parameters(&[Parameter::new("scope")]);
static DEVICE: Endpoint<'static> = Endpoint::new(EndpointKind::DeviceAuthorization, &["/device"])
    .with_fields(&[("verification_uri", "/verification_url")])
    .with_operations(&[&AUTHORIZE_DEVICE]);

struct AuthorizeDevice;

impl Request for AuthorizeDevice {
    type Provider = crate::Any;
    type Response = DeviceAuthorization;
    type Error = NoBody;

    fn endpoint(&self) -> &Endpoint<'_> {
        &DEVICE
    }

    fn operation(&self) -> &Operation<'_> {
        &AUTHORIZE_DEVICE
    }

    fn parameters<'a>(&'a self, parameters: &mut Parameters<'a>) {
        parameters.push("scope", "read");
    }
}

fn authorization(body: &str) -> DeviceAuthorization {
    let played = play(&settings(), &AuthorizeDevice, [response(200, body)]);
    assert_eq!(
        form(&played.sent[0])[0],
        ("scope".to_owned(), "read".to_owned())
    );
    played.outcome.unwrap()
}

const USUAL: &str = r#"{"device_code":"GmRh","user_code":"WDJB-MJHT",
    "verification_url":"https://example.com/device","expires_in":60,"interval":"7"}"#;

/// Polls with the responses, the clock moving with each wait.
fn poll(body: &str, responses: Vec<Outcome>) -> (Vec<u64>, Result<Token, Error>) {
    let mut responses = VecDeque::from(responses);
    let settings = settings();
    let request = TokenRequest::new(&TOKEN, &DEVICE_CODE).secret_parameter("device_code", "GmRh");
    let mut polling = Polling::new(&settings, &request, &authorization(body));
    let (mut waited, mut clock) = (Vec::new(), now());
    loop {
        match polling.step(clock) {
            Step::Wait(delay) => {
                waited.push(delay.as_secs());
                clock += delay;
            }
            Step::Send(_) => polling.receive(responses.pop_front().unwrap(), clock),
            Step::Done => break,
        }
    }
    assert!(responses.is_empty());
    (waited, polling.finish())
}

fn refused(code: &str) -> Outcome {
    response(400, &format!(r#"{{"error":"{code}"}}"#))
}

#[test]
fn waits_first_and_then_as_long_as_it_is_told() {
    let (waited, outcome) = poll(
        USUAL,
        vec![
            refused("authorization_pending"),
            refused("slow_down"),
            refused("authorization_pending"),
            response(200, TOKEN_BODY),
        ],
    );
    assert_eq!(outcome.unwrap().access_token.expose(), "t0ken");
    assert_eq!(waited, [7, 7, 12, 12]);
}

#[test]
fn an_interval_is_five_seconds_where_none_is_given() {
    let body = r#"{"device_code":"c","user_code":"u","verification_uri":"v","expires_in":300}"#;
    let authorization = authorization(body);
    assert_eq!(authorization.interval(), Duration::from_secs(5));
    assert_eq!(
        authorization.expires_at(),
        Some(now() + Duration::from_secs(300))
    );
    assert_eq!(authorization.verification_uri, "v");
}

#[test]
fn the_users_decision_ends_it() {
    let (_, outcome) = poll(USUAL, vec![refused("access_denied")]);
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
    assert_eq!(error.kind(), ErrorKind::Provider);
}

#[test]
fn it_ends_when_the_codes_expire_whatever_the_server_says() {
    let pending = (0..8).map(|_| refused("authorization_pending")).collect();
    let (waited, outcome) = poll(USUAL, pending);
    assert_eq!(waited.iter().sum::<u64>(), 56);
    let error = outcome.unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::ExpiredToken));
    assert!(error.may_have_been_sent() && !error.is_retryable());
}

#[test]
fn trouble_on_the_way_halves_the_frequency() {
    let broken = Err(TransportError::new(
        TransportErrorKind::Timeout,
        true,
        "stalled",
    ));
    let (waited, outcome) = poll(
        USUAL,
        vec![
            broken,
            with_headers(503, &[("retry-after", "20")], ""),
            response(200, TOKEN_BODY),
        ],
    );
    assert!(outcome.is_ok());
    assert_eq!(waited, [7, 14, 28]);
}

#[test]
fn whoever_stops_driving_cancels() {
    let settings = settings();
    let request = TokenRequest::new(&TOKEN, &DEVICE_CODE).secret_parameter("device_code", "GmRh");
    let mut polling = Polling::new(&settings, &request, &authorization(USUAL));
    assert!(matches!(
        polling.step(SystemTime::UNIX_EPOCH),
        Step::Wait(_)
    ));
    let error = polling.finish().unwrap_err();
    assert!(!error.may_have_been_sent());
}

#[test]
fn a_response_without_a_code_is_of_no_use() {
    let played = play(
        &settings(),
        &AuthorizeDevice,
        [response(200, r#"{"user_code":"u"}"#)],
    );
    assert_eq!(played.outcome.unwrap_err().kind(), ErrorKind::Malformed);
}
