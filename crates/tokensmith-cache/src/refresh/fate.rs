//! What became of a refresh token whose request brought no token.

use tokensmith_runtime::{Error, ErrorKind};

/// What a provider says that is overloaded or being maintained (RFC 6749 section 4.1.2.1).
const OVERLOADED: &str = "temporarily_unavailable";

/// Whether an error says that the refresh token will not be taken again (RFC 6749 section 5.2, OpenID Connect Core section
/// 3.1.2.6, RFC 6750 section 3.1).
pub(super) fn is_refusal(error: &Error) -> bool {
    const CODES: [&str; 5] = [
        "invalid_grant",
        "interaction_required",
        "login_required",
        "consent_required",
        "invalid_token",
    ];
    error
        .code()
        .is_some_and(|code| CODES.contains(&code.as_str()))
}

/// What became of a refresh token whose request brought no token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    /// The provider has not used it.
    Unused,
    /// The request was carried out, as far as anybody knows, and the response was lost.
    Lost,
    /// The provider failed. It hardly ever uses a refresh token before it does, but nobody can know.
    Doubtful,
}

impl Fate {
    /// The decision, with its reasons: `docs/decisions/refresh-protocol.md`.
    pub(super) fn of(error: &Error) -> Self {
        // What gateways say when they have passed a request on, or may have. The last two are Cloudflare's.
        const GIVEN_UP: [u16; 5] = [408, 502, 504, 520, 524];
        if !error.may_have_been_sent() {
            return Self::Unused;
        }
        if matches!(error.kind(), ErrorKind::Malformed | ErrorKind::TooLarge) {
            return Self::Lost;
        }
        match error.status() {
            None => Self::Lost,
            Some(status) if GIVEN_UP.contains(&status) => Self::Lost,
            // Whoever says when to come again has decided to do nothing (RFC 9110 section 10.2.3).
            Some(503) if error.retry_after().is_some() => Self::Unused,
            Some(_) if error.code().is_some_and(|code| code.as_str() == OVERLOADED) => Self::Unused,
            Some(500..) => Self::Doubtful,
            Some(_) => Self::Unused,
        }
    }
}
