//! Reading the compact form of a signed token (RFC 7515 section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::malformed;
use crate::Error;
use crate::jwt::Algorithm;

/// The longest ID token that is read, in bytes. One with 200 groups has about 10,000.
const MAX_LENGTH: usize = 128 * 1024;

/// A signed token, read and not checked.
pub(crate) struct Jws<'t> {
    pub(crate) algorithm: Algorithm,
    pub(crate) key_id: Option<String>,
    pub(crate) claims: Map<String, Value>,
    /// What the signature is over.
    pub(crate) signed: &'t [u8],
    pub(crate) signature: Vec<u8>,
}

impl<'t> Jws<'t> {
    /// Reads a token.
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if it is not a signed JWT, it is encrypted or not signed, or its
    /// header has something that changes what the signature means.
    pub(crate) fn read(token: &'t str) -> Result<Self, Error> {
        if token.len() > MAX_LENGTH {
            return Err(malformed("the ID token is longer than 128 KiB"));
        }
        let parts: Vec<_> = token.split('.').take(6).collect();
        let [header, claims, signature] = *parts else {
            return Err(malformed(match parts.len() {
                5 => {
                    "the ID token is encrypted, which is not supported: register the client without \
                      `id_token_encrypted_response_alg`"
                }
                _ => "the ID token is not a JWT: it does not have three parts",
            }));
        };
        let signed_length = header.len() + 1 + claims.len();
        let signed = token.as_bytes().get(..signed_length).unwrap_or_default();
        let header = object(header)
            .ok_or_else(|| malformed("the header of the ID token is not a JSON object"))?;
        if header.contains_key("crit") {
            return Err(malformed(
                "the header of the ID token has `crit`: extensions of RFC 7515 are not supported",
            ));
        }
        if header.get("typ").is_some_and(is_of_another_kind) {
            return Err(malformed(
                "the JWT is not an ID token: its header has a `typ` of another kind",
            ));
        }
        let algorithm = algorithm(&header)?;
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => {
                return Err(malformed(
                    "the header of the ID token has a `kid` that is not a string",
                ));
            }
        };
        let claims = object(claims)
            .ok_or_else(|| malformed("the claims of the ID token are not a JSON object"))?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| malformed("the signature of the ID token is not base64url"))?;
        Ok(Self {
            algorithm,
            key_id,
            claims,
            signed,
            signature,
        })
    }
}

/// Whether `typ` names another kind of JWT, such as `at+jwt` or `logout+jwt` (RFC 8725 section
/// 3.11). That of an ID token is `JWT`, if it has any.
fn is_of_another_kind(typ: &Value) -> bool {
    let is_kind = |typ: &str| typ.to_ascii_lowercase().ends_with("+jwt");
    typ.as_str().is_none_or(is_kind)
}

fn object(part: &str) -> Option<Map<String, Value>> {
    let json = URL_SAFE_NO_PAD.decode(part).ok()?;
    serde_json::from_slice(&json).ok()
}

fn algorithm(header: &Map<String, Value>) -> Result<Algorithm, Error> {
    let Some(name) = header.get("alg").and_then(Value::as_str) else {
        return Err(malformed("the header of the ID token has no `alg`"));
    };
    match name {
        "none" => Err(malformed(
            "the ID token is not signed (`alg` is `none`): register the client with another \
             `id_token_signed_response_alg`",
        )),
        // RFC 9864 section 2.2.
        "Ed25519" => Ok(Algorithm::EdDsa),
        name => name.parse().map_err(|_| {
            malformed(
                "the ID token is signed by an algorithm that is not supported: supported are RS256, \
                 RS384, RS512, PS256, PS384, PS512, ES256, ES384 and EdDSA with Ed25519",
            )
        }),
    }
}
