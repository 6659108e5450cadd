//! ID tokens: who signed in (OpenID Connect Core 1.0).
//!
//! Nothing in here does I/O: keys and the clock are arguments. [`Client::id_token`] fetches the
//! keys.
//!
//! [`Client::id_token`]: crate::Client::id_token

pub(crate) mod claims;
mod expected;
mod id_token;
mod id_token_check;
mod jws;
mod key_set;
mod provider;
mod user_info;

use std::borrow::Cow;

pub(crate) use claims::Parties;
pub use expected::ExpectedIdToken;
pub use id_token::{BySignature, ByTls, IdToken, Proof};
pub(crate) use jws::{Jws, JwtKind, is_hmac};
pub use key_set::KeySet;
pub(crate) use provider::{Needed, OpenIdProvider, ProviderFacts};
pub use user_info::{UserInfo, UserInfoToken};

use crate::error::report::Report;
use crate::{Error, ErrorKind};

/// An error about what a provider sent.
pub(crate) fn malformed(message: impl Into<Cow<'static, str>>) -> Error {
    Report {
        sent: true,
        ..Report::new(ErrorKind::Malformed, message)
    }
    .into()
}

#[cfg(test)]
mod tests;
