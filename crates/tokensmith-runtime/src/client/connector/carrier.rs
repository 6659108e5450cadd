//! Where requests to an API carry what the connector has.

use http::{HeaderName, HeaderValue, Request, Uri};

use super::{Connector, SettingError};
use crate::server::url;
use crate::{Error, Secret};

/// A header or a parameter that a request to the API carries.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Carrier {
    /// A header, whose value is marked as sensitive.
    Header(HeaderName, HeaderValue),
    /// A parameter of the URL's query.
    Query(String, Secret),
}

/// What stands for the token in a pattern.
pub(super) const TOKEN: &str = "{token}";

/// The header whose value is the pattern with the token in it.
pub(super) fn fill(
    name: &str,
    pattern: &str,
    token: &Secret,
) -> Result<(HeaderName, HeaderValue), SettingError> {
    let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| {
        let message = format!("`{}` is not the name of a header", name.escape_debug());
        SettingError::new(message).within("header_key")
    })?;
    if pattern.matches(TOKEN).count() != 1 {
        // It is not shown: it may have the token in it instead.
        let message =
            "expected `{token}` or `%s` once, where the token goes, as in `Bearer {token}`";
        return Err(SettingError::new(message).within("header_value_pattern"));
    }
    let value = Secret::from(pattern.replace(TOKEN, token.expose()));
    let mut value = HeaderValue::from_str(value.expose()).map_err(|_| {
        SettingError::new(
            "the token does not fit in a header: it has a line break or another control character",
        )
    })?;
    value.set_sensitive(true);
    Ok((header, value))
}

impl Connector {
    /// Puts what the connector has on a request to the API: headers, and parameters of the query.
    /// `token` is the access token of a connector that asks for one.
    ///
    /// ```
    /// use tokensmith_runtime::Connector;
    ///
    /// let maps: Connector = serde_json::from_str(
    ///     r#"{"kind": "api_key", "key": "k3y", "parameter_name": "appid"}"#,
    /// )?;
    /// let mut request = http::Request::get("https://api.example.com/weather?q=Rome").body(())?;
    /// maps.apply(None, &mut request)?;
    /// assert_eq!(request.uri(), "https://api.example.com/weather?q=Rome&appid=k3y");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// As for [`carriers`](Self::carriers), and of the kind `request` if the request has such a
    /// header or parameter already, or the URL would be too long.
    pub fn apply<B>(&self, token: Option<&Secret>, request: &mut Request<B>) -> Result<(), Error> {
        let mut headers = request.headers().clone();
        let mut uri = request.uri().clone();
        for carrier in self.carriers(token)? {
            match carrier {
                Carrier::Header(name, value) => {
                    if headers.contains_key(&name) {
                        let message = format!("the request has the header `{name}` already");
                        return Err(Error::request(message));
                    }
                    headers.insert(name, value);
                }
                Carrier::Query(name, value) => uri = with_parameter(&uri, &name, &value)?,
            }
        }
        *request.headers_mut() = headers;
        *request.uri_mut() = uri;
        Ok(())
    }
}

fn with_parameter(uri: &Uri, name: &str, value: &Secret) -> Result<Uri, Error> {
    if url::has_in_query(uri, name) {
        let message = format!("the URL of the request has the parameter `{name}` already");
        return Err(Error::request(message));
    }
    url::with_query(uri, [(name, value.expose())])
}
