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

    /// Whether a parameter is sent without being asked for.
    pub(crate) fn sends(&self, name: &str, location: Location) -> bool {
        let is_authorization = self.kind == EndpointKind::Authorization;
        let is_client = name == self.client_id;
        match location {
            Location::Body | Location::Query => {
                let others: &[&str] = match is_authorization {
                    true => &["state", "nonce", "code_challenge", "code_challenge_method"],
                    false => &["client_assertion", "client_assertion_type"],
                };
                is_client
                    || name == self.grant_type
                    || others.contains(&name)
                    || !is_authorization && name == self.client_secret
            }
            Location::Header => !is_authorization && self.own_name(name).is_some(),
            // A secret has no business there.
            Location::Path => is_client || !is_authorization && name == self.grant_type,
        }
    }

    /// The name that is meant by a header, which has no case.
    pub(crate) fn own_name(&self, header: &str) -> Option<&'a str> {
        let own = [self.grant_type, self.client_id, self.client_secret];
        own.into_iter().find(|own| own.eq_ignore_ascii_case(header))
    }
}
