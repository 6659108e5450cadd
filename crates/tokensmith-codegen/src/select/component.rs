//! What the kept operations refer to is gathered under `components`.
//!
//! A reference may point at anything, in this file or another. What is no component of the document becomes one, under a name made
//! of its own; the reference follows it.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::documents::Documents;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::reference;
use crate::pointer;
use crate::select::component_name::{
    ComponentKey, Kind, is_component, name_of, of_schema, own_key,
};
use crate::select::importance::Importance;

/// Keys of objects and lists that some refer to as a whole.
const WHOLE: [&str; 7] = [
    "properties",
    "content",
    "parameters",
    "responses",
    "headers",
    "servers",
    "enum",
];

/// More references than this are not replaced by what they mean.
const MAX_COPIES: usize = 200;

/// A media type, which is referred to in OpenAPI 3.2 only.
const MEDIA_TYPE: &str = "media type";

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
    pub(super) fn keep(&mut self, value: &mut Value, from: &str, to: &str, kind: Kind) {
        self.kept.push(from.to_owned());
        if from != to {
            self.moved.push((to.to_owned(), from.to_owned()));
        }
        match kind {
            Kind::Example => self.example(value, from),
            _ => self.rewrite(value, from, kind),
        }
    }

    /// Every component that was referred to, and what those refer to; and all security schemes.
    pub(super) fn components(&mut self) -> Value {
        let mut components = Map::new();
        if let Some((schemes, at)) = self.documents.object("/components/securitySchemes") {
            let schemes = schemes.iter().map(|(name, scheme)| {
                let resolved = self.documents.resolve(scheme, &pointer::join(&at, name));
                let scheme = resolved.map_or(scheme, |resolved| resolved.value);
                (name.clone(), scheme.clone())
            });
            components.insert("securitySchemes".to_owned(), schemes.collect());
        }
        while let Some(((importance, (kind, name)), from)) = self.pending.pop_first() {
            self.importance = importance;
            let Some(value) = self.documents.root.pointer(&from) else {
                continue;
            };
            let mut value = value.clone();
            let to = pointer::join_all("/components", &[&kind, &name]);
            let of = Kind::of_key(&kind).unwrap_or(Kind::Schema);
            self.keep(&mut value, &from, &to, of);
            let members = components.entry(kind).or_insert_with(|| json!({}));
            members[name.as_str()] = value;
        }
        Value::Object(components)
    }

    fn rewrite(&mut self, value: &mut Value, at: &str, kind: Kind) {
        match value {
            Value::Object(members) => {
                if reference::tells_grants(members) {
                    self.extensions(at);
                }
                self.reference(members, at, kind);
                let required = members.get("required").cloned();
                for (key, member) in members {
                    let place = pointer::join(at, key);
                    let place = self.in_place(key, member, place);
                    match (key.as_str(), member) {
                        // Names that the document chose, whatever they look like.
                        ("properties", Value::Object(properties)) => {
                            self.properties(properties, required.as_ref(), &place);
                        }
                        ("mapping", Value::Object(mapping)) if at.ends_with("/discriminator") => {
                            for target in mapping.values_mut() {
                                self.map(target);
                            }
                        }
                        (key, member) => self.member(key, member, &place, kind),
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    self.rewrite(item, &pointer::join(at, &index.to_string()), kind);
                }
            }
            _ => {}
        }
    }

    /// Follows the reference that an object is, or leaves it out.
    fn reference(&mut self, members: &mut Map<String, Value>, at: &str, kind: Kind) {
        let place = pointer::join(at, "$ref");
        match members.get_mut("$ref") {
            Some(Value::String(reference)) => {
                let is_kept = self.follow(reference, &place, kind);
                if !is_kept {
                    members.remove("$ref");
                }
            }
            Some(_) => {
                members.remove("$ref");
                let message = "a `$ref` is a text; it is left out".to_owned();
                self.repaired(&place, message, "remove it, or write where it leads");
            }
            None => {}
        }
    }

    fn properties(
        &mut self,
        properties: &mut Map<String, Value>,
        required: Option<&Value>,
        at: &str,
    ) {
        for (name, property) in properties {
            let importance = self.importance.of_property(required, name);
            self.with(importance, |this| {
                this.rewrite(property, &pointer::join(at, name), Kind::Schema);
            });
        }
    }

    /// A member whose meaning its key alone decides.
    fn member(&mut self, key: &str, member: &mut Value, at: &str, kind: Kind) {
        match (key, member) {
            ("content", Value::Object(content)) => {
                for (name, media) in content {
                    let place = pointer::join(at, name);
                    let place = self.in_place(MEDIA_TYPE, media, place);
                    self.rewrite(media, &place, Kind::Schema);
                }
            }
            ("headers", Value::Object(headers)) => self.with(Importance::Nothing, |this| {
                for (name, header) in headers {
                    this.rewrite(header, &pointer::join(at, name), Kind::Header);
                }
            }),
            ("parameters", Value::Array(parameters)) => {
                for (index, parameter) in parameters.iter_mut().enumerate() {
                    self.parameter(parameter, &pointer::join(at, &index.to_string()));
                }
            }
            ("responses", Value::Object(responses)) => self.responses(responses, at),
            ("examples", Value::Object(examples)) => {
                for (name, example) in examples {
                    self.example(example, &pointer::join(at, name));
                }
            }
            // Values, and what is not read.
            ("example" | "examples" | "default" | "enum" | "const" | "links", _) => {}
            (key, _) if key.starts_with("x-") => {}
            (key, member) => self.rewrite(member, at, kind.below(key)),
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
    /// Where it stands then.
    fn in_place(&mut self, key: &str, member: &mut Value, place: String) -> String {
        if key != MEDIA_TYPE && !WHOLE.contains(&key) {
            return place;
        }
        let Some(reference) = member
            .get("$ref")
            .and_then(Value::as_str)
            .map(str::to_owned)
        else {
            return place;
        };
        let at = pointer::join(&place, "$ref");
        self.copies += 1;
        if self.copies > MAX_COPIES {
            // What contains itself would have no end.
            self.diagnostics.push(reference::circular(&at));
            *member = Value::Null;
            return place;
        }
        let target = self.documents.target(&reference, &at);
        let target = target.and_then(|found| self.documents.resolve(found.value, &found.pointer));
        match target {
            Ok(target) => {
                let what = match key {
                    MEDIA_TYPE => "the media type".to_owned(),
                    key => format!("`{key}`"),
                };
                let message = format!("a `$ref` stands for all of {what}; it is read in its place");
                self.diagnostics.push(
                    Diagnostic::new(Rule::Repaired, at, message)
                        .help("copy what it points at to this place"),
                );
                *member = target.value.clone();
                target.pointer
            }
            Err(failure) => {
                let is_needed = !self.importance.allows(&failure);
                self.fail(failure);
                if !is_needed {
                    *member = Value::Null;
                }
                place
            }
        }
    }

    /// A parameter of a list. Nobody knows what one was that cannot be found; those who have to send it can add it.
    fn parameter(&mut self, parameter: &mut Value, at: &str) {
        let is_required = parameter
            .get("required")
            .is_some_and(|value| *value != json!(false));
        let importance = if is_required {
            self.importance
        } else {
            Importance::Nothing
        };
        self.with(importance, |this| {
            this.rewrite(parameter, at, Kind::Parameter)
        });
        if parameter.as_object().is_some_and(Map::is_empty) {
            *parameter = Value::Null;
        }
    }

    /// An example of several. What one refers to is no part of the document's meaning: it may be missing.
    fn example(&mut self, example: &mut Value, at: &str) {
        self.with(Importance::Nothing, |this| {
            if let Some(members) = example.as_object_mut()
                && let Some(Value::String(reference)) = members.get_mut("$ref")
                && !this.follow(reference, &pointer::join(at, "$ref"), Kind::Example)
            {
                members.remove("$ref");
            }
        });
    }

    fn responses(&mut self, responses: &mut Map<String, Value>, at: &str) {
        let has_success = responses.keys().any(|status| status.starts_with('2'));
        for (status, response) in responses {
            // Without a success, `default` is one.
            let is_error = has_success && !status.starts_with('2');
            let importance = if is_error {
                Importance::Nothing
            } else {
                Importance::Success
            };
            self.with(importance, |this| {
                this.rewrite(response, &pointer::join(at, status), Kind::Response);
            });
        }
    }

    /// Makes a reference mean the component that its target is now. `false` if it has none and can be done without.
    fn follow(&mut self, reference: &mut String, place: &str, kind: Kind) -> bool {
        let target = self.documents.target(reference, place).and_then(|target| {
            self.documents
                .resolve(target.value, &target.pointer)
                .map(|end| (target, end))
        });
        match target {
            Ok((target, end)) => {
                let pointer = match of_schema(end.value).filter(|_| kind == Kind::Schema) {
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
                self.redirect(reference, pointer, kind);
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
            self.component(schema, Kind::Schema);
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
        if self.documents.root.pointer(&bare).is_some() {
            self.component(bare, Kind::Schema);
        } else if let Ok(found) = self.documents.target(target, "")
            && self.documents.resolve(found.value, "").is_ok()
        {
            self.redirect(target, found.pointer, Kind::Schema);
        }
    }

    /// Makes a reference mean the component that the value at `pointer` is now.
    fn redirect(&mut self, reference: &mut String, pointer: String, kind: Kind) {
        let is_own = is_component(&pointer);
        let is_plain = pointer::of_reference(reference).as_ref() == Some(&pointer);
        let (kind, name) = self.component(pointer, kind);
        if !is_own || !is_plain {
            let pointer = pointer::join_all("/components", &[&kind, &name]);
            *reference = format!("#{}", pointer.replace('%', "%25"));
        }
    }

    /// The component that the value at `pointer` becomes.
    fn component(&mut self, pointer: String, kind: Kind) -> ComponentKey {
        let known = (pointer.clone(), kind.key());
        if let Some(key) = self.keys.get(&known).cloned() {
            self.raise_importance(&key);
            return key;
        }
        let key = match own_key(&pointer) {
            Some(key) => key,
            None => self.free_key(&pointer, kind),
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
    fn free_key(&mut self, pointer: &str, kind: Kind) -> ComponentKey {
        let base = name_of(pointer);
        let number = self.numbers.entry((kind.key(), base.clone())).or_default();
        loop {
            *number += 1;
            let name = match *number {
                1 => base.clone(),
                number => format!("{base}_{number}"),
            };
            let own = pointer::join_all("/components", &[kind.key(), &name]);
            let key = (kind.key().to_owned(), name);
            if !self.taken.contains(&key) && self.documents.root.pointer(&own).is_none() {
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
