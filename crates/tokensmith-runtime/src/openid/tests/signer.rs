//! A provider that signs what it is told to.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair,
    KeyPair as _,
};
use serde_json::{Map, Value, json};

use super::{CLIENT_ID, ISSUER, NONCE};
use crate::jwt::{Algorithm, Key};
use crate::openid::KeySet;

const RSA: &str = include_str!("rsa.pem");
const RSA_JWK: &str = include_str!("rsa.jwk.json");

pub(super) struct Signer {
    key: Key,
    pub(super) jwk: Value,
}

impl Signer {
    pub(super) fn new(algorithm: Algorithm) -> Self {
        let random = SystemRandom::new();
        let (key, mut jwk) = match algorithm {
            Algorithm::ES256 | Algorithm::ES384 => {
                let (ring, curve, size) = match algorithm {
                    Algorithm::ES256 => (&ECDSA_P256_SHA256_FIXED_SIGNING, "P-256", 32),
                    _ => (&ECDSA_P384_SHA384_FIXED_SIGNING, "P-384", 48),
                };
                let der = EcdsaKeyPair::generate_pkcs8(ring, &random).unwrap();
                let pair = EcdsaKeyPair::from_pkcs8(ring, der.as_ref(), &random).unwrap();
                let point = &pair.public_key().as_ref()[1..];
                let (x, y) = (encode(&point[..size]), encode(&point[size..]));
                let jwk = json!({"kty": "EC", "crv": curve, "x": x, "y": y});
                (Key::from_der(der.as_ref(), algorithm).unwrap(), jwk)
            }
            Algorithm::EdDsa => {
                let der = Ed25519KeyPair::generate_pkcs8(&random).unwrap();
                let pair = Ed25519KeyPair::from_pkcs8(der.as_ref()).unwrap();
                let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": encode(pair.public_key().as_ref())});
                (Key::from_der(der.as_ref(), algorithm).unwrap(), jwk)
            }
            _ => (
                Key::from_pem(&RSA.into(), algorithm).unwrap(),
                serde_json::from_str(RSA_JWK).unwrap(),
            ),
        };
        jwk["kid"] = "key-1".into();
        Self { key, jwk }
    }

    pub(super) fn keys(&self) -> KeySet {
        keys(std::slice::from_ref(&self.jwk))
    }

    pub(super) fn sign(&self, claims: &Map<String, Value>) -> String {
        let header = json!({"alg": self.key.algorithm().as_str(), "kid": "key-1"});
        self.sign_with(&header, &Value::Object(claims.clone()).to_string())
    }

    /// Signs any text, with any header.
    pub(super) fn sign_with(&self, header: &Value, claims: &str) -> String {
        let signed = format!("{}.{}", encode(header.to_string()), encode(claims));
        let signature = self.key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    }
}

pub(super) fn keys(keys: &[Value]) -> KeySet {
    KeySet::from_json(&json!({ "keys": keys }).to_string()).unwrap()
}

pub(super) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The claims of a good token, with these in place of its own.
pub(super) fn claims(said: Value) -> Map<String, Value> {
    let mut claims = json!({
        "iss": ISSUER,
        "sub": "subject",
        "aud": CLIENT_ID,
        "iat": 1_750_000_000,
        "exp": 1_750_000_300,
        "nonce": NONCE,
    });
    let claims = claims.as_object_mut().unwrap();
    claims.extend(said.as_object().unwrap().clone());
    claims.clone()
}
