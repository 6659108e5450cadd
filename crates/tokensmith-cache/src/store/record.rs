//! What a store keeps under one name, and what becomes of it: the same for every store that has no language of its own.

use std::time::Duration;

use super::{Begin, Stored, Version};

/// The token, the lease and the wait of one name. Times are those since 1970, or any other moment that stays the same.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Record {
    token: Option<Token>,
    lease: Option<Lease>,
    /// Until when nobody is given the lease.
    cool_down: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
struct Token {
    version: u64,
    value: Vec<u8>,
    end: Duration,
}

#[derive(Debug, Clone, PartialEq, Eq)]
#[cfg_attr(feature = "file", derive(serde::Serialize, serde::Deserialize))]
struct Lease {
    version: u64,
    end: Duration,
}

impl Record {
    pub(super) fn begin(
        &mut self,
        known: Option<Version>,
        lease: Duration,
        now: Duration,
    ) -> Begin {
        self.forget(now);
        if let Some(token) = &self.token
            && Some(Version(token.version)) != known
        {
            return Begin::Found(Stored {
                version: Version(token.version),
                value: token.value.clone(),
                remaining: token.end - now,
            });
        }
        if self.cool_down > now {
            return Begin::CoolingDown(self.cool_down - now);
        }
        if let Some(lease) = &self.lease {
            return Begin::Held(lease.end - now);
        }
        // The time: so that the number rises even where all was lost.
        let time = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let known = known.map_or(0, |known| known.0);
        let before = self
            .token
            .as_ref()
            .map_or(known, |token| token.version.max(known));
        let version = time.max(before.saturating_add(1));
        self.lease = Some(Lease {
            version,
            end: now.saturating_add(lease),
        });
        Begin::Leased(Version(version))
    }

    pub(super) fn renew(&mut self, version: Version, duration: Duration, now: Duration) -> bool {
        self.forget(now);
        match &mut self.lease {
            Some(lease) if lease.version == version.0 => {
                lease.end = now.saturating_add(duration);
                true
            }
            _ => false,
        }
    }

    pub(super) fn put(
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
        self.token = Some(Token {
            version: version.0,
            value: value.to_vec(),
            end: now.saturating_add(lifetime),
        });
        true
    }

    pub(super) fn fail(&mut self, version: Version, cool_down: Duration, now: Duration) {
        self.forget(now);
        if self.end_lease(version) {
            self.cool_down = self.cool_down.max(now.saturating_add(cool_down));
        }
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&mut self, now: Duration) -> bool {
        self.forget(now);
        self.token.is_none() && self.lease.is_none() && self.cool_down <= now
    }

    /// Whether it was the one that was given.
    fn end_lease(&mut self, version: Version) -> bool {
        let ended = self.lease.take_if(|lease| lease.version == version.0);
        ended.is_some()
    }

    /// Drops what is at its end.
    fn forget(&mut self, now: Duration) {
        self.token.take_if(|token| token.end <= now);
        self.lease.take_if(|lease| lease.end <= now);
    }
}
