//! Keeping credentials out of text that others wrote: servers, and transports.
//!
//! Two things are looked for. The secrets of the request, in any of the usual encodings: what
//! shares a run of characters with one is masked, however much of the secret it is. And what looks
//! like a credential, whoever issued it. `SECURITY.md` says what this cannot do.

use std::cell::OnceCell;
use std::fmt::Write as _;
use std::ops::Range;

use serde_json::Value;
use zeroize::Zeroizing;

mod byte_list;
mod escape;
mod fold;
mod glance;
mod invisible;
mod layer;
mod lookalike;
mod numbered_bytes;
mod prefix;
mod vocabulary;
mod windows;

use layer::Layer;
use windows::Windows;

/// What stands in the place of what is masked.
pub(crate) const MASKED: &str = "[redacted]";

/// How many characters of a text are shown.
const SHOWN: usize = 1_000;

/// How many bytes of a text are looked at; what follows is not shown.
const READ: usize = 8 * 1_024;

/// How many bytes a text of a body may have; a longer one is masked unread.
const KEPT: usize = 16 * 1_024;

/// How many bytes may be looked at, decoded ones included, before what is left is masked unread.
const WORK: usize = 8 * 1024 * 1024;

/// How deep base64 and hexadecimal digits may be in each other.
const ENCODED: usize = 2;

/// Whether a short text has no part of a secret for sure, so that no [`Mask`] has to be made for it.
pub(crate) fn is_clean<'s>(text: &str, secrets: impl Iterator<Item = &'s str> + Clone) -> bool {
    glance::is_clean(text, secrets)
}

/// Takes the secrets of a request out of text that others wrote, such as the response of a server.
///
/// What shares a run of characters with a secret is masked, in whatever usual encoding, and so is
/// what looks like a credential. `SECURITY.md` says what no mask can find.
///
/// ```
/// use tokensmith_runtime::protocol::Mask;
///
/// let mask = Mask::new(["s3cret-of-ours"]);
/// assert_eq!(mask.line("no client s3cret-of-ours"), "no client [redacted]");
/// ```
#[derive(Default)]
pub struct Mask {
    secrets: Vec<Zeroizing<String>>,
    windows: Windows,
    /// Found out for the first text with an escape in it: few have one.
    misread: OnceCell<Windows>,
}

impl std::fmt::Debug for Mask {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Mask(..)")
    }
}

impl Mask {
    /// Creates a mask for some secrets.
    pub fn new<'s>(secrets: impl IntoIterator<Item = &'s str>) -> Self {
        let secrets: Vec<_> = secrets.into_iter().map(str::to_owned).collect();
        Self {
            windows: Windows::new(secrets.iter().map(String::as_str)),
            secrets: secrets.into_iter().map(Zeroizing::new).collect(),
            misread: OnceCell::new(),
        }
    }

    fn misread(&self) -> &Windows {
        let secrets = self.secrets.iter().map(|secret| secret.as_str());
        self.misread.get_or_init(|| Windows::misread(secrets))
    }

    /// One line that is fit to be shown: without the secrets of the request, without what looks
    /// like a credential, without control characters, and shortened.
    ///
    /// At most 8 KiB are looked at, and at most 1,000 characters are shown.
    pub fn line(&self, text: &str) -> String {
        let text = text.get(..boundary(text, READ)).unwrap_or_default();
        let mut marks = self.marks(text, &mut { WORK });
        for range in lookalike::find(text) {
            mark(&mut marks, range);
        }
        // What looks like a credential only when it is unescaped.
        for layer in Layer::of(text).levels().skip(1) {
            for range in lookalike::find(&layer.text()) {
                mark(&mut marks, layer.span(range));
            }
        }
        visible(&masked(text, &marks))
    }

    /// The beginning of a body as one line that is fit to be shown.
    pub(crate) fn body(&self, raw: &[u8]) -> Option<String> {
        // An escape or a character that is cut at the end is read as far as it goes.
        let text = String::from_utf8_lossy(raw.get(..READ).unwrap_or(raw));
        (!text.trim().is_empty()).then(|| self.line(&text))
    }

    /// The text without the secrets of the request, and otherwise as it is.
    pub(crate) fn secrets_in(&self, text: &mut String) {
        self.secrets_within(text, &mut { WORK });
    }

    /// Every text in a JSON value, the names of members too.
    pub(crate) fn value(&self, value: &mut Value) {
        self.value_within(value, &mut { WORK });
    }

    fn value_within(&self, value: &mut Value, work: &mut usize) {
        match value {
            Value::String(text) => self.secrets_within(text, work),
            Value::Array(values) => {
                for value in values {
                    self.value_within(value, work);
                }
            }
            Value::Object(members) => {
                let masked = std::mem::take(members)
                    .into_iter()
                    .map(|(mut name, mut value)| {
                        self.secrets_within(&mut name, work);
                        self.value_within(&mut value, work);
                        (name, value)
                    });
                *members = masked.collect();
            }
            Value::Number(number) => {
                let text = number.to_string();
                if self.marks(&text, work).contains(&true) {
                    *value = MASKED.into();
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn secrets_within(&self, text: &mut String, work: &mut usize) {
        if text.len() > KEPT && !self.windows.is_empty() {
            MASKED.clone_into(text);
            return;
        }
        let marks = self.marks(text, work);
        if marks.contains(&true) {
            *text = masked(text, &marks);
        }
    }

    /// Which bytes of a text belong to a secret.
    fn marks(&self, text: &str, work: &mut usize) -> Vec<bool> {
        let mut marks = vec![false; text.len()];
        if !self.windows.is_empty() {
            self.search(text, Layer::of(text), ENCODED, &mut marks, work);
        }
        marks
    }

    /// Looks in a layer, in what it is when it is unescaped, and in what is encoded in it.
    fn search(&self, text: &str, layer: Layer, depth: usize, marks: &mut [bool], work: &mut usize) {
        let misread = layer.has_escapes().then(|| self.misread());
        for layer in layer.levels() {
            let Some(left) = work.checked_sub(4 * layer.len()) else {
                marks.fill(true);
                return;
            };
            *work = left;
            let (unspaced, squeezed) = (layer.unspaced(), layer.squeezed());
            let untagged = layer.untagged().map(|layer| layer.squeezed());
            let forms = [(&layer, false), (&unspaced, true), (&squeezed, true)].into_iter();
            for (layer, is_squeezed) in forms.chain(untagged.as_ref().map(|form| (form, true))) {
                let misread = misread.map(|windows| windows.find(layer.bytes()));
                let found = self.windows.find(layer.bytes());
                for (range, size) in found.chain(misread.into_iter().flatten()) {
                    let span = layer.span(range);
                    if !vocabulary::is_usual(text, &span, size, is_squeezed) {
                        mark(marks, span);
                    }
                }
            }
            if let Some(depth) = depth.checked_sub(1) {
                for encoded in layer.encoded().chain(squeezed.hexadecimal()) {
                    self.search(text, encoded, depth, marks, work);
                }
                // Of what was decoded, only what is in one piece.
                let is_text = depth + 1 == ENCODED;
                for encoded in is_text
                    .then(|| layer.encoded_in_groups())
                    .into_iter()
                    .flatten()
                {
                    self.search(text, encoded, depth, marks, work);
                }
            }
        }
    }
}

fn mark(marks: &mut [bool], range: Range<usize>) {
    if let Some(marks) = marks.get_mut(range) {
        marks.fill(true);
    }
}

/// The text with each marked part, and what is joined to it, replaced.
fn masked(text: &str, marks: &[bool]) -> String {
    let is_marked = |index: usize| marks.get(index).copied().unwrap_or_default();
    let mut shown = String::with_capacity(text.len());
    let mut rest = 0;
    while let Some(start) = (rest..marks.len()).find(|index| is_marked(*index)) {
        let end = (start..marks.len())
            .find(|index| !is_marked(*index))
            .unwrap_or(marks.len());
        let before = text.get(rest..boundary(text, start)).unwrap_or_default();
        let kept =
            before.trim_end_matches(|character: char| is_joined(character) || character == '.');
        // A character of which a byte is marked goes along.
        let end = (end..text.len())
            .find(|end| text.is_char_boundary(*end))
            .unwrap_or(text.len());
        let after = text.get(end..).unwrap_or_default();
        let tail = after
            .find(|character: char| !is_joined(character) && !".=&#;".contains(character))
            .map_or(after, |length| after.get(..length).unwrap_or_default());
        // The punctuation at the end of a sentence is not part of it.
        let tail = tail.trim_end_matches(['.', ';', '&', '#']).len();
        shown.push_str(kept);
        if !(kept.is_empty() && shown.ends_with(MASKED)) {
            shown.push_str(MASKED);
        }
        rest = end + tail;
    }
    shown.push_str(text.get(rest..).unwrap_or_default());
    shown
}

/// The end of the last whole character before an index.
fn boundary(text: &str, index: usize) -> usize {
    let mut ends = (0..=index.min(text.len())).rev();
    ends.find(|end| text.is_char_boundary(*end))
        .unwrap_or_default()
}

/// What a run of encoded characters consists of.
fn is_joined(character: char) -> bool {
    character.is_alphanumeric() || "%\\+/_~-$!*".contains(character)
}

/// One line without what could move the cursor, reorder the line or stand in it unseen, shortened.
pub(crate) fn visible(text: &str) -> String {
    let mut shown = String::with_capacity(text.len().min(SHOWN));
    for (index, character) in text.trim().chars().enumerate() {
        if index == SHOWN {
            shown.push('…');
            break;
        }
        if matches!(character, '\n' | '\r' | '\t') {
            if !shown.ends_with(' ') {
                shown.push(' ');
            }
        } else if character.is_control() || invisible::is(character) {
            // Writing to a string cannot fail.
            let _ = write!(shown, "{}", character.escape_default());
        } else {
            shown.push(character);
        }
    }
    shown
}

/// A path in which the segments that look like credentials are masked.
pub(crate) fn path(path: &str) -> String {
    parts(path, '/')
}

/// A host in which the labels that look like credentials are masked.
pub(crate) fn host(host: &str) -> String {
    parts(host, '.')
}

fn parts(text: &str, separator: char) -> String {
    let parts = text.split(separator).map(|part| {
        let is_masked = lookalike::is_credential(part);
        if is_masked { MASKED } else { part }
    });
    parts
        .collect::<Vec<_>>()
        .join(separator.encode_utf8(&mut [0; 4]))
}

#[cfg(test)]
mod tests;
