//! Facts read from the tests and code of other OAuth clients, held against ours.
//!
//! `vectors/wire.json` is kept as it was collected: `expected` is the verdict of the library that
//! `source` names. `vectors/ours.json` holds what we have to say about a vector: our own outcome with
//! the fixed rule it follows from (reading rules R1 to R10, sending rules S1 to S7), and settings that
//! a document of that provider would have.

mod action;
mod carrying;
mod reading;
mod sending;
mod wire;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

/// One vector of `wire.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    id: String,
    kind: String,
    input: Map<String, Value>,
    expected: Map<String, Value>,
    #[serde(default)]
    context: Map<String, Value>,
    #[serde(rename = "source")]
    _source: String,
    #[serde(default, rename = "note")]
    _note: String,
    #[serde(default, rename = "derived_from")]
    _derived_from: String,
    #[serde(default, rename = "divergence")]
    _divergence: Map<String, Value>,
}

/// What we say about one vector.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Ours {
    /// The fixed rule that makes our outcome another one.
    rule: Option<String>,
    /// Why, in words.
    because: Option<String>,
    /// Our outcome, in place of the vector's.
    expected: Option<Map<String, Value>>,
    /// What a document of this provider would say.
    #[serde(default)]
    settings: Settings,
    /// A second look at the vector, with other settings.
    also: Option<Also>,
    /// Why parts of the expectation are not checked.
    #[serde(default)]
    later: BTreeMap<String, String>,
}

/// What a document says of an endpoint, beyond RFC 6749.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Settings {
    scope_parameter: Option<String>,
    access_token: Vec<String>,
    error_code: Vec<String>,
    error_description: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Also {
    settings: Settings,
    expected: Map<String, Value>,
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("vectors")
        .join(name);
    let text =
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Checks one vector against one expectation; every difference is a line.
fn check(vector: &Vector, settings: &Settings, expected: &Map<String, Value>) -> Vec<String> {
    if expected.is_empty() {
        return vec!["nothing is expected".to_owned()];
    }
    match vector.kind.as_str() {
        "basic_auth_encoding" => sending::basic(&vector.input, expected),
        "request" => sending::request(&vector.input, settings, expected),
        "response_parse" | "error_parse" => {
            reading::response(&vector.input, &vector.context, settings, expected)
        }
        kind => vec![format!("there is no check for the kind {kind}")],
    }
}

#[test]
fn every_vector_is_met_or_has_a_reason() {
    let vectors: Vec<Vector> = read("wire.json");
    let mut ours: BTreeMap<String, Ours> = read("ours.json");
    assert_eq!(vectors.len(), 121, "vectors are only ever added");
    let mut failures = Vec::new();
    for vector in &vectors {
        let ours = ours.remove(&vector.id).unwrap_or_default();
        let mut expected = ours.expected.unwrap_or_else(|| vector.expected.clone());
        expected.retain(|key, _| !ours.later.contains_key(key));
        let mut differences = check(vector, &ours.settings, &expected);
        if let Some(also) = &ours.also {
            differences.extend(check(vector, &also.settings, &also.expected));
        }
        failures.extend(
            differences
                .iter()
                .map(|line| format!("{}: {line}", vector.id)),
        );
    }
    assert!(failures.is_empty(), "\n{}", failures.join("\n"));
    assert!(ours.is_empty(), "no such vectors: {:?}", ours.keys());
}

#[test]
fn what_we_say_about_a_vector_is_well_founded() {
    let vectors: Vec<Vector> = read("wire.json");
    let rules = (1..=10).map(|rule| format!("R{rule}"));
    let rules: Vec<_> = rules
        .chain((1..=7).map(|rule| format!("S{rule}")))
        .collect();
    for (id, ours) in read::<BTreeMap<String, Ours>>("ours.json") {
        let vector = vectors.iter().find(|vector| vector.id == id);
        let vector = vector.unwrap_or_else(|| panic!("{id} is no vector"));
        let differs = ours.expected.is_some();
        assert_eq!(
            ours.rule.is_some(),
            differs,
            "{id}: another outcome needs a rule"
        );
        assert_eq!(
            ours.because.is_some(),
            differs,
            "{id}: another outcome needs a reason"
        );
        assert!(
            ours.rule.iter().all(|rule| rules.contains(rule)),
            "{id}: {:?}",
            ours.rule
        );
        let later = ours
            .later
            .keys()
            .all(|key| vector.expected.contains_key(key));
        assert!(
            later,
            "{id}: {:?} are not in the expectation",
            ours.later.keys()
        );
        assert!(
            ours.expected.as_ref() != Some(&vector.expected),
            "{id}: the same outcome"
        );
    }
}
