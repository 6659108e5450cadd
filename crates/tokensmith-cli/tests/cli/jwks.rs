//! The set of public keys, which verifiers of a connector's JWTs read.

use std::fs;

use serde_json::{Value, json};

use crate::run::tokensmith;

/// A folder with an RSA key, one on P-256 and a text that is not a key, and their paths.
fn keys() -> (tempfile::TempDir, [String; 3]) {
    let folder = tempfile::tempdir().expect("a folder");
    let next = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        fs::write(&path, text).expect("a file");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::Permissions::from_mode(0o600);
            fs::set_permissions(&path, mode).expect("permissions");
        }
        path.display().to_string()
    };
    let paths = [
        write("key.pem", include_str!("rsa.pem")),
        write("next.pem", &next),
        write("text.pem", "canary"),
    ];
    (folder, paths)
}

fn set(arguments: &[&str]) -> Vec<Value> {
    let run = tokensmith(&[&["jwks"], arguments].concat());
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    assert!(!run.stdout.contains("\"d\""), "{}", run.stdout);
    let set: Value = serde_json::from_str(&run.stdout).expect("JSON");
    set["keys"].as_array().expect("a list").clone()
}

#[test]
fn the_current_key_and_the_next_are_in_one_set() {
    let (_folder, [key, next, text]) = keys();
    let both = set(&[&key, &next]);
    assert_eq!(both.len(), 2);
    assert_eq!(
        (&both[0]["kty"], &both[0]["alg"]),
        (&json!("RSA"), &json!("RS256"))
    );
    assert_eq!(
        (&both[1]["kty"], &both[1]["crv"]),
        (&json!("EC"), &json!("P-256"))
    );
    assert!(both.iter().all(|jwk| jwk["use"] == "sig"));
    assert_ne!(both[0]["kid"], both[1]["kid"]);
    assert_eq!(set(&[&key])[0], both[0]);

    let named = set(&[&key, &next, "--key-id", "2026-11", "--algorithm", "PS256"]);
    assert_eq!(
        (&named[0]["kid"], &named[0]["alg"]),
        (&json!("2026-11"), &json!("PS256"))
    );
    assert_eq!(named[1], both[1]);

    let run = tokensmith(&["jwks", &key, &key]);
    assert!(run.stderr.contains("same key id"), "{}", run.stderr);
    let run = tokensmith(&["jwks", &text]);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    assert!(
        run.stderr.contains("text.pem: expected a private key"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("canary"), "{}", run.stderr);
    tokensmith(&["jwks"]).usage();
    tokensmith(&["jwks", &key, "--key-id", "a", "--key-id", "b"]).usage();
}

#[test]
fn the_set_has_the_key_id_of_the_connector() {
    use base64::Engine as _;
    let (folder, [key, ..]) = keys();
    let connector = folder.path().join("connector.yaml");
    fs::write(&connector, "kind: jwt\nkey: file:key.pem\n").expect("a file");
    let connector = connector.display().to_string();
    let run = tokensmith(&["token", "--connector", &connector, "--output", "header"]);
    let token = run.stdout.trim().strip_prefix("Authorization: Bearer ");
    let header = token.and_then(|token| token.split('.').next());
    let header = base64::engine::general_purpose::URL_SAFE_NO_PAD
        .decode(header.expect("a JWT"))
        .expect("base64url");
    let header: Value = serde_json::from_slice(&header).expect("JSON");
    assert_eq!(header["kid"], set(&[&key])[0]["kid"]);
}
