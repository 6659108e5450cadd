//! What an introspection endpoint says of a token.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Deserialize;

use crate::{AuthorizationDetails, Extra, Received, Response, Unusable};

/// What an authorization server says of a token (RFC 7662 section 2.2).
#[derive(Debug, Clone, Deserialize)]
#[non_exhaustive]
pub struct Introspection {
    /// Whether the token is valid. Nothing else counts when it is not.
    pub active: bool,
    /// The scopes, as they came: see [`scopes`](Self::scopes).
    pub scope: Option<String>,
    /// The client that the token was issued to.
    pub client_id: Option<String>,
    /// The user who authorized it, for people.
    pub username: Option<String>,
    /// The type of the token (RFC 6749 section 5.1).
    pub token_type: Option<String>,
    /// When it expires, as a Unix time in seconds: see [`expires_at`](Self::expires_at).
    pub exp: Option<f64>,
    /// When it was issued, as a Unix time in seconds.
    pub iat: Option<f64>,
    /// Before when it is not valid, as a Unix time in seconds.
    pub nbf: Option<f64>,
    /// Whom it is about.
    pub sub: Option<String>,
    /// Who issued it.
    pub iss: Option<String>,
    /// The identifier of the token.
    pub jti: Option<String>,
    /// What else there is: `aud`, which is a text or a list of texts, `cnf`, and members of the
    /// server's own.
    #[serde(flatten)]
    pub extra: Extra,
}

impl Introspection {
    /// The scopes of the token; none where the response names none.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.scope
            .iter()
            .flat_map(|scope| scope.split_ascii_whitespace())
    }

    /// What the token allows in more detail than scopes have (RFC 9396 section 9.2); `None` if the
    /// response does not say so.
    pub fn authorization_details(&self) -> Option<AuthorizationDetails> {
        AuthorizationDetails::among(&self.extra)
    }

    /// When the token expires; `None` where the response does not say so.
    pub fn expires_at(&self) -> Option<SystemTime> {
        let seconds = Duration::try_from_secs_f64(self.exp?).ok()?;
        UNIX_EPOCH.checked_add(seconds)
    }
}

impl Response for Introspection {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        received.read()
    }
}
