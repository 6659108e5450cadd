//! Stores that read an entry, change it and write it back.

use std::time::Duration;

use super::Entry;
use crate::store::operation::{IsWanted, Threads};
use crate::store::{BeginSection, StoreError, StoreFuture, StoreName};

/// A store that changes an entry in one step, while its caller blocks.
pub(in crate::store) trait EntryStore: Clone + Send + 'static {
    /// The threads on which its operations are done.
    fn threads(&self) -> &Threads;

    /// Changes the entry, given the next number and the time, and returns what the change returns.
    fn change_entry<T>(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T,
    ) -> Result<T, StoreError>;

    /// Returns the value of the entry.
    fn load_entry(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
    ) -> Result<Option<Vec<u8>>, StoreError> {
        self.change_entry(name, is_wanted, |entry, _, _| entry.value())
    }
}

/// Works with the store on one of its threads.
pub(in crate::store) fn on_thread_with<'a, S: EntryStore, T: Send + 'static>(
    store: &S,
    name: &StoreName,
    work: impl FnOnce(&S, &StoreName, IsWanted<'_>) -> Result<T, StoreError> + Send + 'static,
) -> StoreFuture<'a, T> {
    let (store, name) = (store.clone(), name.clone());
    let threads = store.threads().clone();
    threads.run_or_undo(move |is_wanted| work(&store, &name, is_wanted), drop)
}

/// Begins a section on one of the store's threads. One that nobody received is ended.
pub(in crate::store) fn begin_on_thread<'a, S: EntryStore>(
    store: &S,
    name: &StoreName,
    duration: Duration,
) -> StoreFuture<'a, BeginSection> {
    let (store, name) = (store.clone(), name.clone());
    let (undoing, undone) = (store.clone(), name.clone());
    let threads = store.threads().clone();
    threads.run_or_undo(
        move |is_wanted| {
            store.change_entry(&name, is_wanted, |entry, next, now| {
                entry.begin(next, duration, now)
            })
        },
        move |undelivered| {
            if let BeginSection::Begun(begun) = undelivered {
                let end = |entry: &mut Entry, _, _| entry.end(begun.section);
                // Where this fails, the section ends by itself.
                drop(undoing.change_entry(&undone, &|| true, end));
            }
        },
    )
}

/// Makes an [`EntryStore`] a `RefreshTokenStore`. A macro, so that the documentation of each store shows the trait: a blanket
/// implementation would hide it behind a private one.
macro_rules! refresh_token_store {
    ($store:ty) => {
        impl $crate::RefreshTokenStore for $store {
            fn load<'a>(
                &'a self,
                entry: &'a $crate::StoreName,
            ) -> $crate::StoreFuture<'a, Option<Vec<u8>>> {
                on_thread_with(self, entry, |store, name, is_wanted| {
                    store.load_entry(name, is_wanted)
                })
            }

            fn begin<'a>(
                &'a self,
                entry: &'a $crate::StoreName,
                duration: std::time::Duration,
            ) -> $crate::StoreFuture<'a, $crate::BeginSection> {
                begin_on_thread(self, entry, duration)
            }

            fn confirm<'a>(
                &'a self,
                entry: &'a $crate::StoreName,
                section: $crate::Section,
                duration: std::time::Duration,
            ) -> $crate::StoreFuture<'a, bool> {
                on_thread_with(self, entry, move |store, name, is_wanted| {
                    store.change_entry(name, is_wanted, |entry, _, now| {
                        entry.confirm(section, duration, now)
                    })
                })
            }

            fn save<'a>(
                &'a self,
                entry: &'a $crate::StoreName,
                section: $crate::Section,
                value: &'a [u8],
            ) -> $crate::StoreFuture<'a, $crate::Saved> {
                let value = value.to_vec();
                on_thread_with(self, entry, move |store, name, is_wanted| {
                    store.change_entry(name, is_wanted, |entry, _, _| entry.save(section, &value))
                })
            }

            fn end<'a>(
                &'a self,
                entry: &'a $crate::StoreName,
                section: $crate::Section,
            ) -> $crate::StoreFuture<'a, ()> {
                on_thread_with(self, entry, move |store, name, is_wanted| {
                    store.change_entry(name, is_wanted, |entry, _, _| entry.end(section))
                })
            }

            fn put<'a>(
                &'a self,
                entry: &'a $crate::StoreName,
                value: &'a [u8],
            ) -> $crate::StoreFuture<'a, ()> {
                let value = value.to_vec();
                on_thread_with(self, entry, move |store, name, is_wanted| {
                    store.change_entry(name, is_wanted, |entry, _, _| entry.put(&value))
                })
            }

            fn delete<'a>(
                &'a self,
                entry: &'a $crate::StoreName,
            ) -> $crate::StoreFuture<'a, Option<Vec<u8>>> {
                on_thread_with(self, entry, |store, name, is_wanted| {
                    store.change_entry(name, is_wanted, |entry, _, _| entry.delete())
                })
            }
        }
    };
}

pub(in crate::store) use refresh_token_store;
