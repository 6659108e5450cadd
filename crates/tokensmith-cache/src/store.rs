//! Where machines share tokens.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

#[cfg(feature = "file")]
mod file;
mod memory;
mod operation;
#[cfg(feature = "postgres")]
mod postgres;
#[cfg(feature = "redis")]
mod redis;
mod refresh_token_store;
#[cfg(feature = "sqlite")]
mod sqlite;
mod state;
#[cfg(feature = "keyring")]
mod system_keyring;

#[cfg(feature = "file")]
pub use file::FileStore;
pub use memory::{MemoryRefreshTokenStore, MemoryStore};
#[cfg(feature = "postgres")]
pub use postgres::PostgresStore;
#[cfg(feature = "redis")]
pub use redis::RedisStore;
pub use refresh_token_store::{BeginSection, Begun, RefreshTokenStore, Saved, Section};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteStore;
#[cfg(feature = "keyring")]
pub use system_keyring::SystemKeyringStore;
pub use tokensmith_seal::Keyring;

/// What an operation of a store gives, later.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// A place where machines share tokens, and agree on who asks for the next one.
///
/// What it holds is a copy: it may be lost at any time. Values are encrypted before they get here, and names tell nothing;
/// see [`Keyring`](crate::Keyring). An operation that takes long is given up by the caller, and counts as failed.
///
/// Each operation is one atomic step, whoever else is at work on the same name.
pub trait TokenStore: Send + Sync {
    /// Looks for a token of another version than the one `known`; where there is none, takes the lease that allows to ask
    /// the provider for the next token, for this long.
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin>;

    /// Makes a lease last for this long from now on; `false` if somebody else has it by now, or nobody.
    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool>;

    /// Keeps a value as this version, and ends the lease. It lives for this long *since the lease
    /// was given*, so that it lives no longer where a machine or the store was stopped in between.
    /// `false`, and nothing is kept, if there is a later version by now, or the value has ended.
    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool>;

    /// Ends the lease without a token, if it is still the caller's: nobody is given the next one for this long. A wait that is
    /// longer already stays.
    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()>;

    /// Deletes the token, the lease and the wait. For an hour, tokens of leases that were given before are refused: a refresh
    /// that is under way elsewhere must not bring the token of a user back who has signed out.
    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()>;

    /// Which part of the store has the name, if parts can fail alone: a node of a cluster, or some of its slots. A part that has
    /// failed is done without for two seconds, the others are not.
    fn part(&self, name: &StoreName) -> u8 {
        let _ = name;
        0
    }

    /// Whether the operations need a tokio runtime around them. A blocking source refuses such a store when it is built.
    fn needs_tokio(&self) -> bool {
        false
    }
}

impl<S: TokenStore + ?Sized> TokenStore for Arc<S> {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        (**self).begin(name, known, lease)
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        (**self).renew(name, lease, duration)
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        (**self).put(name, version, value, lifetime)
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        (**self).fail(name, lease, cool_down)
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        (**self).delete(name)
    }

    fn part(&self, name: &StoreName) -> u8 {
        (**self).part(name)
    }

    fn needs_tokio(&self) -> bool {
        (**self).needs_tokio()
    }
}

/// What [`TokenStore::begin`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// There is another token.
    Found(Stored),
    /// The lease is the caller's. Its number is the version of the token to come: higher than all before it.
    Leased(Version),
    /// Somebody else asks the provider, and has the lease for this long at most.
    Held(Duration),
    /// The provider is not to be asked for this long.
    CoolingDown(Duration),
}

/// A value in a store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored {
    /// Which one it is.
    pub version: Version,
    /// The value, as it was put there.
    pub value: Vec<u8>,
    /// How long it lives on.
    pub remaining: Duration,
}

/// Numbers the leases, and the tokens that came of them, in the order in which they were given (a fencing token).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(pub u64);

/// The name of a token in a store: 64 hexadecimal digits, of which nothing can be learnt.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct StoreName(String);

impl StoreName {
    /// A name, as a store sees it.
    pub fn new(name: String) -> Self {
        Self(name)
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Why a store could not do what it was asked for.
#[derive(Debug, Clone)]
pub struct StoreError {
    reason: Arc<dyn StdError + Send + Sync>,
    is_of_one_entry: bool,
}

impl StoreError {
    /// An error with its reason, which must not show a secret.
    pub fn new(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            reason: Arc::from(reason.into()),
            is_of_one_entry: false,
        }
    }

    /// An error that says nothing of other entries: a value that is damaged, or that this crate did not write. The store is not done without
    /// for it.
    pub fn of_one_entry(reason: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self {
            is_of_one_entry: true,
            ..Self::new(reason)
        }
    }

    pub(crate) fn is_of_one_entry(&self) -> bool {
        self.is_of_one_entry
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.reason.fmt(formatter)
    }
}

impl StdError for StoreError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.reason.source()
    }
}

#[cfg(all(test, any(feature = "file", feature = "sqlite")))]
mod set_clock_tests;
