//! Walks over what is kept, part by part: what depends on each, and where something that is a reference leads.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::Collector;
use crate::openapi::grammar::{self, Member, Part};
use crate::openapi::reference;
use crate::pointer::Trail;
use crate::select::example_reference::put_in_place;
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

/// More references within examples than this are not replaced by what they mean; examples may be lists of many.
const MAX_EXAMPLE_COPIES: usize = 1_000;

impl Collector<'_, '_> {
    pub(super) fn rewrite(&mut self, value: &mut Value, at: &Trail<'_>, part: Part) {
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
    pub(super) fn with(&mut self, importance: Importance, walk: impl FnOnce(&mut Self)) {
        let before = self.importance;
        self.importance = before.max(importance);
        walk(self);
        self.importance = before;
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
}
