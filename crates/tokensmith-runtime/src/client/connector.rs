//! A client that is described by settings, for users who have no document.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderName, HeaderValue};
use serde::Deserialize;

use crate::{Error, Secret, TokenUse};

mod oauth2;
mod request;

pub use oauth2::OAuth2;
pub use request::ConnectorRequest;

/// How an application authenticates to some API: settings for its configuration.
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
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
#[non_exhaustive]
pub enum Connector {
    /// Tokens from a token endpoint.
    OAuth2(Box<OAuth2>),
    /// A token that is known.
    Bearer(Bearer),
    /// A key that is known.
    #[serde(rename = "api_key")]
    ApiKey(ApiKey),
    /// A name and a password (RFC 7617).
    Basic(Basic),
}

/// A token that is sent as it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bearer {
    /// The token.
    pub token: Secret,
    /// The name of the header that carries it: `Authorization` unless set.
    #[serde(default = "authorization")]
    pub header_key: String,
    /// The value of the header, in which `{token}` stands for the token: `Bearer {token}` unless
    /// set.
    #[serde(default = "bearer")]
    pub header_value_pattern: String,
}

/// A key that is sent as it is.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ApiKey {
    /// The key.
    pub key: Secret,
    /// The name of the header that carries it: `X-API-Key` unless set.
    #[serde(default = "x_api_key")]
    pub header_key: String,
    /// The value of the header, in which `{token}` stands for the key: the key alone unless set.
    #[serde(default = "bare")]
    pub header_value_pattern: String,
}

/// A name and a password.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Basic {
    /// The name.
    pub username: String,
    /// The password.
    pub password: Secret,
}

impl Connector {
    /// The header of the requests that are made to the API. `token` is the access token of a
    /// connector that asks for one.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the settings make no header, or a token is needed and there is none.
    pub fn header(&self, token: Option<&Secret>) -> Result<(HeaderName, HeaderValue), Error> {
        match self {
            Self::OAuth2(oauth2) => {
                let token = token.ok_or_else(|| {
                    Error::config("the connector asks for its token: give the one it got")
                })?;
                oauth2.header(token)
            }
            Self::Bearer(bearer) => fill(
                &bearer.header_key,
                &bearer.header_value_pattern,
                &bearer.token,
            ),
            Self::ApiKey(key) => fill(&key.header_key, &key.header_value_pattern, &key.key),
            Self::Basic(Basic { username, .. }) if username.contains(':') => Err(Error::config(
                "`username` has a colon, which HTTP Basic cannot carry: the server would take what follows for the \
                 password (RFC 7617 section 2)",
            )),
            Self::Basic(Basic { username, password }) => {
                let pair = Secret::from(format!("{username}:{}", password.expose()));
                let encoded = Secret::from(STANDARD.encode(pair.expose()));
                fill("Authorization", "Basic {token}", &encoded)
            }
        }
    }
}

/// What stands for the token in a pattern.
const TOKEN: &str = "{token}";

/// The header whose value is the pattern with the token in it.
pub(crate) fn fill(
    name: &str,
    pattern: &str,
    token: &Secret,
) -> Result<(HeaderName, HeaderValue), Error> {
    let header = HeaderName::from_bytes(name.as_bytes())
        .map_err(|_| Error::config("`header_key` is not a valid header name"))?;
    if pattern.matches(TOKEN).count() != 1 {
        return Err(Error::config(
            "`header_value_pattern` has `{token}` once, where the token goes: `Bearer {token}`",
        ));
    }
    let value = Secret::from(pattern.replace(TOKEN, token.expose()));
    let mut value = HeaderValue::from_str(value.expose())
        .map_err(|_| Error::config("the token does not fit in a header"))?;
    value.set_sensitive(true);
    Ok((header, value))
}

pub(crate) fn authorization() -> String {
    "Authorization".to_owned()
}

fn bearer() -> String {
    TokenUse::BEARER.to_owned()
}

fn x_api_key() -> String {
    "X-API-Key".to_owned()
}

fn bare() -> String {
    TOKEN.to_owned()
}

#[cfg(test)]
mod tests;
