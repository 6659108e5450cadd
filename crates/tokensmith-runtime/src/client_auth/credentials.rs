//! Who asks for a token.

use crate::{Assertion, Secret};

/// The identifier of an OAuth client (RFC 6749 section 2.2), and what it proves with that it is
/// this client.
#[derive(Debug, Clone)]
pub struct Credentials {
    id: String,
    secret: Option<Secret>,
    has_empty_secret: bool,
    assertion: Option<Assertion>,
}

impl Credentials {
    /// The credentials of a confidential client.
    ///
    /// An empty secret is that of a public client: the identifier is then sent in the body, without
    /// a `client_secret`. Where the client authenticates by HTTP Basic and nothing else, it is sent
    /// there, with an empty password.
    pub fn new(id: impl Into<String>, secret: impl Into<Secret>) -> Self {
        let secret = secret.into();
        Self {
            id: id.into(),
            has_empty_secret: secret.is_empty(),
            secret: (!secret.is_empty()).then_some(secret),
            assertion: None,
        }
    }

    /// A public client, which has no secret (RFC 6749 section 2.1).
    pub fn public(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: None,
            has_empty_secret: false,
            assertion: None,
        }
    }

    /// The credentials of a client that authenticates by assertions (RFC 7523 section 2.2), such as
    /// a JWT signed with its private key: see `jwt::Assertion`, with the feature `jwt`, or
    /// [`Assertion::from_fn`].
    pub fn with_assertion(id: impl Into<String>, assertion: impl Into<Assertion>) -> Self {
        Self {
            id: id.into(),
            secret: None,
            has_empty_secret: false,
            assertion: Some(assertion.into()),
        }
    }

    /// The client identifier.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The client secret; `None` for a client that has none.
    pub fn secret(&self) -> Option<&Secret> {
        self.secret.as_ref()
    }

    /// Whether a secret was given and is empty.
    pub(crate) fn has_empty_secret(&self) -> bool {
        self.has_empty_secret
    }

    /// The assertion that the client authenticates by; `None` for a client that has none.
    pub fn assertion(&self) -> Option<&Assertion> {
        self.assertion.as_ref()
    }
}
