//! A registered client outside the memory of the process.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::RegisteredClient;
use crate::Secret;

/// A [`RegisteredClient`] that shows its secrets, with the members of RFC 7591 section 3.2.1 and
/// where it came from.
#[derive(Serialize)]
struct Exposed<'a> {
    client_id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_id_issued_at: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    client_secret_expires_at: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_access_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_client_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registration_endpoint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_endpoint_auth_method: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uris: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    grant_types: Option<&'a [String]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<&'a str>,
    #[serde(flatten)]
    extra: BTreeMap<&'a str, &'a Value>,
}

impl RegisteredClient {
    /// Returns what serializes it **with its secrets in plain text**, for a program that runs again:
    /// it is deserialized as a `RegisteredClient`. Encrypt what is stored, and keep it under the
    /// issuer that registered the client.
    ///
    /// ```
    /// use tokensmith_runtime::RegisteredClient;
    ///
    /// let json = r#"{"client_id":"s6BhdRkqt3","client_secret":"cf136dc3"}"#;
    /// let client: RegisteredClient = serde_json::from_str(json)?;
    /// assert_eq!(serde_json::to_string(&client.expose())?, json);
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn expose(&self) -> impl Serialize + '_ {
        Exposed {
            client_id: &self.client_id,
            client_secret: self.client_secret.as_ref().map(Secret::expose),
            client_id_issued_at: self.issued,
            client_secret_expires_at: self.expires,
            registration_access_token: self.registration_access_token.as_ref().map(Secret::expose),
            registration_client_uri: self.registration_client_uri.as_deref(),
            registration_endpoint: self.registration_endpoint.as_deref(),
            token_endpoint_auth_method: self.token_endpoint_auth_method.as_deref(),
            redirect_uris: self.redirect_uris.as_deref(),
            grant_types: self.grant_types.as_deref(),
            scope: self.scope.as_deref(),
            extra: self.extra.iter().collect(),
        }
    }
}
