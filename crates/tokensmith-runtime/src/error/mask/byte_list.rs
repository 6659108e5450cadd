//! Bytes that are written one by one in hexadecimal digits: a credential, or a part of one.

use std::ops::Range;

/// So many bytes with a mark before each, as `0x5a`, are no accident.
const FEWEST_MARKED: usize = 4;
/// The same for pairs of digits.
const FEWEST_PAIRS: usize = 8;

/// The lists of bytes among the tokens of a text.
pub(super) fn find<'t>(tokens: impl Iterator<Item = (Range<usize>, &'t str)>) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut list = List::default();
    for (range, token) in tokens {
        match Byte::of(token) {
            Some(byte) => list.add(&range, byte),
            None => found.extend(std::mem::take(&mut list).end()),
        }
    }
    found.extend(list.end());
    found
}

enum Byte {
    Marked,
    /// Whether there is a letter among the digits.
    Pair(bool),
}

impl Byte {
    fn of(token: &str) -> Option<Self> {
        let digits = token.strip_prefix("0x").or(token.strip_prefix("0X"));
        let is_byte =
            |digits: &str| digits.len() == 2 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
        match digits {
            Some(digits) => is_byte(digits).then_some(Self::Marked),
            None => is_byte(token)
                .then(|| Self::Pair(token.bytes().any(|byte| byte.is_ascii_alphabetic()))),
        }
    }
}

#[derive(Default)]
struct List {
    range: Range<usize>,
    marked: usize,
    pairs: usize,
    has_letters: bool,
}

impl List {
    fn add(&mut self, range: &Range<usize>, byte: Byte) {
        if self.marked + self.pairs == 0 {
            self.range.start = range.start;
        }
        self.range.end = range.end;
        match byte {
            Byte::Marked => self.marked += 1,
            Byte::Pair(has_letters) => {
                self.pairs += 1;
                self.has_letters |= has_letters;
            }
        }
    }

    fn end(self) -> Option<Range<usize>> {
        let is_list =
            self.marked >= FEWEST_MARKED || self.pairs >= FEWEST_PAIRS && self.has_letters;
        is_list.then_some(self.range)
    }
}
