//! A client that is described by settings, for users who have no document.

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};
use serde::Deserialize;

use crate::{Error, Secret, TokenUse};

mod api_key;
mod carrier;
mod connector_map;
mod jwt;
mod oauth2;
mod read;
mod request;
mod setting_error;
mod value;

pub use api_key::{ApiKey, Key};
pub use carrier::Carrier;
pub use connector_map::ConnectorMap;
pub use jwt::{Jwt, SignedJwt};
pub use oauth2::{AssertionSetting, Format, OAuth2};
pub use request::ConnectorRequest;
pub use setting_error::SettingError;
pub use value::{DataValue, SecretSetting};

use carrier::{TOKEN, fill};
use value::pattern;

/// How an application authenticates to some API: settings for its configuration.
///
/// `docs/connectors.md` in the repository has an example of each kind.
///
/// ```
/// use tokensmith_runtime::Connector;
///
/// let connector: Connector = serde_json::from_str(r#"{
///     "kind": "oauth2",
///     "grant_type": "client_credentials",
///     "token_url": "https://auth.example.com/oauth2/token",
///     "client_id": "abcd-1234",
///     "client_secret": "secret123456",
///     "scopes": ["read", "write"],
///     "additional_request_data": {"Custom-body": "abcde12345"},
///     "header_key": "X-Access-Token",
///     "header_value_pattern": "{token}"
/// }"#)?;
/// # #[cfg(feature = "hyper")] async fn example(connector: Connector) -> Result<(), Box<dyn std::error::Error>> {
/// if let Connector::OAuth2(oauth2) = &connector {
///     let client = tokensmith_runtime::Client::for_connector(oauth2)?;
///     let token = client.send(oauth2.request()?).await?;
///     let (name, value) = connector.header(Some(&token.access_token))?;
/// }
/// # Ok(()) }
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Connector {
    /// `kind: oauth2`: tokens from a token endpoint.
    OAuth2(Box<OAuth2>),
    /// `kind: jwt`: a JWT that is signed with a key of the settings and is the bearer token itself.
    /// Signing needs the feature `jwt`.
    Jwt(Box<Jwt>),
    /// `kind: bearer`: a token that is known.
    Bearer(Bearer),
    /// `kind: api_key`: keys that are known.
    ApiKey(ApiKey),
    /// `kind: basic`: a name and a password (RFC 7617).
    Basic(Basic),
    /// `kind: none`: the API asks for nothing.
    NoAuth,
}

/// A token that is sent as it is.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bearer {
    /// The token.
    pub token: SecretSetting,
    /// The name of the header that carries it: `Authorization` unless set.
    #[serde(default = "authorization")]
    pub header_key: String,
    /// The value of the header, in which `{token}` or `%s` stands for the token: `Bearer {token}`
    /// unless set.
    #[serde(default = "bearer", deserialize_with = "pattern")]
    pub header_value_pattern: String,
}

/// A name and a password.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// The name.
    pub username: String,
    /// The password.
    pub password: SecretSetting,
}

impl Connector {
    /// Reads the secrets that are in environment variables and files, as `env:NAME` and
    /// `file:PATH` say. A relative path is relative to the folder, usually that of the settings.
    ///
    /// Call it for settings of the application's own. Whoever writes `file:` learns what is in the
    /// file from the token request: settings of others are used without.
    ///
    /// ```
    /// use tokensmith_runtime::Connector;
    ///
    /// let mut connector: Connector =
    ///     serde_json::from_str(r#"{"kind": "bearer", "token": "env:CARGO_PKG_NAME"}"#)?;
    /// connector.resolve(".")?;
    /// assert_eq!(connector.header(None)?.1, "Bearer tokensmith-runtime");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If a variable is not set, a file cannot be read, or either is empty.
    pub fn resolve(&mut self, folder: impl AsRef<Path>) -> Result<(), SettingError> {
        let folder = folder.as_ref();
        let read = |setting: &mut SecretSetting, name: &str| {
            setting.resolve(folder).map_err(|error| error.within(name))
        };
        match self {
            Self::OAuth2(oauth2) => oauth2.resolve(folder),
            Self::Jwt(jwt) => read(&mut jwt.token.key, "key"),
            Self::Bearer(bearer) => read(&mut bearer.token, "token"),
            Self::Basic(basic) => read(&mut basic.password, "password"),
            Self::ApiKey(api) => {
                let several = api.keys.len() > 1;
                let mut keys = api.keys.iter_mut().enumerate();
                keys.try_for_each(|(index, key)| {
                    read(&mut key.key, "key").map_err(|error| match several {
                        true => error.within(index.to_string()).within("keys"),
                        false => error,
                    })
                })
            }
            Self::NoAuth => Ok(()),
        }
    }

    /// Fails if a setting could not be used: what would fail once there is a token, or once it is
    /// asked for, fails before.
    ///
    /// # Errors
    ///
    /// With the setting that is wrong, and its value unless it is secret.
    pub fn check(&self) -> Result<(), SettingError> {
        match self {
            Self::OAuth2(oauth2) => oauth2.check(),
            Self::Jwt(jwt) => {
                jwt.token.check()?;
                self.placed(None).map(drop)
            }
            _ => self.placed(None).map(drop),
        }
    }

    /// The headers and parameters of the requests that are made to the API:
    /// [`apply`](Self::apply) puts them there. `token` is the access token of a connector that
    /// asks for one. A JWT is signed each time.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if a setting is wrong, or a token is needed and not given.
    pub fn carriers(&self, token: Option<&Secret>) -> Result<Vec<Carrier>, Error> {
        if let (Self::OAuth2(_), None) = (self, token) {
            return Err(Error::config(
                "a connector of the kind `oauth2` asks for its token: give the access token",
            ));
        }
        Ok(self.placed(token)?)
    }

    fn placed(&self, token: Option<&Secret>) -> Result<Vec<Carrier>, SettingError> {
        let (name, value) = match self {
            Self::OAuth2(oauth2) => oauth2.filled(token.unwrap_or(&Secret::from("token")))?,
            Self::Jwt(jwt) => fill(&jwt.header_key, &jwt.header_value_pattern, &jwt.sign()?)?,
            Self::Bearer(bearer) => {
                let token = bearer.token.get().map_err(|error| error.within("token"))?;
                fill(&bearer.header_key, &bearer.header_value_pattern, token)?
            }
            Self::ApiKey(keys) => return keys.carriers(),
            Self::Basic(basic) => basic.header()?,
            Self::NoAuth => return Ok(Vec::new()),
        };
        Ok(vec![Carrier::Header(name, value)])
    }

    /// The header of the requests that are made to the API, of a connector that has one:
    /// [`carriers`](Self::carriers) returns what any connector has.
    ///
    /// # Errors
    ///
    /// As for [`carriers`](Self::carriers), and of the kind `config` if there are several headers,
    /// or the query carries the key.
    pub fn header(&self, token: Option<&Secret>) -> Result<(HeaderName, HeaderValue), Error> {
        let mut carriers = self.carriers(token)?.into_iter();
        match (carriers.next(), carriers.next()) {
            (Some(Carrier::Header(name, value)), None) => Ok((name, value)),
            (None, _) => Err(Error::config(
                "a connector of the kind `none` has no header",
            )),
            (Some(Carrier::Query(name, _)), None) => Err(Error::config(format!(
                "the parameter `{name}` of the query carries the key: `Connector::apply` adds it"
            ))),
            _ => Err(Error::config(
                "the connector has several keys: `Connector::apply` adds all of them",
            )),
        }
    }
}

impl Basic {
    fn header(&self) -> Result<(HeaderName, HeaderValue), SettingError> {
        if self.username.contains(':') {
            let message = "it has a colon, which HTTP Basic cannot carry: the server would take what follows for the \
                           password (RFC 7617 section 2)";
            return Err(SettingError::new(message).within("username"));
        }
        let password = self.password.get();
        let password = password.map_err(|error| error.within("password"))?;
        let pair = Secret::from(format!("{}:{}", self.username, password.expose()));
        let encoded = Secret::from(STANDARD.encode(pair.expose()));
        fill("Authorization", "Basic {token}", &encoded)
    }
}

pub(crate) fn authorization() -> String {
    "Authorization".to_owned()
}

fn bearer() -> String {
    TokenUse::BEARER.to_owned()
}

#[cfg(test)]
mod tests;
