//! A valid OAuth token at hand.

#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod ask;
pub mod blocking;
#[cfg(any(feature = "reqwest-middleware", feature = "tower"))]
mod carry;
mod clock;
mod error;
mod flight;
mod grant;
mod header;
#[cfg(feature = "tower")]
mod layer;
mod manager;
mod metrics;
#[cfg(feature = "reqwest-middleware")]
mod middleware;
mod options;
mod policy;
mod rotation;
mod seal;
mod shared;
mod slot;
mod source;
mod store;
mod sync;
#[cfg(test)]
mod testing;
mod token;

pub use clock::{Clock, SystemClock};
pub use error::{TokenError, TokenErrorKind};
pub use header::TokenHeader;
#[cfg(feature = "tower")]
pub use layer::{CloneBody, Replay, TokenLayer, TokenService};
pub use manager::TokenManager;
pub use metrics::Metrics;
#[cfg(feature = "reqwest-middleware")]
pub use middleware::TokenMiddleware;
pub use options::{Options, Refresh};
pub use policy::Policy;
pub use rotation::{RefreshTokenStore, Replaced};
pub use seal::Keyring;
pub use source::{SourceBuilder, TokenSource};
#[cfg(feature = "file")]
pub use store::FileStore;
#[cfg(feature = "redis")]
pub use store::RedisStore;
pub use store::{
    Begin, MemoryStore, StoreError, StoreFuture, StoreName, Stored, TokenStore, Version,
};
pub use token::Token;
