//! Builds the value tree from whatever serde reads, within bounds.
//!
//! Aliases let a small YAML file stand for an enormous tree: what counts is what comes out.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, EnumAccess, Error, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};
use serde_json::map::{Entry, OccupiedEntry};
use serde_json::{Map, Number, Value};

use crate::openapi::grammar::METHODS;
use crate::pointer;

/// Most values that a file may have once its aliases are written out; the largest real documents have a third of it.
const MAX_VALUES: usize = 4_000_000;
/// Most values, and bytes of text, that aliases may add to those that the file has room for itself.
const MAX_ADDED_VALUES: usize = 200_000;
const MAX_ADDED_TEXT: usize = 8 << 20;
/// Repeated keys that are remembered; whoever repairs these sees the rest.
const MAX_DUPLICATES: usize = 200;
/// The key of YAML's merges, which may be repeated.
pub(super) const MERGE: &str = "<<";

/// What is counted and noticed while one file is read.
#[derive(Default)]
pub(super) struct Reader {
    /// Bytes of the file.
    length: usize,
    values: Cell<usize>,
    text: Cell<usize>,
    exceeded: Cell<bool>,
    merges: Cell<bool>,
    /// Whether keys may be anything, such as a mapping; then a number is written as it is understood.
    any_keys: bool,
    /// Where keys are repeated, each as tokens from the key upwards.
    duplicates: RefCell<Vec<Vec<String>>>,
}

impl Reader {
    /// One for a file of this text.
    pub(super) fn of(text: &str) -> Self {
        Self {
            length: text.len(),
            ..Self::default()
        }
    }

    /// One that takes a list or a mapping for a key, as YAML has it: `{{name}}` without quotes is one.
    pub(super) fn with_any_keys(self) -> Self {
        Self {
            any_keys: true,
            ..self
        }
    }

    /// Reads one document.
    pub(super) fn read<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        Node(self).deserialize(deserializer)
    }

    /// Whether reading ended because the file stands for too much.
    pub(super) fn is_exceeded(&self) -> bool {
        self.exceeded.get()
    }

    /// Whether there are merge keys to apply.
    pub(super) fn has_merges(&self) -> bool {
        self.merges.get()
    }

    /// JSON Pointers of the values whose keys are repeated.
    pub(super) fn duplicates(&self) -> Vec<String> {
        let duplicates = self.duplicates.borrow();
        let pointers = duplicates.iter().map(|tokens| {
            tokens
                .iter()
                .rev()
                .fold(String::new(), |parent, token| pointer::join(&parent, token))
        });
        pointers.collect()
    }

    fn count<E: Error>(&self, text: usize) -> Result<(), E> {
        self.values.set(self.values.get() + 1);
        self.text.set(self.text.get() + text);
        let most = (self.length + MAX_ADDED_VALUES).min(MAX_VALUES);
        if self.values.get() > most || self.text.get() > self.length + MAX_ADDED_TEXT {
            self.exceeded.set(true);
            return Err(E::custom("the file stands for too many values"));
        }
        Ok(())
    }

    /// Reads what stands below `token`, and puts that in front of the duplicates found there.
    pub(super) fn below<T, E>(
        &self,
        token: impl FnOnce() -> String,
        read: impl FnOnce() -> Result<T, E>,
    ) -> Result<T, E> {
        let before = self.duplicates.borrow().len();
        let value = read()?;
        let mut duplicates = self.duplicates.borrow_mut();
        if duplicates.len() > before {
            let token = token();
            for tokens in &mut duplicates[before..] {
                tokens.push(token.clone());
            }
        }
        Ok(value)
    }

    pub(super) fn note_duplicate(&self, key: &str) {
        let mut duplicates = self.duplicates.borrow_mut();
        if duplicates.len() < MAX_DUPLICATES {
            duplicates.push(vec![key.to_owned()]);
        }
    }
}

struct Node<'r>(&'r Reader);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        self.0.count(0)?;
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.0.count(0)?;
        Ok(Value::Number(value.into()))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.0.count(0)?;
        Ok(Value::Number(value.into()))
    }

    fn visit_i128<E: Error>(self, value: i128) -> Result<Value, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_u128<E: Error>(self, value: u128) -> Result<Value, E> {
        self.visit_str(&value.to_string())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        self.0.count(0)?;
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Value, E> {
        self.0.count(value.len())?;
        Ok(Value::String(value.to_owned()))
    }

    fn visit_string<E: Error>(self, value: String) -> Result<Value, E> {
        self.0.count(value.len())?;
        Ok(Value::String(value))
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        self.0.count(0)?;
        Ok(Value::Null)
    }

    fn visit_none<E: Error>(self) -> Result<Value, E> {
        self.visit_unit()
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    /// A value with a YAML tag of the author's own: the tag says nothing about OpenAPI.
    fn visit_enum<A: EnumAccess<'de>>(self, data: A) -> Result<Value, A::Error> {
        let (Ignored, variant) = data.variant::<Ignored>()?;
        variant.newtype_variant_seed(self)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.0.count(0)?;
        let mut list = Vec::new();
        loop {
            let index = list.len();
            let item = self.0.below(
                || index.to_string(),
                || items.next_element_seed(Node(self.0)),
            )?;
            match item {
                Some(item) => list.push(item),
                None => return Ok(Value::Array(list)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.0.count(0)?;
        let mut members = Map::new();
        while let Some(key) = entries.next_key_seed(Key(self.0))? {
            self.0.count(key.len())?;
            let value = self
                .0
                .below(|| key.clone(), || entries.next_value_seed(Node(self.0)))?;
            if key == MERGE {
                self.0.merges.set(true);
            }
            match members.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(value);
                }
                Entry::Occupied(mut entry) if entry.key() == MERGE => {
                    let before = entry.get_mut().take();
                    *entry.get_mut() = Value::Array(vec![before, value]);
                }
                Entry::Occupied(mut entry) => {
                    self.0.note_duplicate(entry.key());
                    replace(&mut entry, value);
                }
            }
        }
        Ok(Value::Object(members))
    }
}

/// Puts a value in the place of one of the same key. Of two items of one path the operations of both are meant.
pub(super) fn replace(entry: &mut OccupiedEntry<'_>, value: Value) {
    let is_path = entry.key().starts_with('/');
    let is_item = |value: &Map<String, Value>| METHODS.iter().any(|key| value.contains_key(*key));
    match (entry.get_mut(), value) {
        (Value::Object(before), Value::Object(value))
            if is_path && is_item(before) && is_item(&value) =>
        {
            before.extend(value);
        }
        (before, value) => *before = value,
    }
}

/// A key as it is written: `200` and `true` are names here.
struct Key<'r>(&'r Reader);

impl<'de> DeserializeSeed<'de> for Key<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        if !self.0.any_keys {
            return String::deserialize(deserializer);
        }
        let key = Node(self.0).deserialize(deserializer)?;
        Ok(match key {
            Value::String(text) => text,
            other => other.to_string(),
        })
    }
}

struct Ignored;

impl<'de> Deserialize<'de> for Ignored {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        serde::de::IgnoredAny::deserialize(deserializer).map(|_| Self)
    }
}
