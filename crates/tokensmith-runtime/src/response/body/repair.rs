//! JSON that is odd in places, made good enough to be read (rule R5).
//!
//! One pass over the bytes, without recursion, that copies tokens and replaces those that are no
//! JSON. Whether they are in order is not judged here: what comes out is parsed like any other
//! text.

use std::borrow::Cow;
use std::str::Chars;

use serde_json::Value;

/// Something odd in a text that was read all the same.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Oddity {
    /// Where: a JSON Pointer from the root of the text.
    pub(crate) pointer: String,
    pub(crate) message: &'static str,
    /// What stood where `null` stands now.
    pub(crate) set_aside: Option<String>,
}

const SCALAR: &str = "is not a JSON value or is a number out of range, and was set aside";
const DEEP: &str = "is nested too deeply, and was set aside";
const COMMA: &str = "ends with a comma too many";
const CONTROL: &str = "holds control characters that are not escaped";
const LOST: &str = "has bytes that are not Unicode text: they became U+FFFD";
const MORE: &str = "holds more that is odd than is named here";

/// How many levels the parser goes into.
const DEPTH: usize = 127;

/// How many oddities are named, which bounds what a hostile response takes up: pointers can be
/// long.
const NAMED: usize = 32;

/// Repairs an object or an array. `None` for anything else, and where a token is neither JSON nor
/// something that stands for one value.
pub(super) fn repair(body: &[u8]) -> Option<(String, Vec<Oddity>)> {
    let mut repair = Repair {
        rest: body.trim_ascii_start(),
        text: String::with_capacity(body.len()),
        ..Repair::default()
    };
    if !repair.rest.starts_with(b"{") && !repair.rest.starts_with(b"[") {
        return None;
    }
    while let Some(byte) = repair.rest.first() {
        repair.token(*byte)?;
    }
    Some((repair.text, repair.oddities))
}

/// Where in an object or an array the pass is.
enum Place {
    Member(String),
    Element(usize),
}

#[derive(Default)]
struct Repair<'a> {
    rest: &'a [u8],
    text: String,
    oddities: Vec<Oddity>,
    within: Vec<Place>,
    /// The first byte of the last token.
    last: u8,
    /// Where the last token is in the text, if it is a comma after a value.
    comma: Option<usize>,
}

impl<'a> Repair<'a> {
    fn token(&mut self, byte: u8) -> Option<()> {
        if matches!(byte, b' ' | b'\t' | b'\n' | b'\r') {
            return self.copy(byte);
        }
        let comma = self.comma.take();
        match byte {
            b'{' | b'[' if self.within.len() == DEPTH => {
                let nested = self.take(nested_length(self.rest)?)?;
                self.set_aside(DEEP, nested);
            }
            b'{' | b'[' => {
                self.within.push(match byte {
                    b'{' => Place::Member(String::new()),
                    _ => Place::Element(0),
                });
                self.copy(byte)?;
            }
            b'}' | b']' => {
                self.within.pop();
                if let Some(comma) = comma {
                    self.text.replace_range(comma..=comma, " ");
                    self.odd(COMMA, None);
                }
                self.copy(byte)?;
            }
            b',' => {
                if let Some(Place::Element(index)) = self.within.last_mut() {
                    *index += 1;
                }
                let after_value = !matches!(self.last, b'{' | b'[' | b',');
                self.comma = after_value.then_some(self.text.len());
                self.copy(byte)?;
            }
            b':' => self.copy(byte)?,
            b'"' => self.string()?,
            _ => self.scalar()?,
        }
        self.last = byte;
        Some(())
    }

    fn string(&mut self) -> Option<()> {
        let literal = self.take(string_length(self.rest)?)?;
        let (value, message) = unescape(literal);
        if let (b'{' | b',', Some(Place::Member(name))) = (self.last, self.within.last_mut()) {
            name.clone_from(&value);
        }
        if let Some(message) = message {
            self.odd(message, None);
        }
        self.text.push_str(&Value::String(value).to_string());
        Some(())
    }

    fn scalar(&mut self) -> Option<()> {
        let is_part = |byte: &u8| byte.is_ascii_alphanumeric() || b"+-._".contains(byte);
        let end = self.rest.iter().position(|byte| !is_part(byte));
        let scalar = self.take(end.unwrap_or(self.rest.len()))?;
        let text = str::from_utf8(scalar)
            .ok()
            .filter(|text| !text.is_empty())?;
        match serde_json::from_str::<Value>(text) {
            Ok(_) => self.text.push_str(text),
            Err(_) => self.set_aside(SCALAR, scalar),
        }
        Some(())
    }

    fn take(&mut self, length: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(length)?;
        self.rest = rest;
        Some(taken)
    }

    /// Copies a byte that is ASCII.
    fn copy(&mut self, byte: u8) -> Option<()> {
        self.take(1)?;
        self.text.push(char::from(byte));
        Some(())
    }

    fn set_aside(&mut self, message: &'static str, value: &[u8]) {
        self.text.push_str("null");
        self.odd(message, Some(value));
    }

    fn odd(&mut self, message: &'static str, set_aside: Option<&[u8]>) {
        let (pointer, message, set_aside) = match self.oddities.len() {
            ..NAMED => (self.pointer(), message, set_aside),
            NAMED => (String::new(), MORE, None),
            _ => return,
        };
        self.oddities.push(Oddity {
            pointer,
            message,
            set_aside: set_aside.map(|value| String::from_utf8_lossy(value).into_owned()),
        });
    }

    /// RFC 6901.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for place in &self.within {
            pointer.push('/');
            match place {
                Place::Member(name) => {
                    pointer.push_str(&name.replace('~', "~0").replace('/', "~1"));
                }
                Place::Element(index) => pointer.push_str(&index.to_string()),
            }
        }
        pointer
    }
}

/// The length of the string that a text begins with, quotes included.
fn string_length(text: &[u8]) -> Option<usize> {
    let mut at = 1;
    loop {
        match text.get(at)? {
            b'"' => return Some(at + 1),
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
}

/// The length of the object or array that a text begins with, by its brackets alone.
fn nested_length(text: &[u8]) -> Option<usize> {
    let (mut at, mut depth) = (0_usize, 0_usize);
    loop {
        match text.get(at)? {
            b'"' => {
                at += string_length(text.get(at..)?)?;
                continue;
            }
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth -= 1,
            _ => {}
        }
        at += 1;
        if depth == 0 {
            return Some(at);
        }
    }
}

/// What a string says, and what was odd about it.
fn unescape(literal: &[u8]) -> (String, Option<&'static str>) {
    if let Ok(value) = serde_json::from_slice(literal) {
        return (value, None);
    }
    let inner = literal.get(1..literal.len() - 1).unwrap_or_default();
    let text = String::from_utf8_lossy(inner);
    let mut message = match &text {
        Cow::Borrowed(_) => CONTROL,
        Cow::Owned(_) => LOST,
    };
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        let meant = match character {
            '\\' => escaped(&mut characters),
            character => Some(character),
        };
        value.push(meant.unwrap_or_else(|| {
            message = LOST;
            char::REPLACEMENT_CHARACTER
        }));
    }
    (value, Some(message))
}

/// What an escape stands for, of which the backslash has been read.
fn escaped(characters: &mut Chars<'_>) -> Option<char> {
    match characters.next()? {
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'n' => Some('\n'),
        'r' => Some('\r'),
        't' => Some('\t'),
        'u' => unicode(characters),
        character => "\"\\/".contains(character).then_some(character),
    }
}

/// A character in UTF-16. Of a pair that does not belong together only the first half is read.
fn unicode(characters: &mut Chars<'_>) -> Option<char> {
    let first = code_unit(characters)?;
    let mut ahead = characters.clone();
    if let (Some('\\'), Some('u')) = (ahead.next(), ahead.next())
        && let Some(second) = code_unit(&mut ahead)
        && let Some(Ok(pair)) = char::decode_utf16([first, second]).next()
        && pair.len_utf16() == 2
    {
        *characters = ahead;
        return Some(pair);
    }
    char::from_u32(first.into())
}

fn code_unit(characters: &mut Chars<'_>) -> Option<u16> {
    let (digits, rest) = characters.as_str().split_at_checked(4)?;
    let is_hex = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    let unit = u16::from_str_radix(digits, 16).ok().filter(|_| is_hex)?;
    *characters = rest.chars();
    Some(unit)
}

#[cfg(test)]
mod tests;
