//! The contract of a store that keeps people's refresh tokens.

use std::sync::Arc;
use std::time::Duration;

use super::{StoreFuture, StoreName};

/// Where the refresh tokens of all users are kept, so that they outlive the process and are used by one machine at a time.
///
/// A provider that rotates refresh tokens takes each of them once; many revoke all of a user's tokens when one comes twice.
/// So nobody may use a refresh token while somebody else does, and no new one may be lost. A [`TokenStore`](crate::TokenStore)
/// is a cache and may lose what it holds; this store may not.
///
/// # Entries
///
/// Each user has an entry: a name of 64 hexadecimal digits, of which nothing can be learnt, and a value, encrypted before it
/// gets here (see [`Keyring`](crate::Keyring)). Values are up to a few kilobytes long.
///
/// # Sections
///
/// A *section* is the right to use the refresh token of one entry. It has a number that only rises (a fencing token), and a
/// deadline, after which somebody else can get the next one. What a refresh does:
///
/// 1. [`begin`](Self::begin) grants the section and gives the value, in one step.
/// 2. [`confirm`](Self::confirm) comes immediately before the request is sent: `false` means that the section was lost, and
///    nothing is sent. It also extends the section while the request is in flight. The store records that a request may have
///    been sent under this number.
/// 3. [`save`](Self::save) stores the new value and ends the section, or [`end`](Self::end) ends it where the value that is
///    there stays good. Both remove the record of step 2.
///
/// [`put`](Self::put) (the user signs in) and [`delete`](Self::delete) (the user signs out) win over everything: they end all
/// sections, and a `save` of one of these is refused.
///
/// A holder that is late may still save: its response holds the only copy of the new refresh token. `save` is refused only
/// after a `put` or `delete`, or once a *later section was confirmed*. A later section that was begun and not yet confirmed
/// gives way: its `confirm` says `false`, and its holder begins again and finds the new value. The same holds of `confirm`: a
/// holder whose request is in flight takes its section back from one that was begun since, because the clock of the store was
/// set forward, for example, or because the store was down for longer than the section lasts.
///
/// When [`begin`](Self::begin) finds the record of a request that was neither saved nor ended, its sender has died or is late:
/// [`Begun::unsaved`] names that section. The caller waits for as long as a sender who is late needs to save. If nobody has by
/// then, the provider may have replaced the refresh token by one that nobody has. The caller reports that and goes on with what
/// is stored, since that is the only chance: the provider refuses it, or takes it within its grace period, or the request never
/// left.
///
/// # Implementations
///
/// - Each operation is one atomic step for its entry, whoever else is at work: a transaction with a row lock, a script.
/// - Times are durations, measured by the clock of the store.
/// - A value is durable when `save` and `put` return.
/// - Numbers rise for ever, also after `delete`: a sequence for the whole store is the simplest way.
/// - The caller gives an operation up when it takes too long ([`Policy::with_store_timeout`](crate::Policy::with_store_timeout)).
///   It may then have been carried out or not: a `save` is called again, with the same section and value, and the second one
///   has to say [`Saved::Saved`], too.
/// - An error means that nothing is known of the outcome. It must not show a value.
///
/// [`MemoryRefreshTokenStore`](crate::MemoryRefreshTokenStore) is the reference, and its state machine is less than a hundred
/// lines of code.
pub trait RefreshTokenStore: Send + Sync {
    /// Returns the value of an entry, if there is one. Takes no section.
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>>;

    /// Begins a section that lasts this long, unless somebody else has one whose deadline lies ahead.
    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection>;

    /// Makes the section last this long from now on, and records that a request may be sent under it. `false` if it is neither
    /// the latest one nor the last that was confirmed, or was ended. So a section past its deadline can be confirmed as long as no
    /// later one was begun. One that was confirmed before can be as long as no later one was *confirmed*: that one is over then.
    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool>;

    /// Stores a value and ends the section, if it is the latest one or the last that was confirmed.
    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved>;

    /// Ends the section, if it has not ended yet, and leaves the value as it is.
    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()>;

    /// Stores a value whatever there was, and ends every section: the user has signed in.
    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()>;

    /// Deletes the value and returns it, and ends every section: the user has signed out. `None` if there is none, or if it was
    /// deleted by an earlier call whose outcome was lost.
    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>>;

    /// Whether the operations need a tokio runtime around them. Blocking users refuse such a store when they are built.
    fn needs_tokio(&self) -> bool {
        false
    }
}

/// The number of a section. Later ones have higher numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Section(pub u64);

/// What [`RefreshTokenStore::begin`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BeginSection {
    /// The section is the caller's.
    Begun(Begun),
    /// Somebody else has a section.
    Held {
        /// Whose it is.
        section: Section,
        /// How long it lasts at most, unless it is extended.
        remaining: Duration,
    },
}

/// A section that has begun.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// Its number.
    pub section: Section,
    /// The value of the entry.
    pub value: Option<Vec<u8>>,
    /// The section under which a request may have been sent, if it was neither saved nor ended.
    pub unsaved: Option<Section>,
}

/// What [`RefreshTokenStore::save`] gives.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// The value is stored.
    Saved,
    /// The value is not stored, since another one counts. This is there now; `None` if the user has signed out.
    Lost(Option<Vec<u8>>),
}

impl<S: RefreshTokenStore + ?Sized> RefreshTokenStore for Arc<S> {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        (**self).load(entry)
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        (**self).begin(entry, duration)
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        (**self).confirm(entry, section, duration)
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        (**self).save(entry, section, value)
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        (**self).end(entry, section)
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        (**self).put(entry, value)
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        (**self).delete(entry)
    }

    fn needs_tokio(&self) -> bool {
        (**self).needs_tokio()
    }
}
