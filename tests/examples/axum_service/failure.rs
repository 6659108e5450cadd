//! What a browser is told when something fails.

use std::fmt::Display;

use axum::http::StatusCode;
use tokensmith_cache::{TokenError, TokenErrorKind};

pub(crate) type Failure = (StatusCode, String);

pub(crate) fn unauthorized() -> Failure {
    let reason = "sign in at /sign-in first".to_owned();
    (StatusCode::UNAUTHORIZED, reason)
}

/// Only the user can help where the kind is `user_required`; anything else may work later.
pub(crate) fn no_token(error: TokenError) -> Failure {
    match error.kind() {
        TokenErrorKind::UserRequired => unauthorized(),
        _ => failed(error),
    }
}

pub(crate) fn failed(error: impl Display) -> Failure {
    (StatusCode::BAD_GATEWAY, error.to_string())
}
