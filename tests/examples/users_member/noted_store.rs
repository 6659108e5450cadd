//! A store that notes which sections it has confirmed and what it has saved.

use std::cell::RefCell;
use std::time::Duration;

use tokensmith_cache::{BeginSection, RefreshTokenStore, Saved, Section, StoreFuture, StoreName};

use crate::log::{Log, now};

pub(crate) struct NotedStore<S> {
    pub(crate) store: S,
    pub(crate) log: Log,
}

thread_local! {
    /// When a section was confirmed on this thread last, and of which entry. The request is sent
    /// without a wait in between.
    static CHECKED: RefCell<(u128, String)> = const { RefCell::new((0, String::new())) };
}

/// When the section of the request that is sent now was confirmed, and its entry.
pub(crate) fn checked() -> (u128, String) {
    CHECKED.with_borrow(Clone::clone)
}

impl<S: RefreshTokenStore> RefreshTokenStore for NotedStore<S> {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.store.load(entry)
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        self.store.begin(entry, duration)
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        Box::pin(async move {
            let confirmed = self.store.confirm(entry, section, duration).await?;
            if confirmed {
                CHECKED.set((now(), entry.as_str().to_owned()));
            }
            Ok(confirmed)
        })
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        Box::pin(async move {
            let saved = self.store.save(entry, section, value).await?;
            if saved == Saved::Saved {
                self.log.write(&format!("saved {}", entry.as_str()));
            }
            Ok(saved)
        })
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.store.end(entry, section)
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        self.store.put(entry, value)
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.store.delete(entry)
    }

    fn needs_tokio(&self) -> bool {
        self.store.needs_tokio()
    }
}
