//! Sending a user to a provider to sign out there, and reading what they come back with (OpenID
//! Connect RP-Initiated Logout 1.0).

use std::fmt;

use super::malformed;
use super::parameters::Parameters;
use crate::error::redirect_problem::RedirectProblem;
use crate::{EndSessionRequest, Endpoint, EndpointKind, Error, Operation, Secret};

static END_SESSION: Endpoint<'static> = Endpoint::new(EndpointKind::EndSession, &[""]);
static LOG_OUT: Operation<'static> = Operation::new();

/// What a provider is asked to end: a user's session there (OpenID Connect RP-Initiated Logout 1.0
/// section 2), at an endpoint that the provider's metadata name. `Client::logout_url` makes the URL
/// of it. A crate whose document has the endpoint has a request of its own, `EndSession`.
///
/// ```
/// use tokensmith_runtime::{Any, Client, Credentials, LogoutRequest, MockTransport, Secret};
///
/// # #[cfg(feature = "testing")] fn example(id_token: &Secret) -> Result<(), tokensmith_runtime::Error> {
/// # let transport = MockTransport::new();
/// let issuer = "https://server.example";
/// let client = Client::<Any, _>::with_transport(transport, issuer, Credentials::public("app"))?;
/// let request = LogoutRequest::new("https://server.example/logout")
///     .with_id_token_hint(id_token)
///     .with_post_logout_redirect_uri("https://app.example/signed-out");
/// let logout = client.logout_url(&request)?;
/// // Send the browser to `logout.url`, and keep `logout.pending` until it is back.
/// logout.pending.check("https://app.example/signed-out?state=af0ifjsldkj")?;
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct LogoutRequest {
    pub(crate) endpoint: String,
    pub(crate) id_token_hint: Option<Secret>,
    pub(crate) post_logout_redirect_uri: Option<String>,
    pub(crate) logout_hint: Option<String>,
    pub(crate) ui_locales: Option<String>,
}

impl LogoutRequest {
    /// Creates a request for the `end_session_endpoint` of a provider's metadata.
    pub fn new(end_session_endpoint: impl Into<String>) -> Self {
        Self {
            endpoint: end_session_endpoint.into(),
            id_token_hint: None,
            post_logout_redirect_uri: None,
            logout_hint: None,
            ui_locales: None,
        }
    }

    /// Sets the ID token that the user signed in with; it may have expired. Without one, most
    /// providers ask the user whether to sign out.
    ///
    /// It is part of the URL, and so of the browser's history.
    #[must_use]
    pub fn with_id_token_hint(mut self, id_token: impl Into<Secret>) -> Self {
        self.id_token_hint = Some(id_token.into());
        self
    }

    /// Sets where the provider sends the browser to afterwards, as it was registered there.
    #[must_use]
    pub fn with_post_logout_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.post_logout_redirect_uri = Some(uri.into());
        self
    }

    /// Returns where the provider sends the browser to afterwards; `None` if the user stays there.
    pub fn post_logout_redirect_uri(&self) -> Option<&str> {
        self.post_logout_redirect_uri.as_deref()
    }

    /// Sets who is to be signed out, in words of the provider: an email address, a `sid`.
    #[must_use]
    pub fn with_logout_hint(mut self, hint: impl Into<String>) -> Self {
        self.logout_hint = Some(hint.into());
        self
    }

    /// Sets the languages for the provider's page, the preferred one first: `["fr-CA", "fr"]`.
    #[must_use]
    pub fn with_ui_locales<'l>(mut self, locales: impl IntoIterator<Item = &'l str>) -> Self {
        let locales: Vec<_> = locales.into_iter().collect();
        self.ui_locales = (!locales.is_empty()).then(|| locales.join(" "));
        self
    }
}

impl<P> EndSessionRequest<P> for LogoutRequest {
    fn endpoint(&self) -> &Endpoint<'_> {
        &END_SESSION
    }

    fn operation(&self) -> &Operation<'_> {
        &LOG_OUT
    }

    fn path(&self) -> &str {
        &self.endpoint
    }

    fn parameters<'a>(&'a self, parameters: &mut crate::Parameters<'a>) {
        parameters.push_optional("id_token_hint", self.id_token_hint.as_ref());
        parameters.push_optional("logout_hint", self.logout_hint.as_deref());
        parameters.push_optional(
            "post_logout_redirect_uri",
            self.post_logout_redirect_uri.as_deref(),
        );
        parameters.push_optional("ui_locales", self.ui_locales.as_deref());
    }
}

impl fmt::Debug for LogoutRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("LogoutRequest")
            .field("endpoint", &self.endpoint)
            .field("post_logout_redirect_uri", &self.post_logout_redirect_uri)
            .finish_non_exhaustive()
    }
}

/// Where to send a user's browser to sign out, and what has to be remembered until it comes back.
#[derive(Clone)]
pub struct Logout {
    /// The URL for the browser. It may hold the ID token.
    pub url: String,
    /// What is needed when the browser comes back.
    pub pending: PendingLogout,
    pub(crate) comes_back: bool,
}

impl Logout {
    /// Whether the browser comes back: the request says where to. Else its user stays at the
    /// provider.
    pub fn comes_back(&self) -> bool {
        self.comes_back
    }
}

impl fmt::Debug for Logout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let url = self.url.split(['?', '#']).next();
        formatter
            .debug_struct("Logout")
            .field("url", &url.unwrap_or_default())
            .finish_non_exhaustive()
    }
}

/// A logout that a user was sent away for.
#[derive(Debug, Clone)]
pub struct PendingLogout(Secret);

impl PendingLogout {
    /// A logout by its `state`, where it was kept outside memory.
    pub fn new(state: impl Into<Secret>) -> Self {
        Self(state.into())
    }

    /// Returns what ties the return to the user's browser.
    pub fn state(&self) -> &Secret {
        &self.0
    }

    /// Checks the URL that the user came back to, or its query alone. That they came back says
    /// that the provider has finished, and not what the user has decided there.
    ///
    /// # Errors
    ///
    /// Of the kind `malformed` if it has another `state`, a parameter more than once, or is longer
    /// than 64 KiB: see [`Error::redirect_problem`].
    pub fn check(&self, url: &str) -> Result<(), Error> {
        let parameters = Parameters::read(url)?;
        if !parameters.has_state(&self.0) {
            return Err(malformed(
                RedirectProblem::OtherState,
                "the redirect has another `state` than this logout: it is not the response to it",
            ));
        }
        parameters.check_each_is_once()
    }
}
