//! A part of a store's folder, which is locked as a whole while one of its files is read and replaced.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

use crate::store::StoreName;
use crate::store::record::Record;

/// How long the lock is waited for. It is held for as long as it takes to write a small file.
const PATIENCE: Duration = Duration::from_secs(5);

const PAUSE: Duration = Duration::from_millis(2);

/// A shard that is locked. The lock is let go when the file is closed, by the end of the process too.
pub(super) struct Shard {
    folder: PathBuf,
    _lock: File,
}

impl Shard {
    /// Locks a shard, which is made if there is none; gives up when the outcome is not wanted any more.
    pub(super) fn lock(folder: PathBuf, is_wanted: impl Fn() -> bool) -> io::Result<Self> {
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
    pub(super) fn read(&self, name: &StoreName) -> io::Result<Option<Record>> {
        match fs::read(self.folder.join(name.as_str())) {
            Ok(bytes) => Ok(Some(serde_json::from_slice(&bytes).unwrap_or_default())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// What is there is replaced as a whole or not at all. It is not forced onto the disk: it is a copy, and one that a loss of
    /// power has damaged counts as none.
    pub(super) fn write(&self, name: &StoreName, record: &Record) -> io::Result<()> {
        // One process at a time writes here: what is there was left behind by one that died.
        let next = self.folder.join("next");
        remove(&next)?;
        let mut file = private().write(true).create_new(true).open(&next)?;
        file.write_all(&serde_json::to_vec(record)?)?;
        drop(file);
        fs::rename(next, self.folder.join(name.as_str()))
    }

    pub(super) fn remove(&self, name: &StoreName) -> io::Result<()> {
        remove(&self.folder.join(name.as_str()))
    }

    /// Removes the records of nothing.
    pub(super) fn sweep(&self, now: Duration) -> io::Result<()> {
        for entry in fs::read_dir(&self.folder)? {
            let Ok(file) = entry?.file_name().into_string() else {
                continue;
            };
            let name = StoreName::new(file);
            if is_name(&name)
                && let Some(mut record) = self.read(&name)?
                && record.is_empty(now)
            {
                self.remove(&name)?;
            }
        }
        Ok(())
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

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
