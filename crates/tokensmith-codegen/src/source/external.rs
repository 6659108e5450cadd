//! Other files that a document refers to are kept beside its tree.
//!
//! Pointers into them begin with a token that no document has, so that the stage `select` works on one tree of them all. Only what it
//! asks for is read, when it asks, and each file once: nothing is followed over the network or out of the document's folder,
//! whatever links lead there.

mod folder;

use std::cell::{OnceCell, RefCell};
use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::diagnostic::visible::is_control;
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::grammar::Part;
use crate::pointer;
use crate::source::fingerprint::fingerprint;
use crate::source::load::{self, Loaded};
use crate::source::origin::Origins;
use crate::source::swagger;

use folder::Folder;
pub(crate) use folder::Refusal;

/// The first token of pointers into files; the second is a file's path.
pub(crate) const KEY: &str = "x-tokensmith-files";
/// How paths of files begin that the documents of a project share.
pub const COMMON: &str = "common/";
/// Most files that a document may need.
const MAX_FILES: usize = 2_000;
/// Most bytes that they may have together.
const MAX_BYTES: usize = 64 << 20;

/// A file that was looked at beside the document, whether it is there or not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct External {
    /// Its path below the document's folder, with `/` on every system.
    pub path: String,
    /// Identifies what was in it, for this very generator; nothing where it could not be read.
    pub digest: Option<u64>,
}

/// The files around a document: those that were read, and those that could not be.
pub(crate) struct Files<'a> {
    folder: Option<&'a Path>,
    /// The same as the system knows it, once something was read.
    opened: OnceCell<Folder>,
    /// The folder that has `common/`, if that is another one.
    common: Option<Folder>,
    /// The document as diagnostics name it, and in its folder.
    document: &'a str,
    name: &'a str,
    /// What came of reading each path.
    known: RefCell<BTreeMap<String, Result<usize, Diagnostic>>>,
    /// What is in the files that were read; their places are made with the first.
    trees: OnceCell<Box<[OnceCell<Value>]>>,
    looked_at: RefCell<LookedAt>,
    /// Whether the document is a Swagger 2.0 one, and its files with it.
    is_swagger: bool,
}

/// What was read so far.
#[derive(Default)]
struct LookedAt {
    externals: Vec<External>,
    loaded: Vec<(String, Loaded)>,
    bytes: usize,
}

impl<'a> Files<'a> {
    /// Nothing is read yet. Without a folder nothing ever is.
    pub(crate) fn new(folder: Option<&'a Path>, document: &'a str, is_swagger: bool) -> Self {
        Self {
            folder,
            opened: OnceCell::new(),
            common: None,
            document,
            name: document.rsplit('/').next().unwrap_or(document),
            known: RefCell::default(),
            trees: OnceCell::new(),
            looked_at: RefCell::default(),
            is_swagger,
        }
    }

    /// Takes what is in `common/` from another folder.
    pub(crate) fn with_common(self, folder: Option<&Path>) -> Self {
        Self {
            common: folder.map(Folder::open),
            ..self
        }
    }

    /// What was looked at, for whoever has to know when to read again; and the files as they were read. Their values are noted as theirs.
    pub(crate) fn into_parts(self, origins: &mut Origins) -> (Vec<External>, Vec<Loaded>) {
        let looked_at = self.looked_at.into_inner();
        let loaded = looked_at.loaded.into_iter().map(|(path, loaded)| {
            let at = pointer::join_all("", &[KEY, &path]);
            origins.note(at, &loaded.file, String::new());
            loaded
        });
        (looked_at.externals, loaded.collect())
    }

    /// The document as diagnostics name it.
    pub(crate) fn document(&self) -> &'a str {
        self.document
    }

    /// The file, as diagnostics name it, and the place in it that a pointer leads to.
    pub(crate) fn written(&self, pointer: &str) -> (String, String) {
        match split(pointer) {
            Some((path, rest)) => (self.shown(&path), rest.to_owned()),
            None => (self.document.to_owned(), pointer.to_owned()),
        }
    }

    /// A file as diagnostics name it.
    fn shown(&self, path: &str) -> String {
        let beside = &self.document[..self.document.len() - self.name.len()];
        format!("{beside}{path}")
    }

    /// An overlay may have made another version of the document.
    pub(crate) fn set_swagger(&mut self, is_swagger: bool) {
        self.is_swagger = is_swagger;
    }

    pub(crate) fn is_swagger(&self) -> bool {
        self.is_swagger
    }

    /// The value at a pointer, which stands in the document or in a file that was read.
    pub(crate) fn value<'v>(&'v self, document: &'v Value, pointer: &str) -> Option<&'v Value> {
        match split(pointer) {
            Some((path, rest)) => pointer::find(self.tree(&path)?, rest),
            None => pointer::find(document, pointer),
        }
    }

    /// The file that was read as the nth: where it stands, and what is in it.
    pub(crate) fn nth(&self, index: usize) -> Option<(String, &Value)> {
        let tree = self.trees.get()?.get(index)?.get()?;
        let looked_at = self.looked_at.borrow();
        let (path, _) = looked_at.loaded.get(index)?;
        Some((pointer::join_all("", &[KEY, path]), tree))
    }

    fn tree(&self, path: &str) -> Option<&Value> {
        let index = *self.known.borrow().get(path)?.as_ref().ok()?;
        self.trees.get()?.get(index)?.get()
    }

    /// The pointer that a reference means; the file that it leads to is read.
    pub(crate) fn pointer_of(&self, reference: &str) -> Result<String, Diagnostic> {
        let (file, fragment) = pointer::split_reference(reference);
        let refused = |refusal: Refusal| {
            Diagnostic::new(Rule::ExternalFile, "", refusal.message(reference)).help(refusal.help())
        };
        if [reference, &file, &fragment]
            .iter()
            .any(|part| part.contains(is_control))
        {
            return Err(refused(Refusal::Control));
        }
        if file.is_empty() {
            return Ok(fragment);
        }
        let folder = self.folder.ok_or_else(|| refused(Refusal::NoFolder))?;
        let path = folder::below("", &file).map_err(refused)?;
        if path == self.name {
            return Ok(fragment);
        }
        let known = self.known.borrow().get(&path).cloned();
        let known = known.unwrap_or_else(|| {
            let read = self.read(folder, &path);
            self.known.borrow_mut().insert(path.clone(), read.clone());
            read
        });
        known?;
        Ok(pointer::join_all("", &[KEY, &path]) + &fragment)
    }

    /// Reads a file. Its number among those that were read.
    fn read(&self, folder: &Path, path: &str) -> Result<usize, Diagnostic> {
        let folder = match &self.common {
            Some(common) if path.starts_with(COMMON) => common,
            _ => self.opened.get_or_init(|| Folder::open(folder)),
        };
        let mut looked_at = self.looked_at.borrow_mut();
        let mut loaded = self.load(folder, path, &mut looked_at)?;
        let mut value = loaded.tree.take();
        rewrite(&mut value, path);
        if self.is_swagger {
            swagger::raise_schemas(&mut value, Part::Unknown);
        }
        let index = looked_at.loaded.len();
        looked_at.loaded.push((path.to_owned(), loaded));
        let places = || (0..MAX_FILES).map(|_| OnceCell::new()).collect();
        if let Some(place) = self.trees.get_or_init(places).get(index) {
            place.get_or_init(|| value);
        }
        Ok(index)
    }

    fn load(
        &self,
        folder: &Folder,
        path: &str,
        looked_at: &mut LookedAt,
    ) -> Result<Loaded, Diagnostic> {
        if looked_at.externals.len() >= MAX_FILES || looked_at.bytes >= MAX_BYTES {
            let message = format!(
                "the document needs more than {MAX_FILES} files, or {} MB of them",
                MAX_BYTES >> 20
            );
            return Err(Diagnostic::new(Rule::TooLarge, "", message)
                .help("bundle its OAuth operations and what they refer to into one file"));
        }
        let bytes = folder.read(path, MAX_BYTES - looked_at.bytes);
        looked_at.externals.push(External {
            path: path.to_owned(),
            digest: bytes.as_ref().ok().map(|bytes| fingerprint(&[bytes])),
        });
        let bytes = bytes.map_err(|refusal| {
            Diagnostic::new(Rule::ExternalFile, "", refusal.message(path)).help(refusal.help())
        })?;
        looked_at.bytes += bytes.len();
        load::load(&self.shown(path), &bytes).map_err(|failure| match failure.rule {
            Rule::Unreadable if bytes.is_empty() => {
                failure.help("write there what is referred to, or correct the reference")
            }
            _ => failure,
        })
    }
}

/// The path of the file that a pointer leads into, and the pointer from there.
pub(crate) fn split(pointer: &str) -> Option<(String, &str)> {
    let path = pointer
        .strip_prefix('/')?
        .strip_prefix(KEY)?
        .strip_prefix('/')?;
    let end = path.find('/').unwrap_or(path.len());
    let (path, rest) = path.split_at(end);
    let token = format!("/{path}");
    Some((pointer::tokens(&token).next()?, rest))
}

/// Whether the pointer leads into a file beside the document.
pub(crate) fn is_external(pointer: &str) -> bool {
    pointer::tokens(pointer)
        .next()
        .is_some_and(|first| first == KEY)
}

/// Makes the references of a file relative to the document's folder.
fn rewrite(value: &mut Value, path: &str) {
    match value {
        Value::Object(members) => {
            for (key, member) in members {
                match member {
                    Value::String(reference) if key == "$ref" => rebase(reference, path),
                    Value::Object(mapping) if key == "mapping" => {
                        for target in mapping.values_mut() {
                            match target {
                                Value::String(target) if target.contains(['/', '#']) => {
                                    rebase(target, path);
                                }
                                other => rewrite(other, path),
                            }
                        }
                    }
                    other => rewrite(other, path),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| rewrite(item, path)),
        _ => {}
    }
}

fn rebase(reference: &mut String, path: &str) {
    let (file, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    let target = if file.is_empty() {
        Ok(path.to_owned())
    } else {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        folder::below(folder, &pointer::percent_decode(file))
    };
    // What is refused stays as it is, and is refused where it is needed.
    if let Ok(target) = target {
        let target = target.replace('%', "%25").replace('#', "%23");
        *reference = format!("{target}#{fragment}");
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pointers_into_files_are_taken_apart() {
        let pointer = pointer::join_all("", &[KEY, "a/b.yaml", "c"]);
        assert_eq!(split(&pointer), Some(("a/b.yaml".to_owned(), "/c")));
        let whole = pointer::join_all("", &[KEY, "a"]);
        assert_eq!(split(&whole), Some(("a".to_owned(), "")));
        assert_eq!(split("/paths/a"), None);
        assert_eq!(split(""), None);
    }

    fn rebased(reference: &str) -> String {
        let mut reference = reference.to_owned();
        rebase(&mut reference, "a/b.yaml");
        reference
    }

    #[test]
    fn references_become_relative_to_the_documents_folder() {
        assert_eq!(rebased("#/x"), "a/b.yaml#/x");
        assert_eq!(rebased("./c.yaml#/x"), "a/c.yaml#/x");
        assert_eq!(rebased("../c%20d.yaml"), "c d.yaml#");
        assert_eq!(rebased("c%23.yaml#/x"), "a/c%23.yaml#/x");
        assert_eq!(rebased("../../c.yaml"), "../../c.yaml");
        assert_eq!(
            rebased("https://a.example/c.yaml"),
            "https://a.example/c.yaml"
        );
    }

    #[test]
    fn mappings_are_references_too() {
        let mut value =
            json!({"discriminator": {"mapping": {"a": "#/A", "b": "B", "c": "c.yaml"}}});
        rewrite(&mut value, "d.yaml");
        assert_eq!(
            value["discriminator"]["mapping"],
            json!({"a": "d.yaml#/A", "b": "B", "c": "c.yaml"})
        );
    }
}
