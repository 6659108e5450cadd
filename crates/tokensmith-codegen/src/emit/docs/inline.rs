//! The text of a paragraph, escaped.
//!
//! What rustdoc or GitHub would take for HTML, for an image or for a link to an item is escaped; code spans and links to
//! the web stay. Each of these is one word, so that no break of a line changes how a text is read. Every character is
//! looked at a bounded number of times: a document may be megabytes of brackets and backticks.

use super::entity;
use crate::diagnostic::visible::is_hidden;

/// A text that is escaped, and where its lines may be broken.
pub(super) struct Escaped {
    text: String,
    /// Offsets of the spaces between words.
    spaces: Vec<usize>,
}

impl Escaped {
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let starts = std::iter::once(0).chain(self.spaces.iter().map(|space| space + 1));
        let ends = self.spaces.iter().copied().chain([self.text.len()]);
        starts
            .zip(ends)
            .map(|(start, end)| &self.text[start..end])
            .filter(|word| !word.is_empty())
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }
}

/// Escapes a text without hidden characters. A `>` that it begins with stays: it marks a quote.
pub(super) fn escape(text: &str) -> Escaped {
    escape_in(text, false)
}

/// Escapes a text that may be a row of a table, where `|` ends a cell even between backticks.
pub(super) fn escape_row(text: &str) -> Escaped {
    escape_in(text, true)
}

/// Whether a byte may mean something to Markdown or begins what does: a table, since it is asked of every byte of all texts.
const MAY_MEAN: [bool; 256] = {
    const BYTES: &[u8] = b" `[<hwW:\\&>]!~";
    let mut table = [false; 256];
    let mut index = 0;
    while index < BYTES.len() {
        table[BYTES[index] as usize] = true;
        index += 1;
    }
    table
};

fn escape_in(text: &str, is_row: bool) -> Escaped {
    let mut spans = Spans::new(text);
    let mut escaped = Escaped {
        text: String::with_capacity(text.len() + 8),
        spaces: Vec::new(),
    };
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let out = &mut escaped.text;
        // Most characters, at once.
        let plain = rest.bytes().position(|byte| MAY_MEAN[usize::from(byte)]);
        let plain = plain.unwrap_or(rest.len());
        if plain > 0 {
            at += verbatim(out, &rest[..plain]);
            continue;
        }
        at += match first {
            ' ' => {
                escaped.spaces.push(out.len());
                verbatim(out, &rest[..1])
            }
            '`' => match spans.at(at).filter(|span| !is_row || is_in_cell(span)) {
                Some(span) => verbatim(out, span),
                None => backslashed(out, rest, leading_backticks(rest)),
            },
            '[' => match web_link(rest) {
                Some(link) => link.write(out),
                None => backslashed(out, rest, 1),
            },
            '<' => match autolink(rest) {
                Some(link) => verbatim(out, link),
                None => backslashed(out, rest, 1),
            },
            'h' => match bare_url(rest) {
                Some(url) => {
                    out.push_str(&format!("<{url}>"));
                    url.len()
                }
                None => verbatim(out, "h"),
            },
            // GitHub makes links of these, up to the next space: a backtick in one opens no code.
            'w' | 'W' if is_www(rest) => {
                verbatim(out, &rest[..3]) + backslashed(out, &rest[3..], 1)
            }
            ':' if rest.starts_with("://") => backslashed(out, rest, 1),
            '\\' => match rest
                .as_bytes()
                .get(1)
                .filter(|next| next.is_ascii_punctuation())
            {
                Some(_) => verbatim(out, &rest[..2]),
                None => backslashed(out, rest, 1),
            },
            '&' if is_hiding_entity(rest) => backslashed(out, rest, 1),
            '>' if at > 0 => backslashed(out, rest, 1),
            ']' => backslashed(out, rest, 1),
            // An image from somebody's server, or a fence.
            '!' if rest.starts_with("![") => backslashed(out, rest, 1),
            '~' if rest.starts_with("~~~") => backslashed(out, rest, 1),
            other => verbatim(out, &rest[..other.len_utf8()]),
        };
    }
    escaped
}

fn verbatim(out: &mut String, text: &str) -> usize {
    out.push_str(text);
    text.len()
}

/// Writes the first characters of `text`, all of them ASCII, with a backslash before each.
fn backslashed(out: &mut String, text: &str, number: usize) -> usize {
    for character in text[..number].chars() {
        out.extend(['\\', character]);
    }
    number
}

fn leading_backticks(text: &str) -> usize {
    text.len() - text.trim_start_matches('`').len()
}

/// The code spans of a text, which are asked for from its beginning to its end.
pub(super) struct Spans<'a> {
    text: &'a str,
    /// Where runs of one backtick begin, and where runs of two do, from the last to the first.
    ends: [Vec<usize>; 2],
}

impl<'a> Spans<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut ends = [Vec::new(), Vec::new()];
        let mut at = 0;
        while let Some(found) = text[at..].find('`') {
            let start = at + found;
            let length = leading_backticks(&text[start..]);
            if let 1 | 2 = length {
                ends[length - 1].push(start);
            }
            at = start + length;
        }
        ends.iter_mut().for_each(|ends| ends.reverse());
        Self { text, ends }
    }

    /// The span that begins at an offset. Three backticks and more could open a block of code, and begin none.
    pub(super) fn at(&mut self, start: usize) -> Option<&'a str> {
        let length = leading_backticks(&self.text[start..]);
        let ends = self.ends.get_mut(length - 1)?;
        while ends.last().is_some_and(|end| *end < start + length) {
            ends.pop();
        }
        ends.last().map(|end| &self.text[start..end + length])
    }
}

/// Whether a code span stays in one cell of a table: each `|` in it has one backslash.
fn is_in_cell(span: &str) -> bool {
    let pipes = span.match_indices('|');
    pipes
        .map(|(at, _)| &span[..at])
        .all(|before| before.ends_with('\\') && !before.ends_with("\\\\"))
}

/// `[label](url)`.
struct WebLink<'a> {
    label: &'a str,
    url: &'a str,
}

impl WebLink<'_> {
    /// Parentheses of the URL are percent-encoded: those that are not balanced would end the link.
    fn write(&self, out: &mut String) -> usize {
        let url = self.url.replace('(', "%28").replace(')', "%29");
        out.push_str(&format!("[{}]({url})", self.label));
        self.label.len() + self.url.len() + "[]()".len()
    }
}

fn web_link(text: &str) -> Option<WebLink<'_>> {
    let is_special =
        |character: char| matches!(character, '[' | ']' | '<' | '`' | '\\' | '|' | '&');
    let inside = &text[1..];
    let label = &inside[..inside.find(is_special)?];
    let target = inside[label.len()..].strip_prefix("](")?;
    let mut depth = 0;
    let end = target.find(|character| {
        match character {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        depth < 0 || !is_url_character(character) && !matches!(character, '(' | ')')
    })?;
    let url = &target[..end];
    let is_link = target[end..].starts_with(')') && is_web(url);
    let is_label = !label.trim().is_empty() && !label.starts_with('^');
    (is_link && is_label).then_some(WebLink { label, url })
}

/// `<url>`.
fn autolink(text: &str) -> Option<&str> {
    let url = text[1..]
        .split(|character: char| {
            !is_url_character(character) && !matches!(character, '(' | ')' | '[' | ']')
        })
        .next()?;
    let end = url.len() + 1;
    (is_web(url) && text[end..].starts_with('>')).then(|| &text[..=end])
}

fn bare_url(text: &str) -> Option<&str> {
    if !is_web(text) {
        return None;
    }
    let end = text
        .find(|character| !is_url_character(character))
        .unwrap_or(text.len());
    let url = text[..end]
        .trim_end_matches(|last: char| last.is_ascii_punctuation() && !"/=-}".contains(last));
    (url.len() > "https://".len()).then_some(url)
}

fn is_www(text: &str) -> bool {
    let start = text.get(.."www.".len());
    start.is_some_and(|start| start.eq_ignore_ascii_case("www."))
}

fn is_web(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// A character of a URL ([RFC 3986](https://www.rfc-editor.org/rfc/rfc3986)), of one in another script, or of a template
/// of one. Parentheses and brackets mean something in Markdown, and a semicolon ends a character reference.
fn is_url_character(character: char) -> bool {
    character.is_alphanumeric() || "-._~:/?#@!$&'*+,=%{}".contains(character)
}

/// Whether a text begins with a character reference that is not one of those that documents need: others may stand for
/// what hides how a text reads.
fn is_hiding_entity(text: &str) -> bool {
    const PLAIN: [&str; 10] = [
        "amp", "lt", "gt", "quot", "apos", "nbsp", "copy", "mdash", "ndash", "hellip",
    ];
    let Some(name) = entity::name(&text[1..]) else {
        return false;
    };
    match name.strip_prefix('#') {
        Some(number) => {
            let number = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16),
                None => number.parse(),
            };
            let character = number.ok().and_then(char::from_u32);
            character.is_none_or(is_hidden)
        }
        None => !PLAIN.contains(&name),
    }
}
