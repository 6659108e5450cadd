//! What a server says of a client that was registered.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;

use super::ClientConfigurationRequest;
use crate::server::url;
use crate::{ClientAuth, Credentials, Error, Extra, Received, Response, Secret, Unusable};

/// A client that was registered (RFC 7591 section 3.2.1).
///
/// It belongs to the server that issued it: keep it under the server's issuer (see
/// [`expose`](Self::expose)), and register anew with another server. A server may register
/// something else than was asked for, so look at what matters, such as
/// [`redirect_uris`](Self::redirect_uris).
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct RegisteredClient {
    /// The identifier of the client.
    pub client_id: String,
    /// The secret of the client; `None` for a public client, and for one that has a key.
    pub client_secret: Option<Secret>,
    #[serde(rename = "client_id_issued_at")]
    pub(super) issued: Option<f64>,
    #[serde(rename = "client_secret_expires_at")]
    pub(super) expires: Option<f64>,
    /// What the registration is read and deleted with (RFC 7592 section 3).
    pub registration_access_token: Option<Secret>,
    /// The URL at which the registration is read and deleted (RFC 7592 section 3).
    pub registration_client_uri: Option<String>,
    /// The URL that was asked for this: the engine sets it, whatever the response says. The
    /// registration is read and deleted on its host only. A caller who knows that another host is
    /// the server's as well sets another URL.
    pub registration_endpoint: Option<String>,
    /// How the client authenticates at the token endpoint: see [`client_auth`](Self::client_auth).
    pub token_endpoint_auth_method: Option<String>,
    /// Where users may come back to.
    pub redirect_uris: Option<Vec<String>>,
    /// The grants that the client may use.
    pub grant_types: Option<Vec<String>>,
    /// The scopes that the client may ask for, with spaces between them.
    pub scope: Option<String>,
    /// What else there is.
    #[serde(flatten)]
    pub extra: Extra,
}

impl RegisteredClient {
    /// Returns what the client authenticates with. One that has a key registers it, and makes the
    /// [`Credentials`] by itself.
    pub fn credentials(&self) -> Credentials {
        match &self.client_secret {
            Some(secret) => Credentials::new(&self.client_id, secret),
            None => Credentials::public(&self.client_id),
        }
    }

    /// Returns how the client authenticates at the token endpoint. Where the response does not say,
    /// a client with a secret does so by Basic (RFC 7591 section 2).
    pub fn client_auth(&self) -> ClientAuth {
        let has_secret = self.client_secret.is_some();
        match &self.token_endpoint_auth_method {
            Some(method) => crate::response::server_metadata::by_registered_name(method),
            None if has_secret => ClientAuth::Basic,
            None => ClientAuth::None,
        }
    }

    /// Returns when the client was registered; `None` where the response does not say it in seconds
    /// since 1970.
    pub fn issued_at(&self) -> Option<SystemTime> {
        time(self.issued?)
    }

    /// Returns when the secret expires; `None` if it does not, or if the response does not say it
    /// in seconds since 1970. The client then has to be registered anew, or its registration read,
    /// which may bring another secret.
    pub fn secret_expires_at(&self) -> Option<SystemTime> {
        time(self.expires.filter(|seconds| *seconds != 0.0)?)
    }

    /// Creates the request to read the registration (RFC 7592 section 2.1). Secret and access token
    /// of the response take the place of these.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the server gave no URL or no access token for it, or the URL is on
    /// another host than the [`registration_endpoint`](Self::registration_endpoint).
    pub fn read_request(&self) -> Result<ClientConfigurationRequest<Self>, Error> {
        let (url, token) = self.management()?;
        Ok(ClientConfigurationRequest::read(url, token))
    }

    /// Creates the request to delete the registration (RFC 7592 section 2.3).
    ///
    /// # Errors
    ///
    /// As for [`read_request`](Self::read_request).
    pub fn delete_request(&self) -> Result<ClientConfigurationRequest<()>, Error> {
        let (url, token) = self.management()?;
        Ok(ClientConfigurationRequest::delete(url, token))
    }

    fn management(&self) -> Result<(String, Secret), Error> {
        let url = self.registration_client_uri.as_ref();
        let both = url.zip(self.registration_access_token.clone());
        let (url, token) = both.ok_or_else(|| {
            Error::config(
                "the server does not let the client manage its registration: the response has no \
                 `registration_client_uri` or no `registration_access_token`",
            )
        })?;
        // The server could have this program ask anything of anybody, with a token of its choice.
        let endpoint = self.registration_endpoint.as_deref().unwrap_or_default();
        let is_on_host = |url| url::is_on_host_of(endpoint, &url);
        if !url.parse().is_ok_and(is_on_host) {
            return Err(Error::config(format!(
                "the registration is at `{}`, on another host than the registration endpoint `{}`: \
                 if that is the server's as well, set it as `registration_endpoint`",
                url::shown(url),
                url::shown(endpoint)
            )));
        }
        Ok((url.clone(), token))
    }
}

impl Response for RegisteredClient {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        let source = received.source.as_ref();
        let registration_endpoint = source.map(|source| source.asked_url());
        let client: Self = received.read()?;
        if client.client_id.is_empty() {
            return Err(Unusable::new("the response has an empty `client_id`"));
        }
        Ok(Self {
            client_secret: client.client_secret.filter(|secret| !secret.is_empty()),
            registration_endpoint,
            ..client
        })
    }
}

/// Seconds since 1970.
fn time(seconds: f64) -> Option<SystemTime> {
    let since = Duration::try_from_secs_f64(seconds).ok()?;
    UNIX_EPOCH.checked_add(since)
}
