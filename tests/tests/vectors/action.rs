//! What a client does after a response: polls less often, or asks again with the server's nonce.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use tokensmith_runtime::protocol::{Exchange, Polling, Settings, Step};
use tokensmith_runtime::{
    Credentials, DeviceAuthorization, DeviceAuthorizationRequest, DpopKey, Endpoint, EndpointKind,
    Operation, TokenRequest, grants,
};

static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);
static DEVICE: Endpoint<'static> = Endpoint::new(EndpointKind::DeviceAuthorization, &["/device"]);
static AUTHORIZE_DEVICE: Operation<'static> = Operation::new();

/// What differs from the action that is expected after a response.
pub(crate) fn differs(wanted: &Value, response: http::Response<Vec<u8>>) -> Option<String> {
    let wanted = wanted.as_str().unwrap_or_default();
    let (found, expected) = if wanted.starts_with("interval += 5s") {
        let waits = waits(response);
        (format!("{waits:?}"), format!("{:?}", [5, 10, 10]))
    } else if wanted.starts_with("retry once with DPoP-Nonce") {
        let nonces = nonces(&response, 1);
        (format!("{nonces:?}"), format!("{:?}", [None, Some("n1")]))
    } else {
        // The nonce of a response that says nothing else is there for the next request.
        let nonces = nonces(&response, 2);
        (format!("{nonces:?}"), format!("{:?}", [None, Some(wanted)]))
    };
    (found != expected).then(|| format!("{wanted}: expected {expected}, did {found}"))
}

fn settings() -> Settings {
    Settings::new(
        "https://server.example",
        Credentials::new("client", "secret"),
    )
    .expect("a URL")
}

/// The seconds between polls, of which the first gets this response, and the others `authorization_pending`.
fn waits(response: http::Response<Vec<u8>>) -> Vec<u64> {
    let (settings, now) = (settings(), UNIX_EPOCH);
    let begin = DeviceAuthorizationRequest::new(&DEVICE, &AUTHORIZE_DEVICE);
    let mut exchange = Exchange::new(&settings, &begin);
    assert!(matches!(exchange.step(now), Step::Send(_)));
    let codes = br#"{"device_code":"d","user_code":"u","verification_uri":"v","expires_in":600}"#;
    exchange.receive(Ok(http::Response::new(codes.to_vec())), now);
    let codes: DeviceAuthorization = exchange.finish().expect("codes");

    let request =
        TokenRequest::new(&TOKEN, &grants::DEVICE_CODE).secret_parameter("device_code", "d");
    let mut polling = Polling::new(&settings, &request, &codes);
    let mut pending = http::Response::new(br#"{"error":"authorization_pending"}"#.to_vec());
    *pending.status_mut() = http::StatusCode::BAD_REQUEST;
    let (mut responses, mut waits) = (vec![pending, response], Vec::new());
    let mut now = now;
    while waits.len() < 3 {
        match polling.step(now) {
            Step::Wait(delay) => {
                waits.push(delay.as_secs());
                now += delay;
            }
            Step::Send(_) => polling.receive(Ok(responses.pop().expect("a response")), now),
            Step::Done => break,
        }
    }
    waits
}

/// The nonces in the proofs of an exchange, or of several, that always get this response.
fn nonces(response: &http::Response<Vec<u8>>, exchanges: usize) -> Vec<Option<String>> {
    let mut settings = settings();
    settings.set_dpop(DpopKey::generate().expect("a key"));
    let request = TokenRequest::new(&TOKEN, &grants::CLIENT_CREDENTIALS);
    let now = SystemTime::now() - Duration::from_secs(1);
    let mut nonces = Vec::new();
    for _ in 0..exchanges {
        let mut exchange = Exchange::new(&settings, &request);
        // Basic is tried first: with another authentication there would be another try.
        while let Step::Send(request) = exchange.step(now) {
            nonces.push(nonce(&request));
            exchange.receive(Ok(response.clone()), now);
        }
    }
    nonces
}

fn nonce(request: &http::Request<Vec<u8>>) -> Option<String> {
    let proof = request.headers().get("dpop")?.to_str().ok()?;
    let claims = URL_SAFE_NO_PAD.decode(proof.split('.').nth(1)?).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    Some(claims.get("nonce")?.as_str()?.to_owned())
}
