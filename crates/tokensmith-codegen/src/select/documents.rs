//! The tree with the files around it, as references see them.

use serde_json::{Map, Value};

use super::anchor::Anchors;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::budget::{Counter, NAMES};
use crate::openapi::reference::{self, Located};
use crate::pointer;
use crate::source::external::{self, Files};
use crate::source::swagger;

/// What stands in paths of OAuth operations: other files are read for these first, and for the rest only if none of these is a token endpoint.
const OAUTH_WORDS: [&str; 7] = [
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

/// Resolves references; what they need of other files is read.
#[derive(Clone, Copy)]
pub(super) struct Documents<'a> {
    pub(super) root: &'a Value,
    files: &'a Files<'a>,
    anchors: &'a Anchors<'a>,
    /// How many names of parameters and properties were looked at.
    names: &'a Counter,
    reach: Reach,
}

/// Which references to other files are followed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reach {
    All,
    /// Those of paths with a word of OAuth in them; the path is not known yet.
    OAuthPaths,
    None,
}

impl<'a> Documents<'a> {
    pub(super) fn new(
        root: &'a Value,
        files: &'a Files<'a>,
        anchors: &'a Anchors<'a>,
        names: &'a Counter,
    ) -> Self {
        Self {
            root,
            files,
            anchors,
            names,
            reach: Reach::All,
        }
    }

    /// Whether the document is written in Swagger 2.0.
    pub(super) fn is_swagger(&self) -> bool {
        self.files.is_swagger()
    }

    /// The same, with other files for paths with a word of OAuth in them only.
    pub(super) fn only_oauth_paths(self) -> Self {
        Self {
            reach: Reach::OAuthPaths,
            ..self
        }
    }

    /// Counts names of parameters and properties that are looked at. `false` if they are too many, or were before.
    pub(super) fn may_look_at(&self, names: usize) -> bool {
        self.names.add(names) <= NAMES.most
    }

    /// As the operations of a path see them.
    pub(super) fn for_path(self, path: &str) -> Self {
        match self.reach {
            Reach::OAuthPaths if !sounds_like_oauth(path) => Self {
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

    /// The value, which may be a copy of a part of the document, or the one that its reference
    /// leads to.
    pub(super) fn end_of<'v>(&self, value: &'v Value) -> Option<&'v Value>
    where
        'a: 'v,
    {
        let Some(reference) = Self::reference(value) else {
            return Some(value);
        };
        let found = self.target(reference, "").ok()?;
        let end = self.resolve(found.value, &found.pointer).ok()?;
        Some(end.value)
    }

    /// The reference that a value is.
    pub(super) fn reference(value: &Value) -> Option<&str> {
        value.get("$ref").and_then(Value::as_str)
    }

    /// What a reference that stands at `place` points at.
    pub(super) fn target(&self, reference: &str, place: &str) -> Result<Located<'a>, Diagnostic> {
        let is_followed = self.reach != Reach::None || reference.trim().starts_with('#');
        if !is_followed {
            return Err(self.dangling(place, reference));
        }
        let named = || {
            let pointer = self.anchors.pointer_of(reference)?;
            self.at(&pointer)
        };
        if !is_pointer(reference)
            && let Some(found) = named()
        {
            return Ok(found);
        }
        let pointer = self.files.pointer_of(reference);
        let found = match &pointer {
            // Nothing in OpenAPI can be the whole document.
            Ok(pointer) if !pointer.is_empty() => self.at(pointer),
            _ => None,
        };
        let found = found.or_else(|| {
            let (file, fragment) = pointer::split_reference(reference);
            let within = || self.anchors.within(&fragment, place);
            let within = file.is_empty().then(within).flatten();
            within.and_then(|pointer| self.at(&pointer))
        });
        if let Some(found) = found.or_else(|| self.meant(reference)) {
            return Ok(found);
        }
        Err(match pointer {
            Ok(_) => self.dangling(place, reference),
            Err(mut failure) => {
                if failure.file.is_empty() {
                    place.clone_into(&mut failure.pointer);
                }
                failure
            }
        })
    }

    fn dangling(&self, place: &str, reference: &str) -> Diagnostic {
        if self.files.is_swagger() {
            let written = swagger::reference_as_written(reference);
            return reference::dangling(place, &written);
        }
        reference::dangling(place, reference)
    }

    /// What is meant by a reference as other versions of OpenAPI have it, by the bare name of a component, or by one out of a part of the
    /// document that was put into a file of its own.
    fn meant(&self, reference: &str) -> Option<Located<'a>> {
        if let Some(found) = meant(reference).and_then(|pointer| self.at(&pointer)) {
            return Some(found);
        }
        let (file, fragment) = reference.trim().split_once('#')?;
        if file.is_empty() || fragment.is_empty() {
            return None;
        }
        if !fragment.starts_with('/') {
            let named = self.anchors.pointer_of(&format!("#{fragment}"))?;
            let file = self.files.pointer_of(file).ok()?;
            return pointer::is_within(&named, &file)
                .then(|| self.at(&named))
                .flatten();
        }
        let own = pointer::percent_decode(fragment);
        let is_file = self.files.pointer_of(file).ok();
        is_file.and_then(|file| self.value(&file))?;
        let other = || self.at(&meant(&format!("#{fragment}"))?);
        self.at(&own).or_else(other)
    }

    /// The reference that should stand there, where the one that does is only understood.
    pub(super) fn correction(&self, reference: &str, target: &str) -> Option<String> {
        let is_elsewhere = !reference.trim().starts_with('#') && !external::is_external(target);
        let is_meant = is_elsewhere || meant(reference).is_some_and(|meant| meant == target);
        let is_there = || {
            let pointer = self.files.pointer_of(reference).ok()?;
            self.at(&pointer)
        };
        let is_named = || self.anchors.pointer_of(reference).as_deref() == Some(target);
        (is_meant && is_there().is_none() && !is_named()).then(|| format!("#{target}"))
    }

    /// The members of an object that may be a reference itself, and where they stand.
    pub(super) fn object(&self, pointer: &str) -> Option<(&'a Map<String, Value>, String)> {
        let found = self.at(pointer)?;
        let found = self.resolve(found.value, &found.pointer).ok()?;
        Some((found.value.as_object()?, found.pointer))
    }

    /// The value that stands at a pointer.
    pub(super) fn value(&self, pointer: &str) -> Option<&'a Value> {
        self.files.value(self.root, pointer)
    }

    /// The value at a pointer, which may lead through objects that are references.
    fn at(&self, pointer: &str) -> Option<Located<'a>> {
        if let Some(value) = self.value(pointer) {
            return Some(Located {
                value,
                pointer: pointer.to_owned(),
            });
        }
        if !pointer.is_empty() && !pointer.starts_with('/') {
            return None;
        }
        let rest = external::split(pointer).map_or(pointer, |(_, rest)| rest);
        let (start, _) = pointer.split_at(pointer.len() - rest.len());
        let mut found = Located {
            value: self.value(start)?,
            pointer: start.to_owned(),
        };
        let mut steps = 0;
        for token in pointer::tokens(rest) {
            while let Some(reference) = found.value.get("$ref").and_then(Value::as_str)
                && child(found.value, &token).is_none()
            {
                steps += 1;
                let target = self.files.pointer_of(reference).ok()?;
                let value = self.value(&target).filter(|_| steps < MAX_STEPS)?;
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

/// Whether a path has a word of OAuth's in it.
pub(super) fn sounds_like_oauth(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    OAUTH_WORDS.iter().any(|word| path.contains(word))
}

/// Whether a reference points by where something stands, rather than by its name.
fn is_pointer(reference: &str) -> bool {
    let (file, fragment) = reference
        .trim()
        .split_once('#')
        .unwrap_or((reference.trim(), ""));
    file.is_empty() && (fragment.is_empty() || fragment.starts_with('/'))
}

/// The pointer that a reference would be where the sections are called otherwise, or that a bare name would be.
fn meant(reference: &str) -> Option<String> {
    /// Sections as Swagger 2.0 has them, and as they are miswritten.
    const SECTIONS: [(&str, &str); 6] = [
        ("definitions", "schemas"),
        ("schemas", "schemas"),
        ("responses", "responses"),
        ("parameters", "parameters"),
        ("components/schema", "schemas"),
        ("components/definitions", "schemas"),
    ];
    let reference = reference.trim();
    let fragment = reference.strip_prefix('#').unwrap_or(reference);
    let is_name = |text: &str| {
        !text.is_empty()
            && text
                .chars()
                .all(|one| one.is_alphanumeric() || "_-.".contains(one))
    };
    if is_name(fragment) {
        return Some(pointer::join("/components/schemas", fragment));
    }
    let path = reference
        .strip_prefix("#/")
        .or_else(|| reference.strip_prefix('#'))?;
    let section = SECTIONS.iter().find_map(|(written, section)| {
        let rest = path.strip_prefix(written)?;
        rest.starts_with('/').then_some((rest, section))
    });
    let (rest, section) = section.unwrap_or((path, &""));
    let rest = pointer::percent_decode(rest);
    match (*section, rest.strip_prefix("components/")) {
        ("", Some(_)) if !reference.starts_with("#/") => Some(format!("/{rest}")),
        ("", _) => None,
        (section, _) => Some(format!("/components/{section}{rest}")),
    }
}

fn child<'a>(value: &'a Value, token: &str) -> Option<&'a Value> {
    match value {
        Value::Array(items) => items.get(token.parse::<usize>().ok()?),
        value => value.get(token),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_of_other_versions_are_understood() {
        let is = |reference: &str| meant(reference).unwrap_or_default();
        assert_eq!(is("#/definitions/A~1b"), "/components/schemas/A~1b");
        assert_eq!(is("#/parameters/A%20b"), "/components/parameters/A b");
        assert_eq!(is("#/components/schema/A"), "/components/schemas/A");
        assert_eq!(is("#components/responses/A"), "/components/responses/A");
        assert_eq!(is("#A"), "/components/schemas/A");
        assert_eq!(is(" A "), "/components/schemas/A");
        for other in [
            "#/components/schemas/A",
            "#/x/A",
            "b/a.yaml",
            "a.yaml#/definitions/A",
            "#",
            "",
            "#/definitionsA",
        ] {
            assert_eq!(meant(other), None, "{other}");
        }
    }
}
