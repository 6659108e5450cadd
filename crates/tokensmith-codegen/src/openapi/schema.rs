//! A schema: its properties, and the schemas that it is made of.

use serde_json::{Map, Value};

/// A schema as the document has it; what it refers to is looked up before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Schema<'a>(pub(crate) &'a Value);

/// The keys under which a schema has the schemas that it is made of.
const COMBINING: [&str; 3] = ["allOf", "oneOf", "anyOf"];

impl<'a> Schema<'a> {
    /// The properties that it declares itself, by name.
    pub(crate) fn properties(self) -> impl Iterator<Item = (&'a str, &'a Value)> {
        let properties = self.0.get("properties").and_then(Value::as_object);
        let properties = properties.into_iter().flat_map(Map::iter);
        properties.map(|(name, property)| (name.as_str(), property))
    }

    pub(crate) fn property(self, name: &str) -> Option<&'a Value> {
        self.0.get("properties")?.as_object()?.get(name)
    }

    /// The schemas that it is all of.
    pub(crate) fn all_of(self) -> impl Iterator<Item = &'a Value> {
        let parts = self.0.get("allOf").and_then(Value::as_array);
        parts.into_iter().flatten()
    }

    /// The schemas that it is one of, or any.
    pub(crate) fn alternatives(self) -> impl Iterator<Item = &'a Value> {
        let parts = self.parts().filter(|(key, ..)| *key != "allOf");
        parts.map(|(_, _, part)| part)
    }

    /// All schemas that it is made of, with the key and the index under which each stands.
    pub(crate) fn parts(self) -> impl Iterator<Item = (&'static str, usize, &'a Value)> {
        COMBINING.into_iter().flat_map(move |key| {
            let parts = self.0.get(key).and_then(Value::as_array);
            let parts = parts.into_iter().flatten().enumerate();
            parts.map(move |(index, part)| (key, index, part))
        })
    }
}
