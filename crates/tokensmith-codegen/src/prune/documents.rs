//! The tree with the files around it, as references see them.

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::external::Files;
use crate::pointer;
use crate::reference::{self, Located};

/// What stands in paths of OAuth operations: other files are read for these first, and for the rest only if none of these is a token endpoint.
const LIKELY: [&str; 7] = [
    "token",
    "auth",
    "login",
    "session",
    "revo",
    "introspect",
    "device",
];
/// More steps through `$ref` than this are no way to a value.
const MAX_STEPS: usize = 64;

/// Resolves references; what they need of other files is noted there.
#[derive(Clone, Copy)]
pub(super) struct Documents<'a> {
    pub(super) root: &'a Value,
    files: &'a Files<'a>,
    reach: Reach,
}

/// Which references to other files are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    All,
    /// Those of likely paths; the path is not known yet.
    Likely,
    None,
}

impl<'a> Documents<'a> {
    pub(super) fn new(root: &'a Value, files: &'a Files<'a>) -> Self {
        Self {
            root,
            files,
            reach: Reach::All,
        }
    }

    /// The same, with other files for likely paths only.
    pub(super) fn only_likely(self) -> Self {
        Self {
            reach: Reach::Likely,
            ..self
        }
    }

    /// As the operations of a path see them.
    pub(super) fn for_path(self, path: &str) -> Self {
        let path = path.to_ascii_lowercase();
        match self.reach {
            Reach::Likely if !LIKELY.iter().any(|word| path.contains(word)) => Self {
                reach: Reach::None,
                ..self
            },
            _ => self,
        }
    }

    /// The value at `at`, or the one its chain of `$ref` ends at.
    pub(super) fn resolve(&self, value: &'a Value, at: &str) -> Result<Located<'a>, Diagnostic> {
        reference::follow(value, at, |reference, place| self.target(reference, place))
    }

    /// What a reference that stands at `place` points at.
    pub(super) fn target(&self, reference: &str, place: &str) -> Result<Located<'a>, Diagnostic> {
        let is_followed = self.reach != Reach::None || reference.trim().starts_with('#');
        let dangling = || reference::dangling(place, reference);
        if !is_followed {
            return Err(dangling());
        }
        let pointer = self
            .files
            .pointer_of(self.root, reference)
            .map_err(|mut failure| {
                if failure.file.is_empty() {
                    place.clone_into(&mut failure.pointer);
                }
                failure
            })?;
        // Nothing in OpenAPI can be the whole document.
        (!pointer.is_empty())
            .then(|| self.at(&pointer))
            .flatten()
            .ok_or_else(dangling)
    }

    /// The members of an object that may be a reference itself, and where they stand.
    pub(super) fn object(&self, pointer: &str) -> Option<(&'a Map<String, Value>, String)> {
        let found = self.at(pointer)?;
        let found = self.resolve(found.value, &found.pointer).ok()?;
        Some((found.value.as_object()?, found.pointer))
    }

    /// The value at a pointer, which may lead through objects that are references.
    fn at(&self, pointer: &str) -> Option<Located<'a>> {
        if let Some(value) = self.root.pointer(pointer) {
            return Some(Located {
                value,
                pointer: pointer.to_owned(),
            });
        }
        let mut found = Located {
            value: self.root,
            pointer: String::new(),
        };
        let mut steps = 0;
        for token in pointer::tokens(pointer) {
            while let Some(reference) = found.value.get("$ref").and_then(Value::as_str)
                && child(found.value, &token).is_none()
            {
                steps += 1;
                let target = self.files.pointer_of(self.root, reference).ok()?;
                let value = self.root.pointer(&target).filter(|_| steps < MAX_STEPS)?;
                found = Located {
                    value,
                    pointer: target,
                };
            }
            found = Located {
                value: child(found.value, &token)?,
                pointer: pointer::join(&found.pointer, &token),
            };
        }
        Some(found)
    }
}

fn child<'a>(value: &'a Value, token: &str) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        value => value.get(token),
    }
}
