//! A token response that a crate accepts, for the example of a mock.

use serde_json::{Map, Value};

use crate::model::{Endpoint, OwnedFailureMark};
use crate::pointer;

/// The body of a token response with this access token, as JSON. It has what the endpoint reads, and
/// nothing that makes it a failure.
pub(crate) fn body(endpoint: &Endpoint, access_token: &str) -> Value {
    let pointers = &endpoint.attributes.access_token;
    let place = pointers.first().map_or("/access_token", String::as_str);
    let mut body = Value::Null;
    put(&mut body, place, Value::from(access_token));
    for mark in &endpoint.attributes.failures {
        if let Some(value) = harmless(mark)
            && body.pointer(&mark.pointer).is_none()
        {
            put(&mut body, &mark.pointer, value);
        }
    }
    body
}

/// A value that is not the failure; nothing where that is so without any.
fn harmless(mark: &OwnedFailureMark) -> Option<Value> {
    let text = mark.values.first()?;
    let scalar = serde_json::from_str(text).ok();
    let is_scalar = |value: &Value| value.is_number() || value.is_boolean();
    let value = scalar.filter(is_scalar);
    match (mark.negated, value) {
        (true, value) => Some(value.unwrap_or_else(|| Value::from(text.as_str()))),
        (false, Some(Value::Bool(failed))) if mark.values.len() == 1 => Some(Value::from(!failed)),
        (false, _) => None,
    }
}

/// Puts a value where a JSON Pointer leads; what is on its way and not there is made.
fn put(body: &mut Value, pointer: &str, value: Value) {
    let mut at = body;
    for name in pointer::tokens(pointer) {
        if at.is_null() {
            *at = match name.as_str() {
                "0" => Value::from(vec![Value::Null]),
                _ => Value::from(Map::new()),
            };
        }
        at = match at {
            Value::Array(items) if name == "0" && !items.is_empty() => &mut items[0],
            Value::Object(members) => members.entry(name).or_insert(Value::Null),
            // Something else is there.
            _ => return,
        };
    }
    *at = value;
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

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
    }

    #[test]
    fn a_mark_has_a_value_that_is_no_failure() {
        let mark = |values: &[&str], negated| OwnedFailureMark {
            pointer: "/code".to_owned(),
            values: values.iter().map(|value| (*value).to_owned()).collect(),
            negated,
        };
        assert_eq!(harmless(&mark(&["0", "200"], true)), Some(json!(0)));
        assert_eq!(harmless(&mark(&["OK"], true)), Some(json!("OK")));
        assert_eq!(harmless(&mark(&["false"], false)), Some(json!(true)));
        assert_eq!(harmless(&mark(&["1", "2"], false)), None);
    }
}
