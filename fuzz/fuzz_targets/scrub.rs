//! Any secret, repeated by a server in any encoding and cut anywhere, in any place of a response: the error shows no
//! run of eight characters of it.

#![no_main]

use std::collections::BTreeSet;
use std::time::SystemTime;

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use tokensmith_runtime::protocol::{Exchange, Settings, Step};
use tokensmith_runtime::{
    ClientAuth, Credentials, Endpoint, EndpointKind, Operation, Retry, TokenRequest,
};
use tokensmith_tests::echo::{RUN, echoes, leak};

static OPERATION: Operation<'static> = Operation::grant("client_credentials");
static ENDPOINT: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

fuzz_target!(|input: (u8, u8, u8, u8, &str)| {
    let (encoding, from, to, place, text) = input;
    let (secret, around) = text.split_once('\n').unwrap_or((text, ""));
    // What is said around it must not hold it already.
    let letters = secret.bytes().filter(u8::is_ascii_alphanumeric).count();
    // What nobody sees is written out like this, whatever the secret is.
    let is_plain = secret.bytes().all(|byte| byte.is_ascii_graphic()) && !secret.contains("\\u");
    // Of a letter that is repeated a few in each of several places are a run.
    let distinct: BTreeSet<u8> = secret.bytes().filter(u8::is_ascii_alphanumeric).collect();
    if secret.len() > 200
        || letters < 2 * RUN
        || distinct.len() < RUN
        || !is_plain
        || leak(secret, around).is_some()
    {
        return;
    }
    let all = echoes(secret);
    let Some((name, echo)) = all.get(usize::from(encoding) % all.len()) else {
        return;
    };
    let count = echo.chars().count();
    let skip = usize::from(from) % count;
    let take = count.saturating_sub(skip + usize::from(to) % count);
    let echo: String = echo.chars().skip(skip).take(take).collect();
    // Words of ours that the secret is made of give nothing of it away.
    let ours = shown(secret, place, "", "");
    if ours.is_empty() || ours.iter().any(|ours| leak(secret, ours).is_some()) {
        return;
    }
    for shown in shown(secret, place, &format!("{around} <{echo}> {around}"), &echo) {
        assert_eq!(
            leak(secret, &shown),
            None,
            "{name} of {secret:?} in {shown}"
        );
    }
});

/// What the error shows of a response that says this in one of its texts, for people and for programmers. Of a secret
/// that repeats itself, a few characters in each of two texts would be a run.
fn shown(secret: &str, place: u8, said: &str, echo: &str) -> Vec<String> {
    let (status, body) = match place % 9 {
        0 => (400, json!({ "error": said })),
        1 => (
            400,
            json!({ "error": "invalid_client", "error_description": said }),
        ),
        2 => (400, json!({ "error": "invalid_client", "error_uri": echo })),
        3 => (422, json!({ "scope": said })),
        4 => (422, json!({ echo: "unknown" })),
        5 => (500, json!({ "errors": [{ "detail": said }] })),
        6 => (500, json!({ "message": echo })),
        7 => (200, json!({ "message": said })),
        _ => (200, json!({ "token": echo })),
    };
    let credentials = Credentials::new("client", secret);
    let Ok(mut settings) = Settings::new("https://auth.example.com", credentials) else {
        return Vec::new();
    };
    settings.set_client_auth(ClientAuth::Body);
    settings.set_retry(Retry::never());
    let request: TokenRequest<'_> = TokenRequest::new(&ENDPOINT, &OPERATION);
    let mut exchange = Exchange::new(&settings, &request);
    let Step::Send(_) = exchange.step(SystemTime::now()) else {
        return Vec::new();
    };
    let response = http::Response::builder()
        .status(status)
        .body(body.to_string().into_bytes());
    exchange.receive(Ok(response.expect("a response")), SystemTime::now());
    let error = exchange.finish().err();
    error.map_or_else(Vec::new, |error| {
        vec![error.to_string(), format!("{error:?}")]
    })
}
