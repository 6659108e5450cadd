//! What unit tests share: an exchange driven by responses made up beforehand.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::protocol::{Exchange, Settings, Step};
use crate::{
    Credentials, Endpoint, EndpointKind, Error, Operation, Parameter, Request, TransportError,
};

pub(crate) type Outcome = Result<http::Response<Vec<u8>>, TransportError>;

pub(crate) static CLIENT_CREDENTIALS: Operation<'static> =
    Operation::grant("client_credentials").with_parameters(&[Parameter::new("scope")]);
pub(crate) static REFRESH_TOKEN: Operation<'static> = Operation::grant("refresh_token")
    .one_time()
    .with_parameters(&[
        Parameter::new("refresh_token")
            .required()
            .secret()
            .with_max_length(64),
        Parameter::new("scope"),
    ]);
pub(crate) static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/oauth2/token"])
    .with_operations(&[&CLIENT_CREDENTIALS, &REFRESH_TOKEN]);

pub(crate) const ID: &str = "client";
pub(crate) const SECRET: &str = "S3cret/canary+value";
pub(crate) const TOKEN_BODY: &str =
    r#"{"access_token":"t0ken","token_type":"Bearer","expires_in":60}"#;

/// A moment in 2025.
pub(crate) fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_750_000_000)
}

pub(crate) fn settings() -> Settings {
    Settings::new("https://auth.example.com", Credentials::new(ID, SECRET)).unwrap()
}

pub(crate) fn response(status: u16, body: &str) -> Outcome {
    with_headers(status, &[], body)
}

pub(crate) fn with_headers(status: u16, headers: &[(&str, &str)], body: &str) -> Outcome {
    let mut response = http::Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    Ok(response.body(body.as_bytes().to_vec()).unwrap())
}

/// What an exchange did, and how it ended.
pub(crate) struct Played<R: Request> {
    pub(crate) sent: Vec<http::Request<Vec<u8>>>,
    pub(crate) waited: Vec<Duration>,
    pub(crate) outcome: Result<R::Response, Error<R::Error>>,
}

/// Drives an exchange with the responses, all of which it must ask for.
pub(crate) fn play<R: Request>(
    settings: &Settings,
    request: &R,
    responses: impl IntoIterator<Item = Outcome>,
) -> Played<R> {
    let mut responses: VecDeque<_> = responses.into_iter().collect();
    let mut exchange = Exchange::new(settings, request);
    let (mut sent, mut waited) = (Vec::new(), Vec::new());
    loop {
        match exchange.step(now()) {
            Step::Send(request) => {
                sent.push(request);
                let response = responses
                    .pop_front()
                    .expect("one request more than expected");
                exchange.receive(response, now());
            }
            Step::Wait(delay) => waited.push(delay),
            Step::Done => break,
        }
    }
    assert!(
        responses.is_empty(),
        "{} requests fewer than expected",
        responses.len()
    );
    Played {
        sent,
        waited,
        outcome: exchange.finish(),
    }
}

/// The parameters in a form-encoded body, in their order.
pub(crate) fn form(request: &http::Request<Vec<u8>>) -> Vec<(String, String)> {
    form_urlencoded::parse(request.body())
        .into_owned()
        .collect()
}
