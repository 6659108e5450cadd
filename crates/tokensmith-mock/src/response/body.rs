//! Writing into JSON by JSON Pointers.

use serde_json::{Map, Value};

/// Puts a value where a JSON Pointer leads; what is on its way and not there is made.
pub(crate) fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut at = body;
    for token in pointer.split('/').skip(1) {
        let name = token.replace("~1", "/").replace("~0", "~");
        if at.is_null() {
            *at = match name.as_str() {
                "0" => Value::from(vec![Value::Null]),
                _ => Value::from(Map::new()),
            };
        }
        at = match at {
            Value::Array(items) => {
                match name.parse().ok().and_then(|at: usize| items.get_mut(at)) {
                    Some(item) => item,
                    None => return,
                }
            }
            Value::Object(members) => members.entry(name).or_insert(Value::Null),
            // Something else is there.
            _ => return,
        };
    }
    *at = value;
}

/// Removes a member.
pub(crate) fn remove(body: &mut Value, pointer: &str) {
    let name = pointer.rsplit('/').next().unwrap_or_default();
    if let Some(Value::Object(members)) = body.pointer_mut(parent(pointer)) {
        members.remove(name);
    }
}

/// Returns the pointer to the object that has what a pointer leads to.
pub(crate) fn parent(pointer: &str) -> &str {
    pointer.rfind('/').map_or("", |at| &pointer[..at])
}

/// Returns a scalar as text.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_put_where_pointers_lead() {
        let mut body = Value::Null;
        put(&mut body, "/data/0/a~1b", json!("x"));
        put(&mut body, "/data/0/c", json!(1));
        put(&mut body, "/data/1", json!(2));
        put(&mut body, "/data/0/c/d", json!(3));
        assert_eq!(body, json!({"data": [{"a/b": "x", "c": 1}]}));
        put(&mut body, "", json!("whole"));
        assert_eq!(body, "whole");
        assert_eq!((parent("/a/b"), parent("/a"), parent("")), ("/a", "", ""));
    }
}
