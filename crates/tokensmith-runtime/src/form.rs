//! Form-encoded answers.

use serde_json::{Map, Value};

/// Reads an answer that looks like a form: every name is one that a parameter could have, so that a page of HTML or a line
/// of prose with an equals sign in it is none. Of a name that is repeated the last value counts.
pub(crate) fn read(body: &[u8]) -> Option<Value> {
    let body = body.trim_ascii();
    let mut members = Map::new();
    for part in body
        .split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty())
    {
        let equals = part.iter().position(|byte| *byte == b'=')?;
        let (name, _) = part.split_at(equals);
        if name.is_empty() || !name.iter().all(|byte| is_name(*byte)) {
            return None;
        }
        let (name, value) = form_urlencoded::parse(part).next()?;
        members.insert(name.into_owned(), Value::String(value.into_owned()));
    }
    (!members.is_empty()).then_some(Value::Object(members))
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
