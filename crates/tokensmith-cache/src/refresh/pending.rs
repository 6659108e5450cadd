//! What must not be cut off: requests in flight that carry a credential which can be used once.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::options::Context;
use super::refresh_tokens::RefreshTokens;
use crate::time;

/// What is left when [`drain`](crate::UserTokens::drain) returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Drained {
    /// How many refreshes are under way.
    pub in_flight: usize,
    /// How many new refresh tokens are in memory only.
    pub unsaved: usize,
}

impl Drained {
    /// Whether nothing is left: the process can end.
    pub fn is_complete(&self) -> bool {
        self.in_flight == 0 && self.unsaved == 0
    }
}

/// How many refreshes are under way that have to be driven to their end.
#[derive(Default)]
pub(crate) struct Pending(Arc<AtomicUsize>);

/// One of them, until it is dropped.
pub(crate) struct InFlight(Arc<AtomicUsize>);

impl Pending {
    pub(crate) fn begin(&self) -> InFlight {
        self.0.fetch_add(1, Ordering::AcqRel);
        InFlight(Arc::clone(&self.0))
    }

    fn count(&self) -> usize {
        self.0.load(Ordering::Acquire)
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// How often to look whether all is done.
const LOOK: Duration = Duration::from_millis(5);

impl Context {
    /// Waits until nothing is in flight and all is saved, or this much time is over.
    pub(crate) async fn drain(&self, deadline: Duration) -> Drained {
        let start = Instant::now();
        loop {
            let left = Drained {
                in_flight: self.pending.count(),
                unsaved: self
                    .refresh_tokens
                    .as_ref()
                    .map_or(0, RefreshTokens::unsaved),
            };
            if left.is_complete() || start.elapsed() >= deadline {
                return left;
            }
            time::sleep(LOOK).await;
        }
    }
}
