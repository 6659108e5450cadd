//! A valid OAuth token at hand.

#![cfg_attr(
    not(test),
    deny(clippy::expect_used, clippy::panic, clippy::indexing_slicing)
)]

mod seal;
mod store;

pub use seal::Keyring;
#[cfg(feature = "file")]
pub use store::FileStore;
#[cfg(feature = "redis")]
pub use store::RedisStore;
pub use store::{
    Begin, MemoryStore, StoreError, StoreFuture, StoreName, Stored, TokenStore, Version,
};
