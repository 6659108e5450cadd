//! What a protected resource says of itself (RFC 9728): who issues tokens for it.

mod challenge;
mod well_known;

pub use challenge::ResourceChallenge;
use serde::Deserialize;

use crate::{Extra, Received, Response, Unusable};

/// The metadata of a protected resource (RFC 9728 section 2).
///
/// From a response with status 401 to the authorization server:
///
/// ```no_run
/// # #[cfg(feature = "hyper")] async fn example(headers: &http::HeaderMap) -> Result<(), Box<dyn std::error::Error>> {
/// use tokensmith_runtime::{Any, Client, Credentials, ResourceChallenge};
///
/// let url = "https://mcp.example.com/mcp";
/// let client = Client::<Any>::for_server(url, Credentials::public(""))?;
/// let challenge = ResourceChallenge::read(headers);
/// let resource = client.protected_resource(url, challenge.as_ref()).await?;
/// let issuer = resource.authorization_servers.first().ok_or("no authorization server")?;
/// let server = client.discover(issuer).await?;
/// # Ok(()) }
/// ```
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct ProtectedResource {
    /// The identifier of the resource, which was found to be the one asked for. Requests for a
    /// token name it as `resource` (RFC 8707).
    pub resource: String,
    /// The issuers of the authorization servers that can be used. Which of them the caller trusts
    /// is the caller's decision (RFC 9728 section 7.6). Client credentials of one are for no other.
    #[serde(default)]
    pub authorization_servers: Vec<String>,
    /// The URL of the keys that belong to the resource.
    pub jwks_uri: Option<String>,
    /// The scopes that the resource tells of; `None` where it does not say.
    pub scopes_supported: Option<Vec<String>>,
    /// How the resource takes tokens (RFC 6750 section 2): see
    /// [`takes_header`](Self::takes_header).
    pub bearer_methods_supported: Option<Vec<String>>,
    /// The name of the resource, for people.
    pub resource_name: Option<String>,
    /// Whether tokens have to be bound to a key (RFC 9449).
    #[serde(default)]
    pub dpop_bound_access_tokens_required: bool,
    /// Whether tokens have to be bound to the certificate of a client (RFC 8705).
    #[serde(default)]
    pub tls_client_certificate_bound_access_tokens: bool,
    /// What else there is.
    #[serde(flatten)]
    pub extra: Extra,
}

impl ProtectedResource {
    /// Whether the resource takes tokens in the `Authorization` header, as it does where it says
    /// nothing else.
    pub fn takes_header(&self) -> bool {
        let methods = self.bearer_methods_supported.as_ref();
        methods.is_none_or(|methods| methods.iter().any(|method| method == "header"))
    }

    /// Returns the scopes to ask for: those of the challenge or, where it names none, all that the
    /// resource tells of.
    pub fn scopes<'s>(&'s self, challenge: Option<&'s ResourceChallenge>) -> &'s [String] {
        let challenged = challenge.map_or(&[][..], ResourceChallenge::scopes);
        match challenged {
            [] => self.scopes_supported.as_deref().unwrap_or_default(),
            scopes => scopes,
        }
    }
}

impl Response for ProtectedResource {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        received.read()
    }
}

#[cfg(test)]
mod tests;
