//! Signed authorization responses (JWT Secured Authorization Response Mode for OAuth 2.0, JARM).

use std::time::SystemTime;

use super::parameters::Parameters;
use super::read::{NOT_SIGNED, OTHER_STATE};
use super::{PendingAuthorization, Redirect, malformed};
use crate::error::redirect_problem::RedirectProblem;
use crate::jwt::Algorithm;
use crate::openid::claims::{CLOCK_SKEW, check_times};
use crate::openid::{Jws, JwtKind, Parties, is_hmac};
use crate::{Error, KeySet, Secret};

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
        let expected = Parties {
            issuer,
            client_id,
            client_secret: None,
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
        expected: &Parties<'_>,
        now: SystemTime,
    ) -> Result<(), Error> {
        check_algorithm(jws.algorithm, expected)?;
        let secret = expected.client_secret.map(Secret::expose);
        let shown = |text: &str| self.mask(secret.into_iter()).line(text);
        jws.text("iss").map_err(unverified)?;
        let from = expected.check_issuer(jws, &shown);
        from.map_err(|error| about_redirect(error, RedirectProblem::OtherIssuer))?;
        if let Some(own) = self.issuer().filter(|own| *own != expected.issuer) {
            let message = format!(
                "the redirect comes from another issuer than the one that the authorization began \
                 at: from `{}`, expected is `{own}`",
                expected.issuer
            );
            return Err(malformed(RedirectProblem::OtherIssuer, message));
        }
        expected.check_audience(jws, &shown).map_err(unverified)?;
        check_times(jws, CLOCK_SKEW, now).map_err(unverified)
    }

    /// Checks the signature of a response whose content was checked, and reads it.
    pub(crate) fn accept_signed(&self, jws: &Jws<'_>, keys: &KeySet) -> Result<Redirect, Error> {
        keys.check(jws).map_err(unverified)?;
        self.accept(Parameters::of_claims(&jws.claims))
    }
}

fn check_algorithm(algorithm: Algorithm, expected: &Parties<'_>) -> Result<(), Error> {
    let kind = JwtKind::AuthorizationResponse;
    let problem = if is_hmac(algorithm) {
        "a shared secret, which is not supported: register the client with another \
         `authorization_signed_response_alg`"
    } else if expected.expect_algorithm(algorithm) {
        return Ok(());
    } else {
        "another algorithm than `authorization_signing_alg_values_supported` of the provider's \
         metadata has, or RS256 if they have none"
    };
    let message = format!("the {kind} is signed by {problem}");
    Err(malformed(RedirectProblem::Unverified, message))
}

fn unverified(error: Error) -> Error {
    about_redirect(error, RedirectProblem::Unverified)
}

/// The same error about a redirect.
fn about_redirect(error: Error, problem: RedirectProblem) -> Error {
    let mut report = error.into_report();
    report.redirect = Some(problem);
    report.into()
}
