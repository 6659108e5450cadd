//! What the kept operations refer to is gathered under `components`.
//!
//! A reference may point at anything, in this file or another. What is no component of the document becomes one, under a name made
//! of its own; the reference follows it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::documents::Documents;
use super::example_reference::put_in_place;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::grammar::{self, Member, Part};
use crate::openapi::reference;
use crate::pointer::{self, Trail};
use crate::select::component_name::{
    ComponentKey, SCHEMAS, is_component, name_of, of_schema, own_key, section,
};
use crate::select::importance::Importance;

const PROPERTIES: &str = "properties";

/// Keys of objects and lists that some refer to as a whole.
const WHOLE: [&str; 7] = [
    PROPERTIES,
    "content",
    "parameters",
    "responses",
    "headers",
    "servers",
    "enum",
];

/// More references than this are not replaced by what they mean.
const MAX_COPIES: usize = 200;

/// More references within examples than this are not; examples may be lists of many.
const MAX_EXAMPLE_COPIES: usize = 1_000;

/// Gathers what is referred to, and makes references follow it.
pub(super) struct Collector<'a, 'd> {
    documents: Documents<'a>,
    diagnostics: &'d mut Diagnostics,
    /// Components by where they stand in the whole tree.
    keys: BTreeMap<(String, &'static str), ComponentKey>,
    taken: BTreeSet<ComponentKey>,
    /// The last number that each name was tried with.
    numbers: BTreeMap<(&'static str, String), usize>,
    /// The schemas that extend each schema, once that was asked for.
    extending: Option<BTreeMap<String, Vec<String>>>,
    /// Where what is to be copied stands; first what the requests and successes need, then what only the errors need.
    pending: BTreeMap<(Importance, ComponentKey), String>,
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
            keys: BTreeMap::new(),
            taken: BTreeSet::new(),
            numbers: BTreeMap::new(),
            extending: None,
            pending: BTreeMap::new(),
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
        while let Some(((importance, (kind, name)), from)) = self.pending.pop_first() {
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

    fn rewrite(&mut self, value: &mut Value, at: &Trail<'_>, part: Part) {
        match value {
            Value::Object(members) if part == Part::Example => self.example(members, at),
            Value::Object(members) => self.members(members, at, part),
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.rewrite(item, &at.index(index), part);
                }
            }
            _ => {}
        }
    }

    fn members(&mut self, members: &mut Map<String, Value>, at: &Trail<'_>, part: Part) {
        if reference::tells_grants(members) {
            self.extensions(&at.pointer());
        }
        self.reference(members, at, part);
        let has_properties = members.contains_key(PROPERTIES);
        let required = members.get("required").filter(|_| has_properties).cloned();
        for (key, member) in members {
            let place = at.key(key);
            let moved = match WHOLE.contains(&key.as_str()) {
                true => self.in_place(&format!("`{key}`"), member, &place),
                false => None,
            };
            let place = moved.as_deref().map_or(place, Trail::Start);
            match (grammar::member(part, key), member) {
                (Member::Value, member) if key == "example" => {
                    self.example_value(member, &place);
                }
                (Member::Value, Value::Object(mapping)) if part == Part::Discriminator => {
                    mapping.values_mut().for_each(|target| self.map(target));
                }
                // What is not read.
                (Member::Value | Member::Named(Part::Link), _) => {}
                (Member::Named(_), Value::Object(properties)) if key == PROPERTIES => {
                    self.properties(properties, required.as_ref(), &place);
                }
                (Member::Named(part), Value::Object(named)) => self.named(part, named, &place),
                (Member::List(Part::Parameter), Value::Array(parameters)) => {
                    for (index, parameter) in parameters.iter_mut().enumerate() {
                        self.parameter(parameter, &place.index(index));
                    }
                }
                (Member::One(part) | Member::List(part) | Member::Named(part), member) => {
                    self.rewrite(member, &place, part);
                }
                (Member::Unknown, member) => self.rewrite(member, &place, part),
            }
        }
    }

    /// Follows the reference that an object is, or leaves it out.
    fn reference(&mut self, members: &mut Map<String, Value>, at: &Trail<'_>, part: Part) {
        match members.get_mut("$ref") {
            Some(Value::String(reference)) => {
                let is_kept = self.follow(reference, &at.key("$ref").pointer(), part);
                if !is_kept {
                    members.remove("$ref");
                }
            }
            Some(_) => {
                members.remove("$ref");
                let message = "a `$ref` is a text; it is left out".to_owned();
                let place = at.key("$ref").pointer();
                self.repaired(&place, message, "remove it, or write where it leads");
            }
            None => {}
        }
    }

    fn properties(
        &mut self,
        properties: &mut Map<String, Value>,
        required: Option<&Value>,
        at: &Trail<'_>,
    ) {
        let required = required.and_then(Value::as_array).into_iter().flatten();
        let required: BTreeSet<&str> = required.filter_map(Value::as_str).collect();
        for (name, property) in properties {
            let importance = self.importance.of_property(&required, name);
            self.with(importance, |this| {
                this.rewrite(property, &at.key(name), Part::Schema);
            });
        }
    }

    /// Parts under names that the document chose.
    fn named(&mut self, part: Part, named: &mut Map<String, Value>, at: &Trail<'_>) {
        let has_success = named.keys().any(|status| status.starts_with('2'));
        for (name, value) in named {
            let place = at.key(name);
            let moved = match part {
                // OpenAPI 3.2 refers to these.
                Part::Media => self.in_place("the media type", value, &place),
                _ => None,
            };
            let place = moved.as_deref().map_or(place, Trail::Start);
            let importance = match part {
                Part::Header => Importance::Nothing,
                // Without a success, `default` is one.
                Part::Response if has_success && !name.starts_with('2') => Importance::Nothing,
                Part::Response => Importance::Success,
                _ => self.importance,
            };
            self.with(importance, |this| this.rewrite(value, &place, part));
        }
    }

    /// Walks into a part on which something else depends.
    fn with(&mut self, importance: Importance, walk: impl FnOnce(&mut Self)) {
        let before = self.importance;
        self.importance = before.max(importance);
        walk(self);
        self.importance = before;
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

    /// A parameter of a list. Nobody knows what one was that cannot be found; those who have to send it can add it.
    fn parameter(&mut self, parameter: &mut Value, at: &Trail<'_>) {
        let is_required = parameter
            .get("required")
            .is_some_and(|value| *value != json!(false));
        let importance = if is_required {
            self.importance
        } else {
            Importance::Nothing
        };
        self.with(importance, |this| {
            this.rewrite(parameter, at, Part::Parameter)
        });
        if parameter.as_object().is_some_and(Map::is_empty) {
            *parameter = Value::Null;
        }
    }

    /// An example of several. What one refers to is no part of the document's meaning: it may be missing.
    fn example(&mut self, example: &mut Map<String, Value>, at: &Trail<'_>) {
        self.with(Importance::Nothing, |this| {
            if let Some(Value::String(reference)) = example.get_mut("$ref")
                && !this.follow(reference, &at.key("$ref").pointer(), Part::Example)
            {
                example.remove("$ref");
            }
        });
        if let Some(value) = example.get_mut("value") {
            self.example_value(value, &at.key("value"));
        }
    }

    /// The value of an example. One that refers to nothing is left out.
    fn example_value(&mut self, value: &mut Value, at: &Trail<'_>) {
        let mut left = MAX_EXAMPLE_COPIES.saturating_sub(self.example_copies);
        let before = left;
        if !value.is_object() && !value.is_array() {
            return;
        }
        let place = at.pointer();
        let budget = self.diagnostics.budget();
        let replaced = put_in_place(value, (self.documents, budget), &place, &mut left);
        self.example_copies += before - left;
        if let Err(failure) = replaced {
            *value = Value::Null;
            self.with(Importance::Nothing, |this| this.fail(failure));
        }
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
            self.component(schema, Part::Schema);
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
            self.component(bare, Part::Schema);
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
        let (kind, name) = self.component(pointer, part);
        if !is_own || !is_plain {
            let pointer = pointer::join_all("/components", &[&kind, &name]);
            *reference = format!("#{}", pointer.replace('%', "%25"));
        }
    }

    /// The component that the value at `pointer` becomes.
    fn component(&mut self, pointer: String, part: Part) -> ComponentKey {
        let known = (pointer.clone(), section(part));
        if let Some(key) = self.keys.get(&known).cloned() {
            self.raise_importance(&key);
            return key;
        }
        let key = match own_key(&pointer) {
            Some(key) => key,
            None => self.free_key(&pointer, part),
        };
        self.keys.insert(known, key.clone());
        if self.taken.insert(key.clone()) {
            self.pending.insert((self.importance, key.clone()), pointer);
        }
        key
    }

    /// Notes that more may depend on a component than what was known of it.
    fn raise_importance(&mut self, key: &ComponentKey) {
        for weaker in [Importance::Success, Importance::Nothing] {
            let waiting = (weaker, key.clone());
            if weaker > self.importance
                && let Some(pointer) = self.pending.remove(&waiting)
            {
                self.pending.insert((self.importance, key.clone()), pointer);
            }
        }
    }

    /// A key that no component of the document has.
    fn free_key(&mut self, pointer: &str, part: Part) -> ComponentKey {
        let base = name_of(pointer);
        let number = self
            .numbers
            .entry((section(part), base.clone()))
            .or_default();
        loop {
            *number += 1;
            let name = match *number {
                1 => base.clone(),
                number => format!("{base}_{number}"),
            };
            let own = pointer::join_all("/components", &[section(part), &name]);
            let key = (section(part).to_owned(), name);
            if !self.taken.contains(&key) && self.documents.value(&own).is_none() {
                return key;
            }
        }
    }
}

/// Where the components stand that extend each schema, by its pointer.
fn extending(documents: Documents<'_>) -> BTreeMap<String, Vec<String>> {
    let mut extending: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let Some((schemas, at)) = documents.object("/components/schemas") else {
        return extending;
    };
    for (name, schema) in schemas {
        let parts = schema.get("allOf").and_then(Value::as_array);
        let references = parts
            .into_iter()
            .flatten()
            .filter_map(|part| part.get("$ref").and_then(Value::as_str));
        for base in references.filter_map(pointer::of_reference) {
            let known = extending.entry(base).or_default();
            known.push(pointer::join(&at, name));
        }
    }
    extending
}
