//! Signed JWTs (RFC 7515), and the keys that verify them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::hmac;
use ring::signature::{self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey};
use serde_json::Value;

/// A JWT, read and not verified.
pub(crate) struct Jws {
    pub(crate) header: Value,
    pub(crate) claims: Value,
    signed: String,
    signature: Vec<u8>,
}

/// What verifies a JWT.
pub(crate) enum Key<'k> {
    /// A secret that both sides know.
    Secret(&'k [u8]),
    /// A public key, as a JSON Web Key (RFC 7517).
    Public(&'k Value),
}

impl Jws {
    /// Reads the compact form; nothing if it is malformed.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (signed, signature) = text.rsplit_once('.')?;
        let (header, claims) = signed.split_once('.')?;
        let json = |part: &str| serde_json::from_slice(&decode(part)?).ok();
        Some(Self {
            header: json(header)?,
            claims: json(claims)?,
            signed: signed.to_owned(),
            signature: decode(signature)?,
        })
    }

    /// Whether a key verifies it. The key decides which algorithms may be (RFC 8725 section 3.1).
    pub(crate) fn is_signed_by(&self, key: &Key<'_>) -> bool {
        let algorithm = self.header.get("alg").and_then(Value::as_str);
        let algorithm = algorithm.unwrap_or_default();
        match key {
            Key::Secret(secret) => {
                let algorithm = match algorithm {
                    "HS256" => hmac::HMAC_SHA256,
                    "HS384" => hmac::HMAC_SHA384,
                    "HS512" => hmac::HMAC_SHA512,
                    _ => return false,
                };
                let key = hmac::Key::new(algorithm, secret);
                hmac::verify(&key, self.signed.as_bytes(), &self.signature).is_ok()
            }
            Key::Public(key) => self.is_signed_by_public(key, algorithm) == Some(true),
        }
    }

    fn is_signed_by_public(&self, key: &Value, algorithm: &str) -> Option<bool> {
        let member = |name: &str| key.get(name).and_then(Value::as_str);
        let number = |name: &str| decode(member(name)?);
        let signed = self.signed.as_bytes();
        let by_point = |algorithm: &'static dyn signature::VerificationAlgorithm| {
            let point = [vec![4], number("x")?, number("y")?].concat();
            let key = UnparsedPublicKey::new(algorithm, point);
            Some(key.verify(signed, &self.signature).is_ok())
        };
        let by_modulus = |parameters: &'static RsaParameters| {
            let key = RsaPublicKeyComponents {
                n: number("n")?,
                e: number("e")?,
            };
            Some(key.verify(parameters, signed, &self.signature).is_ok())
        };
        match (member("kty")?, algorithm) {
            ("EC", "ES256") => by_point(&signature::ECDSA_P256_SHA256_FIXED),
            ("EC", "ES384") => by_point(&signature::ECDSA_P384_SHA384_FIXED),
            ("RSA", "RS256") => by_modulus(&signature::RSA_PKCS1_2048_8192_SHA256),
            ("RSA", "RS384") => by_modulus(&signature::RSA_PKCS1_2048_8192_SHA384),
            ("RSA", "RS512") => by_modulus(&signature::RSA_PKCS1_2048_8192_SHA512),
            ("RSA", "PS256") => by_modulus(&signature::RSA_PSS_2048_8192_SHA256),
            ("RSA", "PS384") => by_modulus(&signature::RSA_PSS_2048_8192_SHA384),
            ("RSA", "PS512") => by_modulus(&signature::RSA_PSS_2048_8192_SHA512),
            ("OKP", "EdDSA" | "Ed25519") => {
                let key = UnparsedPublicKey::new(&signature::ED25519, number("x")?);
                Some(key.verify(signed, &self.signature).is_ok())
            }
            _ => None,
        }
    }
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    /// The claims of the examples in RFC 7515 appendix A.
    const CLAIMS: &str = "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";

    fn jws(header: &str, signature: &str) -> Jws {
        Jws::read(&format!("{header}.{CLAIMS}.{signature}")).unwrap()
    }

    #[test]
    fn the_examples_of_rfc_7515_are_verified() {
        let secret = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let secret = decode(secret).unwrap();
        let shared = jws(
            "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9",
            "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
        );
        assert_eq!(shared.claims["iss"], "joe");
        assert!(shared.is_signed_by(&Key::Secret(&secret)));
        assert!(!shared.is_signed_by(&Key::Secret(b"another")));

        let key = json!({
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        });
        let signature = "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q";
        let public = jws("eyJhbGciOiJFUzI1NiJ9", signature);
        assert!(public.is_signed_by(&Key::Public(&key)));
        assert!(
            !jws("eyJhbGciOiJFUzI1NiJ9", &signature.replace('D', "E"))
                .is_signed_by(&Key::Public(&key))
        );
        // The algorithm is the key's, whatever the header says.
        assert!(!shared.is_signed_by(&Key::Public(&key)));
        assert!(!public.is_signed_by(&Key::Secret(&secret)));
        assert!(!jws("eyJhbGciOiJub25lIn0", "").is_signed_by(&Key::Public(&key)));
    }
}
