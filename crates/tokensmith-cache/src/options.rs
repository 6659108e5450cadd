//! What sources have in common.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use crate::clock::{Clock, Moment, SystemClock};
use crate::metrics::Counters;
use crate::shared::Shared;
use crate::store::TokenStore;
use crate::{Keyring, Policy, TokenHeader};

/// A refresh, to be driven to its end.
pub type Refresh = Pin<Box<dyn Future<Output = ()> + Send>>;

type Spawn = dyn Fn(Refresh) + Send + Sync;

/// How tokens are kept, carried and shared.
#[derive(Clone, Default)]
pub struct Options {
    policy: Policy,
    header: TokenHeader,
    clock: Option<Arc<dyn Clock>>,
    store: Option<(Arc<dyn TokenStore>, Arc<Keyring>)>,
    spawn: Option<Arc<Spawn>>,
}

impl Options {
    /// Sets when tokens are refreshed.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets which header carries the token: `Authorization: Bearer {token}` unless set.
    #[must_use]
    pub fn header(mut self, header: TokenHeader) -> Self {
        self.header = header;
        self
    }

    /// Sets the time, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Shares the tokens with all machines that use the same store and the same keys.
    #[must_use]
    pub fn store(mut self, store: impl TokenStore + 'static, keyring: Keyring) -> Self {
        self.store = Some((Arc::new(store), Arc::new(keyring)));
        self
    }

    /// Has a token that is still valid refreshed behind the scenes: by a task that is given to this function, for example
    /// `|refresh| drop(tokio::spawn(refresh))`. Unless set, one of the callers refreshes, and no task is made.
    #[must_use]
    pub fn spawn(mut self, spawn: impl Fn(Refresh) + Send + Sync + 'static) -> Self {
        self.spawn = Some(Arc::new(spawn));
        self
    }

    pub(crate) fn context(self) -> Context {
        Context {
            policy: self.policy,
            header: self.header,
            clock: self.clock,
            store: self
                .store
                .map(|(store, keyring)| Shared::new(store, keyring)),
            spawn: self.spawn,
            counters: Counters::default(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("policy", &self.policy)
            .field("header", &self.header)
            .finish_non_exhaustive()
    }
}

/// What the slots of a manager, or the one of a source, have in common.
pub(crate) struct Context {
    pub(crate) policy: Policy,
    pub(crate) header: TokenHeader,
    /// The system's unless there is one: calling that directly is quicker.
    clock: Option<Arc<dyn Clock>>,
    pub(crate) store: Option<Shared>,
    pub(crate) spawn: Option<Arc<Spawn>>,
    pub(crate) counters: Counters,
}

impl Context {
    pub(crate) fn now(&self) -> Moment {
        let now = match &self.clock {
            None => SystemClock.now(),
            Some(clock) => clock.now(),
        };
        now.into()
    }
}
