//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// How far a clock can be moved, in seconds: a thousand years. A year in the header `Date` has four
/// digits (RFC 9110 section 5.6.7).
pub(crate) const MOST_SECONDS: u64 = 1_000 * 31_557_600;

/// The time of a mock: that of the system, and what a test has added to it.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    added: AtomicI64,
}

impl Clock {
    /// Returns the Unix time in milliseconds.
    pub(crate) fn now(&self) -> i64 {
        let since = SystemTime::now().duration_since(UNIX_EPOCH);
        let real = since.map_or(0, millis);
        real.saturating_add(self.added.load(Ordering::Relaxed))
    }

    /// Moves the time forward, in all not further than a thousand years.
    pub(crate) fn advance(&self, by: Duration) {
        let most = millis(Duration::from_secs(MOST_SECONDS));
        let (set, get) = (Ordering::Relaxed, Ordering::Relaxed);
        let moved = |added: i64| Some(added.saturating_add(millis(by)).min(most));
        // The closure always has a new value, so there is no error.
        let _ = self.added.fetch_update(set, get, moved);
    }
}

/// Returns a duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
