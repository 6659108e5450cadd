//! A store of refresh tokens that fails in the ways that stores do.

use std::future::{pending, ready};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::store::{
    BeginSection, MemoryRefreshTokenStore, RefreshTokenStore, Saved, Section, StoreError,
    StoreFuture, StoreName,
};

/// How an operation fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Nothing is done, and an error comes.
    Refuses,
    /// Nothing is done, and nothing comes.
    Hangs,
    /// It is done, and an error comes.
    LosesOutcome,
    /// The process is stopped before it, and goes on later.
    Stops,
    /// The process is stopped after it, and goes on later.
    StopsAfter,
}

/// Clones are the same store.
#[derive(Clone)]
pub(crate) struct Faulty {
    pub(crate) store: MemoryRefreshTokenStore,
    faults: Arc<Mutex<Vec<(&'static str, Fault)>>>,
    /// The operations that have failed.
    met: Arc<Mutex<Vec<&'static str>>>,
    stopped: Arc<tokio::sync::Notify>,
}

impl Faulty {
    pub(crate) fn new(store: MemoryRefreshTokenStore) -> Self {
        Self {
            store,
            faults: Arc::default(),
            met: Arc::default(),
            stopped: Arc::default(),
        }
    }

    /// Another machine's way to the same store, with faults of its own.
    pub(crate) fn another(&self) -> Self {
        Self::new(self.store.clone())
    }

    /// Has an operation fail from now on, by its name.
    pub(crate) fn fail(&self, operation: &'static str, fault: Fault) {
        self.faults().push((operation, fault));
    }

    pub(crate) fn is_broken(&self) -> bool {
        !self.faults().is_empty()
    }

    /// Whether this operation works.
    pub(crate) fn works(&self, operation: &str) -> bool {
        self.faults().iter().all(|fault| fault.0 != operation)
    }

    /// Whether this operation has failed here.
    pub(crate) fn has_failed(&self, operation: &str) -> bool {
        let met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.contains(&operation)
    }

    pub(crate) fn mend(&self) {
        self.faults().clear();
    }

    /// Forgets what has failed.
    pub(crate) fn forget(&self) {
        let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
        met.clear();
    }

    /// Lets a process go on that is stopped.
    pub(crate) fn resume(&self) {
        self.stopped.notify_waiters();
    }

    fn faults(&self) -> std::sync::MutexGuard<'_, Vec<(&'static str, Fault)>> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn with<'a, T: Send + 'a>(
        &'a self,
        operation: &'static str,
        run: impl FnOnce() -> StoreFuture<'a, T> + Send + 'a,
    ) -> StoreFuture<'a, T> {
        let fault = self
            .faults()
            .iter()
            .find(|fault| fault.0 == operation)
            .map(|fault| fault.1);
        if fault.is_some() {
            let mut met = self.met.lock().unwrap_or_else(PoisonError::into_inner);
            met.push(operation);
        }
        let broken = || StoreError::new("broken");
        match fault {
            None => run(),
            Some(Fault::Refuses) => Box::pin(ready(Err(broken()))),
            Some(Fault::Hangs) => Box::pin(pending()),
            Some(Fault::Stops) => {
                let resumed = Arc::clone(&self.stopped).notified_owned();
                Box::pin(async move {
                    resumed.await;
                    run().await
                })
            }
            Some(Fault::StopsAfter) => {
                let resumed = Arc::clone(&self.stopped).notified_owned();
                let outcome = run();
                Box::pin(async move {
                    resumed.await;
                    outcome.await
                })
            }
            Some(Fault::LosesOutcome) => {
                drop(run());
                Box::pin(ready(Err(broken())))
            }
        }
    }
}

impl RefreshTokenStore for Faulty {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.with("load", move || self.store.load(entry))
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        self.with("begin", move || self.store.begin(entry, duration))
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.with("confirm", move || {
            self.store.confirm(entry, section, duration)
        })
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        self.with("save", move || self.store.save(entry, section, value))
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.with("end", move || self.store.end(entry, section))
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        self.with("put", move || self.store.put(entry, value))
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.with("delete", move || self.store.delete(entry))
    }
}
