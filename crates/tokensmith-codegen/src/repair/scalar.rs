//! Values of the right meaning and the wrong type.

use serde_json::{Map, Number, Value, json};

/// Makes a member a text; what has none is removed.
pub(super) fn text(members: &mut Map<String, Value>, key: &str) {
    if let Some(value) = members.get_mut(key) {
        to_text(value);
        if !value.is_string() {
            members.remove(key);
        }
    }
}

/// A number or truth as it is written.
pub(super) fn to_text(value: &mut Value) {
    if value.is_number() || value.is_boolean() {
        *value = json!(value.to_string());
    }
}

/// Makes a member a truth: `"true"`, `yes`, `1`. What is none is removed. Whether something changed.
pub(super) fn boolean(members: &mut Map<String, Value>, key: &str) -> bool {
    let truth = match members.get(key) {
        None | Some(Value::Bool(_)) => return false,
        Some(Value::String(text)) => match text.trim().to_ascii_lowercase().as_str() {
            "true" | "yes" | "1" => Some(true),
            "false" | "no" | "0" => Some(false),
            _ => None,
        },
        Some(Value::Number(number)) => number.as_u64().map(|number| number != 0),
        Some(_) => None,
    };
    match truth {
        Some(truth) => members.insert(key.to_owned(), json!(truth)),
        None => members.remove(key),
    };
    true
}

/// Makes a member a number; what is none is removed. Whether something changed.
pub(super) fn number(members: &mut Map<String, Value>, key: &str) -> bool {
    let number = match members.get(key) {
        None | Some(Value::Number(_)) => return false,
        Some(Value::String(text)) => text.trim().parse::<Number>().ok(),
        Some(_) => None,
    };
    match number {
        Some(number) => members.insert(key.to_owned(), Value::Number(number)),
        None => members.remove(key),
    };
    true
}

/// Makes a member a count, from zero up: `64.0` and `"64"` are, `-1` is not. Whether something changed.
pub(super) fn count(members: &mut Map<String, Value>, key: &str) -> bool {
    let changed = number(members, key);
    let Some(number) = members.get(key) else {
        return changed;
    };
    if number.is_u64() {
        return changed;
    }
    let whole = number
        .as_f64()
        .filter(|number| *number >= 0.0 && number.fract() == 0.0)
        .and_then(|number| format!("{number}").parse::<u64>().ok());
    match whole {
        Some(whole) => members.insert(key.to_owned(), json!(whole)),
        None => members.remove(key),
    };
    true
}
