//! Reading what a user came back with.

use http::Uri;

use super::parameters::Parameters;
use super::{PendingAuthorization, Redirect, host, malformed, signature};
use crate::error::mask::Mask;
use crate::error::redirect_problem::RedirectProblem;
use crate::server::url;
use crate::{Error, PlainHttpHosts, Secret};

impl PendingAuthorization {
    /// Reads the URL that the user came back to, or its query alone, or the body of a form that the
    /// browser posted. What stands in a fragment is not read. `state` is compared before anything
    /// else is looked at.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the provider signs redirects and the client secret is not set: see
    /// [`with_client_secret`](Self::with_client_secret). Of the kind `provider`, with code and
    /// description, if the user or the server refused (RFC 6749 section 4.1.2.1), even with a code
    /// beside it. Of the kind `malformed` if it is not the response to this authorization (another
    /// `state`, another issuer, or an issuer that cannot be compared because neither the issuer nor
    /// the host of the authorization endpoint is set), if it lacks the signature that the document
    /// says it has, or has another one, if what names the server has another form than the document says, if it has a parameter more
    /// than once, if it holds tokens, or if it holds no code. It is also `malformed` if it is longer
    /// than 64 KiB or has more than 100 parameters, and if it has to be signed (JARM):
    /// `Client::redirect` reads such responses. [`Error::redirect_problem`] tells these from each
    /// other.
    pub fn redirect(&self, url: &str) -> Result<Redirect, Error> {
        let parameters = Parameters::read(url)?;
        if self.expects_signature() {
            let message = match parameters.get("response") {
                Some(_) => {
                    "the redirect is signed (JARM), and has to be checked by the provider's keys: use \
                     `Client::redirect`, with the feature `oidc`"
                }
                None => NOT_SIGNED,
            };
            return Err(malformed(RedirectProblem::Unverified, message));
        }
        self.accept(parameters)
    }

    /// Reads parameters that are not signed, or whose signature was checked.
    pub(super) fn accept(&self, mut parameters: Parameters<'_>) -> Result<Redirect, Error> {
        if !parameters.has_state(&self.state) {
            return Err(malformed(RedirectProblem::OtherState, OTHER_STATE));
        }
        parameters.check_each_is_once()?;
        self.check_signature(&parameters)?;
        parameters.take("state");
        self.check_issuer(parameters.take("iss").as_deref())?;
        if let Some(mut report) = self.names.refusal(&mut parameters) {
            // Whoever made the browser come here wrote it.
            let names = [self.names.code.as_str()];
            let names = names
                .into_iter()
                .chain(UNSUPPORTED.iter().map(|(name, _)| *name));
            let beside: Vec<_> = names.filter_map(|name| parameters.take(name)).collect();
            report.mask(&self.mask(beside.iter().map(|value| value.as_ref())));
            return Err(report.into());
        }
        if let Some(name) = self.names.lacking(&parameters) {
            let message = format!("the redirect has no `{name}`, which the document requires");
            return Err(malformed(RedirectProblem::Incomplete, message));
        }
        let server_values = self.names.server_values(&parameters)?;
        let code = parameters.take(&self.names.code);
        for (name, message) in UNSUPPORTED {
            if parameters.take(name).is_some() {
                return Err(malformed(RedirectProblem::Unsolicited, message));
            }
        }
        let code = code
            .ok_or_else(|| malformed(RedirectProblem::Incomplete, "the redirect holds no code"))?;
        if code.contains(char::REPLACEMENT_CHARACTER) {
            return Err(malformed(
                RedirectProblem::Unreadable,
                "the redirect holds a code that is not UTF-8",
            ));
        }
        Ok(Redirect {
            code: Secret::from(code),
            extra: parameters.into_extra(),
            server_values,
        })
    }

    /// Checks that the provider wrote the parameters, where it signs them with the client secret.
    fn check_signature(&self, parameters: &Parameters<'_>) -> Result<(), Error> {
        let Some(name) = &self.names.signature else {
            return Ok(());
        };
        let secret = self.client_secret.as_ref().ok_or_else(|| {
            Error::config(
                "the provider signs redirects with the client secret, which is not set: \
                 `PendingAuthorization::with_client_secret` sets it",
            )
        })?;
        signature::check(parameters, name, secret)
    }

    /// Knows the secrets of this authorization, and those beside a refusal.
    pub(super) fn mask<'s>(&'s self, beside: impl Iterator<Item = &'s str>) -> Mask {
        let secrets = [
            Some(&self.state),
            self.nonce.as_ref(),
            self.code_verifier.as_ref(),
            self.client_secret.as_ref(),
        ];
        let own = secrets.into_iter().flatten().map(Secret::expose);
        Mask::new(own.chain(beside))
    }

    /// Compares whom the redirect comes from with whom the user was sent to (RFC 9207 section 2.4).
    fn check_issuer(&self, issuer: Option<&str>) -> Result<(), Error> {
        let Some(issuer) = issuer else {
            if self.requires_issuer {
                return Err(malformed(
                    RedirectProblem::NoIssuer,
                    "the redirect does not name its issuer",
                ));
            }
            return Ok(());
        };
        let is_expected = match (&self.issuer, &self.authorization_host) {
            (Some(expected), _) => issuer == expected,
            (None, Some(expected)) => {
                let host = self
                    .issuer_host(issuer)
                    .ok_or_else(|| malformed(RedirectProblem::OtherIssuer, NOT_AN_ISSUER))?;
                host.eq_ignore_ascii_case(expected)
            }
            (None, None) => {
                return Err(malformed(
                    RedirectProblem::OtherIssuer,
                    "the redirect names its issuer, and it is not known which one is expected: set it by \
                     `with_issuer`, or the host by `with_authorization_host`",
                ));
            }
        };
        if is_expected {
            return Ok(());
        }
        Err(malformed(
            RedirectProblem::OtherIssuer,
            "the redirect comes from another issuer",
        ))
    }

    /// The host of an issuer. Plain http is for this machine, and for the host that the browser was
    /// sent to by plain http.
    fn issuer_host(&self, issuer: &str) -> Option<String> {
        let mut plain_http = PlainHttpHosts::default();
        if let Some(host) = self
            .authorization_host
            .as_ref()
            .filter(|_| self.by_plain_http)
        {
            plain_http.allow(host).ok()?;
        }
        url::check(issuer, &plain_http).ok()?;
        let url: Uri = issuer.parse().ok()?;
        host(&url)
            .filter(|_| !issuer.contains('?'))
            .map(str::to_owned)
    }
}

const NOT_AN_ISSUER: &str = "the `iss` of the redirect is not an `https` URL without query and fragment (RFC 9207 section 2)";
pub(super) const OTHER_STATE: &str =
    "the redirect has another `state` than this authorization: it is not the response to it";
pub(super) const NOT_SIGNED: &str =
    "the redirect is not signed, and a signed response was asked for (`response_mode`)";

/// What is not read, and must not pass for the response to a request for a code: tokens that no
/// client authenticated for, and a response within a JWT.
const UNSUPPORTED: [(&str, &str); 4] = [
    (
        "response",
        "the redirect holds a signed response (JARM), and none was asked for: set `response_mode` to `jwt`",
    ),
    ("access_token", FRONT_CHANNEL),
    ("id_token", FRONT_CHANNEL),
    ("token", FRONT_CHANNEL),
];
const FRONT_CHANNEL: &str = "the redirect holds a token, and a code was asked for: the implicit and hybrid flows are not supported";
