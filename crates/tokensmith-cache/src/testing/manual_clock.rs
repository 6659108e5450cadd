//! A clock that stands still until a test moves it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use crate::Clock;

/// A clock that stands still until a test moves it, for [`Options::clock`](crate::Options::clock).
/// Clones are the same clock.
///
/// ```
/// use std::time::Duration;
/// use tokensmith_cache::testing::ManualClock;
/// use tokensmith_cache::{Clock, Options};
///
/// let clock = ManualClock::new();
/// let options = Options::default().clock(clock.clone());
/// let before = clock.now();
/// // A token that was valid for an hour has expired.
/// clock.advance(Duration::from_secs(3_600));
/// assert_eq!(clock.now() - before, Duration::from_secs(3_600));
/// ```
#[derive(Debug, Clone)]
pub struct ManualClock(Arc<AtomicU64>);

/// What a new clock shows, in nanoseconds: a day, so that what came before it can be told.
const START: u64 = 86_400 * 1_000_000_000;

impl ManualClock {
    /// Creates a clock.
    pub fn new() -> Self {
        Self(Arc::new(AtomicU64::new(START)))
    }

    /// Moves the clock forward, to the nanosecond and not further than 500 years.
    pub fn advance(&self, by: Duration) {
        let by = u64::try_from(by.as_nanos()).unwrap_or(u64::MAX);
        let moved = |now: u64| Some(now.saturating_add(by));
        // The closure always has a new value, so there is no error.
        let _ = self
            .0
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, moved);
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Duration {
        Duration::from_nanos(self.0.load(Ordering::Relaxed))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_are_one_clock_that_ends_at_the_last_moment() {
        let clock = ManualClock::new();
        let other = clock.clone();
        clock.advance(Duration::from_millis(1_500));
        assert_eq!(other.now(), Duration::from_millis(86_401_500));
        clock.advance(Duration::MAX);
        clock.advance(Duration::from_secs(1));
        assert_eq!(other.now(), Duration::from_nanos(u64::MAX));
    }
}
