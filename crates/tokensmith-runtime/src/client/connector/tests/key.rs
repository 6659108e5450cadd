//! Keys in the settings: JWTs as bearers and as assertions, and keys in headers and the query.

use serde_json::{Value, json};

use super::{connector, oauth2, pairs, sent};
use crate::Error;
#[cfg(feature = "jwt")]
use crate::testing::now;

fn request(url: &str) -> http::Request<()> {
    http::Request::get(url).body(()).unwrap()
}

fn applied(settings: Value, url: &str) -> Result<http::Request<()>, Error> {
    let mut request = request(url);
    connector(settings).apply(None, &mut request)?;
    Ok(request)
}

#[test]
fn a_key_may_be_in_the_query() {
    let settings = json!({"kind": "api_key", "key": "k&y", "parameter_name": "appid"});
    let request = applied(settings.clone(), "https://api.example.com/w?q=1").unwrap();
    assert_eq!(request.uri(), "https://api.example.com/w?q=1&appid=k%26y");
    let twice = applied(settings.clone(), "https://api.example.com/w?appid=1").unwrap_err();
    assert!(twice.to_string().contains("`appid` already"), "{twice}");
    let header = connector(settings).header(None).unwrap_err();
    assert!(header.to_string().contains("Connector::apply"), "{header}");
}

#[test]
fn several_keys_have_a_place_each() {
    let settings = json!({"kind": "api_key", "keys": [
        {"key": "a", "header_key": "DD-API-KEY"},
        {"key": "b", "header_key": "DD-APPLICATION-KEY", "header_value_pattern": "Key %s"},
        {"key": "c", "parameter_name": "site"},
    ]});
    let request = applied(settings, "https://api.example.com/").unwrap();
    assert_eq!(request.headers()["dd-api-key"], "a");
    assert!(request.headers()["dd-api-key"].is_sensitive());
    assert_eq!(request.headers()["dd-application-key"], "Key b");
    assert_eq!(request.uri().query(), Some("site=c"));
}

#[test]
fn nothing_is_sent_where_the_api_asks_for_nothing() {
    let request = applied(json!({"kind": "none"}), "https://api.example.com/").unwrap();
    assert!(request.headers().is_empty());
    assert_eq!(request.uri(), "https://api.example.com/");
}

#[test]
fn a_request_that_is_refused_stays_as_it_was() {
    let mut request = request("https://api.example.com/");
    let header = http::HeaderValue::from_static("theirs");
    request.headers_mut().insert("x-second", header);
    let keys = connector(json!({"kind": "api_key", "keys": [
        {"key": "a", "header_key": "X-First"},
        {"key": "b", "header_key": "X-Second"},
    ]}));
    let error = keys.apply(None, &mut request).unwrap_err();
    assert!(error.to_string().contains("`x-second` already"), "{error}");
    assert_eq!(request.headers().len(), 1);
}

/// The PEM of a new key on P-256.
#[cfg(feature = "jwt")]
fn pem() -> String {
    use base64::Engine as _;
    let random = ring::rand::SystemRandom::new();
    let algorithm = &ring::signature::ECDSA_P256_SHA256_FIXED_SIGNING;
    let der = ring::signature::EcdsaKeyPair::generate_pkcs8(algorithm, &random).unwrap();
    let encoded = base64::engine::general_purpose::STANDARD.encode(der.as_ref());
    format!("-----BEGIN PRIVATE KEY-----\n{encoded}\n-----END PRIVATE KEY-----\n")
}

/// The header and the claims of a JWT.
#[cfg(feature = "jwt")]
fn decoded(token: &str) -> (Value, Value) {
    use base64::Engine as _;
    let mut parts = token.split('.').map(|part| {
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(part)
            .unwrap()
    });
    let mut json = || serde_json::from_slice(&parts.next().unwrap()).unwrap();
    (json(), json())
}

#[cfg(feature = "jwt")]
#[test]
fn a_signed_jwt_is_the_bearer_itself() {
    use crate::jwt::{Algorithm, Key};
    use crate::{Connector, Secret};
    let pem = pem();
    let mut settings = json!({
        "kind": "jwt", "key": pem, "algorithm": "ES256", "key_id": "gw-1", "issuer": "app",
        "subject": "robot", "audience": ["https://api.example.com", "b"], "scopes": "read write",
        "lifetime": 7200, "claims": {"tier": 3, "scoped": {"a": [true]}},
        "headers": {"typ": "at+jwt"},
    });
    let Connector::Jwt(jwt) = connector(settings.clone()) else {
        panic!("of another kind")
    };
    let token = jwt.sign_at(now()).unwrap();
    let (header, claims) = decoded(token.expose());
    assert_eq!(
        header,
        json!({"alg": "ES256", "kid": "gw-1", "typ": "at+jwt"})
    );
    assert_eq!(
        claims,
        json!({
            "iss": "app", "sub": "robot", "aud": ["https://api.example.com", "b"],
            "scope": "read write", "iat": 1_750_000_000, "exp": 1_750_007_200, "tier": 3,
            "scoped": {"a": [true]},
        })
    );
    let request = applied(settings.clone(), "https://api.example.com/").unwrap();
    let sent = request.headers()["authorization"].to_str().unwrap();
    assert!(sent.starts_with("Bearer ey"), "{sent}");

    // The signature is that of the key that the set has.
    let key = Key::from_pem(&Secret::from(&pem), Algorithm::ES256).unwrap();
    let set = key.public_jwk().unwrap();
    let point = |name: &str| {
        use base64::Engine as _;
        let encoded = set[name].as_str().unwrap();
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(encoded)
            .unwrap()
    };
    let public = [vec![4], point("x"), point("y")].concat();
    let (message, signature) = token.expose().rsplit_once('.').unwrap();
    let signature = {
        use base64::Engine as _;
        base64::engine::general_purpose::URL_SAFE_NO_PAD
            .decode(signature)
            .unwrap()
    };
    ring::signature::UnparsedPublicKey::new(&ring::signature::ECDSA_P256_SHA256_FIXED, public)
        .verify(message.as_bytes(), &signature)
        .unwrap();

    // Without an identifier, it is the one that the set has.
    settings.as_object_mut().unwrap().remove("key_id");
    let Connector::Jwt(jwt) = connector(settings) else {
        panic!("of another kind")
    };
    let (header, _) = decoded(jwt.sign_at(now()).unwrap().expose());
    assert_eq!(header["kid"], set["kid"]);
    assert_eq!(set["use"], "sig");
}

#[cfg(feature = "jwt")]
#[test]
fn an_assertion_is_signed_anew_for_each_request() {
    let oauth2 = oauth2(json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "client_authentication": "none",
        "scopes": ["read"],
        "assertion": {
            "key": pem(), "algorithm": "ES256", "issuer": "robot@example.com",
            "subject": "user@example.com", "scopes": ["a", "b"], "lifetime": 60,
        },
    }));
    let assertion = || {
        let pairs = pairs(&sent(&oauth2));
        let is_assertion = |(name, _): &&(String, String)| name == "assertion";
        assert!(pairs.contains(&("scope".to_owned(), "read".to_owned())));
        pairs.iter().find(is_assertion).unwrap().1.clone()
    };
    let (first, second) = (decoded(&assertion()).1, decoded(&assertion()).1);
    assert_eq!(first["iss"], "robot@example.com");
    assert_eq!(first["sub"], "user@example.com");
    assert_eq!(first["scope"], "a b");
    assert_eq!(first["aud"], "https://auth.example.com/oauth2/token");
    assert_eq!(
        first["exp"].as_u64(),
        first["iat"].as_u64().map(|it| it + 60)
    );
    assert_ne!(first["jti"], second["jti"]);
}

#[cfg(feature = "jwt")]
#[test]
fn settings_of_a_jwt_are_checked_before_it_is_used() {
    let wrong = |more: Value| {
        let mut settings = json!({"kind": "jwt", "key": pem(), "algorithm": "ES256"});
        let members = settings.as_object_mut().unwrap();
        members.extend(more.as_object().unwrap().clone());
        connector(settings).check().unwrap_err().to_string()
    };
    for (settings, expected) in [
        (
            json!({"algorithm": "ES512"}),
            "`algorithm`: `ES512`: unknown signature algorithm",
        ),
        (
            json!({"algorithm": "RS256"}),
            "`key`: RS256 takes an RSA private key",
        ),
        (
            json!({"key": "canary"}),
            "`key`: expected a private key in PEM",
        ),
        (
            json!({"lifetime": 0}),
            "`lifetime`: 0 is not from 1 to 86400",
        ),
        (json!({"lifetime": 90_000}), "`lifetime`: 90000 is not"),
        (
            json!({"issuer": "a", "claims": {"iss": "b"}}),
            "`claims.iss`: the claim is given twice",
        ),
        (json!({"claims": {"exp": 1}}), "`claims.exp`"),
        (
            json!({"headers": {"kid": "b"}}),
            "`headers.kid`: set `key_id` instead",
        ),
        (
            json!({"header_value_pattern": "Bearer"}),
            "`header_value_pattern`",
        ),
    ] {
        let message = wrong(settings);
        assert!(message.contains(expected), "{message}");
        assert!(!message.contains("canary"), "{message}");
    }
    let secret =
        json!({"kind": "jwt", "key": "thirty-two bytes of a shared secret", "algorithm": "HS256"});
    connector(secret).check().unwrap();
}

#[cfg(not(feature = "jwt"))]
#[test]
fn signing_needs_a_feature() {
    let error = connector(json!({"kind": "jwt", "key": "x"}))
        .check()
        .unwrap_err();
    assert!(error.to_string().contains("feature `jwt`"), "{error}");
    let settings = json!({
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": {"key": "x"},
    });
    let error = oauth2(settings).request().unwrap_err();
    assert!(error.to_string().contains("feature `jwt`"), "{error}");
    assert_eq!(pairs(&sent(&oauth2(json!({})))).len(), 1);
}
