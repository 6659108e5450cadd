//! Clients that sign with a private key of every kind.

use std::process::Command;

use serde_json::{Value, json};
use tokensmith_runtime::jwt::{Algorithm, Assertion, Key};
use tokensmith_runtime::{ClientAuth, Credentials, ErrorCode, Secret, TokenRequest};
use tokensmith_tests::oidc_provider::OidcProvider;

use crate::{CLIENT_CREDENTIALS, RESOURCE, TOKEN, at};

/// Keys that Node.js makes, as PEM and as the JSON Web Key of the public half.
const MAKE_KEYS: &str = "
const { generateKeyPairSync } = require('node:crypto');
const make = (type, options) => {
  const { privateKey, publicKey } = generateKeyPairSync(type, options);
  return {
    pkcs8: privateKey.export({ type: 'pkcs8', format: 'pem' }),
    pkcs1: type === 'rsa' ? privateKey.export({ type: 'pkcs1', format: 'pem' }) : null,
    jwk: publicKey.export({ format: 'jwk' }),
  };
};
console.log(JSON.stringify({
  rsa: make('rsa', { modulusLength: 2048 }),
  p256: make('ec', { namedCurve: 'P-256' }),
  p384: make('ec', { namedCurve: 'P-384' }),
  ed25519: make('ed25519'),
}));";

fn make_keys() -> Value {
    let output = Command::new("node")
        .args(["-e", MAKE_KEYS])
        .output()
        .expect("Node.js runs");
    serde_json::from_slice(&output.stdout).expect("keys")
}

/// An RSA key as PEM.
pub(crate) fn rsa_key() -> Secret {
    Secret::from(make_keys()["rsa"]["pkcs8"].as_str().expect("a key"))
}

#[test]
fn every_kind_of_key_is_known_by_its_public_half() {
    let keys = make_keys();
    let kinds = [
        ("rsa", "pkcs8", Algorithm::RS256),
        ("rsa", "pkcs1", Algorithm::PS256),
        ("p256", "pkcs8", Algorithm::ES256),
        ("p384", "pkcs8", Algorithm::ES384),
        ("ed25519", "pkcs8", Algorithm::EdDsa),
    ];
    let clients: Vec<_> = kinds
        .iter()
        .map(|(kind, _, algorithm)| {
            let mut jwk = keys[kind]["jwk"].clone();
            jwk["kid"] = "k1".into();
            json!({
                "client_id": algorithm.as_str(),
                "token_endpoint_auth_method": "private_key_jwt",
                "token_endpoint_auth_signing_alg": algorithm.as_str(),
                "jwks": {"keys": [jwk]},
                "grant_types": ["client_credentials"],
                "response_types": [],
                "redirect_uris": [],
            })
        })
        .collect();
    let provider = OidcProvider::start(&clients, None);
    let request = || TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).parameter("resource", RESOURCE);
    for (kind, form, algorithm) in kinds {
        let pem = Secret::from(keys[kind][form].as_str().expect("a key"));
        let key = Key::from_pem(&pem, algorithm)
            .expect("a key that is read")
            .with_id("k1");
        let credentials = Credentials::with_assertion(algorithm.as_str(), Assertion::client(key));
        let client = at(provider.issuer(), credentials)
            .client_auth(ClientAuth::PrivateKeyJwt)
            .issuer(provider.issuer());
        // Twice: the server takes each assertion once, so that each must be a new one.
        for _ in 0..2 {
            let token = client.send(request());
            assert!(token.is_ok(), "{algorithm}: {token:?}");
        }
    }
    // Another client's key is refused.
    let pem = Secret::from(keys["p256"]["pkcs8"].as_str().expect("a key"));
    let key = Key::from_pem(&pem, Algorithm::ES256)
        .expect("a key")
        .with_id("k1");
    let credentials = Credentials::with_assertion("ES384", Assertion::client(key));
    let error = at(provider.issuer(), credentials)
        .client_auth(ClientAuth::PrivateKeyJwt)
        .send(request())
        .unwrap_err();
    assert_eq!(error.code(), Some(&ErrorCode::InvalidClient));
}
