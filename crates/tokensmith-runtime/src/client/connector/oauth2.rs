//! The settings of a client that gets its tokens from a token endpoint.

use std::collections::BTreeMap;

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::{self, Deserializer};

use super::{ConnectorRequest, authorization, fill};
use crate::protocol::Settings;
use crate::{BodyFormat, ClientAuth, Credentials, Error, PlainHttpHosts, Secret, TokenUse};

/// How tokens are got, and how they are used.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2 {
    /// The grant: a name of the RFCs (`client_credentials`, which it is unless set,
    /// `refresh_token`, `authorization_code`, `password`,
    /// `urn:ietf:params:oauth:grant-type:jwt-bearer`), or the provider's own.
    #[serde(default = "client_credentials", alias = "custom_grant_type")]
    pub grant_type: String,
    /// The URL of the token endpoint.
    pub token_url: String,
    /// The URL of the authorization endpoint, for the grant `authorization_code`.
    pub authorization_url: Option<String>,
    /// The identifier of the authorization server (RFC 8414 section 2). A redirect that names
    /// another one is refused, and assertions may be made out to it.
    pub issuer: Option<String>,
    /// Where users come back to, for the grant `authorization_code`.
    pub redirect_uri: Option<String>,
    /// The identifier of the client.
    pub client_id: String,
    /// Its secret; none for a public client.
    pub client_secret: Option<Secret>,
    /// How the client authenticates, by the names of [`ClientAuth`]; blank for Basic and the body
    /// in turn.
    #[serde(default, deserialize_with = "client_auth")]
    pub client_authentication: Option<ClientAuth>,
    /// The scopes to ask for: a list, or a text with spaces in it.
    #[serde(default, deserialize_with = "scopes")]
    pub scopes: Vec<String>,
    /// What stands between scopes: a space unless set.
    #[serde(default = "space")]
    pub scope_separator: String,
    /// The user's name, for the grant `password`.
    pub username: Option<String>,
    /// The user's password, for the grant `password`.
    pub password: Option<Secret>,
    /// The refresh token, for the grant `refresh_token`.
    pub refresh_token: Option<Secret>,
    /// The assertion, for the grants of RFC 7522 and RFC 7523, where it was made before. One that
    /// is made for each request is given to [`ConnectorRequest::assertion`].
    pub assertion: Option<Secret>,
    /// Hosts that may be reached over plain http, such as `keycloak:8080`: see
    /// [`PlainHttpHosts::allow`].
    #[serde(default)]
    pub plain_http_hosts: Vec<String>,
    /// How the body of the request is written: `form` unless set, or `json`.
    #[serde(default)]
    pub format: Format,
    /// Headers of the token request.
    #[serde(default)]
    pub additional_headers: BTreeMap<String, Secret>,
    /// Parameters of the token request, beside those of the grant.
    #[serde(default)]
    pub additional_request_data: BTreeMap<String, Secret>,
    /// The name of the header that carries the token to the API: `Authorization` unless set.
    #[serde(default = "authorization")]
    pub header_key: String,
    /// The value of that header, in which `{token}` stands for the token: `Bearer {token}` unless
    /// set.
    pub header_value_pattern: Option<String>,
}

/// How the body of a request is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// Form-encoded.
    #[default]
    Form,
    /// As JSON.
    Json,
}

impl OAuth2 {
    /// What a client does with every request:
    /// [`Client::for_connector`](crate::Client::for_connector) makes one of it.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if a URL, a header or the pattern is none.
    pub fn settings(&self) -> Result<Settings, Error> {
        let credentials = match &self.client_secret {
            Some(secret) => Credentials::new(&self.client_id, secret),
            None => Credentials::public(&self.client_id),
        };
        let hosts = self.plain_http()?;
        let mut settings = Settings::with_plain_http(&self.token_url, credentials, hosts)?;
        settings.set_client_auth(self.client_authentication.unwrap_or_default());
        settings.set_format(match self.format {
            Format::Form => BodyFormat::Form,
            Format::Json => BodyFormat::Json,
        });
        if let Some(issuer) = &self.issuer {
            settings.set_issuer(issuer);
        }
        for (name, value) in &self.additional_headers {
            settings.set_header(name, value.expose())?;
        }
        // What would fail once there is a token fails before one is asked for.
        self.header(&Secret::from("token"))?;
        Ok(settings)
    }

    fn plain_http(&self) -> Result<PlainHttpHosts, Error> {
        let mut hosts = PlainHttpHosts::default();
        for host in &self.plain_http_hosts {
            hosts.allow(host)?;
        }
        Ok(hosts)
    }

    /// The request for a token. What it needs and the settings do not have is given to the request:
    /// [`ConnectorRequest::code`], [`ConnectorRequest::assertion`].
    ///
    /// # Errors
    ///
    /// Of the kind `config` if a setting belongs to another grant.
    pub fn request(&self) -> Result<ConnectorRequest<'_>, Error> {
        ConnectorRequest::new(self)
    }

    /// The request for the next token with a refresh token, whatever the grant of the first one
    /// was.
    pub fn refresh(&self, refresh_token: impl Into<Secret>) -> ConnectorRequest<'_> {
        ConnectorRequest::refresh(self, refresh_token.into())
    }

    /// The URL to send a user's browser to, for the grant `authorization_code`.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if `authorization_url` or `redirect_uri` is not set, or the URL is
    /// none.
    #[cfg(feature = "authorization")]
    pub fn authorization(&self) -> Result<crate::Authorization, Error> {
        use crate::{Endpoint, EndpointKind, Location, Method, Operation, TokenRequest};
        static AUTHORIZATION: Endpoint<'static> = Endpoint::new(EndpointKind::Authorization, &[""])
            .with_method(Method::Get)
            .with_grant_type("response_type", Location::Query);
        static CODE: Operation<'static> = Operation::grant("code");
        let (Some(url), Some(redirect_uri)) = (&self.authorization_url, &self.redirect_uri) else {
            return Err(Error::config(
                "users are sent to `authorization_url` and come back to `redirect_uri`: set both",
            ));
        };
        let credentials = Credentials::public(&self.client_id);
        let settings = Settings::with_plain_http(url, credentials, self.plain_http()?)?;
        let endpoint = AUTHORIZATION.with_scope_separator(&self.scope_separator);
        let mut request =
            TokenRequest::new(&endpoint, &CODE).parameter("redirect_uri", redirect_uri);
        for scope in &self.scopes {
            request = request.scope(scope);
        }
        crate::protocol::authorize(&settings, &request)
    }

    /// The header that carries a token to the API.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the settings or the token make no header.
    pub fn header(&self, token: &Secret) -> Result<(HeaderName, HeaderValue), Error> {
        fill(&self.header_key, self.pattern(), token)
    }

    /// Returns the value of the header that carries the token, in which `{token}` stands for the
    /// token.
    pub fn pattern(&self) -> &str {
        let pattern = self.header_value_pattern.as_deref();
        pattern.unwrap_or(TokenUse::BEARER)
    }
}

fn client_credentials() -> String {
    "client_credentials".to_owned()
}

fn space() -> String {
    " ".to_owned()
}

fn client_auth<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ClientAuth>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?.unwrap_or_default();
    if name.trim().is_empty() {
        return Ok(None);
    }
    name.trim().parse().map(Some).map_err(de::Error::custom)
}

fn scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "expected a list of scopes, or a text")]
    enum Scopes {
        List(Vec<String>),
        Text(String),
    }
    Ok(match Option::<Scopes>::deserialize(deserializer)? {
        None => Vec::new(),
        Some(Scopes::List(list)) => list,
        Some(Scopes::Text(text)) => text.split_whitespace().map(str::to_owned).collect(),
    })
}
