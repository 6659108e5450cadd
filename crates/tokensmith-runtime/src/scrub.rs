//! Keeping secrets, and what garbles a terminal, out of what a server says.

use std::fmt::{self, Write as _};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use zeroize::Zeroizing;

const REDACTED: &str = "[redacted]";

/// How many characters of a server's text an error's `Display` shows.
const SHOWN: usize = 2_000;

/// Takes the secrets of a request out of text, in the forms in which a server may echo them.
#[derive(Default)]
pub(crate) struct Scrubber {
    needles: Vec<Zeroizing<String>>,
}

impl Scrubber {
    pub(crate) fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let mut needles: Vec<_> = secrets
            .into_iter()
            .filter(|secret| is_telling(secret))
            .flat_map(forms)
            .map(Zeroizing::new)
            .collect();
        // The longest first: a form may contain another one.
        needles.sort_by(|left, right| right.len().cmp(&left.len()).then(left.cmp(right)));
        needles.dedup();
        Self { needles }
    }

    pub(crate) fn text(&self, text: &mut String) {
        for needle in &self.needles {
            if text.contains(needle.as_str()) {
                *text = text.replace(needle.as_str(), REDACTED);
            }
        }
    }

    /// Every text in a JSON value, the names of members too.
    pub(crate) fn value(&self, value: &mut Value) {
        match value {
            Value::String(text) => self.text(text),
            Value::Array(values) => values.iter_mut().for_each(|value| self.value(value)),
            Value::Object(members) => {
                let scrubbed = std::mem::take(members)
                    .into_iter()
                    .map(|(mut name, mut value)| {
                        self.text(&mut name);
                        self.value(&mut value);
                        (name, value)
                    });
                *members = scrubbed.collect();
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Whether finding the text gives anything away. Taking `secret` or `abc` out of a message would tell more than it hides.
fn is_telling(secret: &str) -> bool {
    secret.len() >= 8 || secret.len() >= 4 && secret.bytes().any(|byte| !byte.is_ascii_lowercase())
}

/// The text, percent-encoded in the usual ways, and in base64.
fn forms(secret: &str) -> Vec<String> {
    let form: String = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let percent = utf8_percent_encode(secret, UNRESERVED).to_string();
    let strict = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    vec![
        secret.to_owned(),
        lower_hex(&form),
        lower_hex(&percent),
        form,
        percent,
        strict,
        STANDARD_NO_PAD.encode(secret),
        URL_SAFE_NO_PAD.encode(secret),
    ]
}

/// All but the unreserved characters of RFC 3986.
const UNRESERVED: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// `%2F` as `%2f`.
fn lower_hex(encoded: &str) -> String {
    let mut digits = 0;
    let lower = |character: char| {
        if character == '%' {
            digits = 2;
        } else if digits > 0 {
            digits -= 1;
            return character.to_ascii_lowercase();
        }
        character
    };
    encoded.chars().map(lower).collect()
}

/// A server's text fit for a line of output: shortened, and without what could move the cursor or reorder the line.
pub(crate) struct Visible<'a>(pub(crate) &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, character) in self.0.chars().enumerate() {
            if index == SHOWN {
                return formatter.write_char('…');
            }
            if character.is_control() || reorders(character) {
                write!(formatter, "{}", character.escape_default())?;
            } else {
                formatter.write_char(character)?;
            }
        }
        Ok(())
    }
}

/// Line separators and the marks that change the direction of writing.
fn reorders(character: char) -> bool {
    matches!(
        character,
        '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

#[cfg(test)]
mod tests;
