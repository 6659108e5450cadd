//! Why a refresh gave no token, and how long nobody tries again.

use std::time::Duration;

use crate::{Policy, TokenError, TokenErrorKind};

#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) error: TokenError,
    /// Whether nothing was tried, since somebody else is at it or was first.
    pub(crate) elsewhere: bool,
    /// Whether it says nothing to other machines: this one was held up.
    pub(super) is_held_up: bool,
}

impl Failure {
    pub(crate) fn elsewhere(error: TokenError) -> Self {
        Self {
            error,
            elsewhere: true,
            is_held_up: false,
        }
    }

    /// How long nobody asks again.
    pub(crate) fn cool_down(&self, policy: &Policy, failures: u32) -> Duration {
        match self.error.kind() {
            TokenErrorKind::CoolingDown => {
                let wait = self.error.retry_after().unwrap_or_default();
                wait.min(policy.longest_wait)
            }
            _ => policy.cool_down(failures, self.error.retry_after()),
        }
    }

    /// How long other machines do not ask the provider. What went wrong here says nothing to them.
    pub(super) fn cool_down_elsewhere(&self, policy: &Policy) -> Duration {
        match self.error.kind() {
            TokenErrorKind::Exchange | TokenErrorKind::Expired
                if !self.elsewhere && !self.is_held_up =>
            {
                self.cool_down(policy, 1)
            }
            _ => Duration::ZERO,
        }
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self {
            error,
            elsewhere: false,
            is_held_up: false,
        }
    }
}

/// The failure of a token that had expired when it was read.
pub(super) fn expired(lifetime: Option<Duration>, elapsed: Duration) -> Failure {
    let lifetime = lifetime.unwrap_or_default();
    if lifetime.is_zero() {
        let expired = "the provider returned a token that had already expired";
        return TokenErrorKind::Expired.because(expired).into();
    }
    let error = TokenErrorKind::Expired.because(format!(
        "the token had expired by the time its response was read: it lives for {} s and was asked for {} s ago; this \
         process was held up, or the provider's lifetime is too short",
        lifetime.as_secs(),
        elapsed.as_secs()
    ));
    Failure {
        is_held_up: true,
        ..error.into()
    }
}

pub(in crate::refresh) fn panicked() -> TokenError {
    TokenErrorKind::Panicked.because("what asked for the token has panicked")
}

pub(in crate::refresh) fn late() -> TokenError {
    TokenErrorKind::Deadline.because("the refresh took longer than its deadline")
}

pub(super) fn dropped() -> TokenError {
    TokenErrorKind::Dropped
        .because("the refresh was dropped before its end: its runtime was shut down")
}

pub(in crate::refresh) fn superseded() -> TokenError {
    TokenErrorKind::UserRequired.because("the user has signed in or out meanwhile")
}

pub(in crate::refresh) fn signed_out() -> TokenError {
    TokenErrorKind::UserRequired.because("the user has signed out")
}

pub(in crate::refresh) fn held_elsewhere() -> TokenError {
    TokenErrorKind::CoolingDown
        .because("another machine refreshes the token")
        .with_retry_after(Duration::from_secs(1))
}
