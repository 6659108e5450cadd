//! Tokens from a server that knows RFC 6749 and none of the providers.

use serde_json::{Value, json};
use tokensmith_tests::rfc6749::{self, TOKEN};
use tokensmith_tests::strict_server::Server;

use crate::run::{Run, spec_argument, tokensmith_with};

fn token(server: &Server, whose: &[&str]) -> Run {
    let url = server.url();
    let arguments = [&["token"], whose, &["--server", &url, "--output", "json"]].concat();
    let client = [
        ("TOKENSMITH_CLIENT_ID", "a"),
        ("TOKENSMITH_CLIENT_SECRET", "b"),
    ];
    tokensmith_with(&arguments, &client)
}

#[track_caller]
fn is_token(token: &Value) {
    assert_eq!(token["access_token"], TOKEN);
    assert_eq!(token["expires_in"], 3600);
    assert_eq!(
        token["extra"],
        json!({ "example_parameter": "example_value" })
    );
}

#[test]
fn every_provider_gets_a_token_from_any_server() {
    let server = rfc6749::start("a", "b", |token| token);
    for provider in ["moov", "workiva", "moveworks"] {
        is_token(&token(&server, &[provider]).token());
        let spec = spec_argument(&format!("{provider}.yaml"));
        is_token(&token(&server, &["--spec", &spec]).token());
    }
    assert_eq!((server.count(), server.complaints()), (6, vec![]));
}

#[test]
fn moveworks_takes_it_out_of_its_envelope() {
    let server = rfc6749::start("a", "b", |token| json!({ "data": token }));
    let spec = spec_argument("moveworks.yaml");
    for whose in [&["moveworks"][..], &["--spec", &spec]] {
        is_token(&token(&server, whose).token());
    }
    let error = token(&server, &["moov"]).error();
    assert_eq!(error["kind"], "malformed");
}

#[test]
fn a_client_that_is_not_known_gets_none() {
    let server = rfc6749::start("a", "not b", |token| token);
    for provider in ["moov", "workiva", "moveworks"] {
        let error = token(&server, &[provider]).error();
        assert_eq!(
            (&error["kind"], &error["status"]),
            (&json!("provider"), &json!(401))
        );
        assert_eq!(error["code"], "invalid_client");
    }
}
