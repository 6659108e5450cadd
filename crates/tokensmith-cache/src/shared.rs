//! The shared store as a refresh sees it: encrypted, and done without when it fails.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use futures_util::future::{Either, select};

use crate::Keyring;
use crate::clock::Moment;
use crate::grant::Grant;
use crate::options::Context;
use crate::store::{Begin, StoreError, StoreName, TokenStore, Version};

/// How long a store that has failed is done without.
const REST: Duration = Duration::from_secs(2);

pub(crate) struct Shared {
    store: Arc<dyn TokenStore>,
    keyring: Arc<Keyring>,
    /// When it is asked again.
    down_until: AtomicU64,
}

impl Shared {
    pub(crate) fn new(store: Arc<dyn TokenStore>, keyring: Arc<Keyring>) -> Self {
        Self {
            store,
            keyring,
            down_until: AtomicU64::new(0),
        }
    }

    pub(crate) fn name(&self, identity: &[u8]) -> StoreName {
        self.keyring.name(identity)
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    pub(crate) fn is_down(&self, now: Moment) -> bool {
        now.0 < self.down_until.load(Ordering::Relaxed)
    }

    fn rest(&self, now: Moment) {
        self.down_until.store(now.after(REST).0, Ordering::Relaxed);
    }
}

/// One refresh's use of a store.
pub(crate) struct Session<'s> {
    pub(crate) shared: &'s Shared,
    pub(crate) name: &'s StoreName,
    pub(crate) context: &'s Context,
    pub(crate) grant: &'s dyn Grant,
}

impl Session<'_> {
    /// `None` if the store fails.
    pub(crate) async fn begin(&self, known: Option<Version>, lease: Duration) -> Option<Begin> {
        if self.shared.is_down(self.context.now()) {
            return None;
        }
        let begin = self.shared.store.begin(self.name, known, lease);
        self.limited(begin).await
    }

    pub(crate) async fn renew(&self, lease: Version, duration: Duration) {
        let renew = self.shared.store.renew(self.name, lease, duration);
        self.limited(renew).await;
    }

    pub(crate) async fn put(&self, version: Version, plain: &[u8], lifetime: Duration) {
        let Some(sealed) = self.shared.keyring.seal(self.name, plain) else {
            return;
        };
        let put = self.shared.store.put(self.name, version, &sealed, lifetime);
        self.limited(put).await;
    }

    pub(crate) async fn fail(&self, lease: Version, cool_down: Duration) {
        let fail = self.shared.store.fail(self.name, lease, cool_down);
        self.limited(fail).await;
    }

    async fn limited<T>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>> + Unpin,
    ) -> Option<T> {
        let timeout = self.grant.sleep(self.context.policy.store_timeout);
        let outcome = match select(operation, timeout).await {
            Either::Left((outcome, _)) => outcome.ok(),
            Either::Right(((), _)) => None,
        };
        if outcome.is_none() {
            self.context.counters.store_failures.add();
            self.shared.rest(self.context.now());
        }
        outcome
    }
}
