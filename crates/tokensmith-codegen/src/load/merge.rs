//! YAML merge keys (`<<: *anchor`), which the reader hands over as plain members.

use serde_json::{Map, Value};

use super::tree::MERGE;

/// Applies every merge key below `value`. What a mapping says itself counts, then its sources in order.
pub(super) fn apply(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(merged) = members.remove(MERGE) {
                merge(members, merged);
            }
            members.values_mut().for_each(apply);
        }
        Value::Array(items) => items.iter_mut().for_each(apply),
        _ => {}
    }
}

fn merge(members: &mut Map<String, Value>, source: Value) {
    match source {
        Value::Array(sources) => sources
            .into_iter()
            .for_each(|source| merge(members, source)),
        Value::Object(mut source) => {
            let merged = source.remove(MERGE);
            for (key, value) in source {
                members.entry(key).or_insert(value);
            }
            if let Some(merged) = merged {
                merge(members, merged);
            }
        }
        _ => {}
    }
}
