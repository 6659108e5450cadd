//! The files beside a vendor's document that it refers to: they come with it.

use std::path::{Path, PathBuf};

use tokensmith_codegen::source::file;
use tokensmith_codegen::{COMMON, External};

/// A file below `specs` that a newer one takes the place of.
#[derive(Debug)]
pub struct Newer {
    /// Where it is.
    pub path: PathBuf,
    /// What it becomes.
    pub text: String,
}

/// Returns the files beside the newer document that are not in `specs`, or are others there. Those
/// in `common` belong to all providers: `specs` has them.
///
/// # Errors
///
/// A message that names a file that cannot be read, or that would be another provider's document.
pub fn newer(folder: &Path, document: &Path, externals: &[External]) -> Result<Vec<Newer>, String> {
    let from = document.parent().unwrap_or(Path::new(""));
    let mut newer = Vec::new();
    for external in externals
        .iter()
        .filter(|external| external.digest.is_some() && !external.path.starts_with(COMMON))
    {
        let (source, path) = (from.join(&external.path), folder.join(&external.path));
        let bytes =
            file::read_named(&source).map_err(|error| format!("{}: {error}", source.display()))?;
        if file::read(&path).is_ok_and(|old| old == bytes) {
            continue;
        }
        if !external.path.contains('/') {
            // There it would be a provider's document, or take the place of one.
            return Err(format!(
                "{} refers to {}, which stands right beside it: put it in a folder, and refer to it there; in specs, what stands beside a document is another provider's",
                document.display(),
                external.path
            ));
        }
        let text = String::from_utf8(bytes)
            .map_err(|_| format!("{} is not UTF-8: save it as UTF-8", source.display()))?;
        newer.push(Newer { path, text });
    }
    Ok(newer)
}
