//! The time that outlives a process and is the same for all of a machine.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// Tells the time since 1970 by the machine's clock, which somebody may set.
#[derive(Clone)]
pub(in crate::store) struct TimeOfDay(Arc<dyn Fn() -> Duration + Send + Sync>);

impl TimeOfDay {
    pub(in crate::store) fn new() -> Self {
        Self(Arc::new(|| {
            let now = SystemTime::now().duration_since(UNIX_EPOCH);
            now.unwrap_or_default()
        }))
    }

    #[cfg(test)]
    pub(in crate::store) fn of(clock: impl crate::Clock) -> Self {
        Self(Arc::new(move || clock.now()))
    }

    pub(in crate::store) fn now(&self) -> Duration {
        (self.0)()
    }
}

impl fmt::Debug for TimeOfDay {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TimeOfDay(..)")
    }
}
