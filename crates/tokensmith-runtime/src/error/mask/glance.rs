//! A look at a short text, such as the id of a request, that allocates nothing.
//!
//! Each response with an id is looked at, and next to none holds a secret. What this cannot rule
//! out is looked at closely.

use super::escape;
use super::layer::{base64_digit, hex_digit};
use super::numbered_bytes;

/// How many bytes a text may have.
const LONGEST: usize = 64;

/// The length of runs that are compared: the shortest that gives a secret away.
const RUN: usize = 4;

/// How many words of bits there are for the hashes of runs.
const MARKS: usize = 1 << 7;

/// Runs of digits that are shorter encode nothing that gives a secret away.
const ENCODED: usize = 6;

/// Whether a text has no part of a secret, for sure but for base64 that happens to consist of
/// hexadecimal digits.
pub(super) fn is_clean<'s>(text: &str, secrets: impl Iterator<Item = &'s str> + Clone) -> bool {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    if text.len() > LONGEST || !text.bytes().all(is_plain) {
        return false;
    }
    // Escapes in a secret have more than one form.
    let has_escapes = |secret: &str| secret.bytes().any(|byte| b"%\\&".contains(&byte));
    if secrets.clone().any(has_escapes) {
        return false;
    }
    // Ids have few groups, and no short ones in a row.
    if numbered_bytes::may_list(text.as_bytes()) || has_groups(text) {
        return false;
    }
    let runs = Runs::of(secrets);
    let text = Short::of(text.bytes());
    let digits = Short::of(
        text.bytes()
            .iter()
            .copied()
            .filter(u8::is_ascii_alphanumeric),
    );
    let base64 = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
    let hexadecimal = |byte: u8| byte.is_ascii_hexdigit();
    // Base64 has other letters than `a` to `f`, too: of the ten digits that a run of seven characters
    // is, one in 40,000 has none.
    let is_hexadecimal = digits.bytes().iter().all(u8::is_ascii_hexdigit);
    runs.has_none_in(&text)
        && (is_hexadecimal
            || [0, 2, 4, 6]
                .into_iter()
                .all(|drop| runs.has_none_in_decoded(&text.decoded(base64, drop, 6, base64_digit))))
        && [0, 4]
            .into_iter()
            .all(|drop| runs.has_none_in_decoded(&digits.decoded(hexadecimal, drop, 4, hex_digit)))
}

/// Whether what is between the punctuation may be groups of something longer. Of hexadecimal digits
/// it is not: these are read whatever stands between them.
fn has_groups(text: &str) -> bool {
    let (mut last, mut is_last_hexadecimal) = (0, false);
    let (mut length, mut is_hexadecimal) = (0_usize, true);
    text.bytes().chain([b' ']).any(|byte| {
        if byte.is_ascii_alphanumeric() {
            length += 1;
            is_hexadecimal &= byte.is_ascii_hexdigit();
            return false;
        }
        if length == 0 {
            return false;
        }
        let is_next = length == last && !(is_hexadecimal && is_last_hexadecimal);
        let is_id = last >= 8 && is_last_hexadecimal;
        let is_rest = length < last && last.is_multiple_of(4) && !is_id;
        (last, is_last_hexadecimal) = (length, is_hexadecimal);
        (length, is_hexadecimal) = (0, true);
        is_next || is_rest
    })
}

/// The runs of secrets: as they are, and of their letters and digits alone.
struct Runs<S> {
    secrets: S,
    /// The bytes that secrets have, in lower case.
    known: Set<4>,
    /// Whether there may be a run, by a hash of it.
    marks: Set<MARKS>,
}

/// A set of small numbers.
struct Set<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Set<WORDS> {
    fn add(&mut self, number: usize) {
        if let Some(word) = self.0.get_mut(number / 64) {
            *word |= 1 << (number % 64);
        }
    }

    fn has(&self, number: usize) -> bool {
        let word = self.0.get(number / 64);
        word.is_some_and(|word| word & 1 << (number % 64) != 0)
    }
}

impl<'s, S: Iterator<Item = &'s str> + Clone> Runs<S> {
    fn of(secrets: S) -> Self {
        let (mut known, mut marks) = (Set([0; 4]), Set([0; MARKS]));
        for secret in secrets.clone() {
            for byte in secret.bytes() {
                known.add(byte.to_ascii_lowercase().into());
            }
            for run in runs_of(secret.as_bytes()) {
                marks.add(hash(run));
            }
        }
        Self {
            secrets,
            known,
            marks,
        }
    }

    fn has(&self, run: u32) -> bool {
        let mut secrets = self.secrets.clone();
        self.marks.has(hash(run))
            && secrets.any(|secret| runs_of(secret.as_bytes()).any(|other| other == run))
    }

    fn has_none_in(&self, text: &Short) -> bool {
        self.has_none(text.bytes().iter())
            && self.has_none(text.bytes().iter().filter(|byte| is_kept(**byte)))
    }

    /// Few runs consist of bytes that secrets have; only these are looked up.
    fn has_none<'b>(&self, mut bytes: impl Iterator<Item = &'b u8>) -> bool {
        let (mut run, mut known) = (0, 0);
        bytes.all(|byte| {
            let byte = byte.to_ascii_lowercase();
            run = run << 8 | u32::from(byte);
            known = if self.known.has(byte.into()) {
                known + 1
            } else {
                0
            };
            known < RUN || !self.has(run)
        })
    }

    /// What was decoded may hold what is encoded once more, or escaped.
    fn has_none_in_decoded(&self, text: &Short) -> bool {
        let bytes = text.bytes();
        let is_digit = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/-_".contains(byte);
        let is_encoded = bytes
            .split(|byte| !is_digit(byte))
            .any(|run| run.len() >= ENCODED);
        let is_escaped = || {
            // Next to no text that was decoded has one of these, and few that have it an escape.
            let marks = (0..bytes.len()).filter_map(|start| bytes.get(start..));
            let mut marks = marks.filter(|rest| matches!(rest, [b'%' | b'\\' | b'&', ..]));
            marks.any(escape::is_escape)
        };
        let is_number = |run: &[u8]| run.first().is_some_and(u8::is_ascii_digit);
        let numbers = bytes
            .split(|byte| !byte.is_ascii_digit())
            .filter(|run| is_number(run));
        !is_encoded
            && !is_escaped()
            && self.has_none_in(text)
            && (numbers.count() < ENCODED || self.has_none_in(&text.numbers()))
            && !numbered_bytes::may_list(bytes)
    }
}

fn hash(run: u32) -> usize {
    let hash = run.wrapping_mul(0x9e37_79b1) >> 16;
    hash as usize % (64 * MARKS)
}

/// What is left of a text when only its letters and digits count.
fn is_kept(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || !byte.is_ascii()
}

/// Each run of bytes, in lower case, and each of letters and digits alone.
fn runs_of(bytes: &[u8]) -> impl Iterator<Item = u32> {
    let kept = bytes.iter().filter(|byte| is_kept(**byte));
    sliding(bytes.iter()).chain(sliding(kept))
}

fn sliding<'b>(bytes: impl Iterator<Item = &'b u8>) -> impl Iterator<Item = u32> {
    let mut run = 0;
    let runs = bytes.map(move |byte| {
        run = run << 8 | u32::from(byte.to_ascii_lowercase());
        run
    });
    runs.skip(RUN - 1)
}

/// A text of at most [`LONGEST`] bytes.
struct Short {
    bytes: [u8; LONGEST],
    length: usize,
}

impl Short {
    fn of(bytes: impl Iterator<Item = u8>) -> Self {
        let mut text = Self {
            bytes: [0; LONGEST],
            length: 0,
        };
        bytes.for_each(|byte| text.push(byte));
        text
    }

    fn push(&mut self, byte: u8) {
        if let Some(place) = self.bytes.get_mut(self.length) {
            *place = byte;
            self.length += 1;
        }
    }

    fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// The bytes whose numbers it has.
    fn numbers(&self) -> Self {
        let runs = self.bytes().split(|byte| !byte.is_ascii_digit());
        let texts = runs.filter_map(|run| std::str::from_utf8(run).ok());
        Self::of(texts.filter_map(|text| text.parse().ok()))
    }

    /// What runs of digits stand for without their first bits: each digit is so many bits. Between
    /// two runs is a byte that no secret has.
    fn decoded(
        &self,
        belongs: impl Fn(u8) -> bool,
        drop: u32,
        bits: u32,
        digit: fn(u8) -> Option<u32>,
    ) -> Self {
        let mut decoded = Self::of(std::iter::empty());
        let runs = self.bytes().split(|byte| !belongs(*byte));
        for run in runs.filter(|run| run.len() >= ENCODED) {
            decoded.push(0);
            let (mut value, mut held, mut drop) = (0_u32, 0, drop);
            for digit in run.iter().map_while(|byte| digit(*byte)) {
                value = value << bits | digit;
                held += bits - drop;
                value &= (1 << held) - 1;
                drop = 0;
                if held >= 8 {
                    held -= 8;
                    let [.., byte] = (value >> held).to_be_bytes();
                    decoded.push(byte);
                    value &= (1 << held) - 1;
                }
            }
        }
        decoded
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

    use super::is_clean;
    use crate::error::mask::Mask;

    const SECRET: &str = "q83vEjRWeJCrze8S-NFZ4kA";

    #[test]
    fn usual_ids_need_no_close_look() {
        for id in [
            "",
            "5",
            "00000000-0000-4000-8000-000000000000",
            "f81d4fae-7dec-11d0-a765-00a0c91e6bf6",
            "0af7651916cd43dd8448eb211c80319c",
            "1c9e44c2-example",
            "req_7Tt2mLkYw0aZpXcQ",
        ] {
            assert!(
                is_clean(id, [SECRET, "hunter2-of-somebody"].into_iter()),
                "{id}"
            );
        }
    }

    #[test]
    fn what_is_clean_is_not_masked() {
        let hexadecimal: String = SECRET.bytes().map(|byte| format!("{byte:02x}")).collect();
        let base64 = STANDARD_NO_PAD.encode(format!("client:{SECRET}"));
        let twice = URL_SAFE_NO_PAD.encode(&hexadecimal);
        let echoes = [
            SECRET.to_owned(),
            SECRET.to_lowercase(),
            SECRET.replace('-', ""),
            format!("id.{}", &SECRET[3..14]),
            format!("id-{}", &hexadecimal[..30]),
            hexadecimal[1..].to_owned(),
            base64[2..].to_owned(),
            twice[..50].to_owned(),
        ];
        for echo in echoes {
            assert!(!is_clean(&echo, [SECRET].into_iter()), "{echo}");
        }
        // Whatever it says of parts of it, the close look never finds more.
        for start in 0..hexadecimal.len() {
            for text in [hexadecimal.as_str(), &base64, &twice, SECRET] {
                let Some(part) = text.get(start..) else {
                    continue;
                };
                let mut masked = part.to_owned();
                Mask::new([SECRET]).secrets_in(&mut masked);
                let is_clean = is_clean(part, [SECRET].into_iter());
                assert!(!is_clean || masked == part, "{part} becomes {masked}");
            }
        }
    }
}
