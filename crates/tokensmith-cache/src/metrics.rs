//! What is counted.

use std::sync::atomic::{AtomicU64, Ordering};

/// Counts since the beginning.
///
/// Reads of a [`TokenSource`](crate::TokenSource) that find a token at hand are not counted: that would cost more than the
/// read.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// How often a [`TokenManager`](crate::TokenManager) had the token at hand.
    pub hits: u64,
    /// How often there was no valid token.
    pub misses: u64,
    /// How often a new token came, from the provider or the shared store.
    pub refreshes: u64,
    /// How many of them came from the shared store.
    pub shared: u64,
    /// How often no token came.
    pub failures: u64,
    /// How often a caller waited for a token that another one had asked for.
    pub waits: u64,
    /// How often the shared store failed.
    pub store_failures: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) hits: Counter,
    pub(crate) misses: Counter,
    pub(crate) refreshes: Counter,
    pub(crate) shared: Counter,
    pub(crate) failures: Counter,
    pub(crate) waits: Counter,
    pub(crate) store_failures: Counter,
}

#[derive(Debug, Default)]
pub(crate) struct Counter(AtomicU64);

impl Counter {
    pub(crate) fn add(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Counters {
    pub(crate) fn read(&self) -> Metrics {
        Metrics {
            hits: self.hits.get(),
            misses: self.misses.get(),
            refreshes: self.refreshes.get(),
            shared: self.shared.get(),
            failures: self.failures.get(),
            waits: self.waits.get(),
            store_failures: self.store_failures.get(),
        }
    }
}
