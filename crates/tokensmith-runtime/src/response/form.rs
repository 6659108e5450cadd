//! Form-encoded responses.

use serde_json::{Map, Value};

/// Reads a response that looks like a form: it begins with a name that a parameter could have and
/// an equals sign, so that a page of HTML or a line of prose with an equals sign in it is none.
/// What comes later may be odd, a part without an equals sign too: it must not cost a token. Of a
/// name that is repeated the last value counts.
pub(crate) fn read(body: &[u8]) -> Option<Value> {
    let body = body.trim_ascii();
    let mut parts = body.split(|byte| *byte == b'&');
    let first = parts.find(|part| !part.is_empty())?;
    let equals = first.iter().position(|byte| *byte == b'=')?;
    let name = first.get(..equals)?;
    let is_form = !name.is_empty() && name.iter().all(|byte| is_name(*byte));
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
