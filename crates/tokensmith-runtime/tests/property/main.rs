//! What holds for whatever is sent and whatever comes back.

#![allow(clippy::unwrap_used)]

use std::time::UNIX_EPOCH;

use http::{Request, Response};
use proptest::collection::vec;
use proptest::prelude::*;
use tokensmith_runtime::protocol::{Exchange, Settings, Step};
use tokensmith_runtime::{ClientAuth, Credentials, Error, Retry, Token, TokenRequest};

mod reading;
mod writing;

/// Any text: empty, with control characters, with characters of every length in UTF-8.
fn text() -> impl Strategy<Value = String> {
    let character = prop_oneof![any::<char>(), (0_u8..128).prop_map(char::from)];
    vec(character, 0..12).prop_map(String::from_iter)
}

fn settings(id: &str, secret: &str, client_auth: ClientAuth) -> Settings {
    let credentials = Credentials::new(id, secret);
    let mut settings = Settings::new("https://auth.example.com", credentials).unwrap();
    settings.set_client_auth(client_auth);
    settings.set_retry(Retry::never());
    settings
}

/// The request as it would be sent.
fn sent(settings: &Settings, request: &TokenRequest<'_>) -> Result<Request<Vec<u8>>, Error> {
    let mut exchange = Exchange::new(settings, request);
    match exchange.step(UNIX_EPOCH) {
        Step::Send(request) => Ok(request),
        Step::Wait(_) | Step::Done => Err(exchange.finish().unwrap_err()),
    }
}

/// What is made of a response.
fn received(
    settings: &Settings,
    request: &TokenRequest<'_>,
    response: Response<Vec<u8>>,
) -> Result<Token, Error> {
    let mut exchange = Exchange::new(settings, request);
    assert!(matches!(exchange.step(UNIX_EPOCH), Step::Send(_)));
    exchange.receive(Ok(response), UNIX_EPOCH);
    exchange.finish()
}
