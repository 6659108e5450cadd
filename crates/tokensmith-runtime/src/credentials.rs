//! Who asks for a token.

use crate::Secret;

/// The identifier and secret of an OAuth client (RFC 6749 section 2.2 and 2.3.1).
#[derive(Debug, Clone)]
pub struct Credentials {
    id: String,
    secret: Option<Secret>,
}

impl Credentials {
    /// The credentials of a confidential client.
    ///
    /// An empty secret counts as none: the identifier is then sent in the body, without a `client_secret`.
    pub fn new(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        Self {
            id: id.into(),
            secret: (!secret.is_empty()).then_some(secret),
        }
    }

    /// A public client, which has no secret (RFC 6749 section 2.1).
    pub fn public(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: None,
        }
    }

    /// The client identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The client secret; `None` for a public client.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }
}
