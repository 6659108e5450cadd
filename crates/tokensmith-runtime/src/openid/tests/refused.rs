//! Tokens that must not be believed. Most cases are those of the tests of oauth4webapi 3.8
//! (`authorization_code.test.ts`), told again.

use serde_json::{Value, json};

use super::signer::{Signer, claims, encode};
use super::{ACCESS_TOKEN, CLIENT_ID, CLIENT_SECRET, ISSUER, NONCE, check, expected};
use crate::jwt::Algorithm;
use crate::testing::now;
use crate::{Error, ErrorKind};

/// Fails if an error is of another kind, or shows what must not be seen.
fn assert_safe(error: &Error, token: &str) {
    assert_eq!(error.kind(), ErrorKind::Malformed, "{error}");
    for shown in [error.to_string(), format!("{error:?}")] {
        for secret in [CLIENT_SECRET, NONCE, ACCESS_TOKEN, token] {
            assert!(secret.is_empty() || !shown.contains(secret), "{shown}");
        }
        for part in token.split('.').filter(|part| part.len() > 20) {
            assert!(!shown.contains(part), "{shown}");
        }
    }
}

#[test]
fn claims_that_are_wrong() {
    let signer = Signer::new(Algorithm::ES256);
    let cases = [
        (json!({"iss": "https://op.example/"}), "another issuer"),
        (json!({"iss": "http://op.example"}), "another issuer"),
        (json!({"iss": ACCESS_TOKEN}), "another issuer"),
        (json!({"iss": CLIENT_SECRET}), "another issuer"),
        (json!({"iss": null}), "no `iss`"),
        (json!({"iss": [ISSUER]}), "no `iss`"),
        (json!({"sub": null}), "no `sub`"),
        (json!({"sub": ""}), "empty `sub`"),
        (json!({"sub": 17}), "no `sub`"),
        (json!({"aud": "another"}), "for another client"),
        (json!({"aud": ["another"]}), "for another client"),
        (json!({"aud": []}), "for another client"),
        (json!({"aud": null}), "no `aud`"),
        (json!({"aud": [CLIENT_ID, 1]}), "no `aud`"),
        (json!({"aud": {"client-id": true}}), "no `aud`"),
        (json!({"aud": [CLIENT_ID, "another"]}), "no `azp`"),
        (
            json!({"aud": [CLIENT_ID, "another"], "azp": "another"}),
            "issued to another client",
        ),
        (json!({"azp": "another"}), "issued to another client"),
        (json!({"azp": 1}), "`azp` that is not a string"),
        (json!({"exp": null}), "no `exp`"),
        (json!({"exp": "1750000300"}), "`exp` that is not a number"),
        (json!({"exp": 1_749_999_970}), "expired 30s ago"),
        (json!({"exp": -1e300}), "expired ages ago"),
        (json!({"iat": null}), "no `iat`"),
        (json!({"iat": "now"}), "`iat` that is not a number"),
        (json!({"iat": 1_750_000_031}), "begins in 31s"),
        (json!({"nbf": 1_750_000_031}), "`nbf`"),
        (json!({"nbf": true}), "`nbf` that is not a number"),
        (json!({"nonce": "another"}), "another authorization"),
        (json!({"nonce": null}), "has no `nonce`"),
        (json!({"nonce": ""}), "another authorization"),
        (json!({"nonce": [NONCE]}), "`nonce` that is not a string"),
        (json!({"at_hash": "another"}), "another access token"),
        (json!({"at_hash": ""}), "another access token"),
        (json!({"at_hash": 1}), "`at_hash` that is not a string"),
    ];
    for (said, part) in cases {
        let token = signer.sign(&claims(said.clone()));
        let error = check(&expected(), &token, &signer.keys(), now()).unwrap_err();
        assert!(error.to_string().contains(part), "{said}: {error}");
        assert_safe(&error, &token);
    }
}

#[test]
fn a_nonce_that_nobody_sent() {
    let signer = Signer::new(Algorithm::ES256);
    let expected = super::ExpectedIdToken::new().with_algorithms([Algorithm::ES256]);
    let token = signer.sign(&claims(json!({})));
    let error = check(&expected, &token, &signer.keys(), now()).unwrap_err();
    assert!(error.to_string().contains("none was sent"), "{error}");
    let without = signer.sign(&claims(json!({"nonce": null})));
    assert!(check(&expected, &without, &signer.keys(), now()).is_ok());
}

#[test]
fn headers_that_are_wrong() {
    let signer = Signer::new(Algorithm::ES256);
    let cases = [
        (json!({"alg": "none"}), "not signed"),
        (json!({"alg": "None"}), "not supported"),
        (json!({"alg": "ES512"}), "not supported"),
        (json!({"alg": "RS256", "kid": "key-1"}), "signed by RS256"),
        (json!({"alg": "HS256", "kid": "key-1"}), "signed by HS256"),
        (json!({"alg": 1}), "no `alg`"),
        (json!({"kid": "key-1"}), "no `alg`"),
        (
            json!({"alg": "ES256", "kid": 1}),
            "`kid` that is not a string",
        ),
        (json!({"alg": "ES256", "kid": "key-2"}), "no key"),
        (json!({"alg": "ES256", "kid": ""}), "no key"),
        (
            json!({"alg": "ES256", "kid": "key-1", "crit": ["b64"], "b64": false}),
            "`crit`",
        ),
        (
            json!({"alg": "ES256", "kid": "key-1", "typ": "logout+jwt"}),
            "`typ` of another kind",
        ),
        (
            json!({"alg": "ES256", "kid": "key-1", "typ": "application/AT+JWT"}),
            "`typ` of another kind",
        ),
        (json!({"alg": "ES256", "kid": "key-1", "typ": 1}), "`typ`"),
        (json!([]), "not a JSON object"),
    ];
    for (header, part) in cases {
        let token = signer.sign_with(&header, &Value::Object(claims(json!({}))).to_string());
        let error = check(&expected(), &token, &signer.keys(), now()).unwrap_err();
        assert!(error.to_string().contains(part), "{header}: {error}");
        assert_safe(&error, &token);
    }
    // A key that the token brings along is not looked at (RFC 8725 section 3.10).
    let other = Signer::new(Algorithm::ES256);
    let header =
        json!({"alg": "ES256", "kid": "key-1", "jwk": other.jwk, "jku": "https://evil.example"});
    let token = other.sign_with(&header, &Value::Object(claims(json!({}))).to_string());
    assert!(check(&expected(), &token, &signer.keys(), now()).is_err());
}

#[test]
fn what_is_not_a_token() {
    let signer = Signer::new(Algorithm::ES256);
    let good = signer.sign(&claims(json!({})));
    let [header, body, signature] = *good.split('.').collect::<Vec<_>>() else {
        panic!("three parts");
    };
    let cases = [
        (String::new(), "not a JWT"),
        ("canary".to_owned(), "not a JWT"),
        (format!("{header}.{body}"), "not a JWT"),
        (format!("{good}."), "not a JWT"),
        (format!("{good}.a.b"), "encrypted"),
        (format!("{good}.a.b.c"), "not a JWT"),
        (format!("{header}=.{body}.{signature}"), "header"),
        (format!("{header}.{body}=.{signature}"), "claims"),
        (format!("{header}.{body}.{signature}="), "not base64url"),
        (format!("{header}.{body}.+/{signature}"), "not base64url"),
        (format!(" {good}"), "header"),
        (format!("{good}\n"), "not base64url"),
        (format!("{header}.{}.{signature}", encode("[1]")), "claims"),
        (format!("{header}.{}.{signature}", encode([0xff])), "claims"),
        (
            format!("{header}.{}.{signature}", "A".repeat(140_000)),
            "longer",
        ),
        (
            format!("{header}.{}.{signature}", encode("[".repeat(10_000))),
            "claims",
        ),
        (
            format!("{header}.{}.{signature}", encode(r#"{"exp":1e999}"#)),
            "claims",
        ),
    ];
    for (token, part) in cases {
        let error = check(&expected(), &token, &signer.keys(), now()).unwrap_err();
        assert!(error.to_string().contains(part), "{part}: {error}");
        assert_safe(&error, &token);
    }
}
