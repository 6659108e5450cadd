//! A crate that is new is written elsewhere and moved: cargo refuses a workspace in which half of one stands.

use std::fs;
use std::io;
use std::path::Path;

use super::write::{Difference, is_temporary, sorted, temporary};
use crate::source::file::named;

/// Writes a crate that is not there yet, in `staging` first.
///
/// # Errors
///
/// When a file or folder cannot be written; the message names it.
pub(crate) fn create(folder: &Path, staging: &Path, files: &[Difference]) -> io::Result<()> {
    let staged = temporary(staging, folder);
    let moved = || {
        if let Some(parent) = folder.parent() {
            fs::create_dir_all(parent)?;
        }
        fs::rename(&staged, folder)
    };
    fill(&staged, folder, files)
        .and_then(|()| moved().map_err(|error| named(folder, error)))
        .inspect_err(|_| {
            // What is left of a failed attempt is of no use to anybody.
            let _ = fs::remove_dir_all(&staged);
        })
}

fn fill(staged: &Path, folder: &Path, files: &[Difference]) -> io::Result<()> {
    for file in files {
        // Nothing is new of a file that is to go.
        let Some(content) = &file.new else { continue };
        let path = staged.join(file.path.strip_prefix(folder).unwrap_or(&file.path));
        let written = match fs::write(&path, content) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                let parent = path.parent().unwrap_or(staged);
                fs::create_dir_all(parent).and_then(|()| fs::write(&path, content))
            }
            written => written,
        };
        written.map_err(|error| named(&path, error))?;
    }
    Ok(())
}

/// Removes what runs that were killed have left in `staging`.
pub(crate) fn clear(staging: &Path) -> io::Result<()> {
    let left = sorted(staging)?;
    for left in left.iter().filter(|path| is_temporary(path)) {
        fs::remove_dir_all(left).map_err(|error| named(left, error))?;
    }
    Ok(())
}
