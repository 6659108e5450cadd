//! Stores for the sources of one process.

use std::collections::HashMap;
use std::fmt;
use std::future::ready;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::state::{Entry, Record};
use super::{
    Begin, BeginSection, RefreshTokenStore, Saved, Section, StoreFuture, StoreName, TokenStore,
    Version,
};
use crate::{Clock, SystemClock};

/// A store in memory, for the sources of one process. Clones are the same store.
#[derive(Clone)]
pub struct MemoryStore {
    records: Arc<Mutex<Records>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Records {
    by_name: HashMap<StoreName, Record>,
    /// At how many the empty ones are dropped.
    full: usize,
}

impl MemoryStore {
    /// A store that holds nothing yet.
    pub fn new() -> Self {
        Self::with_clock(SystemClock)
    }

    /// A store with a time of its own, for tests.
    pub fn with_clock(clock: impl Clock) -> Self {
        Self {
            records: Arc::default(),
            clock: Arc::new(clock),
        }
    }

    /// Loses all that it holds, as a cache may.
    #[cfg(test)]
    pub(crate) fn evict(&self) {
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.by_name.clear();
    }

    fn change<T: Send + 'static>(
        &self,
        name: &StoreName,
        change: impl FnOnce(&mut Record, Duration) -> T,
    ) -> StoreFuture<'static, T> {
        let now = self.clock.now();
        let mut records = self.records.lock().unwrap_or_else(PoisonError::into_inner);
        records.make_room(now);
        let record = records.by_name.entry(name.clone()).or_default();
        Box::pin(ready(Ok(change(record, now))))
    }
}

impl Records {
    fn make_room(&mut self, now: Duration) {
        if self.by_name.len() >= self.full.max(64) {
            self.by_name.retain(|_, record| !record.is_empty(now));
            self.full = 2 * self.by_name.len();
        }
    }
}

impl Default for MemoryStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MemoryStore(..)")
    }
}

impl TokenStore for MemoryStore {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        self.change(name, |record, now| record.begin(known, lease, now))
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change(name, |record, now| record.renew(lease, duration, now))
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change(name, |record, now| {
            record.put(version, value, lifetime, now)
        })
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.change(name, |record, now| record.fail(lease, cool_down, now))
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        self.change(name, Record::delete)
    }
}

/// Refresh tokens in memory: the reference for other stores, and for tests. Clones are the same store.
///
/// What it holds ends with the process, and every user has to sign in again: programs that outlive their users' patience keep
/// refresh tokens elsewhere.
#[derive(Clone)]
pub struct MemoryRefreshTokenStore {
    entries: Arc<Mutex<Entries>>,
    clock: Arc<dyn Clock>,
}

#[derive(Default)]
struct Entries {
    by_name: HashMap<StoreName, Entry>,
    /// The last number that was given to a section, of any entry: it rises whatever is deleted.
    last: u64,
}

impl MemoryRefreshTokenStore {
    /// A store that holds nothing yet.
    pub fn new() -> Self {
        Self::with_clock(SystemClock)
    }

    /// A store with a time of its own, for tests.
    pub fn with_clock(clock: impl Clock) -> Self {
        Self {
            entries: Arc::default(),
            clock: Arc::new(clock),
        }
    }

    fn change<T: Send + 'static>(
        &self,
        name: &StoreName,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T,
    ) -> StoreFuture<'static, T> {
        let now = self.clock.now();
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        entries.last += 1;
        let next = entries.last;
        let entry = entries.by_name.entry(name.clone()).or_default();
        let outcome = change(entry, next, now);
        if *entry == Entry::default() {
            entries.by_name.remove(name);
        }
        Box::pin(ready(Ok(outcome)))
    }
}

impl Default for MemoryRefreshTokenStore {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for MemoryRefreshTokenStore {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("MemoryRefreshTokenStore(..)")
    }
}

impl RefreshTokenStore for MemoryRefreshTokenStore {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.change(entry, |entry, _, _| entry.value())
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        self.change(entry, |entry, next, now| entry.begin(next, duration, now))
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change(entry, |entry, _, now| entry.confirm(section, duration, now))
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        self.change(entry, |entry, _, _| entry.save(section, value))
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.change(entry, |entry, _, _| entry.end(section))
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        self.change(entry, |entry, _, _| entry.put(value))
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.change(entry, |entry, _, _| entry.delete())
    }
}

#[cfg(test)]
mod tests;
