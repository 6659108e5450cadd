//! One refresh: from asking the store to keeping the new token.

mod access;
mod configured_token;
mod credential;
mod fate;
mod grant;
mod options;
mod pending;
mod refresh_tokens;
mod saving;
mod section;
mod shared_store;
mod token_slot;
mod user;

pub(crate) use access::{Outcome, Refresh};
pub(crate) use configured_token::ConfiguredTokens;
pub(crate) use credential::{Beginning, Credential, Seen, Stored};
#[cfg(shuttle)]
pub(crate) use grant::MaySend;
pub(crate) use grant::{AsToken, Grant, Requests};
pub use options::Options;
pub(crate) use options::{Context, limited, pause};
pub use pending::Drained;
pub(crate) use refresh_tokens::{Origin, RefreshTokens, Unsaved};
pub(crate) use saving::waits;
pub(crate) use token_slot::{Attempt, Remembered, TokenOrAttempt, TokenSlot};
pub(crate) use user::User;
