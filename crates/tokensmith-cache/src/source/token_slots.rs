//! The slots of many tenants or users, as many as there is room for.

use std::sync::Arc;

use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, UnitWeighter};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};

use crate::refresh::{Context, Remembered, TokenSlot};
use crate::{TokenError, TokenErrorKind};

/// A keyed hash of all that decides which token it is. Nobody can look for two that are alike without the key, and a million
/// have two alike by chance once in 10^26 times.
pub(super) type Key = [u8; 16];

pub(super) struct TokenSlots {
    slots: Cache<Key, Arc<TokenSlot>, UnitWeighter, DefaultHashBuilder, Keep>,
    /// Waits and refusals of slots that had to go.
    remembered: Arc<Cache<Key, Remembered>>,
    /// Makes names from which nobody can learn the secrets in them.
    key: hmac::Key,
}

/// Of how many slots that had to go waits and refusals are remembered, for each that there is room for.
const REMEMBERED: usize = 4;

impl TokenSlots {
    pub(super) fn new(capacity: usize, context: &Arc<Context>) -> Result<Self, TokenError> {
        let mut key = [0; 32];
        SystemRandom::new().fill(&mut key).map_err(|_| {
            TokenErrorKind::Config.because("the operating system gives no random bytes")
        })?;
        let remembered = Arc::new(Cache::new(capacity.saturating_mul(REMEMBERED)));
        let keep = Keep {
            context: Arc::clone(context),
            remembered: Arc::clone(&remembered),
        };
        Ok(Self {
            slots: Cache::with(
                capacity,
                capacity as u64,
                UnitWeighter,
                DefaultHashBuilder::default(),
                keep,
            ),
            remembered,
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
        })
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// Of how many slots that had to go something is remembered.
    #[cfg(test)]
    pub(super) fn remembered(&self) -> usize {
        self.remembered.len()
    }

    pub(super) fn get(&self, identity: &[u8]) -> Option<Arc<TokenSlot>> {
        self.slots.get(&self.name(identity))
    }

    /// The slot of an identity, made if there is none.
    pub(super) fn slot(&self, identity: &[u8]) -> Arc<TokenSlot> {
        let name = self.name(identity);
        let made = || {
            let remembered = self.remembered.remove(&name).map(|(_, memory)| memory);
            let slot = TokenSlot::new(remembered.unwrap_or_default());
            Ok::<_, std::convert::Infallible>(Arc::new(slot))
        };
        match self.slots.get_or_insert_with(&name, made) {
            Ok(slot) => slot,
            Err(never) => match never {},
        }
    }

    /// Lets everybody ask the provider again at once.
    pub(super) fn clear_waits(&self) {
        self.remembered.clear();
        for (_, slot) in self.slots.iter() {
            slot.clear_wait();
        }
    }

    fn name(&self, identity: &[u8]) -> Key {
        let mut name = Key::default();
        let tag = hmac::sign(&self.key, identity);
        name.iter_mut()
            .zip(tag.as_ref())
            .for_each(|(byte, other)| *byte = *other);
        name
    }
}

/// Keeps what is in use, and remembers of what has to go why it had no token.
#[derive(Clone)]
struct Keep {
    context: Arc<Context>,
    remembered: Arc<Cache<Key, Remembered>>,
}

impl Lifecycle<Key, Arc<TokenSlot>> for Keep {
    type RequestState = ();

    fn is_pinned(&self, _key: &Key, slot: &Arc<TokenSlot>) -> bool {
        Arc::strong_count(slot) > 1 || slot.is_in_use()
    }

    fn on_evict(&self, _state: &mut Self::RequestState, key: Key, slot: Arc<TokenSlot>) {
        self.context.counters.evictions.add();
        let remembered = slot.remembered();
        if !remembered.is_empty() {
            self.remembered.insert(key, remembered);
        }
    }
}
