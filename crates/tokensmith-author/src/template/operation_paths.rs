//! Where the operations stand: a path has one operation of each method.

use super::{Template, url};

/// What an operation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Token,
    Device,
    Revocation,
    Introspection,
    Authorization,
}

impl Kind {
    pub(super) fn method(self) -> &'static str {
        match self {
            Self::Authorization => "get",
            _ => "post",
        }
    }

    /// The `operationId`.
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Device => "authorizeDevice",
            Self::Revocation => "revoke",
            Self::Introspection => "introspect",
            Self::Authorization => "authorize",
        }
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::Device => "device authorization",
            Self::Revocation => "revocation",
            Self::Introspection => "introspection",
            Self::Authorization => "authorization",
        }
    }
}

/// A path of the document.
pub(super) struct Place<'a> {
    pub(super) path: String,
    pub(super) operations: Vec<Operation<'a>>,
}

/// An operation at a path.
pub(super) struct Operation<'a> {
    pub(super) kind: Kind,
    /// Its server, if it is not that of the token endpoint.
    pub(super) server: Option<&'a str>,
}

/// The paths in the order of the operations. Where two operations of one method have the same path at
/// different servers, what stands behind `#` tells them apart.
pub(super) fn places(template: &Template) -> Result<Vec<Place<'_>>, String> {
    let urls = [
        (Kind::Token, Some(&template.token_url)),
        (Kind::Device, template.device_url.as_ref()),
        (Kind::Revocation, template.revocation_url.as_ref()),
        (Kind::Introspection, template.introspection_url.as_ref()),
        (Kind::Authorization, template.authorization_url.as_ref()),
    ];
    let (home, _) = url::split(&template.token_url)?;
    let mut places: Vec<Place<'_>> = Vec::new();
    let mut known: Vec<(Kind, &str)> = Vec::new();
    for (kind, url) in urls {
        let Some(url) = url else { continue };
        let (server, path) =
            url::split(url).map_err(|fault| format!("the {} endpoint: {fault}", kind.name()))?;
        let same = known
            .iter()
            .find(|(other, known)| *known == url && other.method() == kind.method());
        if let Some((other, _)) = same {
            return Err(format!(
                "the {} endpoint and the {} endpoint cannot be at the same URL: {url}",
                other.name(),
                kind.name()
            ));
        }
        known.push((kind, url));
        let operation = Operation {
            kind,
            server: (server != home).then_some(server),
        };
        let place = places.iter_mut().find(|place| place.path == path);
        match place {
            Some(place) if place.has(kind.method()) => places.push(Place {
                path: format!("{path}#{}", kind.id()),
                operations: vec![operation],
            }),
            Some(place) => place.operations.push(operation),
            None => places.push(Place {
                path: path.to_owned(),
                operations: vec![operation],
            }),
        }
    }
    Ok(places)
}

impl Place<'_> {
    fn has(&self, method: &str) -> bool {
        let mut operations = self.operations.iter();
        operations.any(|operation| operation.kind.method() == method)
    }
}
