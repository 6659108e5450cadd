//! The documents of a project, and the overlays beside them.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::{shown, write};

/// Folder of the documents, below the root.
pub(super) const SPECS: &str = "specs";

/// How documents and overlays end.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];

/// A provider's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The provider: the file's name without its ending.
    pub name: String,
    /// The document.
    pub path: PathBuf,
    /// The overlay beside it, if there is one.
    pub overlay: Option<PathBuf>,
}

/// The documents of a project, by name.
///
/// # Errors
///
/// When the folder of documents cannot be read.
pub fn documents(root: &Path) -> io::Result<Vec<Document>> {
    let folder = root.join(SPECS);
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(&folder).map_err(named)? {
        if let Ok(file) = entry.map_err(named)?.file_name().into_string() {
            files.insert(file);
        }
    }
    let mut documents = Vec::new();
    for file in &files {
        let Some((stem, ending)) = file.rsplit_once('.') else {
            continue;
        };
        let is_document = ENDINGS.contains(&ending);
        let is_helper = stem.ends_with(".overlay") || stem.ends_with(".schema");
        if is_document && !is_helper && !file.starts_with('.') {
            let overlays = ENDINGS.map(|ending| format!("{stem}.overlay.{ending}"));
            documents.push(Document {
                name: stem.to_owned(),
                overlay: overlays
                    .iter()
                    .find(|overlay| files.contains(*overlay))
                    .map(|overlay| folder.join(overlay)),
                path: folder.join(file),
            });
        }
    }
    documents.sort_by(|left, right| (&left.name, &left.path).cmp(&(&right.name, &right.path)));
    if let Some(same) = documents
        .windows(2)
        .find(|pair| pair[0].name == pair[1].name)
    {
        let (first, second) = (same[0].path.display(), same[1].path.display());
        return Err(io::Error::other(format!(
            "{first} and {second} describe the same provider: remove one of them"
        )));
    }
    Ok(documents)
}

/// The overlay beside a document: `moov.overlay.yaml` beside `moov.yaml`.
///
/// It may be a link or a pipe, which whoever reads it refuses: an overlay that is passed over in silence changes a document.
pub fn overlay_of(document: &Path) -> Option<PathBuf> {
    ENDINGS
        .iter()
        .map(|ending| document.with_extension(format!("overlay.{ending}")))
        .find(|path| fs::symlink_metadata(path).is_ok())
}

/// Fails if there is an overlay that is applied to nothing: its document is missing, or has another one.
pub(super) fn refuse_stray_overlays(root: &Path, documents: &[Document]) -> io::Result<()> {
    for path in write::sorted(&root.join(SPECS))? {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let Some((stem, ending)) = file.rsplit_once('.') else {
            continue;
        };
        let Some(name) = stem.strip_suffix(".overlay") else {
            continue;
        };
        if !ENDINGS.contains(&ending) || file.starts_with('.') {
            continue;
        }
        let overlay = shown(root, &path);
        let document = documents.binary_search_by(|document| document.name.as_str().cmp(name));
        let fault = match document.map(|index| documents[index].overlay.as_ref()) {
            Ok(Some(used)) if *used == path => continue,
            Ok(Some(used)) => format!(
                "{overlay} and {} are overlays of the same document: remove one of them",
                shown(root, used)
            ),
            _ => format!(
                "{overlay} does not belong to a document: name it after its document, such as {SPECS}/{name}.yaml, or remove it"
            ),
        };
        return Err(io::Error::other(fault));
    }
    Ok(())
}

pub(super) fn choose<'a>(all: &'a [Document], names: &[String]) -> io::Result<Vec<&'a Document>> {
    if names.is_empty() {
        return Ok(all.iter().collect());
    }
    let find = |name: &String| {
        all.iter()
            .find(|document| document.name == *name)
            .ok_or_else(|| {
                let known: Vec<&str> = all.iter().map(|document| document.name.as_str()).collect();
                let message = format!(
                    "no document in {SPECS} is called `{name}`; there are {}",
                    known.join(", ")
                );
                io::Error::new(io::ErrorKind::NotFound, message)
            })
    };
    let names: BTreeSet<&String> = names.iter().collect();
    names.into_iter().map(find).collect()
}
