//! A pending authorization outside the memory of the process.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};

use super::PendingAuthorization;
use super::response::ResponseNames;
use crate::Secret;

/// A [`PendingAuthorization`] that shows its secrets, to be serialized.
#[derive(Serialize)]
struct Exposed<'a> {
    secrets: ExposedSecrets<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max_age: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    issuer: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    requires_issuer: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    authorization_host: Option<&'a str>,
    #[serde(skip_serializing_if = "is_false")]
    by_plain_http: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    redirect_uri: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_mode: Option<&'a str>,
    #[serde(skip_serializing_if = "ResponseNames::is_standard")]
    names: &'a ResponseNames,
}

#[derive(Serialize)]
struct ExposedSecrets<'a> {
    state: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    nonce: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code_verifier: Option<&'a str>,
}

#[derive(Deserialize)]
struct Stored {
    secrets: StoredSecrets,
    max_age: Option<u64>,
    issuer: Option<String>,
    #[serde(default)]
    requires_issuer: bool,
    authorization_host: Option<String>,
    #[serde(default)]
    by_plain_http: bool,
    redirect_uri: Option<String>,
    response_mode: Option<String>,
    #[serde(default)]
    names: ResponseNames,
}

#[derive(Deserialize)]
struct StoredSecrets {
    state: Secret,
    nonce: Option<Secret>,
    code_verifier: Option<Secret>,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
fn is_false(flag: &bool) -> bool {
    !flag
}

impl PendingAuthorization {
    /// Returns what serializes it **with its secrets in plain text**, which stand in the member
    /// `secrets`: whoever reads them can take over the sign-in. Encrypt what is stored, or send it
    /// to nobody. It is deserialized as a `PendingAuthorization`.
    ///
    /// It holds no client secret: where the provider signs redirects, what was stored gets it by
    /// [`with_client_secret`](Self::with_client_secret).
    ///
    /// `tokensmith-web` does this for web applications.
    ///
    /// ```
    /// use tokensmith_runtime::PendingAuthorization;
    ///
    /// let pending = PendingAuthorization::new("af0ifjsldkj").with_issuer("https://server.example", true);
    /// let json = serde_json::to_string(&pending.expose())?;
    /// let pending: PendingAuthorization = serde_json::from_str(&json)?;
    /// assert_eq!(pending.state().expose(), "af0ifjsldkj");
    /// assert!(pending.requires_issuer());
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    pub fn expose(&self) -> impl Serialize + '_ {
        Exposed {
            secrets: ExposedSecrets {
                state: self.state.expose(),
                nonce: self.nonce.as_ref().map(Secret::expose),
                code_verifier: self.code_verifier.as_ref().map(Secret::expose),
            },
            max_age: self.max_age.map(|age| age.as_secs()),
            issuer: self.issuer.as_deref(),
            requires_issuer: self.requires_issuer,
            authorization_host: self.authorization_host.as_deref(),
            by_plain_http: self.by_plain_http,
            redirect_uri: self.redirect_uri.as_deref(),
            response_mode: self.response_mode.as_deref(),
            names: &self.names,
        }
    }
}

impl<'de> Deserialize<'de> for PendingAuthorization {
    /// Reads what [`expose`](Self::expose) serialized.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let stored = Stored::deserialize(deserializer)?;
        Ok(Self {
            state: stored.secrets.state,
            nonce: stored.secrets.nonce,
            max_age: stored.max_age.map(Duration::from_secs),
            code_verifier: stored.secrets.code_verifier,
            issuer: stored.issuer,
            requires_issuer: stored.requires_issuer,
            authorization_host: stored.authorization_host,
            by_plain_http: stored.by_plain_http,
            redirect_uri: stored.redirect_uri,
            response_mode: stored.response_mode,
            names: stored.names,
            client_secret: None,
        })
    }
}
