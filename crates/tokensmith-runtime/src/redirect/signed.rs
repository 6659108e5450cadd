//! Signed authorization responses (JWT Secured Authorization Response Mode for OAuth 2.0, JARM).

use std::time::{SystemTime, UNIX_EPOCH};

use super::parameters::Parameters;
use super::problem::RedirectProblem;
use super::read::{NOT_SIGNED, OTHER_STATE};
use super::{PendingAuthorization, Redirect, malformed};
use crate::jwt::Algorithm;
use crate::openid::{Jws, JwtKind, is_hmac, is_named};
use crate::{Error, KeySet, Secret};

/// How far two clocks may be apart, in seconds.
const CLOCK_SKEW: f64 = 30.0;

/// Whom a signed response has to be from and for.
pub(crate) struct SignedBy<'c> {
    pub(crate) issuer: &'c str,
    pub(crate) client_id: &'c str,
    /// The algorithms that the provider's metadata name.
    pub(crate) algorithms: Option<&'c [String]>,
}

impl PendingAuthorization {
    /// Reads a signed response, as [`redirect`](Self::redirect) reads one that is not signed, and
    /// checks it: that it is from the issuer, for this client and not expired, and that it is signed
    /// by a key of the issuer. `Client::redirect` fetches the keys. The algorithm has to be RS256.
    ///
    /// # Errors
    ///
    /// As there, and of the kind `malformed`, with the problem `Unverified`, if the response is not
    /// signed or is not the issuer's; `config` if the issuer is not known.
    pub fn signed_redirect(
        &self,
        url: &str,
        client_id: &str,
        keys: &KeySet,
        now: SystemTime,
    ) -> Result<Redirect, Error> {
        let token = self.signed_response(url)?;
        let jws = self.read_signed(&token)?;
        let issuer = self.issuer().ok_or_else(|| {
            Error::config("the issuer of signed responses is not known: set it by `with_issuer`")
        })?;
        let expected = SignedBy {
            issuer,
            client_id,
            algorithms: None,
        };
        self.check_signed(&jws, &expected, now)?;
        self.accept_signed(&jws, keys)
    }

    /// The signed response among the parameters of a redirect.
    pub(crate) fn signed_response(&self, url: &str) -> Result<Secret, Error> {
        let mut parameters = Parameters::read(url)?;
        parameters.check_each_is_once()?;
        let response = parameters.take("response").map(Secret::from);
        response.ok_or_else(|| malformed(RedirectProblem::Unverified, NOT_SIGNED))
    }

    /// Reads a signed response and compares its `state`. Nothing else of it is looked at before.
    pub(crate) fn read_signed<'t>(&self, token: &'t Secret) -> Result<Jws<'t>, Error> {
        let jws = Jws::read(token.expose(), JwtKind::AuthorizationResponse);
        let jws = jws.map_err(unverified)?;
        let state = jws.claims.get("state").and_then(|state| state.as_str());
        let state = state.map(Secret::from);
        if self.state.is_empty() || state.as_ref() != Some(&self.state) {
            return Err(malformed(RedirectProblem::OtherState, OTHER_STATE));
        }
        Ok(jws)
    }

    /// Checks all but the signature (JARM section 2.4).
    pub(crate) fn check_signed(
        &self,
        jws: &Jws<'_>,
        expected: &SignedBy<'_>,
        now: SystemTime,
    ) -> Result<(), Error> {
        check_algorithm(jws, expected.algorithms)?;
        let issuer = jws.text("iss").map_err(unverified)?;
        let own = self.issuer().unwrap_or(expected.issuer);
        if issuer != expected.issuer || own != expected.issuer {
            return Err(malformed(
                RedirectProblem::OtherIssuer,
                "the redirect comes from another issuer: `iss` of the signed response is not the expected one",
            ));
        }
        let audiences = jws.audiences().map_err(unverified)?;
        if audiences
            .iter()
            .all(|audience| audience != expected.client_id)
        {
            return Err(refused("is for another client: `aud` is not the client id"));
        }
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default();
        let now = now.as_secs_f64();
        let expires = jws.time("exp").map_err(unverified)?;
        match expires {
            None => return Err(refused("has no `exp`")),
            Some(expires) if expires <= now - CLOCK_SKEW => {
                return Err(refused(
                    "has expired (`exp`): if it is new, look at the clock of this machine",
                ));
            }
            Some(_) => {}
        }
        for name in ["iat", "nbf"] {
            let from = jws.time(name).map_err(unverified)?;
            if from.is_some_and(|from| from > now + CLOCK_SKEW) {
                return Err(refused(
                    "is not valid yet (`iat` or `nbf`): look at the clock of this machine",
                ));
            }
        }
        Ok(())
    }

    /// Checks the signature of a response whose content was checked, and reads it.
    pub(crate) fn accept_signed(&self, jws: &Jws<'_>, keys: &KeySet) -> Result<Redirect, Error> {
        keys.check(jws).map_err(unverified)?;
        self.accept(Parameters::of_claims(&jws.claims))
    }
}

fn check_algorithm(jws: &Jws<'_>, supported: Option<&[String]>) -> Result<(), Error> {
    let algorithm = jws.algorithm;
    if is_hmac(algorithm) {
        return Err(refused(
            "is signed by a shared secret, which is not supported: register the client with another \
             `authorization_signed_response_alg`",
        ));
    }
    let is_expected = match supported {
        Some(supported) => is_named(algorithm, supported),
        None => algorithm == Algorithm::RS256,
    };
    match is_expected {
        true => Ok(()),
        false => Err(refused(
            "is signed by another algorithm than `authorization_signing_alg_values_supported` of the \
             provider's metadata has, or RS256 if they have none",
        )),
    }
}

fn refused(what: &str) -> Error {
    let message = format!("the {} {what}", JwtKind::AuthorizationResponse);
    malformed(RedirectProblem::Unverified, message)
}

/// The same error about a redirect.
fn unverified(error: Error) -> Error {
    let mut report = error.into_report();
    report.redirect = Some(RedirectProblem::Unverified);
    report.into()
}
