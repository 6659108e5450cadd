//! An entry as stores keep it that have no numbers of their own.

use std::time::Duration;

use super::entry::Entry;
#[cfg(feature = "file")]
use super::record::TOMBSTONE;

/// An entry, and the highest number that was given to one of its sections.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
pub(in crate::store) struct Numbered {
    pub(in crate::store) last: u64,
    pub(in crate::store) entry: Entry,
}

impl Numbered {
    /// Changes the entry, given the next number and the time since 1970.
    pub(in crate::store) fn change<T>(
        &mut self,
        now: Duration,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T,
    ) -> T {
        // The time: so that the number rises even where an entry was lost.
        let next = micros(now).max(self.last.saturating_add(1));
        let outcome = change(&mut self.entry, next, now);
        let begun = self.entry.section.as_ref().map(|(section, _)| *section);
        self.last = self.last.max(begun.unwrap_or_default());
        outcome
    }

    /// Whether nothing is left but a number that nobody needs any more: later ones are higher by the clock.
    #[cfg(feature = "file")]
    pub(in crate::store) fn is_spent(&self, now: Duration) -> bool {
        let since = micros(now).saturating_sub(self.last);
        self.entry == Entry::default() && since > micros(TOMBSTONE)
    }
}

pub(in crate::store) fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
