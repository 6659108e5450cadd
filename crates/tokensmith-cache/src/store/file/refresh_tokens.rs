//! Refresh tokens in files.

use std::time::Duration;

use super::shard::Durability;
use super::{FileStore, Shard};
use crate::store::operation::{IsWanted, Threads};
use crate::store::state::{
    Entry, EntryStore, Numbered, begin_on_thread, on_thread_with, refresh_token_store,
};
use crate::{StoreError, StoreName};

impl FileStore {
    /// The time since 1970.
    pub(in crate::store) fn now(&self) -> Duration {
        self.time_of_day.now()
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

impl FileStore {
    /// Removes what users have left who signed out long ago.
    fn sweep(shard: &Shard, now: Duration) -> Result<(), StoreError> {
        for name in shard.names(END).map_err(StoreError::new)? {
            // One that is damaged is for whoever needs it.
            if Self::read(shard, &name).is_ok_and(|numbered| numbered.is_spent(now)) {
                shard.remove(&file(&name)).map_err(StoreError::new)?;
            }
        }
        Ok(())
    }
}

const END: &str = ".refresh";

fn file(name: &StoreName) -> String {
    format!("{}{END}", name.as_str())
}

impl EntryStore for FileStore {
    fn threads(&self) -> &Threads {
        &self.threads
    }

    fn change_entry<T>(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
        change: impl FnOnce(&mut Entry, u64, Duration) -> T,
    ) -> Result<T, StoreError> {
        let shard = self.lock(name, is_wanted)?;
        let before = Self::read(&shard, name)?;
        let mut numbered = before.clone();
        let now = self.now();
        let outcome = numbered.change(now, change);
        if numbered != before {
            if before == Numbered::default() {
                Self::sweep(&shard, now)?;
            }
            Self::write(&shard, name, &numbered)?;
        }
        Ok(outcome)
    }
}

refresh_token_store!(FileStore);
