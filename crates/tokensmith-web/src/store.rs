//! Sign-ins that are under way, on the server.

use std::collections::{BTreeMap, HashMap};
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::Error;

/// What a [`SignInStore`] does.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Keeps sign-ins on the server until the browser comes back: in a database that all machines
/// reach.
///
/// Values are encrypted. An entry is gone when its time is over, or soon after. Errors are made by
/// [`Error::of_store`].
pub trait SignInStore: Send + Sync {
    /// Keeps a value for as long. There is none of that name yet.
    fn put(&self, name: String, value: Vec<u8>, lifetime: Duration) -> StoreFuture<'_, ()>;

    /// Takes a value out, so that nobody gets it again: of two callers at the same time, on
    /// whatever machines, one gets `None`. A use of this that is not atomic lets a sign-in be used
    /// twice.
    fn take(&self, name: String) -> StoreFuture<'_, Option<Vec<u8>>>;
}

/// Sign-ins in memory, for tests and for an application that is one process.
///
/// Anybody can begin sign-ins, so it keeps 100,000 of them at most, in up to 330 MB (if each has
/// the longest return path), or as many as [`with_capacity`](Self::with_capacity) says. One more
/// takes the place of the oldest, whose person then has to sign in again. A limit to how many
/// sign-ins one address may begin in a minute keeps others from being pushed out; the cookie that
/// is used without a store needs none.
pub struct MemorySignInStore {
    capacity: usize,
    entries: Mutex<Entries>,
}

const CAPACITY: usize = 100_000;

#[derive(Default)]
struct Entries {
    by_name: HashMap<String, Entry>,
    /// The names in the order in which they came.
    names: BTreeMap<u64, String>,
}

struct Entry {
    number: u64,
    value: Vec<u8>,
    end: Instant,
}

impl MemorySignInStore {
    /// Creates a store of as many sign-ins at most, and of one at least.
    pub fn with_capacity(capacity: usize) -> Self {
        Self {
            capacity: capacity.max(1),
            entries: Mutex::default(),
        }
    }

    fn entries(&self) -> MutexGuard<'_, Entries> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for MemorySignInStore {
    fn default() -> Self {
        Self::with_capacity(CAPACITY)
    }
}

impl Entries {
    fn put(&mut self, name: String, value: Vec<u8>, end: Instant) {
        self.take(&name);
        let last = self.names.last_key_value();
        let number = last.map_or(0, |(number, _)| number + 1);
        self.names.insert(number, name.clone());
        let entry = Entry { number, value, end };
        self.by_name.insert(name, entry);
    }

    fn take(&mut self, name: &str) -> Option<Entry> {
        let entry = self.by_name.remove(name)?;
        self.names.remove(&entry.number);
        Some(entry)
    }

    /// Removes those that are over, which are the oldest as a rule, and the oldest of more than
    /// `capacity`.
    fn tidy(&mut self, capacity: usize, now: Instant) {
        while let Some((_, name)) = self.names.first_key_value() {
            let is_over = self.by_name.get(name).is_none_or(|entry| entry.end <= now);
            if !is_over && self.by_name.len() <= capacity {
                break;
            }
            if let Some((_, name)) = self.names.pop_first() {
                self.by_name.remove(&name);
            }
        }
    }
}

impl SignInStore for MemorySignInStore {
    fn put(&self, name: String, value: Vec<u8>, lifetime: Duration) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let now = Instant::now();
            let mut entries = self.entries();
            entries.put(name, value, now + lifetime);
            entries.tidy(self.capacity, now);
            Ok(())
        })
    }

    fn take(&self, name: String) -> StoreFuture<'_, Option<Vec<u8>>> {
        Box::pin(async move {
            let entry = self.entries().take(&name);
            Ok(entry
                .filter(|entry| entry.end > Instant::now())
                .map(|entry| entry.value))
        })
    }
}

impl std::fmt::Debug for MemorySignInStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("MemorySignInStore")
            .field("capacity", &self.capacity)
            .finish_non_exhaustive()
    }
}
