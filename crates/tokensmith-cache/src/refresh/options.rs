//! What sources have in common.

use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime};

use futures_util::future::{Either, select};
use tokensmith_runtime::{Rotation, Spawner, Work};

use super::grant::Grant;
use super::pending::Pending;
use super::refresh_tokens::RefreshTokens;
use super::shared_store::Shared;
use crate::store::{Keyring, StoreError, TokenStore};
use crate::time::{AtomicMoment, Clock, Moment, SystemClock};
use crate::watch::{Counters, Watchers};
use crate::{Event, EventKind, Metrics, Policy, TokenError, TokenErrorKind, TokenHeader};

/// How tokens are kept, carried and shared.
#[derive(Clone, Default)]
pub struct Options {
    policy: Policy,
    header: Option<TokenHeader>,
    clock: Option<Arc<dyn Clock>>,
    store: Option<(Arc<dyn TokenStore>, Arc<Keyring>)>,
    spawner: Option<Spawner>,
    watchers: Watchers,
    /// What the document says of rotation.
    rotation: Option<Rotation>,
}

impl Options {
    /// Sets when tokens are refreshed.
    #[must_use]
    pub fn policy(mut self, policy: Policy) -> Self {
        self.policy = policy;
        self
    }

    /// Sets where requests carry the token. Unless set it is where the provider's document says
    /// (`token-use`), else `Authorization: Bearer {token}`. A manager has tokens of many requests,
    /// so that it has to be set where a document says another place.
    #[must_use]
    pub fn header(mut self, header: TokenHeader) -> Self {
        self.header = Some(header);
        self
    }

    /// Sets the same where nothing was set.
    pub(crate) fn header_unless_set(mut self, declared: Option<TokenHeader>) -> Self {
        self.header = self.header.or(declared);
        self
    }

    /// Sets the time, for tests.
    #[must_use]
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Some(Arc::new(clock));
        self
    }

    /// Shares access tokens with all machines that use the same store and the same keys.
    #[must_use]
    pub fn store(mut self, store: impl TokenStore + 'static, keyring: Keyring) -> Self {
        self.store = Some((Arc::new(store), Arc::new(keyring)));
        self
    }

    /// Sets what drives refreshes that must not be dropped, or that nobody waits for: for example
    /// `|work| drop(tokio::spawn(work))`. Unless set, it is what the transport has
    /// ([`Transport::spawner`](tokensmith_runtime::Transport::spawner)).
    #[must_use]
    pub fn spawn(mut self, spawn: impl Fn(Work) + Send + Sync + 'static) -> Self {
        self.spawner = Some(Spawner::new(spawn));
        self
    }

    /// Has a function told what happens to the tokens. It is called in the middle of things, and must return at once. A
    /// panic in it is caught.
    #[must_use]
    pub fn observer(mut self, observer: impl Fn(&Event<'_>) + Send + Sync + 'static) -> Self {
        self.watchers = Watchers::new(observer);
        self
    }

    /// Sets what the document says of rotation.
    pub(crate) fn rotation(mut self, rotation: Option<Rotation>) -> Self {
        self.rotation = rotation;
        self
    }

    /// The time, where it is not the system's.
    pub(crate) fn own_clock(&self) -> Option<Arc<dyn Clock>> {
        self.clock.clone()
    }

    pub(crate) fn has_shared_store(&self) -> bool {
        self.store.is_some()
    }

    pub(crate) fn context(self, refresh_tokens: Option<RefreshTokens>) -> Context {
        Context {
            policy: self.policy,
            has_own_header: self.header.is_some(),
            header: self.header.unwrap_or_default(),
            clock: self.clock,
            store: self
                .store
                .map(|(store, keyring)| Shared::new(store, keyring)),
            refresh_tokens,
            spawner: self.spawner,
            rotation: self.rotation,
            counters: Counters::default(),
            watchers: self.watchers,
            pending: Pending::default(),
            waits_cleared: AtomicU64::default(),
            waits_cleared_at: AtomicMoment::default(),
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
    /// Whether the header was set.
    pub(crate) has_own_header: bool,
    /// The system's unless there is one: calling that directly is quicker.
    clock: Option<Arc<dyn Clock>>,
    pub(crate) store: Option<Shared>,
    pub(crate) refresh_tokens: Option<RefreshTokens>,
    spawner: Option<Spawner>,
    /// What the document says of rotation.
    pub(crate) rotation: Option<Rotation>,
    pub(crate) counters: Counters,
    watchers: Watchers,
    pub(crate) pending: Pending,
    /// How often all waits were cleared, and when last.
    waits_cleared: AtomicU64,
    waits_cleared_at: AtomicMoment,
}

impl Context {
    /// The time of day. Other machines have clocks of their own.
    pub(crate) fn time_of_day(&self) -> SystemTime {
        match &self.clock {
            None => SystemTime::now(),
            Some(clock) => SystemTime::UNIX_EPOCH
                .checked_add(clock.now())
                .unwrap_or(SystemTime::UNIX_EPOCH),
        }
    }

    pub(crate) fn now(&self) -> Moment {
        let now = match &self.clock {
            None => SystemClock.now(),
            Some(clock) => clock.now(),
        };
        now.into()
    }

    /// Has everybody ask the provider once, whatever wait another machine was told.
    pub(crate) fn clear_waits(&self) {
        self.waits_cleared_at.store(self.now());
        self.waits_cleared.fetch_add(1, Ordering::Release);
    }

    /// How often that was done, and when last.
    pub(crate) fn waits_cleared(&self) -> (u64, Moment) {
        let count = self.waits_cleared.load(Ordering::Acquire);
        (count, self.waits_cleared_at.load())
    }

    pub(crate) fn spawner(&self, grant: &dyn Grant) -> Option<Spawner> {
        self.spawner.clone().or_else(|| grant.spawner())
    }

    pub(crate) fn tell(&self, kind: EventKind, subject: Option<&str>, error: Option<&TokenError>) {
        self.watchers.tell(&Event {
            kind,
            subject,
            error,
        });
    }

    pub(crate) fn metrics(&self) -> Metrics {
        let unsaved = self
            .refresh_tokens
            .as_ref()
            .map_or(0, RefreshTokens::unsaved);
        self.counters.read(unsaved as u64)
    }

    /// # Errors
    ///
    /// Of the kind `config` if a store cannot be used on a thread without a tokio runtime.
    pub(crate) fn check_blocking(&self) -> Result<(), TokenError> {
        let needs_tokio = self.store.as_ref().is_some_and(Shared::needs_tokio)
            || self
                .refresh_tokens
                .as_ref()
                .is_some_and(RefreshTokens::needs_tokio);
        if needs_tokio {
            return Err(TokenErrorKind::Config.because(
                "the store needs a tokio runtime, which a blocking source has not: use an asynchronous source, or a file store",
            ));
        }
        Ok(())
    }
}

/// Waits for this long by the clock of the context or by the one of this process, whichever is first. A transport for tests
/// may sleep for no time at all: what is waited for beside it gets its turn all the same.
pub(crate) async fn pause(context: &Context, grant: &dyn Grant, duration: Duration) {
    let (end, start) = (context.now().after(duration), Instant::now());
    loop {
        let left = context.now().until(end);
        if left.is_zero() || (start.elapsed() >= duration) {
            return;
        }
        grant.sleep(left).await;
        yield_now().await;
    }
}

/// The outcome of an operation of a store, within its time.
pub(crate) async fn limited<T>(
    context: &Context,
    grant: &dyn Grant,
    operation: impl Future<Output = Result<T, StoreError>> + Unpin,
) -> Result<T, StoreError> {
    let timeout = Box::pin(pause(context, grant, context.policy.store_timeout));
    let outcome = match select(operation, timeout).await {
        Either::Left((outcome, _)) => outcome,
        Either::Right(((), _)) => Err(StoreError::new("the store took too long")),
    };
    if outcome.is_err() {
        context.counters.store_failures.add();
    }
    outcome
}

async fn yield_now() {
    let mut yielded = false;
    std::future::poll_fn(|context| {
        if std::mem::replace(&mut yielded, true) {
            return std::task::Poll::Ready(());
        }
        context.waker().wake_by_ref();
        std::task::Poll::Pending
    })
    .await;
}
