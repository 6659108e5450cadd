//! The parameters that the engine sends by itself, under the names that a document has for them.

use crate::model::{EndpointKind, Location};
use crate::prune::Site;

/// Their names at one endpoint.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Engine<'a> {
    kind: EndpointKind,
    /// What RFC 6749 calls `grant_type`; at an authorization endpoint `response_type`.
    pub(crate) grant_type: &'a str,
    pub(crate) client_id: &'a str,
    pub(crate) client_secret: &'a str,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(kind: EndpointKind, site: &'a Site) -> Self {
        let extension = &site.extension;
        let standard = match kind {
            EndpointKind::Authorization => "response_type",
            _ => "grant_type",
        };
        let or = |declared: &'a Option<String>, standard| declared.as_deref().unwrap_or(standard);
        Self {
            kind,
            grant_type: or(&extension.grant_type_parameter, standard),
            client_id: or(&extension.client_auth.client_id, "client_id"),
            client_secret: or(&extension.client_auth.client_secret, "client_secret"),
        }
    }

    /// Whether a parameter is sent without being asked for. A header or a part of the path of such a name is something else.
    pub(crate) fn sends(&self, name: &str, location: Location) -> bool {
        let others: &[&str] = match self.kind {
            EndpointKind::Authorization => {
                &["state", "nonce", "code_challenge", "code_challenge_method"]
            }
            _ => &["client_assertion", "client_assertion_type"],
        };
        matches!(location, Location::Body | Location::Query)
            && ([self.grant_type, self.client_id].contains(&name)
                || others.contains(&name)
                || self.kind != EndpointKind::Authorization && name == self.client_secret)
    }
}
