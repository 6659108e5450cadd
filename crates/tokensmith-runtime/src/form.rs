//! Form-encoded answers.

use serde_json::{Map, Value};

/// Reads an answer that looks like a form: all of it is names and values, and the first name is one that a parameter could
/// have, so that a page of HTML or a line of prose with an equals sign in it is none. Later names may be odd: they must not
/// cost a token. Of a name that is repeated the last value counts.
pub(crate) fn read(body: &[u8]) -> Option<Value> {
    let body = body.trim_ascii();
    let mut parts = body
        .split(|byte| *byte == b'&')
        .filter(|part| !part.is_empty());
    let first = parts.clone().next()?;
    let name = first.split(|byte| *byte == b'=').next()?;
    let is_form = !name.is_empty()
        && name.iter().all(|byte| is_name(*byte))
        && parts.all(|part| part.contains(&b'='));
    is_form.then(|| {
        form_urlencoded::parse(body)
            .map(|(name, value)| (name.into_owned(), Value::String(value.into_owned())))
            .collect::<Map<_, _>>()
            .into()
    })
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}
