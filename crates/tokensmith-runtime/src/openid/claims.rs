//! Whom a JWT is from and for, and when it holds (RFC 7519 section 4.1): what is the same for ID
//! tokens and for signed authorization responses.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::jws::{Jws, JwtKind, is_named};
use super::{ProviderFacts, malformed};
use crate::jwt::Algorithm;
use crate::{Credentials, Error, Secret};

/// How far two clocks may be apart, unless it is set.
pub(crate) const CLOCK_SKEW: Duration = Duration::from_secs(30);

/// Whom a JWT has to be from and for.
pub(crate) struct Parties<'c> {
    pub(crate) issuer: &'c str,
    pub(crate) client_id: &'c str,
    pub(crate) client_secret: Option<&'c Secret>,
    /// The algorithms that the provider's metadata name for such JWTs.
    pub(crate) algorithms: Option<&'c [String]>,
}

impl<'c> Parties<'c> {
    pub(crate) fn new(
        issuer: &'c str,
        credentials: &'c Credentials,
        facts: &'c ProviderFacts,
        kind: JwtKind,
    ) -> Self {
        let algorithms = match kind {
            JwtKind::IdToken => &facts.algorithms,
            JwtKind::AuthorizationResponse => &facts.response_algorithms,
        };
        Self {
            issuer,
            client_id: credentials.id(),
            client_secret: credentials.secret(),
            algorithms: algorithms.as_deref(),
        }
    }

    /// Whether the provider's metadata name the algorithm; where they name none, it is RS256
    /// (OpenID Connect Core section 3.1.3.7 (7), JARM section 3).
    pub(crate) fn expect_algorithm(&self, algorithm: Algorithm) -> bool {
        match self.algorithms {
            Some(names) => is_named(algorithm, names),
            None => algorithm == Algorithm::RS256,
        }
    }

    /// Checks `iss`. `shown` masks what the JWT says.
    pub(crate) fn check_issuer(
        &self,
        jws: &Jws<'_>,
        shown: &dyn Fn(&str) -> String,
    ) -> Result<(), Error> {
        let issuer = jws.text("iss")?;
        if issuer == self.issuer {
            return Ok(());
        }
        Err(malformed(format!(
            "the {} is from another issuer: `iss` is `{}`, expected is `{}`",
            jws.kind,
            shown(issuer),
            self.issuer
        )))
    }

    /// Checks that the client is among the `aud`, which are returned.
    pub(crate) fn check_audience(
        &self,
        jws: &Jws<'_>,
        shown: &dyn Fn(&str) -> String,
    ) -> Result<Vec<String>, Error> {
        let audiences = jws.audiences()?;
        if audiences.iter().any(|audience| audience == self.client_id) {
            return Ok(audiences);
        }
        Err(malformed(format!(
            "the {} is for another client: `aud` is `{}`, expected is the client id `{}`",
            jws.kind,
            shown(&audiences.join("`, `")),
            self.client_id
        )))
    }
}

/// Checks `exp`, which has to be there, and `iat` and `nbf` where they are.
pub(crate) fn check_times(jws: &Jws<'_>, skew: Duration, now: SystemTime) -> Result<(), Error> {
    let (kind, now, skew) = (jws.kind, since_1970(now), skew.as_secs_f64());
    let expires = jws.time("exp")?;
    let expires = expires.ok_or_else(|| malformed(format!("the {kind} has no `exp`")))?;
    if expires <= now - skew {
        return Err(malformed(format!(
            "the {kind} expired {} ago (`exp`): if it is new, look at the clock of this machine",
            seconds(now - expires)
        )));
    }
    for name in ["iat", "nbf"] {
        let Some(from) = jws.time(name)?.filter(|from| *from > now + skew) else {
            continue;
        };
        return Err(malformed(format!(
            "the {kind} begins in {} (`{name}`): look at the clock of this machine",
            seconds(from - now)
        )));
    }
    Ok(())
}

/// Seconds since 1970, as JWTs have them.
pub(super) fn since_1970(now: SystemTime) -> f64 {
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs_f64()
}

/// A number of seconds, for people.
pub(super) fn seconds(seconds: f64) -> String {
    let duration = Duration::try_from_secs_f64(seconds.abs().round());
    duration.map_or_else(|_| "ages".to_owned(), |duration| format!("{duration:?}"))
}
