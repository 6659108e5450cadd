//! Files that others wrote, read within bounds.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::Path;

use crate::source::load::MAX_BYTES;

/// Reads a document or an overlay; what is larger than any document may be is cut, for [`read`](crate::read) to refuse.
///
/// # Errors
///
/// When it cannot be read, and when it is not a regular file: a pipe makes its reader wait, and a device may have no end.
pub fn read(path: &Path) -> io::Result<Vec<u8>> {
    read_regular(path, MAX_BYTES as u64 + 1)
}

/// Reads as much of a regular file, and nothing of a pipe, a device or a folder: opening one may take for ever.
pub(crate) fn read_regular(path: &Path, limit: u64) -> io::Result<Vec<u8>> {
    let metadata = fs::metadata(path)?;
    if !metadata.is_file() {
        return Err(io::Error::other(NOT_REGULAR));
    }
    let expected = metadata.len().min(limit);
    // One more, so that the end is found without asking for more room.
    let mut bytes = Vec::with_capacity(usize::try_from(expected).unwrap_or_default() + 1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads a file of a project, which came with a pull request: no link, for that may lead anywhere, and no pipe or device.
///
/// # Errors
///
/// As for [`read`], and when it is no file of its own; the message names it.
pub fn read_own(path: &Path) -> io::Result<Vec<u8>> {
    let metadata = fs::symlink_metadata(path).map_err(|error| named(path, error))?;
    if !metadata.is_file() {
        return Err(named(path, io::Error::other(NO_FILE)));
    }
    read(path).map_err(|error| named(path, error))
}

/// Reads a file that somebody names on a command line: the file itself, and none through a link.
///
/// Whoever checks a pull request names files of it, and a link in one leads anywhere. Above the working folder, and in an
/// absolute path, folders may be links: those are the machine's own.
///
/// # Errors
///
/// As for [`read`], and when the file, or a folder of a relative path, is a link.
pub fn read_named(path: &Path) -> io::Result<Vec<u8>> {
    let folders = path.ancestors().skip(1);
    let is_ours = |folder: &&Path| !folder.as_os_str().is_empty() && !path.is_absolute();
    let parts = std::iter::once(path).chain(folders.filter(is_ours));
    for part in parts {
        if part.is_symlink() {
            return Err(io::Error::other(format!("{} {NAMED_LINK}", part.display())));
        }
    }
    read(path)
}

/// Fails where a path is a link: what is written below it would end up elsewhere.
pub(crate) fn refuse_link(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(metadata) if metadata.is_symlink() => Err(named(path, io::Error::other(LINK))),
        _ => Ok(()),
    }
}

const NOT_REGULAR: &str = "it is not a regular file but a folder, a pipe, a device or the like: copy what it gives into a file, and name that one";
const NO_FILE: &str =
    "is not a regular file but a link, a pipe or the like: put the file itself there";
const NAMED_LINK: &str = "is a link, which may lead anywhere: name the file that it points at, as `readlink -f` shows it";
const LINK: &str = "is a link, and generated files are not written through links: remove it";

/// An error that says which file it is about.
pub(crate) fn named(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_file_is_cut_and_what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().expect("there is room");
        let file = folder.path().join("a.yaml");
        fs::write(&file, "a: 1").expect("is writable");
        assert_eq!(read_regular(&file, 3).ok().as_deref(), Some(&b"a: "[..]));
        let endless = Path::new("/dev/zero");
        for path in [folder.path(), endless]
            .into_iter()
            .filter(|path| path.exists())
        {
            let refused = read(path).map_err(|error| error.to_string());
            assert!(refused.is_err_and(|error| error.contains("not a regular file")));
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_project_has_files_of_its_own() {
        let folder = tempfile::tempdir().expect("there is room");
        let (file, link) = (folder.path().join("a.yaml"), folder.path().join("b.yaml"));
        fs::write(&file, "a: 1").expect("is writable");
        std::os::unix::fs::symlink(&file, &link).expect("can be linked");
        assert_eq!(read_own(&file).ok().as_deref(), Some(&b"a: 1"[..]));
        let error = read_own(&link).map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.contains("b.yaml") && error.contains("link")));
        assert!(refuse_link(&link).is_err());
        assert!(read_named(&file).is_ok());
        let error = read_named(&link).map_err(|error| error.to_string());
        assert!(error.is_err_and(|error| error.contains("readlink -f")));
        assert!(refuse_link(&file).is_ok() && refuse_link(&folder.path().join("c")).is_ok());
    }
}
