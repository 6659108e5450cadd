//! A clock that somebody sets.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use super::World;
use crate::Clock;

/// The clock of a store or a machine: it goes as the world's does, and somebody sets it. Clones are the same clock.
#[derive(Clone)]
pub(crate) struct StoreClock {
    world: World,
    ahead: Arc<Mutex<Duration>>,
}

impl StoreClock {
    pub(crate) fn new(world: &World) -> Self {
        Self {
            world: world.clone(),
            // Room to be set back.
            ahead: Arc::new(Mutex::new(Duration::from_secs(1_000_000))),
        }
    }

    pub(crate) fn set(&self, is_set_forward: bool, by: Duration) {
        let mut ahead = self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        *ahead = match is_set_forward {
            true => *ahead + by,
            false => ahead.saturating_sub(by),
        };
    }
}

impl Clock for StoreClock {
    fn now(&self) -> Duration {
        let ahead = *self.ahead.lock().unwrap_or_else(PoisonError::into_inner);
        self.world.now() + ahead
    }
}
