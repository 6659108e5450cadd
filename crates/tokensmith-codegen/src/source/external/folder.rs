//! The folder of a document, and what may be read in it.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::diagnostic::visible::{is_control, visible};

/// Why a file that is referred to is not read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The document did not come from a folder.
    NoFolder,
    /// It is a URL, or an absolute path.
    Elsewhere,
    /// It holds control characters, which whoever reads its name in a list or a log might obey.
    Control,
    /// It is outside the document's folder, perhaps by a link.
    Outside,
    /// It is not a regular file, but a folder or a pipe.
    NoFile,
    /// It is larger than what may still be read.
    TooLarge,
    /// It is missing, or the system refuses it.
    Unreadable(io::ErrorKind),
}

impl Refusal {
    /// What is wrong with the file or reference that is named.
    pub(crate) fn message(&self, named: &str) -> String {
        match self {
            Self::NoFolder => format!("`{named}` points outside this document"),
            Self::Elsewhere => format!(
                "`{named}` is not a file beside the document: files are not read from the network or by an absolute path"
            ),
            Self::Control => format!("`{}` holds control characters", visible(named)),
            Self::Outside => format!("`{named}` leads out of the document's folder"),
            Self::NoFile => format!("`{named}` is not a regular file"),
            Self::TooLarge => format!("`{named}` is too large"),
            Self::Unreadable(kind) => format!("`{named}` cannot be read: {kind}"),
        }
    }

    /// What to do about it.
    pub(crate) fn help(&self) -> &'static str {
        match self {
            Self::NoFolder => {
                "copy what it points at into `components` and refer to it as `#/components/...`"
            }
            Self::Elsewhere | Self::Outside => {
                "put a copy of the file below the document's folder, and refer to it by a relative path"
            }
            Self::NoFile | Self::Unreadable(_) => {
                "put the file there, correct the reference, or copy what it points at into `components`"
            }
            Self::Control => {
                "rename the file or component, and refer to it without control characters"
            }
            Self::TooLarge => "copy what it points at into `components`",
        }
    }
}

/// A document's folder, as the system knows it.
pub(super) struct Folder(io::Result<PathBuf>);

impl Folder {
    pub(super) fn open(folder: &Path) -> Self {
        let folder = if folder.as_os_str().is_empty() {
            Path::new(".")
        } else {
            folder
        };
        Self(folder.canonicalize())
    }

    /// Reads a file by the path that [`below`] gave.
    pub(super) fn read(&self, path: &str, limit: usize) -> Result<Vec<u8>, Refusal> {
        let unreadable = |error: &io::Error| Refusal::Unreadable(error.kind());
        let folder = self.0.as_ref().map_err(unreadable)?;
        let file = folder
            .join(path)
            .canonicalize()
            .map_err(|error| unreadable(&error))?;
        if !file.starts_with(folder) {
            return Err(Refusal::Outside);
        }
        let metadata = fs::metadata(&file).map_err(|error| unreadable(&error))?;
        if !metadata.is_file() {
            return Err(Refusal::NoFile);
        }
        let mut bytes = Vec::new();
        let length = fs::File::open(&file)
            .and_then(|file| file.take(limit as u64 + 1).read_to_end(&mut bytes))
            .map_err(|error| unreadable(&error))?;
        if length > limit {
            return Err(Refusal::TooLarge);
        }
        Ok(bytes)
    }
}

/// The path of a file below the document's folder, by its path from `folder` below that; `/` separates on every system.
pub(super) fn below(folder: &str, file: &str) -> Result<String, Refusal> {
    let file = file.replace('\\', "/");
    let has_scheme = file
        .split_once(':')
        .is_some_and(|(scheme, _)| !scheme.contains('/'));
    if file.contains(is_control) {
        return Err(Refusal::Control);
    }
    if file.starts_with('/') || has_scheme {
        return Err(Refusal::Elsewhere);
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in file.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop().ok_or(Refusal::Outside)?;
            }
            part => parts.push(part),
        }
    }
    match parts.is_empty() {
        true => Err(Refusal::NoFile),
        false => Ok(parts.join("/")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_stay_below_the_folder() {
        assert_eq!(below("", "./a/../b.yaml").as_deref(), Ok("b.yaml"));
        assert_eq!(below("a/b", "../c.yaml").as_deref(), Ok("a/c.yaml"));
        assert_eq!(below("", r".\a\b.yaml").as_deref(), Ok("a/b.yaml"));
        for outside in ["../a.yaml", "a/../../b.yaml", "..", r"..\a.yaml"] {
            assert_eq!(below("", outside), Err(Refusal::Outside), "{outside}");
        }
        for elsewhere in [
            "/etc/passwd",
            "//host/a.yaml",
            "file:///etc/passwd",
            "https://a.example/b.yaml",
            r"C:\a.yaml",
        ] {
            assert_eq!(below("", elsewhere), Err(Refusal::Elsewhere), "{elsewhere}");
        }
        for control in ["a\0", "a\nb", "a/\u{85}", "\u{2028}", "\u{202e}a", "\x7f"] {
            assert_eq!(below("", control), Err(Refusal::Control), "{control:?}");
        }
        assert_eq!(below("", "."), Err(Refusal::NoFile));
    }

    #[test]
    fn only_files_of_the_folder_are_read() {
        let outer = tempfile::tempdir().expect("a folder");
        let folder = outer.path().join("specs");
        fs::create_dir_all(folder.join("sub")).expect("is made");
        fs::write(folder.join("sub/a.yaml"), "a: 1").expect("is written");
        fs::write(outer.path().join("secret"), "s3cret").expect("is written");
        let opened = Folder::open(&folder);
        assert_eq!(opened.read("sub/a.yaml", 4).as_deref(), Ok(&b"a: 1"[..]));
        assert_eq!(opened.read("sub/a.yaml", 3), Err(Refusal::TooLarge));
        assert_eq!(opened.read("sub", 9), Err(Refusal::NoFile));
        let missing = Refusal::Unreadable(io::ErrorKind::NotFound);
        assert_eq!(opened.read("sub/b.yaml", 9), Err(missing));
        #[cfg(unix)]
        {
            let link = |to: &str, name: &str| {
                std::os::unix::fs::symlink(to, folder.join(name)).expect("is linked");
            };
            link("../secret", "out.yaml");
            link("sub/a.yaml", "in.yaml");
            link("..", "up");
            assert_eq!(opened.read("out.yaml", 9), Err(Refusal::Outside));
            assert_eq!(opened.read("up/secret", 9), Err(Refusal::Outside));
            assert_eq!(opened.read("in.yaml", 9).as_deref(), Ok(&b"a: 1"[..]));
        }
    }
}
