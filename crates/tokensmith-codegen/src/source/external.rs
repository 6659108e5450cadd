//! Other files that a document refers to are brought into its tree.
//!
//! They come below one key of the root, which no reader of OpenAPI looks at, so that every stage goes on working on one tree with
//! pointers into it. Only what the stage `select` asks for is read, each file once: nothing is followed over the network or out of
//! the document's folder, whatever links lead there.

mod folder;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

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

/// Where the files stand in the tree.
pub(crate) const KEY: &str = "x-tokensmith-files";
/// Most files that a document may need.
const MAX_FILES: usize = 2_000;
/// Most files that lead from one to the next: all that was read is looked through again for each.
const MAX_ROUNDS: usize = 64;
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

/// The files around a document: those that are read, those that could not be, those that are still wanted.
pub(crate) struct Files<'a> {
    folder: Option<&'a Path>,
    /// The document as diagnostics name it, and in its folder.
    document: &'a str,
    name: &'a str,
    wanted: RefCell<BTreeSet<String>>,
    failures: BTreeMap<String, Diagnostic>,
    read: Vec<External>,
    loaded: Vec<Loaded>,
    bytes: usize,
    rounds: usize,
    /// Whether the document is a Swagger 2.0 one, and its files with it.
    is_swagger: bool,
}

impl<'a> Files<'a> {
    /// Nothing is read yet. Without a folder nothing ever is.
    pub(crate) fn new(folder: Option<&'a Path>, document: &'a str, is_swagger: bool) -> Self {
        Self {
            folder,
            document,
            name: document.rsplit('/').next().unwrap_or(document),
            wanted: RefCell::default(),
            failures: BTreeMap::new(),
            read: Vec::new(),
            loaded: Vec::new(),
            bytes: 0,
            rounds: 0,
            is_swagger,
        }
    }

    /// What was looked at, for whoever has to know when to read again; and the files as they were read.
    pub(crate) fn into_parts(self) -> (Vec<External>, Vec<Loaded>) {
        (self.read, self.loaded)
    }

    pub(crate) fn is_swagger(&self) -> bool {
        self.is_swagger
    }

    /// Whether files are wanted that were not looked at yet.
    pub(crate) fn is_wanting(&self) -> bool {
        !self.wanted.borrow().is_empty()
    }

    /// The pointer in the tree that a reference means; the file it leads to is read before the next round.
    pub(crate) fn pointer_of(&self, root: &Value, reference: &str) -> Result<String, Diagnostic> {
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
        if self.folder.is_none() {
            return Err(refused(Refusal::NoFolder));
        }
        let path = folder::below("", &file).map_err(refused)?;
        if path == self.name {
            return Ok(fragment);
        }
        if let Some(failure) = self.failures.get(&path) {
            return Err(failure.clone());
        }
        if root.get(KEY).and_then(|files| files.get(&path)).is_none() {
            self.wanted.borrow_mut().insert(path.clone());
        }
        Ok(pointer::join_all("", &[KEY, &path]) + &fragment)
    }

    /// Reads the files that are wanted by now. `false` when there are none: the tree has all that it needs.
    pub(crate) fn bring(&mut self, tree: &mut Value, origins: &mut Origins) -> bool {
        let wanted = self.wanted.take();
        let Some(folder) = self.folder.filter(|_| !wanted.is_empty()) else {
            return false;
        };
        self.rounds += 1;
        let folder = Folder::open(folder);
        for path in wanted {
            match self.load(&folder, &path) {
                Ok(mut loaded) => {
                    let mut value = loaded.tree.take();
                    rewrite(&mut value, &path);
                    if self.is_swagger {
                        swagger::raise_schemas(&mut value, Part::Unknown);
                    }
                    origins.note(
                        pointer::join_all("", &[KEY, &path]),
                        &loaded.file,
                        String::new(),
                    );
                    let files = &mut tree[KEY];
                    if !files.is_object() {
                        *files = json!({});
                    }
                    files[path.as_str()] = value;
                    self.loaded.push(loaded);
                }
                Err(diagnostic) => {
                    self.failures.insert(path, diagnostic);
                }
            }
        }
        true
    }

    fn load(&mut self, folder: &Folder, path: &str) -> Result<Loaded, Diagnostic> {
        let is_beyond = self.read.len() >= MAX_FILES || self.bytes >= MAX_BYTES;
        if is_beyond || self.rounds > MAX_ROUNDS {
            let message = format!(
                "the document needs more than {MAX_FILES} files, {} MB of them, or {MAX_ROUNDS} that each refer to the next one",
                MAX_BYTES >> 20
            );
            return Err(Diagnostic::new(Rule::TooLarge, "", message)
                .help("bundle its OAuth operations and what they refer to into one file"));
        }
        let bytes = folder.read(path, MAX_BYTES - self.bytes);
        self.read.push(External {
            path: path.to_owned(),
            digest: bytes.as_ref().ok().map(|bytes| fingerprint(&[bytes])),
        });
        let bytes = bytes.map_err(|refusal| {
            Diagnostic::new(Rule::ExternalFile, "", refusal.message(path)).help(refusal.help())
        })?;
        self.bytes += bytes.len();
        let beside = &self.document[..self.document.len() - self.name.len()];
        load::load(&format!("{beside}{path}"), &bytes).map_err(|failure| match failure.rule {
            Rule::Unreadable if bytes.is_empty() => {
                failure.help("write there what is referred to, or correct the reference")
            }
            _ => failure,
        })
    }
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
    use super::*;

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
