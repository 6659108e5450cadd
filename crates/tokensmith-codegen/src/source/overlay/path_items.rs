//! Path items and operations that stand elsewhere, for actions that name their path.
//!
//! A target sees the document as it is written, and a document of several files has nothing but a
//! reference where the operation would be.

use serde_json::{Map, Value};

use super::MAX_DEPTH;
use super::merge::{depth, weight};
use crate::diagnostic::budget::Counter;
use crate::openapi::grammar::METHODS;
use crate::openapi::reference::{self, Located};
use crate::pointer;
use crate::source::external::Files;
use crate::source::origin::Origins;

/// Puts the path items that a target names in the place of their references.
pub(super) struct PathItems<'f, 'a> {
    files: &'f Files<'a>,
    added: &'f Counter,
    most: usize,
}

impl<'f, 'a> PathItems<'f, 'a> {
    /// All of them together may add as many values as `most`, of which `added` counts.
    pub(super) fn new(files: &'f Files<'a>, added: &'f Counter, most: usize) -> Self {
        Self { files, added, most }
    }

    /// Brings in what stands elsewhere of the paths that `target` names.
    pub(super) fn bring(&self, target: &str, tree: &mut Value, origins: &mut Origins) {
        if !target.contains("paths") {
            return;
        }
        self.replace(tree, "/paths", origins);
        let paths = tree.get("paths").and_then(Value::as_object);
        let named: Vec<String> = paths
            .into_iter()
            .flat_map(Map::keys)
            .filter(|path| names(target, path))
            .map(|path| pointer::join("/paths", path))
            .collect();
        for item in named {
            self.replace(tree, &item, origins);
            for method in METHODS {
                self.replace(tree, &pointer::join(&item, method), origins);
            }
        }
    }

    /// Replaces a reference by the object that it leads to. What stands beside it counts first.
    fn replace(&self, tree: &mut Value, at: &str, origins: &mut Origins) {
        let Some((target, from)) = self.end(tree, at) else {
            return;
        };
        let level = pointer::tokens(at).count();
        if level + depth(&target) > MAX_DEPTH || self.added.add(weight(&target)) > self.most {
            return;
        }
        let (Some(Value::Object(own)), Value::Object(target)) = (tree.pointer_mut(at), target)
        else {
            return;
        };
        own.remove("$ref");
        for (key, value) in target {
            let to = pointer::join(at, &key);
            if !own.contains_key(&key) {
                let (file, from) = self.files.written(&pointer::join(&from, &key));
                origins.note(to, &file, from);
                own.insert(key, value);
            }
        }
    }

    /// The object that a reference leads to, and where it stands.
    fn end(&self, tree: &Value, at: &str) -> Option<(Value, String)> {
        let value = tree.pointer(at)?;
        value.get("$ref")?;
        let end = reference::follow(value, at, |target, _| {
            let pointer = self.files.pointer_of(target)?;
            let value = self.files.value(tree, &pointer);
            let value = value.ok_or_else(|| reference::dangling(at, target))?;
            Ok(Located { value, pointer })
        });
        let end = end.ok().filter(|end| end.value.is_object())?;
        Some((end.value.clone(), end.pointer))
    }
}

/// Whether a target has the path in quotes.
fn names(target: &str, path: &str) -> bool {
    let single = path.replace('\\', "\\\\").replace('\'', "\\'");
    target.contains(&format!("'{single}'")) || target.contains(&Value::from(path).to_string())
}
