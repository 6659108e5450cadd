//! A clock that tests move.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

    /// Moves the time forward.
    pub(crate) fn advance(&self, by: Duration) {
        self.added.fetch_add(millis(by), Ordering::Relaxed);
    }
}

/// Returns a duration in milliseconds.
pub(crate) fn millis(duration: Duration) -> i64 {
    i64::try_from(duration.as_millis()).unwrap_or(i64::MAX)
}
