//! The body of an answer.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::scrub::Scrubber;
use crate::{form, lenient};

/// The body of a refusal, parsed. The secrets of the request have been taken out of it.
pub struct Body {
    value: Option<Value>,
}

impl Body {
    pub(crate) fn new(value: Option<Value>) -> Self {
        Self { value }
    }

    pub(crate) fn scrub(&mut self, scrubber: &Scrubber) {
        if let Some(value) = &mut self.value {
            scrubber.value(value);
        }
    }

    /// Reads the body as a type. A value that has another type than the field it belongs to is left out, as long as the
    /// field is optional; `None` if there is no body, or the type cannot do without what it lacks.
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

/// Reads JSON, whatever the content type says, and else a form.
///
/// A body with bytes that are no UTF-8 is read all the same: they become U+FFFD, and what is beside them stays good.
pub(crate) fn parse(body: &[u8]) -> Result<Value, serde_json::Error> {
    let body = body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body);
    let parsed = match std::str::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_str(&String::from_utf8_lossy(body)),
    };
    parsed.or_else(|error| form::read(body).ok_or(error))
}

/// Reads an answer that is a token and nothing else: a JSON string, or text without spaces and without what markup and
/// JSON begin with.
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
