//! The body of a response.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::error::mask::Mask;
use crate::{response::form, response::lenient};

mod repair;

pub(crate) use repair::Oddity;

/// The body of a refusal, parsed. The secrets of the request have been taken out of it.
pub struct Body {
    value: Option<Value>,
}

impl Body {
    pub(crate) fn new(value: Option<Value>) -> Self {
        Self { value }
    }

    pub(crate) fn mask(&mut self, mask: &Mask) {
        if let Some(value) = &mut self.value {
            mask.value(value);
        }
    }

    /// Reads the body as a type. A value that has another type than the field it belongs to is left
    /// out, as long as the field is optional; `None` if there is no body, or the type cannot do
    /// without what it lacks.
    pub fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let value = self.value.clone()?;
        let read = lenient::read(value, " ", None).ok()?;
        Some(read.value)
    }

    /// The parsed body: JSON, or a form as an object of strings. `None` if it is neither.
    pub fn value(&self) -> Option<&Value> {
        self.value.as_ref()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Body(..)")
    }
}

/// What a body holds.
#[derive(Debug)]
pub(crate) struct Parsed {
    pub(crate) value: Value,
    /// What was odd about it.
    pub(crate) oddities: Vec<Oddity>,
}

impl From<Value> for Parsed {
    fn from(value: Value) -> Self {
        Self {
            value,
            oddities: Vec::new(),
        }
    }
}

/// Reads JSON, whatever the content type says, and else a form. JSON that is odd in places is read
/// all the same, so that what is beside them stays good. Of a name that is repeated the last value
/// counts, `error` included.
///
/// JSON is UTF-8 (RFC 8259 section 8.1): of other encodings, those that share ASCII with it lose
/// their other characters only.
pub(crate) fn parse(body: &[u8]) -> Result<Parsed, serde_json::Error> {
    let body = without_mark(body);
    parse_strictly(body).or_else(|error| {
        let read = repaired(body).or_else(|| form::read(body).map(Parsed::from));
        read.ok_or(error)
    })
}

/// Reads JSON as RFC 8259 has it.
pub(crate) fn parse_strictly(body: &[u8]) -> Result<Parsed, serde_json::Error> {
    serde_json::from_slice(without_mark(body)).map(|value: Value| value.into())
}

/// The body without a byte order mark.
fn without_mark(body: &[u8]) -> &[u8] {
    body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)
}

fn repaired(body: &[u8]) -> Option<Parsed> {
    let (text, oddities) = repair::repair(body)?;
    let value = serde_json::from_str(&text).ok()?;
    Some(Parsed { value, oddities })
}

/// Reads a response that is a token and nothing else: a JSON string, or text without spaces and
/// without what markup and JSON begin with.
pub(crate) fn plain_token(body: &[u8]) -> Option<Value> {
    let text = std::str::from_utf8(body).ok()?.trim();
    let is_plain = !text.is_empty()
        && !text.starts_with(['{', '[', '<', '"'])
        && text.bytes().all(|byte| byte.is_ascii_graphic());
    if is_plain {
        return Some(Value::from(text));
    }
    serde_json::from_str(text).ok().filter(Value::is_string)
}

#[cfg(test)]
mod tests;
