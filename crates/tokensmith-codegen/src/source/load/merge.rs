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

/// The pointers as they are when every merge key is applied.
pub(super) fn merged(pointers: Vec<String>) -> Vec<String> {
    let is_index = |token: &str| token.bytes().all(|byte| byte.is_ascii_digit());
    let merged = pointers.into_iter().map(|pointer| {
        if !pointer.contains(MERGE) {
            return pointer;
        }
        let mut merged = String::new();
        let mut is_source = false;
        for token in pointer.split('/').skip(1) {
            if token == MERGE {
                is_source = true;
                continue;
            }
            if !(is_source && is_index(token)) {
                merged.push('/');
                merged.push_str(token);
            }
            is_source = false;
        }
        merged
    });
    merged.collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_know_no_merge_keys() {
        let pointers = ["/a/<</b", "/a/<</0/1/b", "/a/0/b", "/a<</b"].map(str::to_owned);
        assert_eq!(
            merged(pointers.to_vec()),
            ["/a/b", "/a/1/b", "/a/0/b", "/a<</b"]
        );
    }
}
