//! What `endpoint` says of an operation.

use serde::{Deserialize, Deserializer};
use tokensmith_description::EndpointKind;

use super::name;

/// What an operation is stated to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StatedEndpoint {
    Kind(EndpointKind),
    /// Not an OAuth endpoint, though it looks like one.
    Other,
}

/// What each is called, in the order in which they are listed.
const NAMES: [(&str, StatedEndpoint); 9] = [
    ("token", StatedEndpoint::Kind(EndpointKind::Token)),
    ("revocation", StatedEndpoint::Kind(EndpointKind::Revocation)),
    (
        "introspection",
        StatedEndpoint::Kind(EndpointKind::Introspection),
    ),
    (
        "device-authorization",
        StatedEndpoint::Kind(EndpointKind::DeviceAuthorization),
    ),
    (
        "pushed-authorization",
        StatedEndpoint::Kind(EndpointKind::PushedAuthorization),
    ),
    (
        "authorization",
        StatedEndpoint::Kind(EndpointKind::Authorization),
    ),
    (
        "end-session",
        StatedEndpoint::Kind(EndpointKind::EndSession),
    ),
    (
        "registration",
        StatedEndpoint::Kind(EndpointKind::Registration),
    ),
    ("none", StatedEndpoint::Other),
];

impl<'de> Deserialize<'de> for StatedEndpoint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (_, stated) = name::by_name(deserializer, &NAMES, |(name, _)| name)?;
        Ok(stated)
    }
}
