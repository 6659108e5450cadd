//! Tokens that are bound to a key.

use tokensmith_runtime::jwt::{Algorithm, Key};
use tokensmith_runtime::{ClientAuth, DpopKey, Secret, TokenRequest};

use crate::{CLIENT_CREDENTIALS, RESOURCE, TOKEN, client};

fn request() -> TokenRequest<'static> {
    TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS).parameter("resource", RESOURCE)
}

/// Keys made by OpenSSL's conventions, of every kind that has a public half.
fn keys() -> Vec<DpopKey> {
    let pem = |algorithm: &'static rcgen::SignatureAlgorithm| {
        Secret::from(
            rcgen::KeyPair::generate_for(algorithm)
                .expect("a key")
                .serialize_pem(),
        )
    };
    let key = |pem: &Secret, algorithm| DpopKey::new(Key::from_pem(pem, algorithm).expect("a key"));
    let keys = [
        key(&pem(&rcgen::PKCS_ECDSA_P256_SHA256), Algorithm::ES256),
        key(&pem(&rcgen::PKCS_ECDSA_P384_SHA384), Algorithm::ES384),
        key(&pem(&rcgen::PKCS_ED25519), Algorithm::EdDsa),
        key(&crate::assertion::rsa_key(), Algorithm::PS256),
        DpopKey::generate(),
    ];
    keys.map(|key| key.expect("a key with a public half"))
        .into()
}

#[test]
fn the_token_is_bound_to_the_key() {
    for key in keys() {
        let client = client("basic", ClientAuth::Basic).dpop(key);
        let token = client.send(request()).expect("a token");
        assert_eq!(token.metadata.token_type, "DPoP");
    }
}

#[test]
fn the_nonce_that_the_server_asks_for_is_sent() {
    let client = client("nonce-basic", ClientAuth::Basic).dpop(DpopKey::generate().expect("a key"));
    for _ in 0..2 {
        let token = client.send(request()).expect("a token");
        assert_eq!(token.metadata.token_type, "DPoP");
    }
}
