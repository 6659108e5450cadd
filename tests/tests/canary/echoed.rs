//! Secrets that a server sends back in what it says about a refusal.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD, URL_SAFE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::json;
use tokensmith_moov::{Moov, RefreshToken, RevokeToken};
use tokensmith_runtime::{ClientAuth, Credentials};
use tokensmith_tests::strict_server::{Server, ServerResponse};
use tokensmith_workiva::Workiva;

use crate::bird::Bird;
use crate::caller::{Caller, both};
use crate::seen::Seen;

const SECRET: Bird = Bird("Ea1");
const TOKEN: Bird = Bird("Ea2");
const EXTRA: Bird = Bird("Ea3");
const HEADER: Bird = Bird("Ea4");

/// What `encodeURIComponent` leaves as it is.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// The ways in which a server may write what it was sent.
fn echoes() -> Vec<String> {
    let mut texts: Vec<_> = [SECRET, TOKEN, EXTRA].map(Bird::secret).to_vec();
    texts.push(HEADER.song());
    let mut echoes = Vec::new();
    for text in &texts {
        let form: String = form_urlencoded::byte_serialize(text.as_bytes()).collect();
        echoes.extend([
            text.clone(),
            form.clone(),
            form.replace("%2B", "%2b")
                .replace("%2F", "%2f")
                .replace("%C3%A9", "%c3%a9")
                .replace("%3D", "%3d"),
            utf8_percent_encode(text, NON_ALPHANUMERIC).to_string(),
            utf8_percent_encode(text, COMPONENT).to_string(),
            STANDARD.encode(text),
            STANDARD_NO_PAD.encode(text),
            URL_SAFE.encode(text),
            text.replace('&', "&amp;"),
        ]);
        if *text == SECRET.secret() {
            echoes.push(format!("Basic {}", STANDARD.encode(format!("id:{text}"))));
            echoes.push(format!("Basic {}", STANDARD.encode(format!("id:{form}"))));
        }
    }
    echoes
}

/// Refusals that say `echo` wherever something can be said.
fn refusals(echo: &str) -> Vec<ServerResponse> {
    let said = format!("You sent <{echo}>.");
    let mut responses = vec![
        ServerResponse::json(
            400,
            json!({ "error": "invalid_request", "error_description": said, "error_uri": said, "unknown": { "x": [said] } })
                .to_string(),
        ),
        ServerResponse::json(400, json!({ "error": said }).to_string()),
        ServerResponse::json(400, json!({ "error": { "code": said, "message": said } }).to_string()),
        ServerResponse::json(400, json!({ "error": "invalid_request", said.clone(): said }).to_string()),
        ServerResponse::json(401, json!({ "error": "invalid_client", "error_description": said }).to_string()),
        ServerResponse::json(422, json!({ "scope": said, "refresh_token": said, "token": said, "x": said }).to_string()),
        ServerResponse::json(200, json!({ "error": said, "error_description": said }).to_string()),
        ServerResponse::json(500, json!({ "error": said, "error_description": said }).to_string()),
        ServerResponse::json(400, said.clone()),
        ServerResponse::json(200, said.clone()),
        ServerResponse::new(429).body(format!("error=a&error_description={}", form_urlencoded::byte_serialize(said.as_bytes()).collect::<String>())),
    ];
    if echo.is_ascii() {
        let challenge = format!(
            r#"Bearer error="{echo}", error_description="{echo}", error_uri="{echo}", x="{echo}""#
        );
        responses.extend([
            ServerResponse::new(401).header("WWW-Authenticate", &challenge),
            ServerResponse::new(401).header("WWW-Authenticate", &format!("Basic {echo}")),
            ServerResponse::new(503)
                .header("X-Request-Id", echo)
                .header("Retry-After", echo),
            ServerResponse::new(307).header("Location", &format!("http://127.0.0.1:1/?{echo}")),
        ]);
    }
    responses
}

#[test]
fn what_a_refusal_repeats() {
    both(|kind| {
        let mut seen = Seen::new();
        for echo in echoes() {
            let responses = refusals(&echo);
            let count = responses.len();
            let shared = std::sync::Mutex::new(responses.into_iter());
            let server = Server::start(move |_| {
                let next = shared.lock().expect("no panic").next();
                next.expect("one more response")
            });
            let caller = Caller::<Moov>::with_credentials(
                kind,
                &server.url(),
                Credentials::new("id", SECRET.secret()),
            );
            let caller = caller.header("X-Api-Key", &HEADER.song());
            for _ in 0..count {
                let request = RefreshToken::new(TOKEN.secret()).extra("pin", EXTRA.secret());
                let outcome = caller.send(request);
                assert!(outcome.is_err());
                seen.outcome(outcome);
            }
            assert_eq!(server.count(), count);
            let requests = server.requests();
            for bird in [SECRET, TOKEN, EXTRA, HEADER] {
                assert!(requests.iter().all(|request| bird.flew_in(request)));
            }
        }
        seen.is_silent(&[SECRET, TOKEN, EXTRA, HEADER]);
    });
}

#[test]
fn what_both_refusals_of_auto_repeat() {
    const SECRET: Bird = Bird("Eb1");
    const TOKEN: Bird = Bird("Eb2");
    both(|kind| {
        let mut seen = Seen::new();
        let body = json!({
            "error": "invalid_client", "error_uri": SECRET.secret(),
            "error_description": format!("{} {}", SECRET.secret(), TOKEN.secret()),
        });
        let server = Server::start(move |_| ServerResponse::json(401, body.to_string()));
        let credentials = || Credentials::new("id", SECRET.secret());
        let caller = Caller::<Moov>::with_credentials(kind, &server.url(), credentials());
        let error = caller
            .send(RevokeToken::new(TOKEN.secret()))
            .expect_err("a refusal");
        assert!(error.previous().is_some());
        seen.error(&error.without_body());
        seen.outcome(caller.send(RevokeToken::new(TOKEN.secret())));
        let caller = Caller::<Workiva>::with_credentials(kind, &server.url(), credentials());
        let request = || tokensmith_workiva::ClientCredentials::new().extra("pin", TOKEN.secret());
        seen.outcome(caller.send(request()));
        seen.outcome(caller.client_auth(ClientAuth::BasicRaw).send(request()));
        assert_eq!(server.count(), 7);
        seen.is_silent(&[SECRET, TOKEN]);
    });
}
