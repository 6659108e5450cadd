//! A part of a store's folder, which is locked as a whole while one of its files is read and replaced.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::store::StoreName;
use crate::store::operation::IsWanted;
use crate::store::state::Record;

/// How long the lock is waited for. It is held for as long as it takes to write a small file.
const PATIENCE: Duration = Duration::from_secs(5);

const PAUSE: Duration = Duration::from_millis(2);

/// What a loss of power may do to a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Durability {
    /// It is a copy, and one that is damaged counts as missing.
    OfACopy,
    /// It is on the disk when it was written.
    OfTheOnlyOne,
}

/// A shard that is locked. The lock is let go when the file is closed, by the end of the process too.
pub(in crate::store) struct Shard {
    folder: PathBuf,
    _lock: File,
}

impl Shard {
    /// Locks a shard, which is made if there is none; gives up when the outcome is not wanted any more.
    pub(super) fn lock(folder: PathBuf, is_wanted: IsWanted<'_>) -> io::Result<Self> {
        make_folder(&folder)?;
        let lock = private().append(true).open(folder.join("lock"))?;
        let start = Instant::now();
        loop {
            match lock.try_lock() {
                Ok(()) if is_wanted() => break,
                Ok(()) => return Err(io::ErrorKind::Interrupted.into()),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) if !is_wanted() || start.elapsed() > PATIENCE => {
                    return Err(io::ErrorKind::TimedOut.into());
                }
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
            }
        }
        Ok(Self {
            folder,
            _lock: lock,
        })
    }

    /// `None` if there is no file; a record of nothing if it is damaged.
    pub(super) fn record(&self, name: &StoreName) -> io::Result<Option<Record>> {
        let bytes = self.read(name.as_str())?;
        Ok(bytes.map(|bytes| serde_json::from_slice(&bytes).unwrap_or_default()))
    }

    pub(super) fn read(&self, file: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.folder.join(file)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is there is replaced as a whole or not at all.
    pub(super) fn write(
        &self,
        file: &str,
        content: &impl serde::Serialize,
        durability: Durability,
    ) -> io::Result<()> {
        // One process at a time writes here: what is there was left behind by one that died.
        let next = self.folder.join("next");
        remove(&next)?;
        let mut written = private().write(true).create_new(true).open(&next)?;
        written.write_all(&serde_json::to_vec(content)?)?;
        if durability == Durability::OfTheOnlyOne {
            written.sync_all()?;
        }
        drop(written);
        fs::rename(next, self.folder.join(file))?;
        if durability == Durability::OfTheOnlyOne {
            sync_folder(&self.folder)?;
            // This one may be new.
            self.folder.parent().map_or(Ok(()), sync_folder)?;
        }
        Ok(())
    }

    pub(super) fn remove(&self, file: &str) -> io::Result<()> {
        remove(&self.folder.join(file))
    }

    /// Removes the records of nothing.
    pub(super) fn sweep(&self, now: Duration) -> io::Result<()> {
        for name in self.names("")? {
            if let Some(mut record) = self.record(&name)?
                && record.is_empty(now)
            {
                self.remove(name.as_str())?;
            }
        }
        Ok(())
    }

    /// The names of the files that end like this.
    pub(super) fn names(&self, end: &str) -> io::Result<Vec<StoreName>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let file = entry?.file_name().into_string().unwrap_or_default();
            let name = file.strip_suffix(end);
            let name = name.map(|name| StoreName::new(name.to_owned()));
            names.extend(name.filter(is_name));
        }
        Ok(names)
    }
}

/// Whether it is one that a keyring makes: no path can be made of it, and no other file here has it.
pub(super) fn is_name(name: &StoreName) -> bool {
    let name = name.as_str().as_bytes();
    name.len() == 64 && name.iter().all(u8::is_ascii_hexdigit)
}

pub(super) fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file that nobody but its owner may read.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes the names of new files durable.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Windows has no such operation, and needs none.
#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
