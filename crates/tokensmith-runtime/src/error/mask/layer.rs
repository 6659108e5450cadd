//! A text at one level of encoding, of which each byte knows where in the original text it stands.

use std::ops::Range;

use super::escape::escape;
use super::numbered_bytes::Radix;
use super::{fold, invisible};

/// How often a text may have been escaped.
const ESCAPED: usize = 4;

/// Runs that are shorter encode nothing that gives a secret away.
pub(super) const SHORTEST: usize = 6;

/// Bytes, in lower case where they are letters, and the parts of the original text that they are
/// of.
#[derive(Default)]
pub(super) struct Layer {
    bytes: Vec<u8>,
    /// As they were, for what is encoded in them.
    cased: Vec<u8>,
    spans: Vec<Range<usize>>,
}

impl Layer {
    /// The text itself.
    pub(super) fn of(text: &str) -> Self {
        let mut layer = Self::default();
        for (index, byte) in text.bytes().enumerate() {
            layer.push(byte, index..index + 1);
        }
        layer
    }

    fn push(&mut self, byte: u8, span: Range<usize>) {
        self.cased.push(byte);
        self.bytes.push(byte.to_ascii_lowercase());
        self.spans.push(span);
    }

    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The layer as text of the same length.
    pub(super) fn text(&self) -> String {
        let ascii = |byte: &u8| {
            if byte.is_ascii() {
                char::from(*byte)
            } else {
                'x'
            }
        };
        self.cased.iter().map(ascii).collect()
    }

    /// Where in the original text some bytes stand.
    pub(super) fn span(&self, range: Range<usize>) -> Range<usize> {
        let spans = self.spans.get(range).unwrap_or_default();
        match (spans.first(), spans.last()) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }

    fn span_at(&self, index: usize) -> Range<usize> {
        self.spans.get(index).cloned().unwrap_or_default()
    }

    /// Letters and digits alone: what is left of a text whatever stands between them, and however
    /// they are drawn.
    pub(super) fn squeezed(&self) -> Self {
        let mut layer = Self::default();
        let mut index = 0;
        while let Some(rest) = self.cased.get(index..)
            && let Some(byte) = rest.first()
        {
            let character = (!byte.is_ascii()).then(|| first_character(rest)).flatten();
            let length = character.map_or(1, char::len_utf8);
            let span = self.span(index..index + length);
            match character {
                Some(character) => match fold::plain(character) {
                    Some(plain) => layer.push(plain, span),
                    None if invisible::is(character) || !character.is_alphanumeric() => {}
                    None => {
                        for byte in rest.get(..length).unwrap_or_default() {
                            layer.push(*byte, span.clone());
                        }
                    }
                },
                None if byte.is_ascii_alphanumeric() || !byte.is_ascii() => layer.push(*byte, span),
                None => {}
            }
            index += length;
        }
        layer
    }

    /// What is left without the tags of HTML, if there are any.
    pub(super) fn untagged(&self) -> Option<Self> {
        /// The longest tag that is left out.
        const LONGEST: usize = 64;
        let last = self.cased.iter().rposition(|byte| *byte == b'>')?;
        let mut layer = Self::default();
        let mut index = 0;
        while let Some(rest) = self.cased.get(index..)
            && let Some(byte) = rest.first()
        {
            let begins = rest
                .get(1)
                .is_some_and(|next| next.is_ascii_alphabetic() || *next == b'/');
            let end = (*byte == b'<' && begins && index < last)
                .then(|| rest.iter().take(LONGEST).position(|byte| *byte == b'>'))
                .flatten();
            match end {
                Some(end) => index += end + 1,
                None => {
                    layer.push(*byte, self.span_at(index));
                    index += 1;
                }
            }
        }
        (layer.len() != self.len()).then_some(layer)
    }

    /// Everything but spaces, line breaks, and `+`, which stands for a space in forms.
    pub(super) fn unspaced(&self) -> Self {
        self.of_bytes(|byte| !byte.is_ascii_whitespace() && byte != b'+')
    }

    /// Whether it holds what an escape begins with.
    pub(super) fn has_escapes(&self) -> bool {
        self.bytes.iter().any(|byte| b"%\\&".contains(byte))
    }

    /// The layer, and what is left of it each time that escapes are read.
    pub(super) fn levels(self) -> impl Iterator<Item = Self> {
        std::iter::successors(Some(self), Self::unescaped).take(1 + ESCAPED)
    }

    /// Characters that nobody sees go, too.
    fn of_bytes(&self, is_kept: impl Fn(u8) -> bool) -> Self {
        let mut layer = Self::default();
        let mut index = 0;
        while let Some(rest) = self.cased.get(index..)
            && let Some(byte) = rest.first()
        {
            if let Some(length) = invisible::length(rest) {
                index += length;
                continue;
            }
            if is_kept(*byte) {
                layer.push(*byte, self.span_at(index));
            }
            index += 1;
        }
        layer
    }

    /// What is left when escapes are read: of URLs, of JSON and programming languages, of HTML.
    /// `None` if there are none.
    pub(super) fn unescaped(&self) -> Option<Self> {
        let mut layer = Self::default();
        let mut index = 0;
        while let Some(rest) = self.cased.get(index..).filter(|rest| !rest.is_empty()) {
            let (bytes, length) = match escape(rest) {
                Some((character, length)) => (character, length),
                None => (vec![*rest.first()?], 1),
            };
            let span = self.span(index..index + length);
            for byte in bytes {
                layer.push(byte, span.clone());
            }
            index += length;
        }
        (layer.len() != self.len()).then_some(layer)
    }

    /// What may be encoded in it: runs of base64, and lists of the numbers of bytes.
    pub(super) fn encoded(&self) -> impl Iterator<Item = Self> {
        self.base64().into_iter().chain(self.numbers())
    }

    /// What base64 in groups or lines stands for, as `WnE3 L0tw K3cz`, whatever is between them.
    pub(super) fn encoded_in_groups(&self) -> impl Iterator<Item = Self> {
        let joined = [&b"+/-_"[..], b"+/"].into_iter().map(|symbols| {
            self.of_bytes(|byte| byte.is_ascii_alphanumeric() || symbols.contains(&byte))
        });
        joined.flat_map(|layer| layer.base64())
    }

    /// From each of the bits at which bytes can begin: what is cut begins within four characters.
    fn base64(&self) -> [Self; 4] {
        let belongs = |byte: u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte);
        [0, 2, 4, 6].map(|drop| self.decoded(belongs, drop, 6, base64_digit))
    }

    /// What runs of hexadecimal digits stand for.
    pub(super) fn hexadecimal(&self) -> impl Iterator<Item = Self> {
        let belongs = |byte: u8| byte.is_ascii_hexdigit();
        [0, 4]
            .map(|drop| self.decoded(belongs, drop, 4, hex_digit))
            .into_iter()
    }

    /// What all runs stand for without so many of their first bits; between them is a byte that no
    /// secret has.
    fn decoded(
        &self,
        belongs: fn(u8) -> bool,
        drop: u32,
        bits: u32,
        digit: fn(u8) -> Option<u32>,
    ) -> Self {
        let mut layer = Self::default();
        for run in self.runs(belongs).filter(|run| run.len() >= SHORTEST) {
            layer.push(0, self.span_at(run.start));
            self.join(run, (drop, bits), digit, &mut layer);
        }
        layer
    }

    fn runs(&self, belongs: impl Fn(u8) -> bool) -> impl Iterator<Item = Range<usize>> {
        let mut index = 0;
        self.cased
            .split(move |byte| !belongs(*byte))
            .map(move |run| {
                let start = index;
                index += run.len() + 1;
                start..start + run.len()
            })
    }

    /// Adds the bytes that digits of so many bits make up, without the first bits of the first one.
    fn join(
        &self,
        run: Range<usize>,
        (mut drop, bits): (u32, u32),
        digit: fn(u8) -> Option<u32>,
        layer: &mut Self,
    ) {
        let (mut value, mut held, mut start) = (0_u32, 0, run.start);
        for index in run {
            let Some(digit) = self.cased.get(index).and_then(|byte| digit(*byte)) else {
                break;
            };
            value = value << bits | digit;
            held += bits - drop;
            value &= (1 << held) - 1;
            drop = 0;
            if held >= 8 {
                held -= 8;
                let [.., byte] = (value >> held).to_be_bytes();
                layer.push(byte, self.span(start..index + 1));
                value &= (1 << held) - 1;
                start = if held == 0 { index + 1 } else { index };
            }
        }
    }

    /// `[83, 51, 99]`, `0x53 0x33`: what programs print of bytes.
    fn numbers(&self) -> impl Iterator<Item = Self> {
        let layers = Radix::ALL.into_iter().map(|radix| {
            let mut layer = Self::default();
            for run in self.runs(radix.is_of_run()) {
                let digits = self.cased.get(run.clone()).unwrap_or_default();
                if let Some(byte) = radix.number(digits) {
                    layer.push(byte, self.span(run));
                }
            }
            layer
        });
        layers.filter(|layer| layer.len() >= SHORTEST)
    }
}

pub(super) fn base64_digit(byte: u8) -> Option<u32> {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' | b'-' => 62,
        b'/' | b'_' => 63,
        _ => return None,
    };
    Some(digit.into())
}

pub(super) fn hex_digit(byte: u8) -> Option<u32> {
    char::from(byte).to_digit(16)
}

/// The character that bytes begin with, if they are text.
fn first_character(bytes: &[u8]) -> Option<char> {
    let length = match bytes.first()? {
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return None,
    };
    let text = std::str::from_utf8(bytes.get(..length)?).ok()?;
    text.chars().next()
}
