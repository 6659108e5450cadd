//! Files go to the disk, atomically, and only those that changed.

use std::collections::BTreeSet;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::emit::{Files, is_generated};
use crate::source::file::{self, named};

/// Ending of a file that is being written.
const TEMPORARY: &str = ".tokensmith-tmp";

/// How a file on the disk differs from what is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is not there.
    Missing,
    /// It has another content.
    Stale {
        /// What the disk has.
        old: String,
    },
    /// It was generated once and no longer is.
    Orphaned,
}

/// A file that differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Where it is.
    pub path: PathBuf,
    /// How it differs.
    pub change: Change,
    /// What it is to have; nothing for an orphan.
    pub new: Option<String>,
}

/// Compares the generated files of a crate with its folder.
///
/// Files that were not generated are not looked at. Line ends do not count: a checkout may have turned them.
///
/// # Errors
///
/// When a file that is there cannot be read.
pub fn compare(folder: &Path, files: Files) -> io::Result<Vec<Difference>> {
    if is_missing(folder) {
        let missing = files.into_iter().map(|(name, new)| Difference {
            path: folder.join(name),
            change: Change::Missing,
            new: Some(new),
        });
        return Ok(missing.collect());
    }
    let mut differences = Vec::new();
    let expected: BTreeSet<PathBuf> = files.keys().map(|name| folder.join(name)).collect();
    for (name, new) in files {
        let path = folder.join(name);
        let change = match file::read_regular(&path, u64::MAX) {
            Ok(old) if same(&old, &new) => continue,
            Ok(old) => Change::Stale {
                old: String::from_utf8_lossy(&old).into_owned(),
            },
            Err(error) if error.kind() == io::ErrorKind::NotFound => Change::Missing,
            Err(error) => return Err(named(&path, error)),
        };
        differences.push(Difference {
            path,
            change,
            new: Some(new),
        });
    }
    differences.extend(orphans(folder, &expected)?);
    Ok(differences)
}

/// Fails if anything of a crate is a link: a pull request could have what is generated written anywhere.
///
/// # Errors
///
/// Names the link.
pub fn refuse_links(folder: &Path, files: &Files) -> io::Result<()> {
    if is_missing(folder) {
        return Ok(());
    }
    let paths = files.keys().map(|name| folder.join(name));
    let mut known = BTreeSet::new();
    for path in paths {
        let parts = path.ancestors().take_while(|part| *part != folder);
        for part in parts.chain([folder]).map(Path::to_owned) {
            if known.insert(part.clone()) {
                file::refuse_link(&part)?;
            }
        }
    }
    Ok(())
}

/// Whether a folder is not there: then nothing below it is.
pub(crate) fn is_missing(folder: &Path) -> bool {
    fs::symlink_metadata(folder).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
}

fn same(old: &[u8], new: &str) -> bool {
    if old == new.as_bytes() {
        return true;
    }
    old.contains(&b'\r') && String::from_utf8_lossy(old).replace("\r\n", "\n") == new
}

/// Generated files below `folder` that are not expected there, in order.
pub fn orphans(folder: &Path, expected: &BTreeSet<PathBuf>) -> io::Result<Vec<Difference>> {
    let mut orphans = Vec::new();
    // What a link points at is somebody else's.
    if folder.is_symlink() {
        return Ok(orphans);
    }
    for entry in sorted(folder)? {
        if entry.is_dir() {
            if entry.file_name().is_none_or(|name| name != "target") {
                orphans.extend(self::orphans(&entry, expected)?);
            }
        } else if !expected.contains(&entry) && is_orphan(&entry) {
            orphans.push(Difference {
                path: entry,
                change: Change::Orphaned,
                new: None,
            });
        }
    }
    Ok(orphans)
}

/// Whether a file was generated, or is what a run that was killed has left.
pub(crate) fn is_orphan(path: &Path) -> bool {
    is_temporary(path) || was_generated(path)
}

/// A link was not, whatever it points at.
fn was_generated(path: &Path) -> bool {
    let bytes = (!path.is_symlink()).then(|| file::read(path));
    bytes.is_some_and(|bytes| {
        bytes.is_ok_and(|bytes| is_generated(&String::from_utf8_lossy(&bytes)))
    })
}

/// What a run that was killed while it wrote has left.
pub(crate) fn is_temporary(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') && name.ends_with(TEMPORARY)
}

/// What is in a folder, in order; nothing where there is no folder.
pub(crate) fn sorted(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(named(folder, error)),
    };
    let mut paths = entries
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}

/// Makes the disk have what is generated. A run that is interrupted leaves each file whole, old or new.
///
/// # Errors
///
/// When a file or folder cannot be written or removed; the message names it.
pub fn apply<'a>(differences: impl IntoIterator<Item = &'a Difference>) -> io::Result<()> {
    for Difference { path, new, .. } in differences {
        match new {
            Some(new) => write_whole(path, new),
            None => fs::remove_file(path).map(|()| remove_empty_folders(path)),
        }
        .map_err(|error| named(path, error))?;
    }
    Ok(())
}

/// Replaces a file's content in one step.
///
/// # Errors
///
/// When it cannot be written.
pub fn replace(path: &Path, content: &str) -> io::Result<()> {
    write_whole(path, content)
}

/// Writes beside the file, then renames: a rename is atomic.
pub(crate) fn write_whole(path: &Path, content: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let temporary = temporary(folder, path);
    let create = || match fs::File::create(&temporary) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            fs::create_dir_all(folder)?;
            fs::File::create(&temporary)
        }
        created => created,
    };
    let written = create().and_then(|mut file| file.write_all(content.as_bytes()));
    written
        .and_then(|()| fs::rename(&temporary, path))
        .inspect_err(|_| {
            // What is left of a failed attempt is of no use to anybody.
            let _ = fs::remove_file(&temporary);
        })
}

/// Where in `folder` a file or folder is written before it gets its name.
pub(crate) fn temporary(folder: &Path, path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    folder.join(format!(".{name}.{}{TEMPORARY}", std::process::id()))
}

/// Removes the folders that the file leaves empty; the first that is not empty stays, and all above it.
fn remove_empty_folders(path: &Path) {
    let mut folder = path.parent();
    while let Some(empty) = folder.filter(|folder| fs::remove_dir(folder).is_ok()) {
        folder = empty.parent();
    }
}
