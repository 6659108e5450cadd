//! A time from here to there, by a clock that somebody may set.

use std::time::Duration;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
pub(in crate::store) struct Span {
    pub(in crate::store) start: Duration,
    pub(in crate::store) end: Duration,
}

/// Nothing is kept for longer than a year.
pub(in crate::store) const LONGEST: Duration = Duration::from_secs(365 * 24 * 60 * 60);

impl Span {
    pub(in crate::store) fn new(start: Duration, length: Duration) -> Self {
        Self {
            start,
            end: start.saturating_add(length.min(LONGEST)),
        }
    }

    /// Nothing before its start: the clock was set back since, and how much of it went by is not known.
    pub(in crate::store) fn left(self, now: Duration) -> Duration {
        if now < self.start {
            return Duration::ZERO;
        }
        self.end.saturating_sub(now)
    }

    /// Makes it end this long from now at the latest, also where the clock was set back since it began.
    pub(in crate::store) fn limit(&mut self, longest: Duration, now: Duration) {
        if now < self.start || self.end.saturating_sub(now) > longest {
            *self = Self::new(now, self.end.saturating_sub(self.start).min(longest));
        }
    }
}
