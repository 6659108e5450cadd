//! Tokens that are bound to a key.

use std::fs;

use serde_json::json;
use tempfile::TempDir;
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{Run, tokensmith};

/// A run with a key of its own, whose server gives a token of this type.
fn run(token_type: &'static str, more: &[&str]) -> (Run, Server) {
    let server = Server::start(move |_| {
        let body = json!({"access_token": "t", "token_type": token_type, "expires_in": 60});
        ServerResponse::json(200, body.to_string())
    });
    let folder = TempDir::new().expect("a folder");
    let file = folder.path().join("key.pem");
    let key = rcgen::KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).expect("a key");
    fs::write(&file, key.serialize_pem()).expect("is writable");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).expect("is ours");
    }
    let url = format!("{}/token", server.url());
    let key = file.to_str().expect("UTF-8");
    let arguments = ["token", "--token-url", &url, "--dpop", key];
    (tokensmith(&[&arguments[..], more].concat()), server)
}

#[test]
fn the_request_carries_a_proof_and_the_header_names_the_scheme() {
    let (run, server) = run("DPoP", &["--output", "header"]);
    assert_eq!(run.stderr, "");
    assert_eq!(run.stdout, "Authorization: DPoP t\n");
    let request = server.requests().pop().expect("a request");
    let proof = request.header("dpop").expect("a proof");
    assert_eq!(proof.split('.').count(), 3, "{proof}");
    assert!(proof.starts_with("eyJ"), "{proof}");
}

#[test]
fn a_token_that_is_not_bound_is_told() {
    let (run, _) = run("Bearer", &["--output", "json"]);
    let token: serde_json::Value = serde_json::from_str(&run.stdout).expect("JSON");
    let warnings = token["warnings"].to_string();
    assert!(warnings.contains("not DPoP"), "{warnings}");
    let (run, _) = self::run("Bearer", &["--output", "header"]);
    assert_eq!(run.stdout, "Authorization: Bearer t\n");
    assert!(run.stderr.contains("not DPoP"), "{}", run.stderr);
}

#[test]
fn a_key_of_another_kind_is_refused_before_anything_is_sent() {
    let (run, server) = run("DPoP", &["--dpop-algorithm", "HS256"]);
    assert_eq!((run.code, server.count()), (Some(1), 0), "{}", run.stderr);
}
