//! Tokens that the processes of one machine share through files.

use std::io;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use futures_channel::oneshot;

use self::shard::Shard;
use super::record::Record;
use super::{Begin, StoreError, StoreFuture, StoreName, TokenStore, Version};

mod shard;

/// A store in a folder: a file for each token, in one of 256 folders by the first two digits of its name. A file is replaced as
/// a whole, and its folder is locked meanwhile.
///
/// Times are those of the machine's clock. A file that is damaged counts as none, and so does one from the time before the
/// clock was set back. Files of what has ended are removed when others come.
///
/// Each operation is done on a thread of its own, which ends with it: a disk that is slow, or a process that is stopped while
/// it has the lock, keeps nobody else from their work. An operation that is given up changes nothing, unless it was done
/// already.
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: PathBuf,
}

impl FileStore {
    /// A store in a folder of its own, which is made if there is none; nobody but its owner may look into it.
    ///
    /// # Errors
    ///
    /// If the folder cannot be made.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = folder.into();
        shard::make_folder(&folder).map_err(StoreError::new)?;
        Ok(Self { folder })
    }

    fn change<'a, T: Send + 'static>(
        &'a self,
        name: &'a StoreName,
        change: impl FnOnce(&mut Record, Duration) -> T + Send + 'static,
    ) -> StoreFuture<'a, T> {
        Box::pin(async move {
            let folder = shard_of(&self.folder, name)?;
            let name = name.clone();
            let (sender, outcome) = oneshot::channel();
            let work = move || {
                let shard = Shard::lock(folder, || !sender.is_canceled());
                let outcome = shard.and_then(|shard| in_shard(&shard, &name, change));
                // Nobody may wait for it any more.
                drop(sender.send(outcome));
            };
            thread::Builder::new()
                .name("tokensmith-file-store".to_owned())
                .spawn(work)
                .map_err(StoreError::new)?;
            let outcome = outcome.await.map_err(StoreError::new)?;
            outcome.map_err(StoreError::new)
        })
    }
}

fn shard_of(folder: &Path, name: &StoreName) -> Result<PathBuf, StoreError> {
    match name.as_str().get(..2) {
        Some(first) if shard::is_name(name) => Ok(folder.join(first)),
        _ => Err(StoreError::new(
            "the name of a token must be 64 hexadecimal digits",
        )),
    }
}

fn in_shard<T>(
    shard: &Shard,
    name: &StoreName,
    change: impl FnOnce(&mut Record, Duration) -> T,
) -> io::Result<T> {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    let found = shard.read(name)?;
    let mut record = found.clone().unwrap_or_default();
    let outcome = change(&mut record, now);
    if record.is_empty(now) {
        shard.remove(name)?;
    } else if found.as_ref() != Some(&record) {
        if found.is_none() {
            shard.sweep(now)?;
        }
        shard.write(name, &record)?;
    }
    Ok(outcome)
}

impl TokenStore for FileStore {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        self.change(name, move |record, now| record.begin(known, lease, now))
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change(name, move |record, now| record.renew(lease, duration, now))
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        let value = value.to_vec();
        self.change(name, move |record, now| {
            record.put(version, &value, lifetime, now)
        })
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.change(name, move |record, now| record.fail(lease, cool_down, now))
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        self.change(name, Record::delete)
    }
}

#[cfg(test)]
mod tests;
