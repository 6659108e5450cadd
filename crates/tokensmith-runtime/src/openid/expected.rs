//! What an ID token is held against.

use std::time::{Duration, SystemTime};

use super::claims::{CLOCK_SKEW, Parties};
use super::id_token_check::{Original, check_access_token, check_claims};
use super::{ByTls, IdToken, Jws, JwtKind, KeySet, Proof, is_hmac, malformed};
use crate::jwt::{self, Algorithm};
use crate::{Error, Secret};

/// What an ID token has to say, beside what always holds: the nonce and the age of an
/// authorization, and what a program expects of its own.
///
/// Made of a [`PendingAuthorization`](crate::PendingAuthorization), it expects the nonce and the `max_age` of that. Made by
/// [`new`](Self::new), it expects neither, as for the grant of a device: an ID token with a nonce
/// is refused then.
///
/// ```
/// use std::time::Duration;
/// use tokensmith_runtime::{ExpectedIdToken, PendingAuthorization};
///
/// let pending = PendingAuthorization::new("af0ifjsldkj").with_nonce("n-0S6_WzA2Mj");
/// let expected = ExpectedIdToken::from(&pending).with_clock_skew(Duration::from_secs(5));
/// ```
#[derive(Debug, Clone)]
pub struct ExpectedIdToken {
    nonce: Option<Secret>,
    max_age: Option<Duration>,
    clock_skew: Duration,
    algorithms: Option<Vec<Algorithm>>,
    original: Option<Original>,
}

impl Default for ExpectedIdToken {
    fn default() -> Self {
        Self::new()
    }
}

impl ExpectedIdToken {
    pub(crate) fn of_authorization(nonce: Option<Secret>, max_age: Option<Duration>) -> Self {
        Self {
            nonce,
            max_age,
            ..Self::new()
        }
    }

    /// Expects no nonce, and no age.
    pub fn new() -> Self {
        Self {
            nonce: None,
            max_age: None,
            clock_skew: CLOCK_SKEW,
            algorithms: None,
            original: None,
        }
    }

    /// Expects what the response to a refresh may hold (OpenID Connect Core section 12.2): the
    /// issuer, the subject, the audiences and the `azp` of the first ID token and, where there are
    /// any, its `auth_time` and its nonce.
    pub fn refreshed<P: Proof>(first: &IdToken<P>) -> Self {
        Self {
            original: Some(Original::of(first.claims())),
            ..Self::new()
        }
    }

    /// Expects this nonce (OpenID Connect Core section 3.1.2.1).
    #[must_use]
    pub fn with_nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// Expects that the person proved who they are no longer ago than this either, if there is a
    /// limit.
    #[must_use]
    pub fn within(mut self, age: Option<Duration>) -> Self {
        self.max_age = match (self.max_age, age) {
            (Some(own), Some(age)) => Some(own.min(age)),
            (own, age) => own.or(age),
        };
        self
    }

    /// Expects that the person proved who they are no longer ago: the `max_age` of the
    /// authorization request. The ID token has to have an `auth_time` then.
    #[must_use]
    pub fn with_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Sets how far the provider's clock may be from this machine's: 30 seconds unless set.
    #[must_use]
    pub fn with_clock_skew(mut self, skew: Duration) -> Self {
        self.clock_skew = skew;
        self
    }

    /// Sets the algorithms that the provider may sign by, such as the client's
    /// `id_token_signed_response_alg`. Unless set, they are those of the provider's metadata, or
    /// RS256 where it names none.
    ///
    /// HS256, HS384 and HS512 count only if they are named here: they are checked by the client's
    /// secret, which then has to be one that nobody can guess.
    #[must_use]
    pub fn with_algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = Some(algorithms.into_iter().collect());
        self
    }

    /// Checks an ID token and its signature by the keys of its issuer, at this time by this
    /// machine's clock. `access_token` is the one that came with it, which `at_hash` is compared
    /// with.
    ///
    /// ```
    /// use std::time::SystemTime;
    /// use tokensmith_runtime::{Credentials, Error, ExpectedIdToken, IdToken, KeySet, Token};
    ///
    /// fn who(token: &Token, keys: &KeySet, client: &Credentials) -> Result<IdToken, Error> {
    ///     let id_token = token.id_token.as_ref().expect("asked for `openid`");
    ///     let expected = ExpectedIdToken::new().with_nonce("n-0S6_WzA2Mj");
    ///     let (issuer, now) = ("https://server.example", SystemTime::now());
    ///     expected.check(id_token, Some(&token.access_token), issuer, client, keys, now)
    /// }
    /// ```
    ///
    /// # Errors
    ///
    /// Of the kind `malformed`, with the claim that is wrong. No error shows the token.
    pub fn check(
        &self,
        id_token: &Secret,
        access_token: Option<&Secret>,
        issuer: &str,
        credentials: &crate::Credentials,
        keys: &KeySet,
        now: SystemTime,
    ) -> Result<IdToken, Error> {
        let jws = Jws::read(id_token.expose(), JwtKind::IdToken)?;
        let client = Parties {
            issuer,
            client_id: credentials.id(),
            client_secret: credentials.secret(),
            algorithms: None,
        };
        self.check_content(&jws, access_token, &client, now)?;
        self.check_signature(&jws, &client, Some(keys))
    }

    /// Checks all but the signature.
    pub(crate) fn check_content(
        &self,
        jws: &Jws<'_>,
        access_token: Option<&Secret>,
        client: &Parties<'_>,
        now: SystemTime,
    ) -> Result<(), Error> {
        self.check_algorithm(jws.algorithm, client)?;
        check_claims(self, jws, client, now)?;
        if let Some(original) = &self.original {
            original.check(&jws.claims)?;
        }
        check_access_token(jws, access_token)
    }

    /// Checks the signature of a token whose content was checked: by the client's secret for HMAC,
    /// else by the keys.
    pub(crate) fn check_signature(
        &self,
        jws: &Jws<'_>,
        client: &Parties<'_>,
        keys: Option<&KeySet>,
    ) -> Result<IdToken, Error> {
        match keys.filter(|_| !is_hmac(jws.algorithm)) {
            Some(keys) => keys.check(jws)?,
            None => check_hmac(jws, client)?,
        }
        IdToken::new(jws.claims.clone(), jws.algorithm)
    }

    /// Takes a token whose content was checked, and that came over TLS. That of HMAC is checked
    /// all the same: its key is at hand.
    pub(crate) fn trust_tls(
        &self,
        jws: &Jws<'_>,
        client: &Parties<'_>,
    ) -> Result<IdToken<ByTls>, Error> {
        if is_hmac(jws.algorithm) {
            check_hmac(jws, client)?;
        }
        IdToken::new(jws.claims.clone(), jws.algorithm)
    }

    fn check_algorithm(&self, algorithm: Algorithm, client: &Parties<'_>) -> Result<(), Error> {
        let is_expected = match &self.algorithms {
            Some(expected) => expected.contains(&algorithm),
            None if is_hmac(algorithm) => {
                return Err(malformed(format!(
                    "the ID token is signed by {algorithm}, which anybody with the client's secret can \
                     do: allow it by `ExpectedIdToken::with_algorithms` if the client is registered \
                     with it"
                )));
            }
            None => client.expect_algorithm(algorithm),
        };
        if is_expected {
            return Ok(());
        }
        let expected = match (&self.algorithms, client.algorithms) {
            (Some(_), _) => "those that `ExpectedIdToken::with_algorithms` names",
            (None, Some(_)) => {
                "the `id_token_signing_alg_values_supported` of the provider's metadata"
            }
            (None, None) => "RS256, unless `ExpectedIdToken::with_algorithms` names others",
        };
        Err(malformed(format!(
            "the ID token is signed by {algorithm}; expected are {expected}"
        )))
    }

    pub(super) fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }

    pub(super) fn is_refresh(&self) -> bool {
        self.original.is_some()
    }

    pub(super) fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    pub(super) fn clock_skew(&self) -> Duration {
        self.clock_skew
    }
}

fn check_hmac(jws: &Jws<'_>, client: &Parties<'_>) -> Result<(), Error> {
    if !is_hmac(jws.algorithm) {
        return Err(malformed(
            "the ID token cannot be checked without the provider's keys",
        ));
    }
    let secret = client.client_secret.ok_or_else(|| {
        Error::config(format!(
            "the ID token is signed by {}, and the client has no secret to check it by",
            jws.algorithm
        ))
    })?;
    let length = match jws.algorithm {
        Algorithm::HS256 => 32,
        Algorithm::HS384 => 48,
        _ => 64,
    };
    if secret.expose().len() < length {
        return Err(Error::config(format!(
            "the client's secret is too short for {}, which needs {length} bytes (RFC 7518 section 3.2): \
             whoever sees one ID token could find it",
            jws.algorithm
        )));
    }
    let key = jwt::Key::from_secret(secret, jws.algorithm)?;
    if key.verifies(jws.signed, &jws.signature) {
        return Ok(());
    }
    Err(malformed(
        "the signature of the ID token is not that of the client's secret",
    ))
}
