//! The shared store of access tokens as a refresh sees it: encrypted, and done without when it fails.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::grant::Grant;
use super::options::{Context, limited};
use crate::store::{Begin, Keyring, StoreError, StoreName, TokenStore, Version};
use crate::time::{AtomicMoment, Moment};
use crate::token::Kept;

/// How long a part of a store that has failed is done without.
const REST: Duration = Duration::from_secs(2);

pub(crate) struct Shared {
    store: Arc<dyn TokenStore>,
    keyring: Arc<Keyring>,
    /// When each part is asked again.
    down_until: [AtomicU64; PARTS],
}

/// How many parts of a store are told apart: as many as there are values of [`TokenStore::part`].
const PARTS: usize = 256;

impl Shared {
    pub(crate) fn new(store: Arc<dyn TokenStore>, keyring: Arc<Keyring>) -> Self {
        Self {
            store,
            keyring,
            down_until: [const { AtomicU64::new(0) }; PARTS],
        }
    }

    pub(crate) fn name(&self, identity: &[u8]) -> StoreName {
        StoreName::new(self.keyring.name(identity))
    }

    pub(crate) fn keyring(&self) -> &Keyring {
        &self.keyring
    }

    pub(crate) fn needs_tokio(&self) -> bool {
        self.store.needs_tokio()
    }

    pub(crate) fn session<'s>(
        &'s self,
        name: &'s StoreName,
        context: &'s Context,
        grant: &'s dyn Grant,
    ) -> Session<'s> {
        Session {
            shared: self,
            name,
            context,
            grant,
            leased: AtomicMoment::default(),
        }
    }

    fn down_until(&self, name: &StoreName) -> Option<&AtomicU64> {
        self.down_until.get(usize::from(self.store.part(name)))
    }

    fn is_down(&self, name: &StoreName, now: Moment) -> bool {
        let until = self.down_until(name);
        until.is_some_and(|until| now.0 < until.load(Ordering::Relaxed))
    }

    fn rest(&self, name: &StoreName, now: Moment) {
        if let Some(until) = self.down_until(name) {
            until.store(now.after(REST).0, Ordering::Relaxed);
        }
    }
}

/// One refresh's use of a store.
pub(crate) struct Session<'s> {
    shared: &'s Shared,
    name: &'s StoreName,
    context: &'s Context,
    grant: &'s dyn Grant,
    /// When the last lease was given, or later.
    leased: AtomicMoment,
}

impl Session<'_> {
    /// `None` if the store fails.
    pub(crate) async fn begin(&self, known: Option<Version>, lease: Duration) -> Option<Begin> {
        if self.shared.is_down(self.name, self.context.now()) {
            return None;
        }
        let begin = self.shared.store.begin(self.name, known, lease);
        let begun = self.limited(begin).await.ok();
        self.leased.store(self.context.now());
        begun
    }

    /// `None` if the store fails; `false` if the lease is lost.
    pub(crate) async fn renew(&self, lease: Version, duration: Duration) -> Option<bool> {
        let renew = self.shared.store.renew(self.name, lease, duration);
        self.limited(renew).await.ok()
    }

    /// Puts a token by the lease that was given, for as long as it lives: also where this machine
    /// or the store is stopped before it is there.
    pub(crate) async fn put(&self, version: Version, plain: &[u8], kept: &Kept) {
        let Some(sealed) = self
            .shared
            .keyring
            .seal(self.name.as_str().as_bytes(), plain)
        else {
            return;
        };
        let lifetime = kept.remaining(self.leased.load());
        let put = self.shared.store.put(self.name, version, &sealed, lifetime);
        drop(self.limited(put).await);
    }

    pub(crate) async fn fail(&self, lease: Version, cool_down: Duration) {
        let fail = self.shared.store.fail(self.name, lease, cool_down);
        drop(self.limited(fail).await);
    }

    /// Deletes the token: unlike the others, this has to succeed.
    pub(crate) async fn delete(&self) -> Result<(), StoreError> {
        self.limited(self.shared.store.delete(self.name)).await
    }

    async fn limited<T>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>> + Unpin,
    ) -> Result<T, StoreError> {
        let outcome = limited(self.context, self.grant, operation).await;
        if let Err(error) = &outcome
            && !error.is_of_one_entry()
        {
            self.shared.rest(self.name, self.context.now());
        }
        outcome
    }
}
