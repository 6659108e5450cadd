//! The settings of a client that gets its tokens from a token endpoint.

use std::collections::BTreeMap;
use std::path::Path;

use http::{HeaderName, HeaderValue};
use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::Value;

use super::value::{optional_pattern, scopes};
use super::{
    ConnectorRequest, DataValue, SecretSetting, SettingError, SignedJwt, authorization, fill,
};
use crate::protocol::Settings;
use crate::{
    BodyFormat, ClientAuth, Credentials, Error, PlainHttpHosts, Secret, TokenUse, UnknownClientAuth,
};

/// How tokens are got, and how they are used.
#[derive(Debug, Clone, PartialEq, Deserialize)]
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
    pub client_secret: Option<SecretSetting>,
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
    pub password: Option<SecretSetting>,
    /// The refresh token. Where it is set, tokens are asked for with it, whatever `grant_type` the
    /// first one was from.
    pub refresh_token: Option<SecretSetting>,
    /// The assertion, for the grants of RFC 7522 and RFC 7523: a text that was made before, or the
    /// settings of a JWT that is signed anew for each request. One that the application makes is
    /// given to [`ConnectorRequest::assertion`].
    pub assertion: Option<AssertionSetting>,
    /// Hosts that may be reached over plain http, such as `keycloak:8080`: see
    /// [`PlainHttpHosts::allow`].
    #[serde(default)]
    pub plain_http_hosts: Vec<String>,
    /// How the body of the request is written: `form` unless set, or `json`.
    #[serde(default)]
    pub format: Format,
    /// Headers of the token request.
    #[serde(default)]
    pub additional_headers: BTreeMap<String, SecretSetting>,
    /// Parameters of the token request, beside those of the grant, of any JSON type.
    #[serde(default)]
    pub additional_request_data: BTreeMap<String, DataValue>,
    /// The name of the header that carries the token to the API: `Authorization` unless set.
    #[serde(default = "authorization")]
    pub header_key: String,
    /// The value of that header, in which `{token}` or `%s` stands for the token: `Bearer {token}`
    /// unless set.
    #[serde(default, deserialize_with = "optional_pattern")]
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
    /// Of the kind `config` if a URL, a header or the pattern is invalid, or a secret has not been
    /// read.
    pub fn settings(&self) -> Result<Settings, Error> {
        Ok(self.client_settings()?)
    }

    fn client_settings(&self) -> Result<Settings, SettingError> {
        let credentials = match &self.client_secret {
            Some(secret) => {
                let secret = secret
                    .get()
                    .map_err(|error| error.within("client_secret"))?;
                Credentials::new(&self.client_id, secret)
            }
            None => Credentials::public(&self.client_id),
        };
        let hosts = self.plain_http()?;
        let mut settings = Settings::with_plain_http(&self.token_url, credentials, hosts)
            .map_err(|error| because(&error).within("token_url"))?;
        settings.set_client_auth(self.client_authentication.unwrap_or_default());
        settings.set_format(match self.format {
            Format::Form => BodyFormat::Form,
            Format::Json => BodyFormat::Json,
        });
        if let Some(issuer) = &self.issuer {
            settings.set_issuer(issuer);
        }
        for (name, value) in &self.additional_headers {
            let within = |error: SettingError| error.within(name).within("additional_headers");
            let value = value.get().map_err(within)?;
            let set = settings.set_header(name, value.expose());
            set.map_err(|error| within(because(&error)))?;
        }
        // What would fail once there is a token fails before one is asked for.
        self.filled(&Secret::from("token"))?;
        Ok(settings)
    }

    /// Fails if a setting could not be used.
    pub(super) fn check(&self) -> Result<(), SettingError> {
        self.client_settings()?;
        if let Some(AssertionSetting::Signed(jwt)) = &self.assertion {
            jwt.check().map_err(|error| error.within("assertion"))?;
        }
        if let Some(url) = &self.authorization_url {
            let credentials = Credentials::public(&self.client_id);
            Settings::with_plain_http(url, credentials, self.plain_http()?)
                .map_err(|error| because(&error).within("authorization_url"))?;
        }
        ConnectorRequest::of_settings(self).map(drop)
    }

    /// Reads the secrets that are in environment variables and files.
    pub(super) fn resolve(&mut self, folder: &Path) -> Result<(), SettingError> {
        let assertion = match &mut self.assertion {
            Some(AssertionSetting::Text(text)) => Some(text),
            Some(AssertionSetting::Signed(jwt)) => {
                let key = jwt.key.resolve(folder);
                key.map_err(|error| error.within("key").within("assertion"))?;
                None
            }
            None => None,
        };
        let secrets = [
            ("client_secret", self.client_secret.as_mut()),
            ("password", self.password.as_mut()),
            ("refresh_token", self.refresh_token.as_mut()),
            ("assertion", assertion),
        ];
        for (name, secret) in secrets {
            let resolved = secret.map_or(Ok(()), |secret| secret.resolve(folder));
            resolved.map_err(|error| error.within(name))?;
        }
        for (name, value) in &mut self.additional_headers {
            let resolved = value.resolve(folder);
            resolved.map_err(|error| error.within(name).within("additional_headers"))?;
        }
        for (name, value) in &mut self.additional_request_data {
            let resolved = match value {
                DataValue::Text(text) => text.resolve(folder),
                DataValue::Json(_) => Ok(()),
            };
            resolved.map_err(|error| error.within(name).within("additional_request_data"))?;
        }
        Ok(())
    }

    fn plain_http(&self) -> Result<PlainHttpHosts, SettingError> {
        let mut hosts = PlainHttpHosts::default();
        for host in &self.plain_http_hosts {
            let allowed = hosts.allow(host);
            allowed.map_err(|error| because(&error).within("plain_http_hosts"))?;
        }
        Ok(hosts)
    }

    /// The request for a token. What it needs and the settings do not have is given to the request:
    /// [`ConnectorRequest::code`], [`ConnectorRequest::assertion`].
    ///
    /// # Errors
    ///
    /// Of the kind `config` if a setting belongs to another grant, or a secret has not been read.
    pub fn request(&self) -> Result<ConnectorRequest<'_>, Error> {
        Ok(ConnectorRequest::of_settings(self)?)
    }

    /// The request for the next token with a refresh token, whatever the grant of the first one
    /// was.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if a secret has not been read.
    pub fn refresh(&self, refresh_token: impl Into<Secret>) -> Result<ConnectorRequest<'_>, Error> {
        Ok(ConnectorRequest::refresh(self, refresh_token.into())?)
    }

    /// The URL to send a user's browser to, for the grant `authorization_code`.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if `authorization_url` or `redirect_uri` is not set, or the URL is
    /// invalid.
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
        Ok(self.filled(token)?)
    }

    pub(super) fn filled(&self, token: &Secret) -> Result<(HeaderName, HeaderValue), SettingError> {
        fill(&self.header_key, self.pattern(), token)
    }

    /// Returns the value of the header that carries the token, in which `{token}` stands for the
    /// token.
    pub fn pattern(&self) -> &str {
        let pattern = self.header_value_pattern.as_deref();
        pattern.unwrap_or(TokenUse::BEARER)
    }
}

/// An assertion in the settings.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum AssertionSetting {
    /// One that was made before.
    Text(SecretSetting),
    /// One that is signed anew for each request. Unless `audience` is set, it is for the issuer or
    /// the token URL. Signing needs the feature `jwt`.
    Signed(Box<SignedJwt>),
}

impl<'de> Deserialize<'de> for AssertionSetting {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::deserialize(deserializer)? {
            value @ Value::Object(_) => {
                let signed = SignedJwt::deserialize(value).map_err(de::Error::custom)?;
                Ok(Self::Signed(Box::new(signed)))
            }
            value => {
                let text = SecretSetting::deserialize(value).map_err(de::Error::custom)?;
                Ok(Self::Text(text))
            }
        }
    }
}

/// What an error of the client's settings says of a setting.
fn because(error: &Error) -> SettingError {
    SettingError::new(error.reason().to_string())
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
    let found = name.trim().parse();
    let unknown =
        |error: UnknownClientAuth| de::Error::custom(format!("`{}`: {error}", name.escape_debug()));
    found.map(Some).map_err(unknown)
}
