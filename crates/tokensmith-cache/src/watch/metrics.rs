//! What is counted.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

/// Counts since the beginning.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metrics {
    /// How often the token was at hand.
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
    /// How often a store failed.
    pub store_failures: u64,
    /// How many new refresh tokens are in memory only, since the store fails. Not a count: it falls again.
    pub unsaved: u64,
    /// How often a refresh token could not be saved at once.
    pub save_failures: u64,
    /// How often the provider refused a refresh token.
    pub refused: u64,
    /// How often nothing was sent because the store of refresh tokens failed.
    pub failed_closed: u64,
    /// How often a refresh token was used that somebody may have used before; see
    /// [`EventKind::ReuseSuspected`](crate::EventKind::ReuseSuspected).
    pub reuse_suspected: u64,
    /// How often an exclusive section was lost, before or after its request was sent; see
    /// [`EventKind::SectionLost`](crate::EventKind::SectionLost) and
    /// [`EventKind::SectionLostInFlight`](crate::EventKind::SectionLostInFlight).
    pub sections_lost: u64,
    /// How often the right to ask the provider for all machines was lost while a request was in flight.
    pub leases_lost: u64,
    /// How many tokens had to make room for others.
    pub evictions: u64,
}

#[derive(Debug, Default)]
pub(crate) struct Counters {
    pub(crate) hits: HotCounter,
    pub(crate) misses: Counter,
    pub(crate) refreshes: Counter,
    pub(crate) shared: Counter,
    pub(crate) failures: Counter,
    pub(crate) waits: Counter,
    pub(crate) store_failures: Counter,
    pub(crate) save_failures: Counter,
    pub(crate) refused: Counter,
    pub(crate) failed_closed: Counter,
    pub(crate) reuse_suspected: Counter,
    pub(crate) sections_lost: Counter,
    pub(crate) leases_lost: Counter,
    pub(crate) evictions: Counter,
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

/// A counter for what every read adds to: threads count in places of their own, so that they do not wait for each other.
#[derive(Debug, Default)]
pub(crate) struct HotCounter([Place; PLACES]);

const PLACES: usize = 16;

/// Two cache lines: processors fetch them in pairs.
#[derive(Debug, Default)]
#[repr(align(128))]
struct Place(Counter);

impl HotCounter {
    pub(crate) fn add(&self) {
        static NEXT: AtomicUsize = AtomicUsize::new(0);
        thread_local! {
            static MINE: usize = NEXT.fetch_add(1, Ordering::Relaxed) % PLACES;
        }
        let mine = MINE.try_with(|mine| *mine).unwrap_or_default();
        if let Some(Place(counter)) = self.0.get(mine) {
            counter.add();
        }
    }

    fn get(&self) -> u64 {
        self.0.iter().map(|place| place.0.get()).sum()
    }
}

impl Counters {
    pub(crate) fn read(&self, unsaved: u64) -> Metrics {
        Metrics {
            hits: self.hits.get(),
            misses: self.misses.get(),
            refreshes: self.refreshes.get(),
            shared: self.shared.get(),
            failures: self.failures.get(),
            waits: self.waits.get(),
            store_failures: self.store_failures.get(),
            unsaved,
            save_failures: self.save_failures.get(),
            refused: self.refused.get(),
            failed_closed: self.failed_closed.get(),
            reuse_suspected: self.reuse_suspected.get(),
            sections_lost: self.sections_lost.get(),
            leases_lost: self.leases_lost.get(),
            evictions: self.evictions.get(),
        }
    }
}
