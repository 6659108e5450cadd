//! ID tokens (OpenID Connect Core section 2), signed for real.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};

/// The name of the only key.
const KEY_ID: &str = "mock";

/// Signs by ES256, with a key that lives as long as the mock.
pub(crate) struct Signer {
    key: EcdsaKeyPair,
    random: SystemRandom,
}

impl Signer {
    /// Makes a key; nothing if the system has no random bytes.
    pub(crate) fn new() -> Option<Self> {
        let random = SystemRandom::new();
        let algorithm = &ECDSA_P256_SHA256_FIXED_SIGNING;
        let document = EcdsaKeyPair::generate_pkcs8(algorithm, &random).ok()?;
        let key = EcdsaKeyPair::from_pkcs8(algorithm, document.as_ref(), &random).ok()?;
        Some(Self { key, random })
    }

    /// Returns a JWT of the claims.
    pub(crate) fn sign(&self, claims: &Value) -> Option<String> {
        let header = json!({"alg": "ES256", "kid": KEY_ID, "typ": "JWT"});
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = self.key.sign(&self.random, signed.as_bytes()).ok()?;
        Some(format!("{signed}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }

    /// Returns the JSON Web Key Set (RFC 7517) with the public key.
    pub(crate) fn keys(&self) -> Value {
        // An uncompressed point: 4, and two numbers of 32 bytes.
        let point = self.key.public_key().as_ref().get(1..).unwrap_or_default();
        let (x, y) = point.split_at_checked(32).unwrap_or_default();
        let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
        json!({"keys": [{
            "kty": "EC", "crv": "P-256", "x": x, "y": y,
            "kid": KEY_ID, "alg": "ES256", "use": "sig",
        }]})
    }
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Signer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ring::signature::{ECDSA_P256_SHA256_FIXED, UnparsedPublicKey};

    #[test]
    fn the_published_key_verifies_what_is_signed() {
        let signer = Signer::new().unwrap();
        let jwt = signer.sign(&json!({"sub": "a"})).unwrap();
        let (signed, signature) = jwt.rsplit_once('.').unwrap();
        let keys = signer.keys();
        let decode = |text: &str| URL_SAFE_NO_PAD.decode(text).unwrap();
        let part = |name: &str| decode(keys["keys"][0][name].as_str().unwrap());
        let point = [vec![4], part("x"), part("y")].concat();
        let key = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
        assert!(key.verify(signed.as_bytes(), &decode(signature)).is_ok());
    }
}
