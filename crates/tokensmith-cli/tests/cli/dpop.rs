//! Tokens that are bound to a key.

use std::fs;

use serde_json::json;
use tempfile::TempDir;
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{Run, tokensmith};

/// A server that gives a token of this type.
fn server(token_type: &'static str) -> Server {
    Server::start(move |_| {
        let body = json!({"access_token": "t", "token_type": token_type, "expires_in": 60});
        ServerResponse::json(200, body.to_string())
    })
}

/// A run with a key of its own.
fn run(arguments: &[&str]) -> Run {
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("key.pem");
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
    fs::write(&file, key.serialize_pem()).expect("is writable");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("is ours");
    }
    let key = file.to_str().expect("UTF-8");
    tokensmith(&[&["token", "--dpop", key], arguments].concat())
}

/// A run against a server that gives a token of this type.
fn run_at_url(token_type: &'static str, more: &[&str]) -> (Run, Server) {
    let server = server(token_type);
    let url = format!("{}/token", server.url());
    (
        run(&[&["--token-url", url.as_str()], more].concat()),
        server,
    )
}

#[test]
fn the_request_carries_a_proof_and_the_header_names_the_scheme() {
    let (run, server) = run_at_url("DPoP", &["--output", "header"]);
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout, "Authorization: DPoP t\n");
    let request = server.requests().pop().expect("a request");
    let proof = request.header("dpop").expect("a proof");
    assert_eq!(proof.split('.').count(), 3, "{proof}");
    assert!(proof.starts_with("eyJ"), "{proof}");
}

#[test]
fn a_token_that_is_not_bound_is_told() {
    let (run, _) = run_at_url("Bearer", &["--output", "json"]);
    let token: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let warnings = token["warnings"].to_string();
    assert!(warnings.contains("not DPoP"), "{warnings}");
    let (run, _) = run_at_url("Bearer", &["--output", "header"]);
    assert_eq!(run.stdout, "Authorization: Bearer t\n");
    assert!(run.stderr.contains("not DPoP"), "{}", run.stderr);
}

#[test]
fn a_key_of_another_kind_is_refused_before_anything_is_sent() {
    let (run, server) = run_at_url("DPoP", &["--dpop-algorithm", "HS256"]);
    assert_eq!((run.code, server.count()), (Some(1), 0), "{}", run.stderr);
    assert!(run.stderr.contains("HS256"), "{}", run.stderr);
}

#[test]
fn the_header_of_a_connector_names_the_scheme_too() {
    for (pattern, header, note) in [
        ("", "DPoP t", ""),
        ("header_value_pattern: DPoP {token}\n", "DPoP t", ""),
        (
            "header_value_pattern: Token {token}\n",
            "Token t",
            "note: the header is `Token {token}`, as `header_value_pattern` says; the token type is \
             DPoP, for which RFC 9449 has `DPoP {token}`\n",
        ),
        (
            "header_value_pattern: Bearer {token}\n",
            "Bearer t",
            "note: the header is `Bearer {token}`, as `header_value_pattern` says; the token type is \
             DPoP, for which RFC 9449 has `DPoP {token}`\n",
        ),
    ] {
        let server = server("DPoP");
        let folder = TempDir::new().expect("a folder");
        let file = folder.path().join("connector.yaml");
        let url = server.url();
        let settings = format!(
            "kind: oauth2\nclient_id: me\nclient_secret: s\ntoken_url: {url}/token\n{pattern}"
        );
        fs::write(&file, settings).expect("is writable");
        let file = file.to_str().expect("UTF-8");
        let run = run(&["--connector", file, "--output", "header"]);
        assert_eq!(
            run.stdout,
            format!("Authorization: {header}\n"),
            "{}",
            run.stderr
        );
        assert_eq!(run.stderr, note);
    }
}

#[test]
fn an_explicit_pattern_wins_over_the_token_type() {
    let explicit = ["--output", "header", "--header-pattern", "Bearer {token}"];
    let (run, _) = run_at_url("DPoP", &explicit);
    assert_eq!(run.stdout, "Authorization: Bearer t\n");
    assert!(
        run.stderr.contains("as `--header-pattern` says"),
        "{}",
        run.stderr
    );
}
