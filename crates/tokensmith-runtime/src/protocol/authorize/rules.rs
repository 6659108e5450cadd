//! How a server takes authorization requests, as its metadata say.

use crate::protocol::Settings;
use crate::{Endpoint, PushedRequests};

/// Who says that authorization requests have to be pushed: the provider's metadata, its document, or
/// the caller.
pub(super) fn requires_pushed(
    settings: &Settings,
    endpoint: &Endpoint<'_>,
) -> Option<&'static str> {
    if settings.authorization_rules.requires_pushed {
        Some("the provider's metadata say by `require_pushed_authorization_requests`")
    } else if endpoint.pushed_requests() == PushedRequests::Required {
        Some("the provider's document says")
    } else if settings.requires_pushed {
        Some("`require_pushed_authorization` of the client says")
    } else {
        None
    }
}

/// What holds for authorizations at one server, beside what its document says.
#[derive(Clone, Default)]
pub(crate) struct AuthorizationRules {
    /// Whether its redirects name their issuer (RFC 9207 section 3).
    pub(crate) names_issuer: bool,
    /// Where authorization requests are pushed to (RFC 9126 section 5).
    pub(crate) pushed_url: Option<String>,
    /// Whether the server takes no other authorization requests.
    pub(crate) requires_pushed: bool,
}

#[cfg(feature = "discovery")]
impl From<&crate::ServerMetadata> for AuthorizationRules {
    fn from(metadata: &crate::ServerMetadata) -> Self {
        Self {
            names_issuer: metadata.authorization_response_iss_parameter_supported,
            pushed_url: metadata.pushed_authorization_request_endpoint.clone(),
            requires_pushed: metadata.require_pushed_authorization_requests,
        }
    }
}
