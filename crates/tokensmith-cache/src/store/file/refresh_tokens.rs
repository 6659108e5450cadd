//! Refresh tokens in files.

use std::time::Duration;

use super::shard::Durability;
use super::{FileStore, Shard};
use crate::store::entry::Entry;
use crate::store::numbered::Numbered;
use crate::store::on_thread::{IsWanted, on_thread, on_thread_or_undo};
use crate::{BeginSection, RefreshTokenStore, Saved, Section, StoreError, StoreFuture, StoreName};

impl FileStore {
    /// Does the work on the entry, with the next number and the time, on a thread of its own.
    fn change_entry<'a, T: Send + 'static>(
        &self,
        name: &StoreName,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T + Send + 'static,
    ) -> StoreFuture<'a, T> {
        let (store, name) = (self.clone(), name.clone());
        on_thread(move |is_wanted| store.entry(&name, is_wanted, change))
    }

    fn entry<T>(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T,
    ) -> Result<T, StoreError> {
        let shard = self.lock(name, is_wanted)?;
        let before = Self::read(&shard, name)?;
        let mut numbered = before.clone();
        let outcome = numbered.change(change);
        if numbered != before {
            Self::write(&shard, name, &numbered)?;
        }
        Ok(outcome)
    }

    pub(in crate::store) fn read(shard: &Shard, name: &StoreName) -> Result<Numbered, StoreError> {
        let file = file(name);
        let Some(bytes) = shard.read(&file).map_err(StoreError::new)? else {
            return Ok(Numbered::default());
        };
        serde_json::from_slice(&bytes)
            // Not the reason: it may show a part of the content.
            .map_err(|_| {
                StoreError::of_one_entry(format!("the file {file} of the store is damaged"))
            })
    }

    pub(in crate::store) fn write(
        shard: &Shard,
        name: &StoreName,
        numbered: &Numbered,
    ) -> Result<(), StoreError> {
        let written = shard.write(&file(name), numbered, Durability::OfTheOnlyOne);
        written.map_err(StoreError::new)
    }
}

fn file(name: &StoreName) -> String {
    format!("{}.refresh", name.as_str())
}

impl RefreshTokenStore for FileStore {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.change_entry(entry, |entry, _, _| entry.value())
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        let (store, name) = (self.clone(), entry.clone());
        let (undoing, undone) = (self.clone(), entry.clone());
        on_thread_or_undo(
            move |is_wanted| {
                store.entry(&name, is_wanted, |entry, next, now| {
                    entry.begin(next, duration, now)
                })
            },
            move |undelivered| {
                if let BeginSection::Begun(begun) = undelivered {
                    let end = |entry: &mut Entry, _, _| entry.end(begun.section);
                    // Where this fails, the section ends by itself.
                    drop(undoing.entry(&undone, &|| true, end));
                }
            },
        )
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change_entry(entry, move |entry, _, now| {
            entry.confirm(section, duration, now)
        })
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        let value = value.to_vec();
        self.change_entry(entry, move |entry, _, _| entry.save(section, &value))
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.change_entry(entry, move |entry, _, _| entry.end(section))
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        let value = value.to_vec();
        self.change_entry(entry, move |entry, _, _| entry.put(&value))
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, ()> {
        self.change_entry(entry, |entry, _, _| entry.delete())
    }
}
