//! The keys that a provider publishes (RFC 7517), and checking signatures by them.

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    self, RsaParameters, RsaPublicKeyComponents, UnparsedPublicKey, VerificationAlgorithm,
};
use serde_json::Value;

use super::jws::has_name;
use super::{Jws, malformed};
use crate::jwt::Algorithm;
use crate::{
    Endpoint, EndpointKind, Error, GenericRequest, Method, Operation, Received, Response, Unusable,
};

/// The most keys that are kept. Providers publish up to about ten.
const MAX_KEYS: usize = 100;

/// The public keys that a provider signs with: its JWK set (RFC 7517 section 5).
///
/// Keys of kinds that are not known, keys that are not for signatures and symmetric keys are left
/// out. `Debug` shows the identifiers.
///
/// ```
/// use tokensmith_runtime::KeySet;
///
/// let keys = KeySet::from_json(r#"{"keys": [
///     {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo", "kid": "1"},
///     {"kty": "oct", "k": "c2VjcmV0", "kid": "2"}
/// ]}"#)?;
/// assert_eq!(format!("{keys:?}"), r#"KeySet(["1"])"#);
/// # Ok::<(), tokensmith_runtime::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct KeySet(Vec<PublicKey>);

#[derive(Clone)]
struct PublicKey {
    id: Option<String>,
    /// The name of the only algorithm that the key is for, where the key says so.
    algorithm: Option<String>,
    material: Material,
}

#[derive(Clone)]
enum Material {
    Rsa {
        n: Vec<u8>,
        e: Vec<u8>,
    },
    /// An uncompressed point: 4, x, y.
    P256(Vec<u8>),
    P384(Vec<u8>),
    Ed25519(Vec<u8>),
}

impl KeySet {
    /// Reads a JWK set.
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if it is not a JSON object with the list `keys`, or has more than
    /// 100 keys.
    pub fn from_json(json: &str) -> Result<Self, Error> {
        let set: Value = serde_json::from_str(json)
            .map_err(|_| malformed("the provider's keys are not a JSON object"))?;
        Self::from_value(&set).map_err(malformed)
    }

    /// The request for the keys at a URL. No credentials are sent.
    pub(crate) fn request(url: String) -> GenericRequest<'static, Self> {
        GenericRequest::new(&KEYS, &READ).path(url)
    }

    fn from_value(set: &Value) -> Result<Self, &'static str> {
        let keys = set.get("keys").and_then(Value::as_array);
        let keys = keys.ok_or("the provider's keys have no list `keys`")?;
        if keys.len() > MAX_KEYS {
            return Err("the provider has more than 100 keys");
        }
        Ok(Self(keys.iter().filter_map(PublicKey::read).collect()))
    }

    /// Whether there is a key for a token, as far as its header says which.
    pub(crate) fn has_key_of(&self, jws: &Jws<'_>) -> bool {
        self.0.iter().any(|key| key.is_of(jws))
    }

    /// Checks the signature of a token.
    pub(crate) fn check(&self, jws: &Jws<'_>) -> Result<(), Error> {
        let mut keys = self.0.iter().filter(|key| key.is_of(jws));
        let Some(key) = keys.next() else {
            let known_by = match jws.key_id {
                Some(_) => "no key for it has the `kid` of its header",
                None => "it has no `kid`",
            };
            return Err(malformed(format!(
                "the provider has no key that the {} can be signed with: its `alg` is {}, and {known_by}",
                jws.kind, jws.algorithm,
            )));
        };
        if keys.next().is_some() {
            return Err(malformed(format!(
                "several keys of the provider fit the {}: its header needs a `kid` that one key has \
                 (OpenID Connect Core section 10.1)",
                jws.kind
            )));
        }
        if key.material.verifies(jws) {
            return Ok(());
        }
        Err(malformed(format!(
            "the signature of the {} is not that of the provider's key",
            jws.kind
        )))
    }
}

impl PublicKey {
    /// Reads a key; `None` for one that checks no signature here.
    fn read(key: &Value) -> Option<Self> {
        let text = |name: &str| key.get(name).and_then(Value::as_str);
        if key.get("use").is_some_and(|usage| usage != "sig") {
            return None;
        }
        if let Some(operations) = key.get("key_ops") {
            let mut operations = operations.as_array()?.iter();
            operations.find(|operation| *operation == "verify")?;
        }
        let number = |name: &str| URL_SAFE_NO_PAD.decode(text(name)?).ok();
        let point = |size: usize| {
            let (x, y) = (number("x")?, number("y")?);
            (x.len() == size && y.len() == size).then(|| [&[4], &*x, &*y].concat())
        };
        let material = match (text("kty")?, text("crv")) {
            ("RSA", _) => Material::Rsa {
                n: significant(number("n")?),
                e: significant(number("e")?),
            },
            ("EC", Some("P-256")) => Material::P256(point(32)?),
            ("EC", Some("P-384")) => Material::P384(point(48)?),
            ("OKP", Some("Ed25519")) => Material::Ed25519(number("x")?),
            _ => return None,
        };
        Some(Self {
            id: text("kid").map(str::to_owned),
            algorithm: match key.get("alg") {
                None => None,
                Some(name) => Some(name.as_str()?.to_owned()),
            },
            material,
        })
    }

    /// Whether a token may be signed with this key (RFC 8725 section 3.1: the key decides which
    /// algorithms may be).
    fn is_of(&self, jws: &Jws<'_>) -> bool {
        let is_named = jws.key_id.is_none() || jws.key_id == self.id;
        let is_for = |name: &str| has_name(jws.algorithm, name);
        is_named
            && self.algorithm.as_deref().is_none_or(is_for)
            && self.material.algorithm(jws.algorithm).is_some()
    }
}

/// How a signature is checked.
enum Check {
    Rsa(&'static RsaParameters),
    Other(&'static dyn VerificationAlgorithm),
}

impl Material {
    fn algorithm(&self, algorithm: Algorithm) -> Option<Check> {
        Some(match (self, algorithm) {
            (Self::Rsa { .. }, Algorithm::RS256) => {
                Check::Rsa(&signature::RSA_PKCS1_2048_8192_SHA256)
            }
            (Self::Rsa { .. }, Algorithm::RS384) => {
                Check::Rsa(&signature::RSA_PKCS1_2048_8192_SHA384)
            }
            (Self::Rsa { .. }, Algorithm::RS512) => {
                Check::Rsa(&signature::RSA_PKCS1_2048_8192_SHA512)
            }
            (Self::Rsa { .. }, Algorithm::PS256) => {
                Check::Rsa(&signature::RSA_PSS_2048_8192_SHA256)
            }
            (Self::Rsa { .. }, Algorithm::PS384) => {
                Check::Rsa(&signature::RSA_PSS_2048_8192_SHA384)
            }
            (Self::Rsa { .. }, Algorithm::PS512) => {
                Check::Rsa(&signature::RSA_PSS_2048_8192_SHA512)
            }
            (Self::P256(_), Algorithm::ES256) => Check::Other(&signature::ECDSA_P256_SHA256_FIXED),
            (Self::P384(_), Algorithm::ES384) => Check::Other(&signature::ECDSA_P384_SHA384_FIXED),
            (Self::Ed25519(_), Algorithm::EdDsa) => Check::Other(&signature::ED25519),
            _ => return None,
        })
    }

    fn verifies(&self, jws: &Jws<'_>) -> bool {
        match (self, self.algorithm(jws.algorithm)) {
            (Self::Rsa { n, e }, Some(Check::Rsa(parameters))) => RsaPublicKeyComponents { n, e }
                .verify(parameters, jws.signed, &jws.signature)
                .is_ok(),
            (
                Self::P256(point) | Self::P384(point) | Self::Ed25519(point),
                Some(Check::Other(algorithm)),
            ) => UnparsedPublicKey::new(algorithm, point)
                .verify(jws.signed, &jws.signature)
                .is_ok(),
            _ => false,
        }
    }
}

/// A number without zeros before it: ring takes no others, and some providers write them.
fn significant(number: Vec<u8>) -> Vec<u8> {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    number.get(zeros..).unwrap_or_default().to_vec()
}

impl fmt::Debug for KeySet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids: Vec<_> = self
            .0
            .iter()
            .map(|key| key.id.as_deref().unwrap_or_default())
            .collect();
        formatter.debug_tuple("KeySet").field(&ids).finish()
    }
}

static KEYS: Endpoint<'static> = Endpoint::new(EndpointKind::Metadata, &[""])
    .with_method(Method::Get)
    .with_accept("application/jwk-set+json, application/json");
static READ: Operation<'static> = Operation::new();

impl Response for KeySet {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        let body = received.body().unwrap_or(&Value::Null);
        Self::from_value(body).map_err(Unusable::new)
    }
}
