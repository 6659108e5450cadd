//! What a store keeps under one name, and what becomes of it: the same for every store that has no language of its own.

use std::time::Duration;

use super::span::Span;
use crate::store::{Begin, Stored, Version};

/// The token, the lease and the wait of one name. Times are those since 1970, or any other moment that stays the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
pub(in crate::store) struct Record {
    token: Option<Token>,
    lease: Option<Lease>,
    /// While nobody is given the lease.
    cool_down: Option<Span>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
struct Token {
    version: u64,
    value: Vec<u8>,
    life: Span,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
struct Lease {
    version: u64,
    term: Span,
}

impl Record {
    pub(in crate::store) fn begin(
        &mut self,
        known: Option<Version>,
        lease: Duration,
        now: Duration,
    ) -> Begin {
        let before = self.last_version().max(known.map_or(0, |known| known.0));
        self.forget(now);
        if let Some(token) = &self.token
            && !token.is_tombstone()
            && Some(Version(token.version)) != known
        {
            return Begin::Found(Stored {
                version: Version(token.version),
                value: token.value.clone(),
                remaining: token.life.left(now),
            });
        }
        if let Some(cool_down) = self.cool_down {
            return Begin::CoolingDown(cool_down.left(now));
        }
        if let Some(held) = &mut self.lease {
            // One that was planted, or is from before the clock was set back, blocks nobody for longer than a lease.
            held.term.limit(lease, now);
            return Begin::Held(held.term.left(now));
        }
        let version = next_version(before, now);
        self.lease = Some(Lease {
            version,
            term: Span::new(now, lease),
        });
        Begin::Leased(Version(version))
    }

    pub(in crate::store) fn renew(
        &mut self,
        version: Version,
        duration: Duration,
        now: Duration,
    ) -> bool {
        self.forget(now);
        match &mut self.lease {
            Some(lease) if lease.version == version.0 => {
                lease.term = Span::new(now, duration);
                true
            }
            _ => false,
        }
    }

    pub(in crate::store) fn put(
        &mut self,
        version: Version,
        value: &[u8],
        lifetime: Duration,
        now: Duration,
    ) -> bool {
        self.forget(now);
        self.end_lease(version);
        if self
            .token
            .as_ref()
            .is_some_and(|token| token.version > version.0)
        {
            return false;
        }
        // Leases are numbered by the time.
        let elapsed = now.saturating_sub(Duration::from_micros(version.0));
        let left = lifetime.saturating_sub(elapsed);
        if left.is_zero() {
            return false;
        }
        self.token = Some(Token {
            version: version.0,
            value: value.to_vec(),
            life: Span::new(now, left),
        });
        true
    }

    pub(in crate::store) fn fail(&mut self, version: Version, cool_down: Duration, now: Duration) {
        self.forget(now);
        if self.end_lease(version) {
            let before = self.cool_down.map(|before| before.left(now));
            self.cool_down = Some(Span::new(now, before.unwrap_or_default().max(cool_down)));
        }
    }

    /// Deletes the token and the lease. What is left refuses the tokens of leases that were given before.
    pub(in crate::store) fn delete(&mut self, now: Duration) {
        *self = Self {
            token: Some(Token {
                version: next_version(self.last_version(), now),
                value: Vec::new(),
                life: Span::new(now, TOMBSTONE),
            }),
            ..Self::default()
        };
    }

    /// Whether there is nothing in it.
    pub(in crate::store) fn is_empty(&mut self, now: Duration) -> bool {
        self.forget(now);
        *self == Self::default()
    }

    fn last_version(&self) -> u64 {
        let token = self.token.as_ref().map(|token| token.version);
        let lease = self.lease.as_ref().map(|lease| lease.version);
        token.max(lease).unwrap_or_default()
    }

    /// Whether it was the one that was given.
    fn end_lease(&mut self, version: Version) -> bool {
        let ended = self.lease.take_if(|lease| lease.version == version.0);
        ended.is_some()
    }

    /// Drops what is at its end.
    fn forget(&mut self, now: Duration) {
        self.token.take_if(|token| token.life.left(now).is_zero());
        self.lease.take_if(|lease| lease.term.left(now).is_zero());
        self.cool_down.take_if(|span| span.left(now).is_zero());
    }
}

impl Token {
    /// Whether it stands for a token that was deleted. Encrypted values are never empty.
    fn is_tombstone(&self) -> bool {
        self.value.is_empty()
    }
}

/// How long a token that was deleted is kept from coming back: longer than any refresh takes.
pub(in crate::store) const TOMBSTONE: Duration = Duration::from_secs(60 * 60);

/// The time, so that the number rises even where all was lost.
fn next_version(before: u64, now: Duration) -> u64 {
    let time = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
    time.max(before.saturating_add(1))
}

#[cfg(test)]
mod tests;
