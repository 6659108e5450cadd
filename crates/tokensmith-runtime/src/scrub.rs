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

/// Whether a text may hold the secret in some form: all that is needed to say no for nearly every text, and quick.
///
/// Every form keeps letters and digits as they are, but for base64.
pub(crate) fn may_hold(text: &str, secret: &str) -> bool {
    let may_hold = |form: &str| {
        let run = longest_run(form);
        run.len() < 4 || text.contains(run)
    };
    let may_hold_base64 = || {
        let length = secret.len() * 4 / 3;
        text.len() >= length && may_hold(&Zeroizing::new(STANDARD_NO_PAD.encode(secret)))
    };
    is_telling(secret) && (may_hold(secret) || may_hold_base64())
}

/// The longest run of letters and digits.
fn longest_run(text: &str) -> &str {
    let runs = text.as_bytes().split(|byte| !byte.is_ascii_alphanumeric());
    let longest = runs.max_by_key(|run| run.len()).unwrap_or_default();
    std::str::from_utf8(longest).unwrap_or_default()
}

/// Whether finding the text gives anything away. Taking `secret` or `abc` out of a message would tell more than it hides.
fn is_telling(secret: &str) -> bool {
    secret.len() >= 8 || secret.len() >= 4 && secret.bytes().any(|byte| !byte.is_ascii_lowercase())
}

/// The text, percent-encoded and escaped in the usual ways, and in base64; last, the parts of it that need no escape.
fn forms(secret: &str) -> Vec<String> {
    let base64 = STANDARD_NO_PAD.encode(secret);
    let url_safe = base64
        .contains(['+', '/'])
        .then(|| URL_SAFE_NO_PAD.encode(secret));
    let mut forms = vec![secret.to_owned(), base64];
    forms.extend(url_safe);
    // Letters and digits look the same in all of them.
    if !secret.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        forms.extend(escaped(secret));
        forms.extend(telling_parts(secret).map(str::to_owned));
    }
    forms
}

fn escaped(secret: &str) -> Vec<String> {
    let form = form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let percent = [UNRESERVED, COMPONENT, NON_ALPHANUMERIC]
        .map(|set| utf8_percent_encode(secret, set).to_string());
    let encoded: Vec<String> = [form].into_iter().chain(percent).collect();
    let lower: Vec<_> = encoded.iter().map(|encoded| lower_hex(encoded)).collect();
    let html = secret
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;");
    let mut forms = vec![
        html.replace('\'', "&#39;"),
        html.replace('\'', "&#x27;"),
        html,
    ];
    forms.extend(encoded.into_iter().chain(lower));
    forms
}

/// Runs of letters and digits that are long and mixed enough to be found in no other text. They look the same in every
/// encoding that leaves letters and digits alone.
fn telling_parts(secret: &str) -> impl Iterator<Item = &str> {
    secret
        .split(|character: char| !character.is_ascii_alphanumeric())
        .filter(|part| {
            part.len() >= 16
                && part.bytes().any(|byte| byte.is_ascii_digit())
                && part.bytes().any(|byte| byte.is_ascii_alphabetic())
        })
}

/// All but the unreserved characters of RFC 3986.
const UNRESERVED: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// All but what JavaScript's `encodeURIComponent` leaves as it is.
const COMPONENT: &percent_encoding::AsciiSet = &UNRESERVED
    .remove(b'!')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

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
