//! The folder of kept tokens.

use std::env;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::record::Record;
use crate::failure::Failure;

/// The variable that names the folder.
const FOLDER: &str = "TOKENSMITH_HOME";

/// A folder that only its owner may look into: a file for each name, the stores of tokens, and the
/// key where it is in a file.
pub(super) struct Folder(PathBuf);

/// The right to change what is in the folder, until it is dropped.
pub(super) struct Lock(#[expect(dead_code, reason = "it is let go when the file is closed")] File);

impl Folder {
    /// The folder of this user: the one that `TOKENSMITH_HOME` names, or the place where this system
    /// keeps the state of programs.
    pub(super) fn of_user() -> Result<Self, Failure> {
        let named = |name: &str| {
            env::var_os(name)
                .map(PathBuf::from)
                .filter(|it| it.is_absolute())
        };
        let home = || named("HOME");
        let folder = match env::var_os(FOLDER).filter(|it| !it.is_empty()) {
            Some(folder) => Some(absolute(PathBuf::from(folder))?),
            None if cfg!(windows) => named("LOCALAPPDATA").map(|it| it.join("tokensmith")),
            None if cfg!(target_os = "macos") => {
                home().map(|it| it.join("Library/Application Support/tokensmith"))
            }
            None => named("XDG_STATE_HOME")
                .or_else(|| Some(home()?.join(".local/state")))
                .map(|it| it.join("tokensmith")),
        };
        folder.map(Self).ok_or_else(|| {
            Failure::Failed(format!(
                "the folder for kept tokens is unknown: set {FOLDER} to the path of one"
            ))
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.0
    }

    /// What is kept, in the order of the names, and how files of others are damaged.
    pub(super) fn records(&self) -> Result<(Vec<Record>, Vec<String>), Failure> {
        let (mut records, mut damages) = (Vec::new(), Vec::new());
        let entries = match fs::read_dir(self.names()) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((records, damages)),
            Err(error) => return Err(self.failed(&error)),
        };
        for entry in entries {
            let file = entry.map_err(|error| self.failed(&error))?.file_name();
            let name = file.to_str().and_then(|file| file.strip_suffix(".json"));
            match name.map(|name| self.read(name)).transpose()?.flatten() {
                Some(Ok(record)) => records.push(record),
                Some(Err(damage)) => damages.push(damage),
                None => {}
            }
        }
        records.sort_by(|one, other| one.name.cmp(&other.name));
        damages.sort_unstable();
        Ok((records, damages))
    }

    /// What is kept under a name.
    pub(super) fn record(&self, name: &str) -> Result<Record, Failure> {
        self.find(name)?.ok_or_else(|| Self::unknown(name))
    }

    /// The same, if there is something.
    pub(super) fn find(&self, name: &str) -> Result<Option<Record>, Failure> {
        let Some(record) = self.read(name)? else {
            return Ok(None);
        };
        record.map(Some).map_err(Failure::Failed)
    }

    /// The same, or how its file is damaged.
    pub(super) fn read(&self, name: &str) -> Result<Option<Result<Record, String>>, Failure> {
        let file = self.file(name);
        let bytes = match fs::read(&file) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed(&error)),
        };
        let damage = |error| {
            let file = file.display();
            format!(
                "{file} is not a record of kept tokens: {error}; `tokensmith logout {name} --forget` removes it"
            )
        };
        Ok(Some(serde_json::from_slice(&bytes).map_err(damage)))
    }

    /// Locks the folder, which is made if it is missing.
    pub(super) fn lock(&self) -> Result<Lock, Failure> {
        let lock = || {
            private_folder(&self.names())?;
            let file = private()
                .append(true)
                .create(true)
                .open(self.0.join("lock"))?;
            file.lock()?;
            Ok(file)
        };
        lock().map(Lock).map_err(|error| self.failed(&error))
    }

    /// Replaces what is kept under a name, as a whole.
    pub(super) fn put(&self, _lock: &Lock, record: &Record) -> Result<(), Failure> {
        let mut bytes = serde_json::to_vec_pretty(record).map_err(|error| {
            Failure::Failed(format!("`{}` cannot be kept: {error}", record.name))
        })?;
        bytes.push(b'\n');
        self.write(&self.file(&record.name), &bytes)
    }

    /// Removes a name.
    pub(super) fn remove(&self, _lock: &Lock, name: &str) -> Result<(), Failure> {
        match fs::remove_file(self.file(name)) {
            Ok(()) => sync(&self.names()).map_err(|error| self.failed(&error)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(self.failed(&error)),
        }
    }

    /// Writes a file that only its owner may read: all of it or nothing.
    pub(super) fn write(&self, file: &Path, bytes: &[u8]) -> Result<(), Failure> {
        // Whoever writes has the lock: what is there was left behind by a process that was killed.
        let next = self.0.join("next");
        let write = || {
            let mut written = private()
                .write(true)
                .create(true)
                .truncate(true)
                .open(&next)?;
            written.write_all(bytes)?;
            written.sync_all()?;
            fs::rename(&next, file)?;
            sync(&self.names())?;
            sync(&self.0)
        };
        write().map_err(|error| self.failed(&error))
    }

    fn names(&self) -> PathBuf {
        self.0.join("names")
    }

    /// The file of a name.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        self.names().join(format!("{name}.json"))
    }

    /// Nothing is kept under a name.
    pub(super) fn unknown(name: &str) -> Failure {
        Failure::Failed(format!(
            "no tokens are kept as `{name}`: `tokensmith kept` lists the names"
        ))
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::Failed(format!("{}: {error}", self.0.display()))
    }
}

fn absolute(folder: PathBuf) -> Result<PathBuf, Failure> {
    match folder.is_absolute() {
        true => Ok(folder),
        false => Err(Failure::Failed(format!(
            "{FOLDER} is `{}`: it has to be an absolute path",
            folder.display()
        ))),
    }
}

/// Has a folder on the disk as it is now: what was renamed or removed in it is so after a loss of
/// power, too.
#[cfg(unix)]
fn sync(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

/// Elsewhere a folder cannot be opened.
#[cfg(not(unix))]
#[expect(
    clippy::unnecessary_wraps,
    reason = "it is fallible where folders can be opened"
)]
fn sync(_folder: &Path) -> io::Result<()> {
    Ok(())
}

fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// A file that nobody but its owner may read.
fn private() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "there is no mode"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}
