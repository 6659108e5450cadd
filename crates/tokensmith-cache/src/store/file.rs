//! Tokens that the processes of one machine share through files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use self::shard::Durability;
use super::operation::{IsWanted, Threads};
use super::state::{Record, TimeOfDay};
use super::{Begin, StoreError, StoreFuture, StoreName, TokenStore, Version};

mod refresh_tokens;
mod shard;

pub(super) use self::shard::Shard;

/// A store in a folder: a file for each token, in one of 256 folders by the first two digits of its name. A file is replaced as
/// a whole, and its folder is locked meanwhile. Refresh tokens are in files of their own, with `.refresh` after the name.
///
/// Times are those of the machine's clock. An access token that is damaged counts as missing, and so does one from the time
/// before the clock was set back. Files of what has ended are removed when others come. A refresh token that is damaged is an
/// error. It is on the disk when an operation returns. What is left of one that is deleted is a small file with its last number,
/// which is removed when others come an hour later. No lease lasts longer than the caller would get it for, whatever a file says, and no section longer than five
/// minutes.
///
/// Each operation is done on a thread, 64 at most for all stores of the process: a disk that is slow, or a process that is
/// stopped while it has the lock, keeps nobody else from their work. An operation that is given up changes nothing, unless it was done
/// already; a lease or a section that nobody received is ended again. The lock is waited for for five seconds at most.
///
/// The folder must be on a local disk: network file systems lock unreliably.
#[derive(Debug, Clone)]
pub struct FileStore {
    folder: PathBuf,
    threads: Threads,
    time_of_day: TimeOfDay,
}

impl FileStore {
    /// Creates a store in a folder of its own. A folder that is missing is created; nobody but its owner may look into it.
    ///
    /// # Errors
    ///
    /// If the folder cannot be created, or if others may write to it.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, StoreError> {
        let folder = folder.into();
        shard::make_folder(&folder).map_err(StoreError::new)?;
        require_private(&folder)?;
        Ok(Self {
            folder,
            threads: Threads::shared(),
            time_of_day: TimeOfDay::new(),
        })
    }

    #[cfg(test)]
    pub(super) fn with_clock(mut self, clock: impl crate::Clock) -> Self {
        self.time_of_day = TimeOfDay::of(clock);
        self
    }

    fn change<'a, T: Send + 'static>(
        &self,
        name: &StoreName,
        change: impl FnOnce(&mut Record, Duration) -> T + Send + 'static,
        undo: impl FnOnce(&mut Record, Duration, T) + Send + 'static,
    ) -> StoreFuture<'a, T> {
        let (store, name) = (self.clone(), name.clone());
        let (undoing, undone) = (self.clone(), name.clone());
        self.threads.run_or_undo(
            move |is_wanted| store.record(&name, is_wanted, change),
            move |undelivered| {
                let undo = |record: &mut Record, now| undo(record, now, undelivered);
                // Where this fails, the lease ends by itself.
                drop(undoing.record(&undone, &|| true, undo));
            },
        )
    }

    fn record<T>(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
        change: impl FnOnce(&mut Record, Duration) -> T,
    ) -> Result<T, StoreError> {
        let shard = self.lock(name, is_wanted)?;
        let now = self.time_of_day.now();
        in_shard(&shard, name, now, change).map_err(StoreError::new)
    }

    pub(super) fn lock(
        &self,
        name: &StoreName,
        is_wanted: IsWanted<'_>,
    ) -> Result<Shard, StoreError> {
        match name.as_str().get(..2) {
            Some(first) if shard::is_name(name) => {
                Shard::lock(self.folder.join(first), is_wanted).map_err(StoreError::new)
            }
            _ => Err(StoreError::new(
                "the name of a token must be 64 hexadecimal digits",
            )),
        }
    }
}

/// Whoever may write to a folder can put anything in the place of its files.
#[cfg(unix)]
fn require_private(folder: &Path) -> Result<(), StoreError> {
    use std::os::unix::fs::MetadataExt as _;

    let metadata = fs::metadata(folder).map_err(StoreError::new)?;
    let (mode, owner) = (metadata.mode() & 0o777, metadata.uid());
    let shown = folder.display();
    if mode & 0o022 != 0 {
        return Err(StoreError::new(format!(
            "others may write to {shown} (mode {mode:o}): run `chmod go-w` on it, or choose another folder"
        )));
    }
    let user = rustix::process::geteuid().as_raw();
    if owner != user && owner != 0 {
        return Err(StoreError::new(format!(
            "{shown} belongs to another user ({owner}, and this program runs as {user}): choose another folder"
        )));
    }
    Ok(())
}

#[cfg(not(unix))]
fn require_private(_folder: &Path) -> Result<(), StoreError> {
    Ok(())
}

fn in_shard<T>(
    shard: &Shard,
    name: &StoreName,
    now: Duration,
    change: impl FnOnce(&mut Record, Duration) -> T,
) -> io::Result<T> {
    let found: Option<Record> = shard.record(name)?;
    let mut record = found.clone().unwrap_or_default();
    let outcome = change(&mut record, now);
    if record.is_empty(now) {
        shard.remove(name.as_str())?;
    } else if found.as_ref() != Some(&record) {
        if found.is_none() {
            shard.sweep(now)?;
        }
        shard.write(name.as_str(), &record, Durability::OfACopy)?;
    }
    Ok(outcome)
}

/// What is not undone.
fn keep<T>(_: &mut Record, _: Duration, _: T) {}

impl TokenStore for FileStore {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        let begin = move |record: &mut Record, now| record.begin(known, lease, now);
        self.change(name, begin, |record, now, undelivered| {
            if let Begin::Leased(version) = undelivered {
                record.fail(version, Duration::ZERO, now);
            }
        })
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change(
            name,
            move |record, now| record.renew(lease, duration, now),
            keep,
        )
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        let value = value.to_vec();
        let put = move |record: &mut Record, now| record.put(version, &value, lifetime, now);
        self.change(name, put, keep)
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.change(
            name,
            move |record, now| record.fail(lease, cool_down, now),
            keep,
        )
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        self.change(name, Record::delete, keep)
    }
}

#[cfg(test)]
mod tests;
