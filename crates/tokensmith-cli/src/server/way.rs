//! What a token is asked for by, or what is asked about it.

use tokensmith_runtime::{Description, Endpoint, EndpointKind, Operation};

use super::select;
use crate::failure::Failure;

/// An endpoint and an operation of it.
pub(super) type Found = (&'static Endpoint<'static>, &'static Operation<'static>);

/// What the person does, or the program that holds the token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// Comes back with a code (RFC 6749 section 4.1).
    Browser,
    /// Types in a code elsewhere (RFC 8628).
    Device,
    /// Holds a refresh token (RFC 6749 section 6).
    Refresh,
    /// Gives a token up (RFC 7009).
    Revoke,
    /// Asks what a token stands for (RFC 7662).
    Introspect,
}

impl Way {
    /// The names of the grant, the standard's first.
    fn grants(self) -> &'static [&'static str] {
        match self {
            Self::Browser => &["authorization_code"],
            Self::Device => &[
                "urn:ietf:params:oauth:grant-type:device_code",
                "device_code",
            ],
            Self::Refresh => &["refresh_token"],
            Self::Revoke | Self::Introspect => &[],
        }
    }

    /// The operation of a description that the token is asked for by.
    pub(super) fn operation(
        self,
        description: &'static Description<'static>,
        path: Option<&str>,
    ) -> Result<Found, Failure> {
        match self {
            Self::Revoke => {
                return of_kind(description, EndpointKind::Revocation, "revocation", path);
            }
            Self::Introspect => {
                return of_kind(
                    description,
                    EndpointKind::Introspection,
                    "introspection",
                    path,
                );
            }
            Self::Browser | Self::Device | Self::Refresh => {}
        }
        let named = |grant: &&str| select::operation(description, Some(grant), path);
        let grants = self.grants();
        let found = grants.iter().map(named);
        let standard = || named(grants.first().unwrap_or(&""));
        found
            .into_iter()
            .find(Result::is_ok)
            .unwrap_or_else(standard)
    }
}

/// The first operation of the first endpoint of a kind.
pub(super) fn of_kind(
    description: &'static Description<'static>,
    kind: EndpointKind,
    name: &str,
    path: Option<&str>,
) -> Result<Found, Failure> {
    let is_at = |endpoint: &Endpoint<'_>| path.is_none_or(|path| endpoint.paths().contains(&path));
    let mut endpoints = description.endpoints().iter();
    let endpoint = endpoints.find(|endpoint| endpoint.kind() == kind && is_at(endpoint));
    let found = endpoint.and_then(|it| Some((*it, *it.operations().first()?)));
    found.ok_or_else(|| {
        let title = description.title();
        let place = path.map_or_else(String::new, |path| format!(" at `{path}`"));
        Failure::Usage(format!(
            "{title} has no {name} endpoint{place} in its document"
        ))
    })
}
