//! Secrets that a server issues: they arrive, and show nowhere.

use serde_json::{Value, json};
use tokensmith_moov::{ClientCredentials, Moov};
use tokensmith_moveworks::Moveworks;
use tokensmith_runtime::{
    Any, Client, Credentials, Endpoint, EndpointKind, Operation, TokenRequest, TokenResponse,
    blocking,
};
use tokensmith_tests::strict_server::{Server, ServerResponse};
use tokensmith_workiva::Workiva;

use crate::bird::Bird;
use crate::caller::{Caller, block_on, both};
use crate::seen::Seen;

const BIRDS: [Bird; 6] = [
    Bird("Aa1"),
    Bird("Aa2"),
    Bird("Aa3"),
    Bird("Aa4"),
    Bird("Aa5"),
    Bird("Aa6"),
];

/// A token with a secret wherever there may be one.
fn token() -> Value {
    let [access, refresh, id, unknown, odd, nested] = BIRDS.map(Bird::secret);
    json!({
        "access_token": access, "refresh_token": refresh, "id_token": id, "unknown": unknown,
        "expires_in": odd, "deeper": [{ "within": nested }], "token_type": "Bearer",
    })
}

fn credentials() -> Credentials {
    Credentials::new("id", "secret")
}

/// Everything about a token that can be shown; the secret itself has arrived.
fn show<T: TokenResponse + std::fmt::Debug>(seen: &mut Seen, token: &T) {
    let [access, ..] = BIRDS;
    assert_eq!(token.access_token().expose(), access.secret());
    seen.debug(token);
    seen.debug(&token.refresh_token());
    seen.debug(token.metadata());
    assert_eq!(token.metadata().warnings.len(), 1);
    seen.text(&token.metadata().warnings[0].to_string());
    assert_eq!(token.metadata().set_aside.len(), 1);
}

#[test]
fn a_token_with_all_that_belongs_to_it() {
    both(|kind| {
        let mut seen = Seen::new();
        let server = Server::start(|_| ServerResponse::json(200, token().to_string()));
        let caller = Caller::<Moov>::with_credentials(kind, &server.url(), credentials());
        let outcome = caller.send(ClientCredentials::new());
        show(&mut seen, outcome.as_ref().expect("a token"));
        seen.outcome(outcome);
        let caller = Caller::<Workiva>::with_credentials(kind, &server.url(), credentials());
        let outcome = caller.send(tokensmith_workiva::ClientCredentials::new());
        show(&mut seen, outcome.as_ref().expect("a token"));
        seen.outcome(outcome);
        seen.is_silent(&BIRDS);
    });
}

#[test]
fn a_token_in_an_envelope() {
    const ENVELOPE: Bird = Bird("Ab1");
    both(|kind| {
        let mut seen = Seen::new();
        let body = json!({ "data": token(), "access_token": ENVELOPE.secret(), "also": ENVELOPE.secret() });
        let server = Server::start(move |_| ServerResponse::json(200, body.to_string()));
        let caller = Caller::<Moveworks>::with_credentials(kind, &server.url(), credentials());
        let outcome = caller.send(tokensmith_moveworks::ClientCredentials::new());
        let token = outcome.as_ref().expect("a token");
        show(&mut seen, token);
        assert_eq!(token.metadata.envelope.len(), 2);
        seen.outcome(outcome);
        seen.is_silent(&BIRDS);
        seen.is_silent(&[ENVELOPE]);
    });
}

#[test]
fn a_token_of_no_crate() {
    static OPERATION: Operation<'static> = Operation::grant("client_credentials");
    static ENDPOINT: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/token"]);

    let mut seen = Seen::new();
    let server = Server::start(|_| ServerResponse::json(200, token().to_string()));
    let request = TokenRequest::new(&ENDPOINT, &OPERATION);
    let client = Client::<Any>::for_server(&*server.url(), credentials()).expect("a client");
    let blocking =
        blocking::Client::<Any>::for_server(&*server.url(), credentials()).expect("a client");
    for outcome in [block_on(client.send(&request)), blocking.send(&request)] {
        let token = outcome.as_ref().expect("a token");
        show(&mut seen, token);
        let [_, _, id, ..] = BIRDS;
        assert_eq!(
            token.id_token.as_ref().map(|id| id.expose()),
            Some(&*id.secret())
        );
        seen.outcome(outcome);
    }
    seen.is_silent(&BIRDS);
}

#[test]
fn a_token_in_a_response_that_is_an_error() {
    const LOST: Bird = Bird("Ac1");
    let secret = LOST.secret();
    let token = json!({ "access_token": secret, "error": "server_error", "unknown": [secret] });
    let responses = vec![
        // Beside an error, whatever the status.
        ServerResponse::json(200, token.to_string()),
        ServerResponse::json(400, token.to_string()),
        ServerResponse::json(422, token.to_string()),
        ServerResponse::json(500, token.to_string()),
        // Under a name that nobody told us.
        ServerResponse::json(200, json!({ "token": secret }).to_string()),
        ServerResponse::json(200, json!([secret]).to_string()),
        ServerResponse::json(200, json!(secret).to_string()),
        ServerResponse::json(200, json!({ "access_token": [secret] }).to_string()),
        // Cut off, or in no format that is known.
        ServerResponse::json(200, format!(r#"{{"access_token":"{secret}"#)),
        ServerResponse::json(200, format!("access_token: {secret}")),
        ServerResponse::json(200, format!("<p>{secret}</p>")),
        ServerResponse::json(200, format!("token={}", LOST.song())),
        ServerResponse::new(200).header("X-Token", &LOST.song()),
        // Promised more than came, and came more than is read.
        ServerResponse::json(200, token.to_string()).announced_length(5000),
        ServerResponse::json(200, secret.repeat(30_000)),
    ];
    both(|kind| {
        let mut seen = Seen::new();
        for response in &responses {
            let shared = response.clone();
            let server = Server::start(move |_| shared.clone());
            let caller = Caller::<Moov>::with_credentials(kind, &server.url(), credentials());
            let outcome = caller.send(ClientCredentials::new());
            assert!(outcome.is_err(), "{response:?}");
            seen.outcome(outcome);
            let caller = Caller::<Workiva>::with_credentials(kind, &server.url(), credentials());
            seen.outcome(caller.send(tokensmith_workiva::ClientCredentials::new()));
            let caller = Caller::<Moveworks>::with_credentials(kind, &server.url(), credentials());
            seen.outcome(caller.send(tokensmith_moveworks::ClientCredentials::new()));
        }
        seen.is_silent(&[LOST]);
    });
}
