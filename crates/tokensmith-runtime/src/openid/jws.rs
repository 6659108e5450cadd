//! Reading the compact form of a signed token (RFC 7515 section 7.1).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::malformed;
use crate::Error;
use crate::jwt::Algorithm;

/// The longest token that is read, in bytes. An ID token with 200 groups has about 10,000.
const MAX_LENGTH: usize = 128 * 1024;

/// What a provider signs for a client.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum JwtKind {
    IdToken,
    /// JWT Secured Authorization Response Mode for OAuth 2.0 (JARM).
    AuthorizationResponse,
}

impl JwtKind {
    /// What the names of the client's settings begin with, as in `id_token_signed_response_alg`.
    fn settings(self) -> &'static str {
        match self {
            Self::IdToken => "id_token",
            Self::AuthorizationResponse => "authorization",
        }
    }
}

impl fmt::Display for JwtKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::IdToken => "ID token",
            Self::AuthorizationResponse => "signed authorization response",
        })
    }
}

/// A signed token, read and not checked.
pub(crate) struct Jws<'t> {
    pub(crate) kind: JwtKind,
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
    pub(crate) fn read(token: &'t str, kind: JwtKind) -> Result<Self, Error> {
        let wrong = |what: &str| malformed(format!("the {kind} {what}"));
        if token.len() > MAX_LENGTH {
            return Err(wrong("is longer than 128 KiB"));
        }
        let parts: Vec<_> = token.split('.').take(6).collect();
        let [header, claims, signature] = *parts else {
            return Err(match parts.len() {
                5 => malformed(format!(
                    "the {kind} is encrypted, which is not supported: register the client without \
                     `{}_encrypted_response_alg`",
                    kind.settings()
                )),
                _ => wrong("is not a JWT: it does not have three parts"),
            });
        };
        let signed_length = header.len() + 1 + claims.len();
        let signed = token.as_bytes().get(..signed_length).unwrap_or_default();
        let header =
            object(header).ok_or_else(|| wrong("has a header that is not a JSON object"))?;
        if header.contains_key("crit") {
            return Err(wrong(
                "has a header with `crit`: extensions of RFC 7515 are not supported",
            ));
        }
        if header.get("typ").is_some_and(is_of_another_kind) {
            return Err(malformed(format!(
                "the JWT is not the {kind}: its header has a `typ` of another kind"
            )));
        }
        let algorithm = algorithm(&header, kind)?;
        let key_id = match header.get("kid") {
            None => None,
            Some(Value::String(id)) => Some(id.clone()),
            Some(_) => return Err(wrong("has a header with a `kid` that is not a string")),
        };
        let claims =
            object(claims).ok_or_else(|| wrong("has claims that are not a JSON object"))?;
        let signature = URL_SAFE_NO_PAD
            .decode(signature)
            .map_err(|_| wrong("has a signature that is not base64url"))?;
        Ok(Self {
            kind,
            algorithm,
            key_id,
            claims,
            signed,
            signature,
        })
    }
}

impl Jws<'_> {
    /// A claim that has to be a text.
    pub(crate) fn text(&self, name: &str) -> Result<&str, Error> {
        let text = self.claims.get(name).and_then(Value::as_str);
        text.ok_or_else(|| {
            malformed(format!(
                "the {} has no `{name}` that is a string",
                self.kind
            ))
        })
    }

    /// Seconds since 1970 (RFC 7519 section 2, NumericDate).
    pub(crate) fn time(&self, name: &str) -> Result<Option<f64>, Error> {
        let odd = || {
            let kind = self.kind;
            malformed(format!("the {kind} has an `{name}` that is not a number"))
        };
        match self.claims.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => value.as_f64().map(Some).ok_or_else(odd),
        }
    }

    /// Whom it is for.
    pub(crate) fn audiences(&self) -> Result<Vec<String>, Error> {
        audiences(&self.claims, self.kind)
    }
}

/// Whom a token is for: a text or a list of texts (RFC 7519 section 4.1.3).
pub(super) fn audiences(claims: &Map<String, Value>, kind: JwtKind) -> Result<Vec<String>, Error> {
    let odd = || {
        malformed(format!(
            "the {kind} has no `aud` that is a string or a list of strings"
        ))
    };
    match claims.get("aud") {
        Some(Value::String(audience)) => Ok(vec![audience.clone()]),
        Some(Value::Array(audiences)) => audiences
            .iter()
            .map(|audience| audience.as_str().map(str::to_owned).ok_or_else(odd))
            .collect(),
        _ => Err(odd()),
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

fn algorithm(header: &Map<String, Value>, kind: JwtKind) -> Result<Algorithm, Error> {
    let name = header.get("alg").and_then(Value::as_str);
    match name.ok_or_else(|| malformed(format!("the header of the {kind} has no `alg`")))? {
        "none" => Err(malformed(format!(
            "the {kind} is not signed (`alg` is `none`): register the client with another \
             `{}_signed_response_alg`",
            kind.settings()
        ))),
        // RFC 9864 section 2.2.
        "Ed25519" => Ok(Algorithm::EdDsa),
        name => name.parse().map_err(|_| {
            malformed(format!(
                "the {kind} is signed by an algorithm that is not supported: supported are RS256, \
                 RS384, RS512, PS256, PS384, PS512, ES256, ES384 and EdDSA with Ed25519"
            ))
        }),
    }
}

/// Whether an algorithm signs by a secret that the client has as well.
pub(crate) fn is_hmac(algorithm: Algorithm) -> bool {
    matches!(
        algorithm,
        Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512
    )
}

/// Whether an algorithm is among the names of a provider's metadata.
pub(super) fn is_named(algorithm: Algorithm, names: &[String]) -> bool {
    names.iter().any(|name| has_name(algorithm, name))
}

/// Whether a key or metadata mean the algorithm by a name: EdDSA has another one in RFC 9864.
pub(super) fn has_name(algorithm: Algorithm, name: &str) -> bool {
    match name {
        "Ed25519" => algorithm == Algorithm::EdDsa,
        name => name == algorithm.as_str(),
    }
}
