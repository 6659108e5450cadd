//! Equal documents give equal bytes, however they are written.

use serde_yaml::{Mapping, Value};
use tokensmith_codegen::emit::Manifest;

use crate::documents::{self, Document};

/// Numbers that look random and are the same every time.
pub(crate) struct Random(u64);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// A number below `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap_or_default() % end.max(1)
    }
}

/// The same value with the keys of all its mappings in another order.
fn shuffled(value: &Value, random: &mut Random) -> Value {
    match value {
        Value::Mapping(members) => {
            let mut members: Vec<(Value, Value)> = members
                .iter()
                .map(|(key, member)| (key.clone(), shuffled(member, random)))
                .collect();
            for index in (1..members.len()).rev() {
                members.swap(index, random.below(index + 1));
            }
            Value::Mapping(members.into_iter().collect::<Mapping>())
        }
        Value::Sequence(items) => {
            Value::Sequence(items.iter().map(|item| shuffled(item, random)).collect())
        }
        other => other.clone(),
    }
}

fn yaml(value: &Value) -> String {
    serde_yaml::to_string(value).expect("is YAML")
}

fn json(value: &Value) -> String {
    serde_json::to_string_pretty(value).expect("is JSON")
}

/// All documents, the real ones first.
fn everything() -> Vec<Document> {
    documents::providers()
        .into_iter()
        .chain(documents::fixtures())
        .collect()
}

fn assert_same(document: &Document, other: &Document, how: &str) {
    let left = document.generate_as("example", Manifest::Workspace).0;
    let right = other.generate_as("example", Manifest::Workspace).0;
    assert_eq!(
        left.keys().collect::<Vec<_>>(),
        right.keys().collect::<Vec<_>>(),
        "{} {how}",
        document.name
    );
    for (name, text) in &left {
        assert!(
            *text == right[name],
            "{} {how}: {name} differs\n{text}\n----\n{}",
            document.name,
            right[name]
        );
    }
}

#[test]
fn twice_is_the_same() {
    for document in everything() {
        assert_same(&document, &document, "read twice");
    }
}

#[test]
fn the_order_of_keys_means_nothing() {
    for (seed, document) in everything().iter().enumerate() {
        let mut random = Random::new(seed as u64 + 1);
        let value = document.value();
        let other = shuffled(&value, &mut random);
        assert_ne!(
            yaml(&value),
            yaml(&other),
            "{} was not shuffled",
            document.name
        );
        assert_same(
            document,
            &document.with_text(yaml(&other)),
            "with shuffled keys",
        );
        assert_same(
            document,
            &document.with_text(json(&shuffled(&value, &mut random))),
            "as JSON with shuffled keys",
        );
    }
}

#[test]
fn a_twin_in_3_1_is_the_same() {
    let fixtures = documents::fixtures();
    for twin in documents::twins() {
        let fixture = fixtures.iter().find(|fixture| fixture.name == twin.name);
        let fixture = fixture.unwrap_or_else(|| panic!("{} has no twin in OpenAPI 3.0", twin.name));
        assert_same(fixture, &twin, "in OpenAPI 3.1");
    }
}

#[test]
fn every_fixture_rewritten_to_3_1_is_the_same() {
    for fixture in documents::fixtures() {
        let mut value = fixture.value();
        value["openapi"] = "3.1.0".into();
        upgrade(&mut value);
        assert_same(
            &fixture,
            &fixture.with_text(yaml(&value)),
            "rewritten to OpenAPI 3.1",
        );
    }
}

#[test]
fn the_rewriting_to_3_1_rewrites() {
    let mut value: Value = serde_yaml::from_str(
        "a: {type: string, nullable: true, example: x}\n\
         b: {type: string, enum: [x]}\n\
         c: {description: x, allOf: [{$ref: '#/y'}]}\n\
         d: {nullable: true, allOf: [{$ref: '#/y'}]}\n\
         e: {type: integer, minimum: 1, exclusiveMinimum: true}\n\
         properties: {type: {type: string}, nullable: {type: boolean}}\n",
    )
    .expect("is YAML");
    upgrade(&mut value);
    let expected: Value = serde_yaml::from_str(
        "a: {type: [string, 'null'], examples: [x]}\n\
         b: {type: string, const: x}\n\
         c: {description: x, $ref: '#/y'}\n\
         d: {anyOf: [{$ref: '#/y'}, {type: 'null'}]}\n\
         e: {type: integer, exclusiveMinimum: 1}\n\
         properties: {type: {type: string}, nullable: {type: boolean}}\n",
    )
    .expect("is YAML");
    assert_eq!(value, expected);
}

/// Writes what OpenAPI 3.0 and 3.1 write differently as 3.1 does.
fn upgrade(value: &mut Value) {
    match value {
        Value::Mapping(members) => {
            schema(members);
            members.values_mut().for_each(upgrade);
        }
        Value::Sequence(items) => items.iter_mut().for_each(upgrade),
        _ => {}
    }
}

fn schema(members: &mut Mapping) {
    let has_type = members.get("type").is_some_and(Value::is_string);
    let null = || Value::String("null".to_owned());
    if members.get("nullable") == Some(&Value::Bool(true)) {
        members.remove("nullable");
        if has_type {
            let ty = members["type"].clone();
            members.insert("type".into(), vec![ty, null()].into());
        } else if let Some(Value::Sequence(mut parts)) = members.remove("allOf") {
            parts.push(Value::Mapping(Mapping::from_iter([(
                "type".into(),
                null(),
            )])));
            members.insert("anyOf".into(), parts.into());
        }
    }
    if has_type && let Some(example) = members.remove("example") {
        members.insert("examples".into(), vec![example].into());
    }
    if has_type
        && members
            .get("enum")
            .and_then(Value::as_sequence)
            .is_some_and(|values| values.len() == 1)
    {
        let only = members.remove("enum").map(|values| values[0].clone());
        members.insert("const".into(), only.unwrap_or_default());
    }
    if members.get("exclusiveMinimum") == Some(&Value::Bool(true)) {
        let limit = members.remove("minimum").unwrap_or_default();
        members.insert("exclusiveMinimum".into(), limit);
    }
    let only_reference = members
        .get("allOf")
        .and_then(Value::as_sequence)
        .filter(|parts| parts.len() == 1)
        .and_then(|parts| parts[0].get("$ref").cloned());
    if let Some(reference) = only_reference {
        members.remove("allOf");
        members.insert("$ref".into(), reference);
    }
}
