use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{self, KeyPair as _, UnparsedPublicKey, VerificationAlgorithm};
use serde_json::{Value, json};

use super::{Algorithm, Assertion, Key, Thumbprint};
use crate::testing::now;
use crate::{ErrorKind, Occasion, Secret};

const OCCASION: fn() -> Occasion<'static> = || Occasion {
    client_id: "client",
    audience: "https://auth.example.com/token",
    now: now(),
};

fn parts(token: &Secret) -> (Value, Value) {
    let mut parts = token.expose().split('.');
    let mut next = || URL_SAFE_NO_PAD.decode(parts.next().unwrap()).unwrap();
    let read = |bytes: Vec<u8>| serde_json::from_slice(&bytes).unwrap();
    (read(next()), read(next()))
}

fn secret_key() -> Key {
    Key::from_secret(
        &Secret::from("0123456789abcdef0123456789abcdef"),
        Algorithm::HS256,
    )
    .unwrap()
}

#[test]
fn a_client_says_who_it_is_to_whom_and_until_when() {
    let assertion = Assertion::client(secret_key().with_id("k1"));
    let token = assertion.make(&OCCASION()).unwrap();
    let (header, claims) = parts(&token);
    assert_eq!(header, json!({"alg": "HS256", "kid": "k1", "typ": "JWT"}));
    assert_eq!(
        (&claims["iss"], &claims["sub"]),
        (&json!("client"), &json!("client"))
    );
    assert_eq!(claims["aud"], "https://auth.example.com/token");
    assert_eq!(claims["iat"], 1_750_000_000_u64);
    assert_eq!(claims["exp"], 1_750_000_300_u64);
    let again = parts(&assertion.make(&OCCASION()).unwrap()).1;
    assert_ne!(again["jti"], claims["jti"]);
}

#[test]
fn a_grant_says_what_it_is_told_to() {
    let assertion = Assertion::new(secret_key())
        .with_issuer("robot@example.iam")
        .with_subject("user")
        .with_audience("https://login.example")
        .with_lifetime(Duration::from_secs(60))
        .with_claim("scope", "read")
        .with_header("x5u", "https://certificates.example");
    let (header, claims) = parts(&assertion.make(&OCCASION()).unwrap());
    assert_eq!(header["x5u"], "https://certificates.example");
    assert_eq!(claims["iss"], "robot@example.iam");
    assert_eq!(claims["sub"], "user");
    assert_eq!(claims["aud"], "https://login.example");
    assert_eq!(claims["scope"], "read");
    assert_eq!(claims["exp"], 1_750_000_060_u64);
}

#[test]
fn hs256_signs_as_rfc_7515_does() {
    // RFC 7515 appendix A.1.
    let secret = URL_SAFE_NO_PAD
        .decode("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
        .unwrap();
    let message = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let key = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, &secret);
    let key = Key::new(Algorithm::HS256, super::key::Pair::Hmac(key));
    assert_eq!(
        URL_SAFE_NO_PAD.encode(key.sign(message.as_bytes()).unwrap()),
        "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
    );
}

#[test]
fn elliptic_curves_sign_what_their_public_keys_verify() {
    let random = ring::rand::SystemRandom::new();
    let p256 = signature::EcdsaKeyPair::generate_pkcs8(
        &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        &random,
    )
    .unwrap();
    let p384 = signature::EcdsaKeyPair::generate_pkcs8(
        &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        &random,
    )
    .unwrap();
    let public = |signing, document: &[u8]| {
        let pair = signature::EcdsaKeyPair::from_pkcs8(signing, document, &random).unwrap();
        pair.public_key().as_ref().to_vec()
    };
    let verify =
        |algorithm, signing, der: &[u8], verification: &'static dyn VerificationAlgorithm| {
            let assertion = Assertion::client(Key::from_der(der, algorithm).unwrap());
            let token = assertion.make(&OCCASION()).unwrap();
            let (message, signature) = token.expose().rsplit_once('.').unwrap();
            let signature = URL_SAFE_NO_PAD.decode(signature).unwrap();
            UnparsedPublicKey::new(verification, public(signing, der))
                .verify(message.as_bytes(), &signature)
                .unwrap();
        };
    verify(
        Algorithm::ES256,
        &signature::ECDSA_P256_SHA256_FIXED_SIGNING,
        p256.as_ref(),
        &signature::ECDSA_P256_SHA256_FIXED,
    );
    verify(
        Algorithm::ES384,
        &signature::ECDSA_P384_SHA384_FIXED_SIGNING,
        p384.as_ref(),
        &signature::ECDSA_P384_SHA384_FIXED,
    );
    // The curve of another algorithm is refused.
    let error = Key::from_der(p256.as_ref(), Algorithm::ES384).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("ES384 takes a private key on the curve P-384")
    );
}

#[test]
fn what_is_no_key_is_refused() {
    let config = |outcome: Result<Key, crate::Error>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        assert!(!error.to_string().contains("canary"));
        error.to_string()
    };
    assert!(
        config(Key::from_pem(&"canary".into(), Algorithm::RS256)).contains("BEGIN PRIVATE KEY")
    );
    assert!(config(Key::from_secret(&"canary".into(), Algorithm::RS256)).contains("Key::from_pem"));
    assert!(config(Key::from_secret(&"".into(), Algorithm::HS256)).contains("empty secret"));
    config(Key::from_der(b"canary", Algorithm::EdDsa));
    config(secret_key().with_certificate("canary", Thumbprint::Sha1));
    assert!(!format!("{:?}", secret_key()).contains("0123"));
}

/// RFC 8725 section 2.1: whoever has the public half could sign as well.
#[test]
fn a_key_of_a_pair_is_not_a_shared_secret() {
    for text in [
        "-----BEGIN PRIVATE KEY-----\ncanary\n-----END PRIVATE KEY-----",
        "\n  -----BEGIN PUBLIC KEY-----\ncanary",
        "-----BEGIN RSA PRIVATE KEY-----\\ncanary",
        "Bag Attributes\n-----BEGIN CERTIFICATE-----\ncanary",
        "LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tcanary",
        "ssh-ed25519 AAAAcanary user@host",
        "ecdsa-sha2-nistp256 AAAAcanary",
        r#"{"kty": "RSA", "n": "canary"}"#,
        r#"{"keys": [{"kty": "EC", "d": "canary"}]}"#,
    ] {
        for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
            let error = Key::from_secret(&text.into(), algorithm).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Config, "{text}");
            assert!(!error.to_string().contains("canary"), "{error}");
            assert!(error.to_string().contains("private_key_jwt"), "{error}");
        }
    }
    for secret in [
        "ssh-less",
        "{not json",
        r#"{"kty":"oct"}"#,
        "-----",
        "BEGIN",
    ] {
        assert!(
            Key::from_secret(&secret.into(), Algorithm::HS256).is_ok(),
            "{secret}"
        );
    }
}

#[test]
fn algorithms_go_by_their_names() {
    for algorithm in Algorithm::ALL {
        assert_eq!(algorithm.as_str().parse(), Ok(*algorithm));
    }
    let error = "none".parse::<Algorithm>().unwrap_err();
    assert!(error.to_string().contains("ES384 or EdDSA"));
}

/// The key and the thumbprint of RFC 7638 section 3.1.
#[test]
fn the_thumbprint_is_that_of_the_rfc() {
    let jwk = json!({
        "kty": "RSA", "e": "AQAB",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
    });
    let thumbprint = super::jwk::thumbprint(&jwk);
    assert_eq!(thumbprint, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
}
