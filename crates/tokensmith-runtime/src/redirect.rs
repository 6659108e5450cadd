//! Sending a user to an authorization endpoint, and reading what they come back with.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use http::Uri;

use crate::error::report::Report;
use crate::{Endpoint, Error, ErrorKind, Extra, Secret};

pub(crate) mod logout;
mod parameters;
pub(crate) mod pkce;
mod read;
mod response;
mod signature;
#[cfg(feature = "oidc")]
pub(crate) mod signed;
mod stored;

use crate::error::redirect_problem::RedirectProblem;
use response::ResponseNames;

/// Where to send a user's browser, and what has to be remembered until it comes back.
#[derive(Clone)]
pub struct Authorization {
    /// The URL for the browser. It holds no secret that outlives the authorization.
    pub url: String,
    /// What is needed when the browser comes back: keep it with the user's session.
    pub pending: PendingAuthorization,
}

/// Shows where the browser goes without the parameters, which the session has to be kept secret with.
impl fmt::Debug for Authorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split(['?', '#']).next();
        formatter
            .debug_struct("Authorization")
            .field("url", &url.unwrap_or_default())
            .field("pending", &self.pending)
            .finish()
    }
}

/// An authorization that a user was sent away for.
///
/// An application that keeps it outside its memory serializes what [`expose`](Self::expose)
/// returns, or puts it together again of its texts:
///
/// ```
/// use tokensmith_runtime::PendingAuthorization;
///
/// let pending = PendingAuthorization::new("af0ifjsldkj")
///     .with_code_verifier("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")
///     .with_authorization_host("server.example");
/// let redirect = pending.redirect("https://app.example/callback?code=SplxlOBe&state=af0ifjsldkj&realmId=42")?;
/// assert_eq!(redirect.code.expose(), "SplxlOBe");
/// assert_eq!(redirect.extra.get("realmId").and_then(|realm| realm.as_str()), Some("42"));
/// # Ok::<(), tokensmith_runtime::Error>(())
/// ```
#[derive(Clone)]
pub struct PendingAuthorization {
    state: Secret,
    pub(crate) nonce: Option<Secret>,
    pub(crate) max_age: Option<Duration>,
    pub(crate) code_verifier: Option<Secret>,
    issuer: Option<String>,
    requires_issuer: bool,
    authorization_host: Option<String>,
    /// Whether the authorization endpoint is at `http`.
    by_plain_http: bool,
    pub(crate) redirect_uri: Option<String>,
    pub(crate) response_mode: Option<String>,
    names: ResponseNames,
    /// What redirects are signed with; it is not stored.
    client_secret: Option<Secret>,
}

/// What a user came back with.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Redirect {
    /// The authorization code, which is exchanged for a token, once.
    pub code: Secret,
    /// What else the provider sent along: QuickBooks' `realmId`, Zoho's `accounts-server`.
    pub extra: Extra,
    pub(crate) server_values: Vec<(String, String)>,
}

impl Redirect {
    /// Returns the value that the redirect has for a variable of the server's URL, where the document
    /// says that it names the server: `client.at_redirect(&redirect)` returns a client of that server.
    pub fn server_value(&self, variable: &str) -> Option<&str> {
        let mut values = self.server_values.iter();
        let (_, value) = values.find(|(name, _)| name == variable)?;
        Some(value)
    }
}

#[cfg(feature = "oidc")]
impl From<&PendingAuthorization> for crate::ExpectedIdToken {
    fn from(pending: &PendingAuthorization) -> Self {
        Self::of_authorization(pending.nonce().cloned(), pending.max_age())
    }
}

impl PendingAuthorization {
    /// An authorization by its `state` (RFC 6749 section 10.12).
    pub fn new(state: impl Into<Secret>) -> Self {
        Self {
            state: state.into(),
            nonce: None,
            max_age: None,
            code_verifier: None,
            issuer: None,
            requires_issuer: false,
            authorization_host: None,
            by_plain_http: false,
            redirect_uri: None,
            response_mode: None,
            names: ResponseNames::default(),
            client_secret: None,
        }
    }

    /// Sets what the code is bound to (RFC 7636).
    #[must_use]
    pub fn with_code_verifier(mut self, verifier: impl Into<Secret>) -> Self {
        self.code_verifier = Some(verifier.into());
        self
    }

    /// Sets what the ID token has to hold (OpenID Connect Core section 3.1.2.1).
    #[must_use]
    pub fn with_nonce(mut self, nonce: impl Into<Secret>) -> Self {
        self.nonce = Some(nonce.into());
        self
    }

    /// Sets how long ago the person may have proved who they are: the `max_age` of the request
    /// (OpenID Connect Core section 3.1.2.1).
    #[must_use]
    pub fn with_max_age(mut self, age: Duration) -> Self {
        self.max_age = Some(age);
        self
    }

    /// Sets the issuer: a redirect that names another one in `iss` is refused (RFC 9207 section
    /// 2.4). One that names none is refused as well where the server is known to name itself: see
    /// `ServerMetadata::authorization_response_iss_parameter_supported`.
    #[must_use]
    pub fn with_issuer(mut self, issuer: impl Into<String>, names_itself: bool) -> Self {
        self.issuer = Some(issuer.into());
        self.requires_issuer = names_itself;
        self
    }

    /// Sets the host of the authorization endpoint, such as `server.example`: where no issuer is
    /// set, a redirect is refused whose `iss` is not an `https` URL on this host. `http` is for this
    /// machine.
    #[must_use]
    pub fn with_authorization_host(mut self, host: impl Into<String>) -> Self {
        self.authorization_host = Some(host.into());
        self.by_plain_http = false;
        self
    }

    /// Sets the same by the URL that the browser is sent to, which may be at `http`.
    pub(crate) fn sent_to(mut self, url: &Uri) -> Self {
        self.authorization_host = host(url).map(str::to_owned);
        self.by_plain_http = url.scheme_str() == Some("http");
        self
    }

    /// Sets where the provider sends the browser to: the `redirect_uri` of the authorization
    /// request, which the request for the token repeats (RFC 6749 section 4.1.3).
    #[must_use]
    pub fn with_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uri = Some(uri.into());
        self
    }

    /// Sets how the response comes, as the `response_mode` of the authorization request has it. With
    /// `jwt`, `query.jwt` and `form_post.jwt` it has to be signed (JARM).
    #[must_use]
    pub fn with_response_mode(mut self, mode: impl Into<String>) -> Self {
        self.response_mode = Some(mode.into());
        self
    }

    /// Sets the client secret, for an authorization that was kept outside of memory: Shopify signs its
    /// redirects with it. `Client::authorization_url` sets it, and `client.settings().resume(pending)`
    /// sets it again.
    #[must_use]
    pub fn with_client_secret(mut self, secret: impl Into<Secret>) -> Self {
        self.client_secret = Some(secret.into());
        self
    }

    /// Whether redirects are signed with the client secret.
    pub(crate) fn is_signed_with_secret(&self) -> bool {
        self.names.signature.is_some()
    }

    /// Refuses redirects without `iss`, also where no issuer is set.
    pub(crate) fn requiring_issuer(mut self) -> Self {
        self.requires_issuer = true;
        self
    }

    /// Sets the name of the parameter that RFC 6749 calls `code`: Amazon's `spapi_oauth_code`.
    #[must_use]
    pub fn with_code_name(mut self, name: impl Into<String>) -> Self {
        self.names.code = name.into();
        self
    }

    /// Sets how redirects are read, where an authorization is put together again: what the document
    /// says of the authorization endpoint, such as other names of parameters and what codes of the
    /// provider's own mean.
    ///
    /// ```
    /// use tokensmith_runtime::{Endpoint, EndpointKind, ErrorCode, PendingAuthorization};
    ///
    /// static AUTHORIZATION: Endpoint<'static> =
    ///     Endpoint::new(EndpointKind::Authorization, &["/oauth/v2/authorization"])
    ///         .with_error_codes(&[("user_cancelled_login", "access_denied")]);
    /// let pending = PendingAuthorization::new("af0ifjsldkj").with_endpoint(&AUTHORIZATION);
    /// let error = pending
    ///     .redirect("https://app.example/callback?error=user_cancelled_login&state=af0ifjsldkj")
    ///     .expect_err("the user cancelled");
    /// assert_eq!(error.code(), Some(&ErrorCode::AccessDenied));
    /// assert_eq!(error.provider_code(), Some("user_cancelled_login"));
    /// ```
    #[must_use]
    pub fn with_endpoint(mut self, endpoint: &Endpoint<'_>) -> Self {
        self.names = ResponseNames::of(endpoint);
        self
    }

    /// What ties the redirect to the user's session.
    pub fn state(&self) -> &Secret {
        &self.state
    }

    /// What the ID token has to hold, where one was asked for.
    pub fn nonce(&self) -> Option<&Secret> {
        self.nonce.as_ref()
    }

    /// How long ago the person may have proved who they are, where that was asked for. The ID token
    /// has to say when.
    pub fn max_age(&self) -> Option<Duration> {
        self.max_age
    }

    /// What has to be sent with the code, as `code_verifier`.
    pub fn code_verifier(&self) -> Option<&Secret> {
        self.code_verifier.as_ref()
    }

    /// The issuer that `iss` is compared with, where one is known.
    pub fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    /// Whether a redirect without `iss` is refused.
    pub fn requires_issuer(&self) -> bool {
        self.requires_issuer
    }

    /// The host of the authorization endpoint, which `iss` is compared with where no issuer is
    /// known.
    pub fn authorization_host(&self) -> Option<&str> {
        self.authorization_host.as_deref()
    }

    /// The `redirect_uri` of the authorization request, where it has one.
    pub fn redirect_uri(&self) -> Option<&str> {
        self.redirect_uri.as_deref()
    }

    /// The `response_mode` of the authorization request, where it has one.
    pub fn response_mode(&self) -> Option<&str> {
        self.response_mode.as_deref()
    }

    /// Whether the response has to be signed (JARM): `Client::redirect` checks it then.
    pub fn expects_signature(&self) -> bool {
        let mode = self.response_mode().unwrap_or_default();
        mode == "jwt" || mode.ends_with(".jwt")
    }

    /// Returns each `state` of what a browser came back with, to find the pending authorization by.
    /// That of a signed response is among them; its signature is not checked.
    pub fn states(url: &str) -> Vec<Secret> {
        parameters::states(url).collect()
    }
}

/// The host of a URL, where nothing stands before it.
pub(crate) fn host(url: &Uri) -> Option<&str> {
    let authority = url.authority()?;
    (!authority.as_str().contains('@')).then(|| authority.host())
}

fn malformed(problem: RedirectProblem, message: impl Into<Cow<'static, str>>) -> Error {
    Report {
        sent: true,
        redirect: Some(problem),
        ..Report::new(ErrorKind::Malformed, message)
    }
    .into()
}

impl fmt::Debug for PendingAuthorization {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("PendingAuthorization")
            .field("issuer", &self.issuer)
            .field("authorization_host", &self.authorization_host)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
