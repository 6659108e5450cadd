//! What the kept operations refer to is gathered under `components`.
//!
//! A reference may point at anything, in this file or another. What is no component of the document becomes one, under a name made
//! of its own; the reference follows it.

mod extending;
mod name;
mod queue;
mod walk;

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::documents::Documents;
use super::importance::Importance;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::grammar::Part;
use crate::openapi::reference;
use crate::pointer::{self, Trail};
use extending::extending;
use name::{SCHEMAS, is_component, of_schema, section};
use queue::Queue;

/// More references than this are not replaced by what they mean.
const MAX_COPIES: usize = 200;

/// Gathers what is referred to, and makes references follow it.
pub(super) struct Collector<'a, 'd> {
    documents: Documents<'a>,
    diagnostics: &'d mut Diagnostics,
    queue: Queue<'a>,
    /// The schemas that extend each schema, once that was asked for.
    extending: Option<BTreeMap<String, Vec<String>>>,
    /// What depends on what is walked.
    importance: Importance,
    kept: Vec<String>,
    moved: Vec<(String, String)>,
    /// How many references were replaced by what they mean.
    copies: usize,
    /// How many of them were replaced within examples.
    example_copies: usize,
}

impl<'a, 'd> Collector<'a, 'd> {
    pub(super) fn new(documents: Documents<'a>, diagnostics: &'d mut Diagnostics) -> Self {
        Self {
            documents,
            diagnostics,
            queue: Queue::new(documents),
            extending: None,
            importance: Importance::Request,
            kept: Vec::new(),
            moved: Vec::new(),
            copies: 0,
            example_copies: 0,
        }
    }

    /// Where the kept parts stand in the whole tree; and those that were moved, to and from.
    pub(super) fn into_parts(self) -> (Vec<String>, Vec<(String, String)>) {
        (self.kept, self.moved)
    }

    /// What depends on what is kept from now on.
    pub(super) fn set_importance(&mut self, importance: Importance) {
        self.importance = importance;
    }

    /// Makes the references of a value follow what they mean; it stands at `from` in the whole tree and at `to` in the one that is kept.
    pub(super) fn keep(&mut self, value: &mut Value, from: &str, to: &str, part: Part) {
        self.kept.push(from.to_owned());
        if from != to {
            self.moved.push((to.to_owned(), from.to_owned()));
        }
        self.rewrite(value, &Trail::Start(from), part);
    }

    /// Every component that was referred to, and what those refer to; and all security schemes.
    pub(super) fn components(&mut self) -> Value {
        let mut components = Map::new();
        if let Some((schemes, at)) = self.documents.object("/components/securitySchemes") {
            let mut kept = Map::new();
            for (name, scheme) in schemes {
                let at = pointer::join(&at, name);
                let resolved = self.documents.resolve(scheme, &at);
                let resolved = resolved.map_or(scheme, |resolved| resolved.value);
                let is_copied = !std::ptr::eq(resolved, scheme);
                if is_copied && !self.may_copy(resolved, &at) {
                    break;
                }
                kept.insert(name.clone(), resolved.clone());
            }
            components.insert("securitySchemes".to_owned(), Value::Object(kept));
        }
        while let Some(((importance, (kind, name)), from)) = self.queue.next() {
            self.importance = importance;
            let Some(value) = self.documents.value(&from) else {
                continue;
            };
            let mut value = value.clone();
            let to = pointer::join_all("/components", &[&kind, &name]);
            let of = Part::of_section(&kind).unwrap_or(Part::Schema);
            self.keep(&mut value, &from, &to, of);
            let members = components.entry(kind).or_insert_with(|| json!({}));
            members[name.as_str()] = value;
        }
        Value::Object(components)
    }

    /// Puts what a reference means in the place of one that stands for all members of something at once, which OpenAPI does not know.
    /// Where it stands then, if that is elsewhere.
    fn in_place(&mut self, what: &str, member: &mut Value, place: &Trail<'_>) -> Option<String> {
        let reference = member.get("$ref")?.as_str()?.to_owned();
        let at = place.key("$ref").pointer();
        self.copies += 1;
        if self.copies > MAX_COPIES {
            // What contains itself would have no end.
            self.diagnostics.push(reference::circular(&at));
            *member = Value::Null;
            return None;
        }
        let target = self.documents.target(&reference, &at);
        let target = target.and_then(|found| self.documents.resolve(found.value, &found.pointer));
        match target {
            Ok(target) if !self.may_copy(target.value, &at) => {
                *member = Value::Null;
                None
            }
            Ok(target) => {
                let message = format!("a `$ref` stands for all of {what}; it is read in its place");
                self.diagnostics.push(
                    Diagnostic::new(Rule::Repaired, at, message)
                        .help("copy what it points at to this place"),
                );
                *member = target.value.clone();
                Some(target.pointer)
            }
            Err(failure) => {
                let is_needed = !self.importance.allows(&failure);
                self.fail(failure);
                if !is_needed {
                    *member = Value::Null;
                }
                None
            }
        }
    }

    /// Whether there is room for a copy of what the reference at `at` means.
    pub(super) fn may_copy(&self, value: &Value, at: &str) -> bool {
        self.diagnostics.budget().copied(value, at)
    }

    /// Makes a reference mean the component that its target is now. `false` if it has none and can be done without.
    fn follow(&mut self, reference: &mut String, place: &str, part: Part) -> bool {
        let target = self.documents.target(reference, place).and_then(|target| {
            self.documents
                .resolve(target.value, &target.pointer)
                .map(|end| (target, end))
        });
        match target {
            Ok((target, end)) => {
                let pointer = match of_schema(end.value).filter(|_| section(part) == SCHEMAS) {
                    Some(below) => {
                        let message =
                            format!("`{reference}` is not a schema; the schema in it is read");
                        self.repaired(place, message, "point at the schema");
                        end.pointer + &below
                    }
                    None => target.pointer,
                };
                if let Some(correction) = self.documents.correction(reference, &pointer) {
                    let message =
                        format!("`{reference}` points at nothing; `{correction}` is read");
                    self.repaired(place, message, format!("write `{correction}`"));
                }
                self.redirect(reference, pointer, part);
                true
            }
            Err(failure) => {
                let is_needed = !self.importance.allows(&failure);
                self.fail(failure);
                is_needed
            }
        }
    }

    /// Keeps the components that extend the schema at `base`, which nothing refers to: where a discriminator has no mapping, their
    /// names are its values.
    fn extensions(&mut self, base: &str) {
        let documents = self.documents;
        let extending = self.extending.get_or_insert_with(|| extending(documents));
        for schema in extending.remove(base).into_iter().flatten() {
            self.queue.add(schema, Part::Schema, self.importance);
        }
    }

    /// Tells that something could not be followed; as a warning, where it can be done without.
    fn fail(&mut self, failure: Diagnostic) {
        if self.importance.allows(&failure) {
            self.diagnostics.push(Diagnostic {
                rule: Rule::Repaired,
                message: failure.message + "; it is read without that",
                ..failure
            });
        } else {
            self.diagnostics.push(failure);
        }
    }

    fn repaired(&mut self, at: &str, message: String, help: impl Into<String>) {
        let diagnostic = Diagnostic::new(Rule::Repaired, at, message);
        self.diagnostics.push(diagnostic.help(help));
    }

    /// The schema that a discriminator's mapping names, by a reference or by its bare name. One that names nothing is left to the model.
    fn map(&mut self, target: &mut Value) {
        let Value::String(target) = target else {
            return;
        };
        let bare = pointer::join("/components/schemas", target);
        if self.documents.value(&bare).is_some() {
            self.queue.add(bare, Part::Schema, self.importance);
        } else if let Ok(found) = self.documents.target(target, "")
            && self.documents.resolve(found.value, "").is_ok()
        {
            self.redirect(target, found.pointer, Part::Schema);
        }
    }

    /// Makes a reference mean the component that the value at `pointer` is now.
    fn redirect(&mut self, reference: &mut String, pointer: String, part: Part) {
        let is_own = is_component(&pointer);
        let is_plain = pointer::of_reference(reference).as_ref() == Some(&pointer);
        let (kind, name) = self.queue.add(pointer, part, self.importance);
        if !is_own || !is_plain {
            let pointer = pointer::join_all("/components", &[&kind, &name]);
            *reference = format!("#{}", pointer.replace('%', "%25"));
        }
    }
}
