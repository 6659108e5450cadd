//! One refresh: from asking the store to keeping the new token.

mod access;
mod credential;
mod fate;
mod grant;
mod options;
mod pending;
mod saving;
mod section;
mod seeds;
mod shared;
mod slot;
mod user;
mod vault;

pub(crate) use access::{Outcome, Refresh};
pub(crate) use credential::{Beginning, Credential, Seen, Stored};
#[cfg(shuttle)]
pub(crate) use grant::MaySend;
pub(crate) use grant::{AsToken, Grant, Requests};
pub use options::Options;
pub(crate) use options::{Context, limited, pause};
pub use pending::Drained;
pub(crate) use saving::waits;
pub(crate) use seeds::Seeds;
pub(crate) use slot::{Attempt, Remembered, Slot, TokenOrAttempt};
pub(crate) use user::User;
pub(crate) use vault::{Origin, Unsaved, Vault};
