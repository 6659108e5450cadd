//! A store of access tokens that asks a test before each operation.

use std::future::{pending, ready};
use std::sync::Arc;
use std::time::Duration;

use crate::store::{Begin, MemoryStore, StoreError, StoreFuture, StoreName, TokenStore, Version};

/// What becomes of an operation.
pub(crate) enum Verdict {
    /// It is done.
    Done,
    /// Nothing is done, and this error comes.
    Fails(StoreError),
    /// Nothing is done, and nothing comes.
    Hangs,
}

/// Is given the name of the operation, the name of the entry, and the value that is put.
type Hook = dyn Fn(&'static str, &StoreName, &[u8]) -> Verdict + Send + Sync;

/// Clones are the same store.
#[derive(Clone)]
pub(crate) struct Hooked {
    store: MemoryStore,
    hook: Arc<Hook>,
    part: fn(&StoreName) -> u8,
}

impl Hooked {
    pub(crate) fn new(
        store: MemoryStore,
        hook: impl Fn(&'static str, &StoreName, &[u8]) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        Self {
            store,
            hook: Arc::new(hook),
            part: |_| 0,
        }
    }

    /// The same store in parts that can fail alone.
    pub(crate) fn in_parts(mut self, part: fn(&StoreName) -> u8) -> Self {
        self.part = part;
        self
    }

    fn ask<'a, T: Send + 'a>(
        &'a self,
        operation: &'static str,
        name: &'a StoreName,
        value: &[u8],
        run: impl FnOnce() -> StoreFuture<'a, T>,
    ) -> StoreFuture<'a, T> {
        match (self.hook)(operation, name, value) {
            Verdict::Done => run(),
            Verdict::Fails(error) => Box::pin(ready(Err(error))),
            Verdict::Hangs => Box::pin(pending()),
        }
    }
}

impl TokenStore for Hooked {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        self.ask("begin", name, &[], || self.store.begin(name, known, lease))
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.ask("renew", name, &[], || {
            self.store.renew(name, lease, duration)
        })
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        self.ask("put", name, value, || {
            self.store.put(name, version, value, lifetime)
        })
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.ask("fail", name, &[], || {
            self.store.fail(name, lease, cool_down)
        })
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        self.ask("delete", name, &[], || self.store.delete(name))
    }

    fn part(&self, name: &StoreName) -> u8 {
        (self.part)(name)
    }
}
