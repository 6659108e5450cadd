//! Secrets that a server repeats in any encoding, whole or cut, wherever a response has room; judged by `echo`, which
//! shares no code with what masks them.

use std::error::Error as _;
use std::fmt::Write as _;
use std::time::{Duration, SystemTime};

use http::Response;
use serde_json::json;
use tokensmith_runtime::protocol::{Exchange, Settings, Step};
use tokensmith_runtime::{
    ClientAuth, Credentials, Endpoint, EndpointKind, Error, Operation, Retry, Token, TokenRequest,
};
use tokensmith_tests::echo::{cuts, echoes, leak};

static OPERATION: Operation<'static> = Operation::grant("refresh_token").one_time();
static ENDPOINT: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/oauth2/token"]);

/// Secrets of the shapes that providers and people give them.
const SECRETS: [&str; 12] = [
    "p/ss+w\"rd=12&canary<x>",
    "kZ8vQ2mN4xL7tR1pW9sD",
    "4f9c1d0be83a4c2f9d11aa07b55e63d2",
    "0f8fad5b-d9cb-469f-a165-70867728950e",
    "swordfish",
    "tigers",
    "correct horse battery staple",
    "пароль-для-входа",
    "eyJhbGciOiJub25lIn0.eyJzdWIiOiJjYW5hcnkifQ.c2ln",
    "q83vEjRWeJCrze8SNFZ4kA==",
    "sk_test_51HqLyjWDarjtT1zdp7dc",
    "73910462815",
];

/// The error of a request that carries the secret as both of its credentials and gets this response.
pub(crate) fn refused(secret: &str, response: Response<Vec<u8>>) -> Error {
    let credentials = Credentials::new("client", secret);
    let mut settings = Settings::new("https://auth.example.com", credentials).expect("settings");
    settings.set_client_auth(ClientAuth::Body);
    settings.set_retry(Retry::never());
    let request: TokenRequest<'_> =
        TokenRequest::new(&ENDPOINT, &OPERATION).secret_parameter("refresh_token", secret);
    let mut exchange = Exchange::new(&settings, &request);
    let Step::Send(_) = exchange.step(SystemTime::now()) else {
        panic!("nothing was sent")
    };
    exchange.receive(Ok(response), SystemTime::now());
    let outcome: Result<Token, Error> = exchange.finish();
    outcome.expect_err("an error")
}

/// Everything that an error shows, with the masked body: `Debug` has what the other methods return.
fn shown(error: &Error) -> String {
    let mut shown = format!("{error}\n{error:?}\n{}", error.reason());
    let body = error.masked_body().unwrap_or_default();
    let _ = write!(shown, "\n{body}");
    let texts = [
        error.description(),
        error.uri(),
        error.request_id(),
        error.redirect_target(),
    ];
    for text in texts.into_iter().flatten() {
        let quoted = format!("{text:?}");
        assert!(shown.contains(&quoted), "{quoted} is not in {shown}");
    }
    let mut source = error.source();
    while let Some(error) = source {
        let _ = write!(shown, "\n{error} {error:?}");
        source = error.source();
    }
    shown
}

fn response(status: u16, headers: &[(&str, &str)], body: impl Into<Vec<u8>>) -> Response<Vec<u8>> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        if let Ok(value) = http::HeaderValue::try_from(*value) {
            response = response.header(*name, value);
        }
    }
    response.body(body.into()).expect("a response")
}

/// Responses that say it wherever something can be said.
fn responses(echo: &str) -> Vec<Response<Vec<u8>>> {
    let said = format!("You sent <{echo}>.");
    let challenge = format!(r#"Bearer error="{said}", error_description="{said}""#);
    let location = format!("https://elsewhere.example/{echo}/token?secret={echo}");
    let json = |value: serde_json::Value| value.to_string();
    vec![
        response(
            400,
            &[("x-request-id", echo), ("content-type", "application/json")],
            json(json!({
                "error": said, "error_description": said, "error_uri": format!("https://a.example/{echo}?e={echo}"),
                "hint": said, "unknown": {said.clone(): said},
            })),
        ),
        response(
            422,
            &[],
            json(json!({ "scope": said, "client_secret": echo, "errors": [{ "detail": said }] })),
        ),
        response(
            422,
            &[],
            json(json!({ "scope": said, "refresh_token": [said], echo: echo })),
        ),
        response(
            422,
            &[],
            json(json!({ "errors": { "base": [said], "name": [echo], echo: ["is invalid"] } })),
        ),
        response(
            401,
            &[
                ("www-authenticate", &challenge),
                ("content-type", "text/plain"),
            ],
            said.clone(),
        ),
        response(
            302,
            &[("location", &location)],
            format!("<html>{said}</html>"),
        ),
        response(
            200,
            &[("x-request-id", &said)],
            json(json!({ "message": said, "token": echo })),
        ),
        response(
            200,
            &[],
            format!(
                "error={}&error_description={}",
                echo.replace('&', "%26"),
                echo.replace('&', "%26")
            ),
        ),
        response(502, &[], format!("<html><title>{said}</title></html>")),
    ]
}

#[test]
fn no_encoding_and_no_part_of_a_secret_shows() {
    let mut tried = 0;
    for (index, secret) in SECRETS.into_iter().enumerate() {
        for (number, (name, echo)) in echoes(secret).into_iter().enumerate() {
            // Case is undone for ASCII only: SECURITY.md says so.
            if name == "capitals" && !secret.is_ascii() {
                continue;
            }
            // All cuts of some secrets, and some of all. There are more secrets than places in responses, so
            // that each place has each encoding of one of them.
            let count = if index < 2 { 7 } else { 2 };
            for cut in cuts(&echo).into_iter().take(count) {
                let mut responses = responses(&cut);
                let response = responses.swap_remove((index + number) % responses.len());
                let shown = shown(&refused(secret, response));
                if let Some(leak) = leak(secret, &shown) {
                    panic!("{leak:?} of {secret:?} shows, {name}: {cut:?}\n{shown}");
                }
                tried += 1;
            }
        }
    }
    assert!(tried > 1_000, "{tried}");
}

#[test]
fn a_token_that_the_server_quotes_does_not_show() {
    for token in [
        "eyJhbGciOiJSUzI1NiJ9.eyJqdGkiOiJjYW5hcnkifQ.c2lnbmF0dXJl",
        "ya29.a0AfB_byC5d9xKq3LmZ7wRt1vYp0uHs4",
        "gho_16C7e42F292c6912E7710c838347Ae178B4a",
        "8f14e45fceea167a5a36dedd4bea2543",
        "EAAGm0PX4ZCpsBAKZCwZDZD7ZBq1",
        "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcHrzqqgy",
    ] {
        for said in [
            format!("The token {token} is expired"),
            format!("Invalid refresh token (expired): {token}"),
            format!("no session for '{token}'."),
            format!("Authorization: Bearer {token}"),
            format!("{{\"access_token\":\"{token}\"}}"),
        ] {
            let body = json!({ "error": "invalid_grant", "error_description": said }).to_string();
            let shown = shown(&refused(
                "another secret of the client",
                response(400, &[], body),
            ));
            assert_eq!(leak(token, &shown), None, "{shown}");
            assert!(shown.contains("[redacted]"), "{shown}");
        }
    }
}

#[test]
fn the_body_is_there_for_whoever_asks() {
    let error = refused("swordfish", response(400, &[], "<p>swordfish</p>"));
    assert_eq!(error.raw_body(), b"<p>swordfish</p>");
    assert_eq!(
        error.to_string(),
        "HTTP 400 from POST auth.example.com/oauth2/token: \
         the response body is HTML or XML (16 bytes)"
    );
    let error = refused("swordfish", response(429, &[("retry-after", "30")], ""));
    assert_eq!(error.retry_after(), Some(Duration::from_secs(30)));
    assert_eq!(
        error.to_string(),
        "HTTP 429 from POST auth.example.com/oauth2/token: the response body is empty (retry after 30 s)"
    );
}
