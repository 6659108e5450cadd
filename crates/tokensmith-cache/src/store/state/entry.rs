//! What a [`RefreshTokenStore`](crate::RefreshTokenStore) keeps for one user, and what its operations do to it: the same for
//! every store that has no language of its own.

use std::time::Duration;

use super::span::Span;
use crate::store::{BeginSection, Begun, Saved, Section};

/// No section lasts longer: neither one that was planted nor one from before the clock was set back blocks an entry.
pub(in crate::store) const LONGEST_SECTION: Duration = Duration::from_secs(5 * 60);

/// Times are those since 1970, or any other moment that stays the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
pub(in crate::store) struct Entry {
    pub(in crate::store) value: Option<Vec<u8>>,
    /// The latest section that has not ended, with its deadline.
    pub(in crate::store) section: Option<(u64, Span)>,
    /// The last section that was confirmed, unless it was saved or ended.
    pub(in crate::store) confirmed: Option<u64>,
    /// The section that was saved last, and not replaced since: its `save` may come again.
    pub(in crate::store) saved: Option<u64>,
}

impl Entry {
    pub(in crate::store) fn value(&self) -> Option<Vec<u8>> {
        self.value.clone()
    }

    /// `next` is a number that was never given before.
    pub(in crate::store) fn begin(
        &mut self,
        next: u64,
        duration: Duration,
        now: Duration,
    ) -> BeginSection {
        if let Some((section, term)) = &mut self.section {
            term.limit(LONGEST_SECTION, now);
            let remaining = term.left(now);
            if !remaining.is_zero() {
                let section = Section(*section);
                return BeginSection::Held { section, remaining };
            }
        }
        self.section = Some((next, Span::new(now, duration.min(LONGEST_SECTION))));
        BeginSection::Begun(Begun {
            section: Section(next),
            value: self.value.clone(),
            unsaved: self.confirmed.map(Section),
        })
    }

    pub(in crate::store) fn confirm(
        &mut self,
        section: Section,
        duration: Duration,
        now: Duration,
    ) -> bool {
        let is_current = self.is_current(section);
        if is_current {
            self.section = Some((section.0, Span::new(now, duration.min(LONGEST_SECTION))));
            self.confirmed = Some(section.0);
        }
        is_current
    }

    pub(in crate::store) fn save(&mut self, section: Section, value: &[u8]) -> Saved {
        if self.is_current(section) {
            *self = Self {
                value: Some(value.to_vec()),
                saved: Some(section.0),
                ..Self::default()
            };
            return Saved::Saved;
        }
        if self.saved == Some(section.0) {
            return Saved::Saved;
        }
        Saved::Lost(self.value.clone())
    }

    /// Whether it is the latest one, or the last that was confirmed.
    fn is_current(&self, section: Section) -> bool {
        let latest = self.section.as_ref().map(|(latest, _)| *latest);
        [latest, self.confirmed].contains(&Some(section.0))
    }

    pub(in crate::store) fn end(&mut self, section: Section) {
        self.section.take_if(|(latest, _)| *latest == section.0);
        self.confirmed.take_if(|confirmed| *confirmed == section.0);
    }

    pub(in crate::store) fn put(&mut self, value: &[u8]) {
        *self = Self {
            value: Some(value.to_vec()),
            ..Self::default()
        };
    }

    pub(in crate::store) fn delete(&mut self) -> Option<Vec<u8>> {
        std::mem::take(self).value
    }
}

#[cfg(test)]
mod tests;
