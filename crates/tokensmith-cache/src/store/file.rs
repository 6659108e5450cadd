//! Tokens that the processes of one machine share through files.

use std::fs::{self, File, OpenOptions};
use std::future::ready;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tempfile::NamedTempFile;

use super::record::Record;
use super::{Begin, StoreError, StoreFuture, StoreName, TokenStore, Version};

/// A store in a folder: a file for each token, which is replaced as a whole, and beside it one that is locked meanwhile.
///
/// Times are those of the machine's clock. A file that is damaged counts as none. The operations are short, and done on the
/// thread of the caller.
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
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder).map_err(StoreError::new)?;
        Ok(Self { folder })
    }

    fn change<T: Send + 'static>(
        &self,
        name: &StoreName,
        change: impl FnOnce(&mut Record, Duration) -> T,
    ) -> StoreFuture<'static, T> {
        let outcome = self.try_change(name, change).map_err(StoreError::new);
        Box::pin(ready(outcome))
    }

    fn try_change<T>(
        &self,
        name: &StoreName,
        change: impl FnOnce(&mut Record, Duration) -> T,
    ) -> io::Result<T> {
        let path = self.folder.join(name.as_str());
        // The lock is let go when the file is closed, by the end of the process too.
        let lock = open(&path.with_extension("lock"))?;
        lock.lock()?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        let mut record = read(&path)?;
        let before = record.clone();
        let outcome = change(&mut record, now);
        if record.is_empty(now) {
            remove(&path)?;
        } else if record != before {
            self.write(&path, &record)?;
        }
        Ok(outcome)
    }

    fn write(&self, path: &Path, record: &Record) -> io::Result<()> {
        let mut file = NamedTempFile::new_in(&self.folder)?;
        file.write_all(&serde_json::to_vec(record)?)?;
        file.as_file().sync_data()?;
        file.persist(path)?;
        Ok(())
    }
}

fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

fn read(path: &Path) -> io::Result<Record> {
    match fs::read(path) {
        Ok(bytes) => Ok(serde_json::from_slice(&bytes).unwrap_or_default()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Record::default()),
        Err(error) => Err(error),
    }
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

impl TokenStore for FileStore {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        self.change(name, |record, now| record.begin(known, lease, now))
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change(name, |record, now| record.renew(lease, duration, now))
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        version: Version,
        value: &'a [u8],
        lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        self.change(name, |record, now| {
            record.put(version, value, lifetime, now)
        })
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        lease: Version,
        cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.change(name, |record, now| record.fail(lease, cool_down, now))
    }
}
