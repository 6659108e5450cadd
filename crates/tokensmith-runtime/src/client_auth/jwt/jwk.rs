//! The public halves of keys, as JSON Web Keys (RFC 7517).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA256, digest};
use serde_json::{Value, json};

use super::key::Public;
use super::{Algorithm, Key};

impl Key {
    /// Returns the public half as a JSON Web Key for a set that verifiers read: with `use`, `alg`
    /// and `kid`, which is the thumbprint unless the key [has an identifier](Self::with_id). `None`
    /// for a shared secret.
    ///
    /// ```no_run
    /// use tokensmith_runtime::jwt::{Algorithm, Key};
    /// # fn example(pem: tokensmith_runtime::Secret) -> Result<(), tokensmith_runtime::Error> {
    /// let key = Key::from_pem(&pem, Algorithm::ES256)?;
    /// let set = serde_json::json!({ "keys": [key.public_jwk()] });
    /// # Ok(()) }
    /// ```
    pub fn public_jwk(&self) -> Option<Value> {
        let mut jwk = jwk(self)?;
        let id = self.id().map(str::to_owned);
        let members = jwk.as_object_mut()?;
        members.insert(
            "kid".to_owned(),
            id.or_else(|| self.jwk_thumbprint())?.into(),
        );
        members.insert("use".to_owned(), "sig".into());
        members.insert("alg".to_owned(), self.algorithm().as_str().into());
        Some(jwk)
    }

    /// Returns the thumbprint of the public half by SHA-256, in base64url (RFC 7638); `None` for a
    /// shared secret.
    pub fn jwk_thumbprint(&self) -> Option<String> {
        jwk(self).map(|jwk| thumbprint(&jwk))
    }
}

/// The thumbprint of a key that has the members that count and no others (RFC 7638 section 3).
pub(crate) fn thumbprint(jwk: &Value) -> String {
    URL_SAFE_NO_PAD.encode(digest(&SHA256, jwk.to_string().as_bytes()))
}

/// The public key with the members that RFC 7638 counts and no others, in its order.
pub(crate) fn jwk(key: &Key) -> Option<Value> {
    let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
    Some(match key.public()? {
        Public::Rsa(public) => {
            json!({"e": encode(&public.e), "kty": "RSA", "n": encode(&public.n)})
        }
        Public::Ec(point) => {
            let (x, y) = point.get(1..)?.split_at_checked(point.len() / 2)?;
            let curve = if key.algorithm() == Algorithm::ES384 {
                "P-384"
            } else {
                "P-256"
            };
            json!({"crv": curve, "kty": "EC", "x": encode(x), "y": encode(y)})
        }
        Public::Ed25519(point) => json!({"crv": "Ed25519", "kty": "OKP", "x": encode(point)}),
    })
}
