//! What a client does with every request.

mod issuer;

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::{HeaderMap, HeaderName, HeaderValue, Uri, header};

#[cfg(feature = "authorization")]
use super::authorize::AuthorizationRules;
use crate::client_auth::Memory;
use crate::{
    Audience, BodyFormat, ClientAuth, Credentials, Endpoint, Environment, Error, PlainHttpHosts,
    Provider, Retry, server::url,
};

/// What holds for every request of a client: where it goes, as whom, and how.
#[derive(Clone)]
pub struct Settings {
    /// The provider's short name, where the request's type does not have it.
    pub(crate) provider: String,
    base_url: String,
    /// The server that was chosen among those of the document.
    environment: Option<Environment>,
    /// Whether the base URL is the caller's own instead of a server's.
    replaces_servers: bool,
    pub(crate) plain_http: PlainHttpHosts,
    pub(crate) credentials: Credentials,
    issuer: Option<String>,
    audience: Option<String>,
    /// Whether redirects have to name their issuer, as the caller says.
    #[cfg(feature = "authorization")]
    requires_issuer: bool,
    /// Whether authorization requests have to be pushed, as the caller says.
    #[cfg(feature = "authorization")]
    pub(crate) requires_pushed: bool,
    #[cfg(feature = "authorization")]
    pub(crate) authorization_rules: AuthorizationRules,
    pub(crate) client_auth: Option<ClientAuth>,
    pub(crate) format: Option<BodyFormat>,
    pub(crate) headers: HeaderMap,
    pub(crate) retry: Retry,
    pub(crate) memory: Arc<Memory>,
    #[cfg(feature = "dpop")]
    pub(crate) dpop: Option<Arc<crate::client_auth::dpop::Proofs>>,
    /// What is known of the issuer of ID tokens.
    #[cfg(feature = "oidc")]
    pub(crate) openid: Arc<crate::openid::OpenIdProvider>,
}

/// What the client sets itself, or the transport does. A second value would change what the request
/// means.
const RESERVED: [HeaderName; 9] = [
    header::AUTHORIZATION,
    header::CONTENT_TYPE,
    header::CONTENT_LENGTH,
    header::HOST,
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::TE,
    header::TRAILER,
    header::UPGRADE,
];

pub(crate) fn is_reserved(name: &HeaderName) -> bool {
    RESERVED.contains(name)
}

impl Settings {
    /// Settings for a base URL, with all else by default.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if it is invalid, neither `https` nor a loopback host's, or holds a
    /// password.
    pub fn new(base_url: &str, credentials: Credentials) -> Result<Self, Error> {
        Self::with_plain_http(base_url, credentials, PlainHttpHosts::default())
    }

    /// Creates settings for a base URL that may be plain http to the hosts that are named.
    ///
    /// ```
    /// use tokensmith_runtime::protocol::Settings;
    /// use tokensmith_runtime::{Credentials, PlainHttpHosts};
    ///
    /// let mut hosts = PlainHttpHosts::default();
    /// hosts.allow("keycloak:8080")?;
    /// let credentials = Credentials::new("id", "secret");
    /// let settings = Settings::with_plain_http("http://keycloak:8080/token", credentials, hosts)?;
    /// # Ok::<(), tokensmith_runtime::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_plain_http(
        base_url: &str,
        credentials: Credentials,
        hosts: PlainHttpHosts,
    ) -> Result<Self, Error> {
        url::check(base_url, &hosts)?;
        Ok(Self::with_url(base_url.to_owned(), credentials, hosts))
    }

    /// Creates settings for one of a provider's servers; it may be reached over plain http at the
    /// hosts that are named.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), for the URL of any endpoint.
    pub fn for_environment(
        environment: Environment,
        credentials: Credentials,
        hosts: PlainHttpHosts,
    ) -> Result<Self, Error> {
        for url in environment.urls() {
            url::check(url, &hosts)?;
        }
        let url = environment.url().to_owned();
        Ok(Self {
            environment: environment.is_named().then_some(environment),
            ..Self::with_url(url, credentials, hosts)
        })
    }

    fn with_url(base_url: String, credentials: Credentials, hosts: PlainHttpHosts) -> Self {
        Self {
            provider: String::new(),
            base_url,
            environment: None,
            replaces_servers: false,
            plain_http: hosts,
            credentials,
            issuer: None,
            audience: None,
            #[cfg(feature = "authorization")]
            requires_issuer: false,
            #[cfg(feature = "authorization")]
            requires_pushed: false,
            #[cfg(feature = "authorization")]
            authorization_rules: AuthorizationRules::default(),
            client_auth: None,
            format: None,
            headers: HeaderMap::new(),
            retry: Retry::default(),
            memory: Arc::default(),
            #[cfg(feature = "dpop")]
            dpop: None,
            #[cfg(feature = "oidc")]
            openid: Arc::default(),
        }
    }

    /// Names the provider in errors, where the requests are of no generated crate: `moov`.
    pub fn set_provider(&mut self, name: impl Into<String>) {
        self.provider = name.into();
    }

    /// Returns the name of the provider: that of the settings or, without one, the document's.
    pub(crate) fn provider_name<P: Provider>(&self) -> &str {
        match self.provider.as_str() {
            "" => P::DESCRIPTION.name(),
            name => name,
        }
    }

    /// Sets the URL that paths are relative to, also those of endpoints that are on a host of their
    /// own.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn set_base_url(&mut self, url: &str) -> Result<(), Error> {
        url::check(url, &self.plain_http)?;
        url.clone_into(&mut self.base_url);
        self.replaces_servers = true;
        #[cfg(feature = "oidc")]
        self.forget_discovered();
        Ok(())
    }

    /// Returns the settings for the server that a redirect names, where the document says how: the
    /// same settings with other values for the variables of the server's URL.
    ///
    /// Settings for a base URL of the caller's own stay as they are.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if a variable does not take its value: see [`Environment::new`].
    #[cfg(feature = "authorization")]
    pub fn at_redirect(
        &self,
        description: &crate::Description<'_>,
        redirect: &crate::Redirect,
    ) -> Result<Self, Error> {
        let environment = self.environment.as_ref();
        let Some(environment) = environment.filter(|_| !redirect.server_values.is_empty()) else {
            return Ok(self.clone());
        };
        let environment = environment.with_values(description, &redirect.server_values)?;
        for url in environment.urls() {
            url::check(url, &self.plain_http)?;
        }
        let mut settings = self.clone();
        if !self.replaces_servers {
            environment.url().clone_into(&mut settings.base_url);
        }
        settings.environment = Some(environment);
        #[cfg(feature = "oidc")]
        if settings.known_issuer() != self.known_issuer() {
            settings.forget_discovered();
        }
        Ok(settings)
    }

    /// Gives an authorization that was stored what is not stored with it: the client secret, which
    /// some providers sign redirects with.
    #[cfg(feature = "authorization")]
    #[must_use]
    pub fn resume(&self, pending: crate::PendingAuthorization) -> crate::PendingAuthorization {
        match self.credentials.secret() {
            Some(secret) if pending.is_signed_with_secret() => {
                pending.with_client_secret(secret.clone())
            }
            _ => pending,
        }
    }

    /// Allows plain http to one host: see [`PlainHttpHosts::allow`].
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the text is not a host.
    pub fn allow_plain_http(&mut self, host: &str) -> Result<(), Error> {
        self.plain_http.allow(host)
    }

    /// The URL that paths are relative to.
    pub(crate) fn base_url(&self) -> &str {
        &self.base_url
    }

    /// The base URL of an endpoint, and the path below it.
    ///
    /// A caller who replaces the provider's servers replaces those of single endpoints as well, so
    /// that a test reaches nothing else.
    pub(crate) fn place<'s>(
        &'s self,
        endpoint: &Endpoint<'_>,
        path: &'s str,
    ) -> Result<(Cow<'s, str>, Cow<'s, str>), Error> {
        let base = Cow::Borrowed(self.base_url.as_str());
        if let Some((origin, rest)) = url::split_whole(path) {
            let base = if self.replaces_servers {
                base
            } else {
                origin.into()
            };
            return Ok((base, rest.into()));
        }
        let environment = self.environment.as_ref();
        match environment.filter(|_| !self.replaces_servers) {
            Some(environment) => {
                let own = environment.base_of(endpoint)?;
                Ok((own.map_or(base, Cow::Owned), path.into()))
            }
            None => {
                let own = Environment::path_of(environment, endpoint)?;
                let path = own.map_or(path.into(), |own| format!("{own}{path}").into());
                Ok((base, path))
            }
        }
    }

    /// Whether a URL is on the host of one of the servers that the caller chose.
    pub(crate) fn is_on_a_server(&self, url: &Uri) -> bool {
        let environment = self.environment.as_ref();
        let environment = environment.filter(|_| !self.replaces_servers);
        let mut servers = environment.into_iter().flat_map(Environment::urls);
        url::is_on_host_of(url::without_query(&self.base_url), url)
            || servers.any(|server| url::is_on_host_of(url::without_query(server), url))
    }

    /// Sets whom assertions are for (RFC 7523 section 3), whatever the document says. Without it,
    /// no assertion is made for an audience that is not a URL on the host that it is sent to.
    pub fn set_audience(&mut self, audience: impl Into<String>) {
        self.audience = Some(audience.into());
    }

    /// Whether the caller has said whom assertions are for, by the audience or, where it counts,
    /// the issuer.
    pub(crate) fn names_audience(&self, declared: Audience<&str>) -> bool {
        let by_issuer = declared == Audience::Issuer && self.issuer.is_some();
        self.audience.is_some() || by_issuer
    }

    /// Whom assertions are for, where the caller has said so.
    pub(crate) fn audience(&self) -> Option<&str> {
        self.audience.as_deref()
    }

    /// Authenticates otherwise than the document says.
    pub fn set_client_auth(&mut self, client_auth: ClientAuth) {
        self.client_auth = Some(client_auth);
    }

    /// Writes bodies in another format than the document's first.
    pub fn set_format(&mut self, format: BodyFormat) {
        self.format = Some(format);
    }

    /// Sends a header with every request. `Accept` takes the place of the endpoint's, and
    /// `Accept-Encoding` that of `identity`: for a transport that decompresses. Requests in which
    /// the client does not authenticate itself, such as those for metadata, keys and userinfo,
    /// carry other headers only if they go to the host of one of the client's servers.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if it is not a valid header, or one that the client itself has to set.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), Error> {
        let header = HeaderName::from_bytes(name.as_bytes())
            .map_err(|_| Error::config("the name of a header is invalid"))?;
        if is_reserved(&header) {
            let message = format!("the header `{header}` is set by the client itself");
            return Err(Error::config(message));
        }
        let mut value = HeaderValue::from_str(value)
            .map_err(|_| Error::config(format!("the value of the header `{header}` is invalid")))?;
        // It may well be a key.
        value.set_sensitive(
            ![header::USER_AGENT, header::ACCEPT, header::ACCEPT_ENCODING].contains(&header),
        );
        if self.headers.contains_key(&header) {
            return Err(Error::config(format!(
                "the header `{header}` is given twice"
            )));
        }
        self.headers.insert(header, value);
        Ok(())
    }

    /// Binds the tokens to a key (RFC 9449).
    #[cfg(feature = "dpop")]
    pub fn set_dpop(&mut self, key: crate::DpopKey) {
        self.dpop = Some(Arc::new(crate::client_auth::dpop::Proofs::new(key)));
    }

    /// Whether the tokens are bound to a key (RFC 9449).
    pub(crate) fn binds_tokens(&self) -> bool {
        #[cfg(feature = "dpop")]
        let has_key = self.dpop.is_some();
        #[cfg(not(feature = "dpop"))]
        let has_key = false;
        has_key
    }

    /// Tries again otherwise than by default.
    pub fn set_retry(&mut self, retry: Retry) {
        self.retry = retry;
    }
}

impl fmt::Debug for Settings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Settings")
            .field("base_url", &url::without_query(&self.base_url))
            .field("credentials", &self.credentials)
            .field("client_auth", &self.client_auth)
            .field("format", &self.format)
            .field("headers", &self.headers.keys())
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
