//! Algorithms, and which key is taken.

use serde_json::{Value, json};

use super::signer::{Signer, claims, encode, keys};
use super::{ACCESS_TOKEN, CLIENT_SECRET, check, expected};
use crate::jwt::{Algorithm, Key};
use crate::testing::now;
use crate::{KeySet, Secret};

const ASYMMETRIC: [Algorithm; 9] = [
    Algorithm::RS256,
    Algorithm::RS384,
    Algorithm::RS512,
    Algorithm::PS256,
    Algorithm::PS384,
    Algorithm::PS512,
    Algorithm::ES256,
    Algorithm::ES384,
    Algorithm::EdDsa,
];

#[test]
fn every_algorithm_is_checked_and_no_bit_may_change() {
    for algorithm in ASYMMETRIC {
        let signer = Signer::new(algorithm);
        let expected = expected().with_algorithms([algorithm]);
        let token = signer.sign(&claims(json!({})));
        assert!(
            check(&expected, &token, &signer.keys(), now()).is_ok(),
            "{algorithm}"
        );
        let (signed, signature) = token.rsplit_once('.').unwrap();
        let swapped = |text: &str| match text.strip_prefix('A') {
            Some(rest) => format!("B{rest}"),
            None => format!("A{}", &text[1..]),
        };
        for changed in [
            format!("{signed}.{}", swapped(signature)),
            format!("{signed}."),
            format!("{signed}.{}", &signature[..signature.len() - 4]),
        ] {
            let error = check(&expected, &changed, &signer.keys(), now()).unwrap_err();
            assert!(
                error.to_string().contains("signature"),
                "{algorithm}: {error}"
            );
        }
        let other = Signer::new(if algorithm == Algorithm::ES256 {
            Algorithm::ES384
        } else {
            Algorithm::ES256
        });
        assert!(check(&expected, &token, &other.keys(), now()).is_err());
    }
}

#[test]
fn the_access_token_is_compared_by_the_digest_of_the_algorithm() {
    for (algorithm, digest) in [
        (Algorithm::RS256, &ring::digest::SHA256),
        (Algorithm::ES384, &ring::digest::SHA384),
        (Algorithm::PS512, &ring::digest::SHA512),
        (Algorithm::EdDsa, &ring::digest::SHA512),
    ] {
        let signer = Signer::new(algorithm);
        let expected = expected().with_algorithms([algorithm]);
        let with = |access_token: &str| {
            let digest = ring::digest::digest(digest, access_token.as_bytes());
            let half = encode(&digest.as_ref()[..digest.as_ref().len() / 2]);
            let token = signer.sign(&claims(json!({ "at_hash": half })));
            check(&expected, &token, &signer.keys(), now())
        };
        assert!(with(ACCESS_TOKEN).is_ok(), "{algorithm}");
        let error = with("another").unwrap_err().to_string();
        assert!(error.contains("at_hash"), "{algorithm}: {error}");
    }
}

#[test]
fn a_secret_checks_signatures_only_where_it_is_configured() {
    let key = Key::from_secret(&Secret::from(CLIENT_SECRET), Algorithm::HS256).unwrap();
    let signed = format!(
        "{}.{}",
        encode(r#"{"alg":"HS256"}"#),
        encode(Value::Object(claims(json!({}))).to_string())
    );
    let sign = |key: &Key| {
        let signature = key.sign(signed.as_bytes()).unwrap();
        format!("{signed}.{}", encode(signature))
    };
    let none = keys(&[]);
    let allowed = expected().with_algorithms([Algorithm::HS256]);
    assert!(check(&allowed, &sign(&key), &none, now()).is_ok());
    let other = Key::from_secret(&Secret::from("another secret"), Algorithm::HS256).unwrap();
    assert!(check(&allowed, &sign(&other), &none, now()).is_err());
    // Not by default, not by metadata, not by what another algorithm is configured.
    for expected in [
        super::ExpectedIdToken::new().with_nonce(super::NONCE),
        expected(),
    ] {
        let error = check(&expected, &sign(&key), &none, now()).unwrap_err();
        assert!(error.to_string().contains("HS256"), "{error}");
    }
}

#[test]
fn a_public_key_is_never_a_shared_secret() {
    // The public key of the provider, taken for the key of an HMAC (RFC 8725 section 2.1).
    let signer = Signer::new(Algorithm::ES256);
    let jwk = signer.jwk.to_string();
    let hmac = ring::hmac::Key::new(ring::hmac::HMAC_SHA256, jwk.as_bytes());
    let claims = Value::Object(claims(json!({}))).to_string();
    let signed = format!(
        "{}.{}",
        encode(r#"{"alg":"HS256","kid":"key-1"}"#),
        encode(claims)
    );
    let tag = ring::hmac::sign(&hmac, signed.as_bytes());
    let token = format!("{signed}.{}", encode(tag));
    for algorithms in [
        vec![Algorithm::ES256],
        vec![Algorithm::HS256, Algorithm::ES256],
    ] {
        let expected = expected().with_algorithms(algorithms);
        assert!(check(&expected, &token, &signer.keys(), now()).is_err());
    }
}

#[test]
fn the_key_is_the_one_that_the_header_names() {
    let signer = Signer::new(Algorithm::ES256);
    let token = signer.sign(&claims(json!({})));
    let unnamed = signer.sign_with(
        &json!({"alg": "ES256"}),
        &Value::Object(claims(json!({}))).to_string(),
    );
    let with = |member: &str, value: Value| {
        let mut jwk = signer.jwk.clone();
        jwk[member] = value;
        jwk
    };
    let other = Signer::new(Algorithm::ES256);
    let renamed = |kid: &str| {
        let mut jwk = other.jwk.clone();
        jwk["kid"] = kid.into();
        jwk
    };
    let own = || signer.jwk.clone();
    let good: [(&str, Vec<Value>); 6] = [
        (&token, vec![renamed("key-0"), own()]),
        (&token, vec![with("use", "sig".into())]),
        (&token, vec![with("key_ops", json!(["verify"]))]),
        (&token, vec![with("alg", "ES256".into())]),
        (&unnamed, vec![own()]),
        // What cannot be read, or is for something else, is in nobody's way.
        (
            &unnamed,
            vec![
                json!({"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
                json!({"kty": "AKP", "alg": "ML-DSA-44", "pub": "AA"}),
                json!({"kty": "oct", "k": "AA"}),
                json!("a text"),
                with("use", "enc".into()),
                own(),
            ],
        ),
    ];
    for (token, set) in good {
        let outcome = check(&expected(), token, &keys(&set), now());
        assert!(outcome.is_ok(), "{set:?}: {outcome:?}");
    }
    let bad: [(&str, Vec<Value>, &str); 8] = [
        (&token, vec![], "no key"),
        (&token, vec![with("kid", "key-2".into())], "no key"),
        (&token, vec![with("use", "enc".into())], "no key"),
        (&token, vec![with("key_ops", json!(["sign"]))], "no key"),
        (&token, vec![with("alg", "ES384".into())], "no key"),
        (
            &token,
            vec![renamed("key-1")],
            "not that of the provider's key",
        ),
        (&token, vec![own(), renamed("key-1")], "several keys"),
        (&unnamed, vec![own(), renamed("key-2")], "several keys"),
    ];
    for (token, set, part) in bad {
        let error = check(&expected(), token, &keys(&set), now()).unwrap_err();
        assert!(error.to_string().contains(part), "{set:?}: {error}");
    }
}

#[test]
fn a_set_of_keys_is_bounded_and_its_form_is_checked() {
    let many: Vec<Value> = (0..101).map(|_| json!({})).collect();
    for (json, part) in [
        ("canary", "not a JSON object"),
        ("[]", "no list"),
        (r#"{"keys": {}}"#, "no list"),
        (&json!({ "keys": many }).to_string(), "more than 100"),
    ] {
        let error = KeySet::from_json(json).unwrap_err().to_string();
        assert!(error.contains(part) && !error.contains("canary"), "{error}");
    }
}

/// RFC 8037 appendix A.4, whose payload is not a set of claims.
#[test]
fn the_example_of_rfc_8037_is_verified() {
    let jwk =
        json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let signed = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
    let signature =
        "hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    let mut jws = crate::openid::Jws {
        kind: crate::openid::JwtKind::IdToken,
        algorithm: Algorithm::EdDsa,
        key_id: None,
        claims: serde_json::Map::new(),
        signed: signed.as_bytes(),
        signature: base64::Engine::decode(
            &base64::engine::general_purpose::URL_SAFE_NO_PAD,
            signature,
        )
        .unwrap(),
    };
    let keys = keys(&[jwk]);
    assert!(keys.check(&jws).is_ok());
    jws.signature[0] ^= 1;
    assert!(keys.check(&jws).is_err());
}
