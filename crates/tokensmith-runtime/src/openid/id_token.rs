//! An ID token that was checked.

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::jws::{JwtKind, audiences};
use super::malformed;
use crate::jwt::Algorithm;
use crate::{Error, Extra};

/// What an ID token says of who signed in (OpenID Connect Core section 2). It was checked as
/// section 3.1.3.7 asks.
///
/// `P` says why it is believed: [`BySignature`] or [`ByTls`]. Code that passes an ID token on, or
/// acts on one that came by another way than the token endpoint, asks for `IdToken<BySignature>`.
///
/// `Debug` shows the names of the claims only.
#[derive(Clone)]
pub struct IdToken<P = BySignature> {
    claims: Extra,
    issuer: String,
    subject: String,
    audiences: Vec<String>,
    algorithm: Algorithm,
    proof: PhantomData<fn() -> P>,
}

/// The signature was checked by a key of the provider, or by the client's secret.
#[derive(Debug, Clone, Copy)]
pub enum BySignature {}

/// The signature was not checked: the ID token came from the token endpoint over TLS, which
/// OpenID Connect Core section 3.1.3.7 (6) allows to take its place.
#[derive(Debug, Clone, Copy)]
pub enum ByTls {}

/// Why an ID token is believed: [`BySignature`] or [`ByTls`].
pub trait Proof: sealed::Sealed {}

impl Proof for BySignature {}
impl Proof for ByTls {}

mod sealed {
    pub trait Sealed {}
    impl Sealed for super::BySignature {}
    impl Sealed for super::ByTls {}
}

impl<P: Proof> IdToken<P> {
    /// Takes over what was checked.
    pub(super) fn new(claims: Map<String, Value>, algorithm: Algorithm) -> Result<Self, Error> {
        let text = |name: &str| {
            let text = claims.get(name).and_then(Value::as_str);
            text.filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Ok(Self {
            issuer: text("iss").ok_or_else(|| malformed("the ID token has no `iss`"))?,
            subject: text("sub").ok_or_else(|| malformed("the ID token has no `sub`"))?,
            audiences: audiences(&claims, JwtKind::IdToken)?,
            algorithm,
            claims: claims.into(),
            proof: PhantomData,
        })
    }

    /// Returns who says so: `iss`.
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// Returns who signed in: `sub`. It identifies a person together with [`issuer`](Self::issuer)
    /// only; an email address does not identify anybody (OpenID Connect Core section 5.7).
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Returns whom it is for: `aud`. The client is among them.
    pub fn audiences(&self) -> &[String] {
        &self.audiences
    }

    /// Returns the algorithm that it is signed by, as its header says.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Returns when it expires: `exp`.
    pub fn expires_at(&self) -> Option<SystemTime> {
        self.time("exp")
    }

    /// Returns when it was issued: `iat`.
    pub fn issued_at(&self) -> Option<SystemTime> {
        self.time("iat")
    }

    /// Returns when the person last proved who they are: `auth_time`. It is there for certain only
    /// if `max_age` was asked for.
    pub fn auth_time(&self) -> Option<SystemTime> {
        self.time("auth_time")
    }

    fn time(&self, name: &str) -> Option<SystemTime> {
        let seconds = self.claims.get(name)?.as_f64()?;
        let since = Duration::try_from_secs_f64(seconds).ok()?;
        UNIX_EPOCH.checked_add(since)
    }

    /// Returns any claim: `email`, `name`, `acr`, or one of the provider's own.
    pub fn claim(&self, name: &str) -> Option<&Value> {
        self.claims.get(name)
    }

    /// Returns all claims.
    pub fn claims(&self) -> &Extra {
        &self.claims
    }

    /// Reads the claims into a type of the caller's own.
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if they do not fit. The error does not show them.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T, Error> {
        read(&self.claims, "the claims of the ID token")
    }
}

/// Reads claims into a type.
pub(super) fn read<T: DeserializeOwned>(claims: &Extra, what: &str) -> Result<T, Error> {
    let claims: Map<_, _> = claims
        .iter()
        .map(|(name, value)| (name.to_owned(), value.clone()))
        .collect();
    // Serde's own error quotes values.
    serde_path_to_error::deserialize(Value::Object(claims)).map_err(|error| {
        let path = error.path().to_string();
        malformed(format!("{what} do not have the expected form at `{path}`"))
    })
}

impl<P> fmt::Debug for IdToken<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("IdToken")
            .field("issuer", &self.issuer)
            .field("claims", &self.claims)
            .finish_non_exhaustive()
    }
}
