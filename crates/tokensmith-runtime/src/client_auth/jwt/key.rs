//! The keys that tokens are signed with.

use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::digest::{SHA1_FOR_LEGACY_USE_ONLY, SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512,
    RSA_PSS_SHA256, RSA_PSS_SHA384, RSA_PSS_SHA512, RsaEncoding, RsaKeyPair,
};
use ring::{error::Unspecified, hmac};
use rustls_pki_types::pem::PemObject as _;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};

use super::Algorithm;
use crate::{Error, Secret};

/// A key and the algorithm it signs by. Cheap to clone.
#[derive(Clone)]
pub struct Key {
    algorithm: Algorithm,
    pair: Arc<Pair>,
    id: Option<String>,
    /// The name of the header member, and its value.
    thumbprint: Option<(&'static str, String)>,
}

pub(super) enum Pair {
    Hmac(hmac::Key),
    Rsa(Box<RsaKeyPair>, &'static dyn RsaEncoding),
    Ecdsa(EcdsaKeyPair),
    Ed25519(Ed25519KeyPair),
}

/// Which digest of a certificate names it in a token's header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Thumbprint {
    /// `x5t` (RFC 7515 section 4.1.7), for servers that know no other.
    Sha1,
    /// `x5t#S256` (RFC 7515 section 4.1.8).
    Sha256,
}

impl Key {
    /// A private key out of PEM text: PKCS #8 (`PRIVATE KEY`), for RSA also PKCS #1 (`RSA PRIVATE
    /// KEY`).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if there is no such key in the text, or the algorithm takes another
    /// one.
    pub fn from_pem(pem: &Secret, algorithm: Algorithm) -> Result<Self, Error> {
        let key = PrivateKeyDer::from_pem_slice(pem.expose().as_bytes()).map_err(|_| {
            Error::config(
                "expected a private key in PEM, which begins with `-----BEGIN PRIVATE KEY-----`",
            )
        })?;
        Self::from_private_key(&key, algorithm)
    }

    /// A private key in DER: PKCS #8, for RSA also PKCS #1.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if it cannot be read, or the algorithm takes another one.
    pub fn from_der(der: &[u8], algorithm: Algorithm) -> Result<Self, Error> {
        let key = PrivateKeyDer::try_from(der).map_err(|_| {
            Error::config("expected a private key in DER: PKCS #8, or PKCS #1 for RSA")
        })?;
        Self::from_private_key(&key, algorithm)
    }

    fn from_private_key(key: &PrivateKeyDer<'_>, algorithm: Algorithm) -> Result<Self, Error> {
        let pair = match algorithm {
            Algorithm::HS256 | Algorithm::HS384 | Algorithm::HS512 => {
                return Err(Error::config(
                    "HS256, HS384 and HS512 sign with a shared secret: see `Key::from_secret`",
                ));
            }
            Algorithm::RS256 => rsa(key, &RSA_PKCS1_SHA256),
            Algorithm::RS384 => rsa(key, &RSA_PKCS1_SHA384),
            Algorithm::RS512 => rsa(key, &RSA_PKCS1_SHA512),
            Algorithm::PS256 => rsa(key, &RSA_PSS_SHA256),
            Algorithm::PS384 => rsa(key, &RSA_PSS_SHA384),
            Algorithm::PS512 => rsa(key, &RSA_PSS_SHA512),
            Algorithm::ES256 => ecdsa(key, &ECDSA_P256_SHA256_FIXED_SIGNING),
            Algorithm::ES384 => ecdsa(key, &ECDSA_P384_SHA384_FIXED_SIGNING),
            Algorithm::EdDsa => ed25519(key),
        };
        let pair = pair.ok_or_else(|| {
            let wanted = wanted(algorithm);
            Error::config(format!(
                "{algorithm} takes {wanted} in PKCS #8: `openssl pkcs8 -topk8 -nocrypt -in KEY` makes one of other forms"
            ))
        })?;
        Ok(Self::new(algorithm, pair))
    }

    /// A secret that both sides have.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the algorithm takes no secret, the secret is empty, or it is a key
    /// of another kind or a certificate: whoever has the public half could sign (RFC 8725 section
    /// 2.1).
    pub fn from_secret(secret: &Secret, algorithm: Algorithm) -> Result<Self, Error> {
        let hmac = match algorithm {
            Algorithm::HS256 => hmac::HMAC_SHA256,
            Algorithm::HS384 => hmac::HMAC_SHA384,
            Algorithm::HS512 => hmac::HMAC_SHA512,
            _ => {
                return Err(Error::config(format!(
                    "{algorithm} signs with a private key: see `Key::from_pem`"
                )));
            }
        };
        if secret.is_empty() {
            return Err(Error::config(
                "a token cannot be signed with an empty secret",
            ));
        }
        if is_public_or_private_key(secret.expose()) {
            return Err(Error::config(format!(
                "a key or certificate is given as the secret of {algorithm}, which signs with a shared secret: \
                 sign with the private key (`Key::from_pem`, private_key_jwt) or give the client secret"
            )));
        }
        let key = hmac::Key::new(hmac, secret.expose().as_bytes());
        Ok(Self::new(algorithm, Pair::Hmac(key)))
    }

    pub(super) fn new(algorithm: Algorithm, pair: Pair) -> Self {
        Self {
            algorithm,
            pair: Arc::new(pair),
            id: None,
            thumbprint: None,
        }
    }

    /// Sets the identifier that the server knows the key by: `kid` (RFC 7515 section 4.1.4).
    #[must_use]
    pub fn with_id(mut self, id: impl Into<String>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// Names the certificate of the key, given in PEM, by its thumbprint.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the text holds no certificate.
    pub fn with_certificate(mut self, pem: &str, thumbprint: Thumbprint) -> Result<Self, Error> {
        let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| {
            Error::config(
                "expected a certificate in PEM, which begins with `-----BEGIN CERTIFICATE-----`",
            )
        })?;
        let (name, algorithm) = match thumbprint {
            Thumbprint::Sha1 => ("x5t", &SHA1_FOR_LEGACY_USE_ONLY),
            Thumbprint::Sha256 => ("x5t#S256", &SHA256),
        };
        self.thumbprint = Some((
            name,
            URL_SAFE_NO_PAD.encode(digest(algorithm, &certificate)),
        ));
        Ok(self)
    }

    /// The algorithm.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    pub(super) fn thumbprint(&self) -> Option<(&'static str, &str)> {
        self.thumbprint
            .as_ref()
            .map(|(name, value)| (*name, value.as_str()))
    }

    pub(crate) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        let signature = match &*self.pair {
            Pair::Hmac(key) => Ok(hmac::sign(key, message).as_ref().to_vec()),
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature)
                    .map(|()| signature)
            }
            Pair::Ecdsa(pair) => pair
                .sign(&random, message)
                .map(|signature| signature.as_ref().to_vec()),
            Pair::Ed25519(pair) => Ok(pair.sign(message).as_ref().to_vec()),
        };
        signature.map_err(|Unspecified| {
            Error::config("the key cannot sign: an RSA key may be too short")
        })
    }

    /// Whether a signature is that of a shared secret; never for a key of another kind.
    #[cfg(feature = "oidc")]
    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        match &*self.pair {
            Pair::Hmac(key) => hmac::verify(key, message, signature).is_ok(),
            Pair::Rsa(..) | Pair::Ecdsa(_) | Pair::Ed25519(_) => false,
        }
    }

    /// A text that tells it from other keys, and from which it cannot be learnt.
    pub(super) fn identity(&self) -> String {
        use ring::signature::KeyPair as _;
        let bytes = match &*self.pair {
            Pair::Hmac(key) => hmac::sign(key, b"identity").as_ref().to_vec(),
            Pair::Rsa(pair, _) => pair.public().as_ref().to_vec(),
            Pair::Ecdsa(pair) => pair.public_key().as_ref().to_vec(),
            Pair::Ed25519(pair) => pair.public_key().as_ref().to_vec(),
        };
        let encoded = URL_SAFE_NO_PAD.encode(bytes);
        format!(
            "{:?} {:?} {:?} {encoded}",
            self.algorithm, self.id, self.thumbprint
        )
    }

    pub(crate) fn public(&self) -> Option<Public<'_>> {
        use ring::signature::KeyPair as _;
        match &*self.pair {
            Pair::Hmac(_) => None,
            Pair::Rsa(pair, _) => Some(Public::Rsa(pair.public().into())),
            Pair::Ecdsa(pair) => Some(Public::Ec(pair.public_key().as_ref())),
            Pair::Ed25519(pair) => Some(Public::Ed25519(pair.public_key().as_ref())),
        }
    }
}

/// The half of a key that everybody may know.
pub(crate) enum Public<'a> {
    Rsa(ring::rsa::PublicKeyComponents<Vec<u8>>),
    /// An uncompressed point: 4, x, y.
    Ec(&'a [u8]),
    Ed25519(&'a [u8]),
}

/// Whether a text is half of a pair of keys or a certificate: PEM, also in base64, a line of
/// OpenSSH, or an asymmetric JWK.
fn is_public_or_private_key(text: &str) -> bool {
    let text = text.trim_start_matches('\u{feff}').trim();
    let is_openssh = ["ssh-", "ecdsa-sha2-", "sk-ssh-", "sk-ecdsa-"]
        .iter()
        .any(|start| text.starts_with(start) && text.contains(' '));
    let is_jwk = || {
        let jwk: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        jwk.get("keys").is_some() || jwk.get("kty").is_some_and(|kind| kind != "oct")
    };
    // The base64 of `-----BEGIN `.
    text.contains("-----BEGIN ")
        || text.starts_with("LS0tLS1CRUdJTi")
        || is_openssh
        || (text.starts_with('{') && is_jwk())
}

fn rsa(key: &PrivateKeyDer<'_>, encoding: &'static dyn RsaEncoding) -> Option<Pair> {
    let pair = match key {
        PrivateKeyDer::Pkcs8(key) => RsaKeyPair::from_pkcs8(key.secret_pkcs8_der()),
        PrivateKeyDer::Pkcs1(key) => RsaKeyPair::from_der(key.secret_pkcs1_der()),
        _ => return None,
    };
    Some(Pair::Rsa(Box::new(pair.ok()?), encoding))
}

fn ecdsa(key: &PrivateKeyDer<'_>, algorithm: &'static EcdsaSigningAlgorithm) -> Option<Pair> {
    let PrivateKeyDer::Pkcs8(key) = key else {
        return None;
    };
    let random = SystemRandom::new();
    let pair = EcdsaKeyPair::from_pkcs8(algorithm, key.secret_pkcs8_der(), &random);
    pair.ok().map(Pair::Ecdsa)
}

fn ed25519(key: &PrivateKeyDer<'_>) -> Option<Pair> {
    let PrivateKeyDer::Pkcs8(key) = key else {
        return None;
    };
    let pair = Ed25519KeyPair::from_pkcs8_maybe_unchecked(key.secret_pkcs8_der());
    pair.ok().map(Pair::Ed25519)
}

fn wanted(algorithm: Algorithm) -> &'static str {
    match algorithm {
        Algorithm::ES256 => "a private key on the curve P-256",
        Algorithm::ES384 => "a private key on the curve P-384",
        Algorithm::EdDsa => "an Ed25519 private key",
        _ => "an RSA private key of at least 2048 bits",
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Key")
            .field("algorithm", &self.algorithm)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}
