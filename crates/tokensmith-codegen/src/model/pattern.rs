//! Regular expressions of a document, within bounds.
//!
//! regex-lite takes as long as the compiled expression is large, for each character of the text, and a count in braces makes an
//! expression as large as anybody likes. The runtime matches what is kept here, so that the bounds hold there as well.

use regex_lite::{Error, Regex, RegexBuilder};

/// The largest expression, compiled, in bytes as regex-lite counts them: some 30,000 steps a character.
const MAX_SIZE: usize = 1 << 20;
/// Larger expressions are matched with short texts only.
const SMALL_SIZE: usize = 32 << 10;
/// The longest text that a small expression is matched with, in bytes, and the longest for any other.
const MAX_TEXT: usize = 8_000;
const MAX_TEXT_OF_LARGE: usize = 500;

/// An expression that the runtime can match as well.
pub(crate) struct Pattern {
    regex: Regex,
    is_small: bool,
}

impl Pattern {
    pub(crate) fn new(pattern: &str) -> Result<Self, Error> {
        let compile = |size| RegexBuilder::new(pattern).size_limit(size).build();
        if let Ok(regex) = compile(SMALL_SIZE) {
            let is_small = true;
            return Ok(Self { regex, is_small });
        }
        compile(MAX_SIZE).map(|regex| Self {
            regex,
            is_small: false,
        })
    }

    /// How many parts of a schema take as long as this expression.
    pub(crate) fn parts(&self) -> usize {
        if self.is_small { 10 } else { 1_000 }
    }

    /// How many steps a match with this text takes, each of up to a hundred of the engine's.
    pub(crate) fn steps(&self, text: &str) -> usize {
        text.len()
            .saturating_mul(if self.is_small { 8 } else { 256 })
    }

    /// Whether the text matches; true where it is too long to be tried.
    pub(crate) fn allows(&self, text: &str) -> bool {
        let longest = if self.is_small {
            MAX_TEXT
        } else {
            MAX_TEXT_OF_LARGE
        };
        text.len() > longest || self.regex.is_match(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_of_vendors_are_taken_and_those_that_explode_are_not() {
        for pattern in [
            "^[a-z]+$",
            "^[A-Za-z0-9._~-]{1,2048}$",
            r"^\d{3}-\w+@(x|y)\.z?$",
        ] {
            assert!(Pattern::new(pattern).is_ok(), "{pattern}");
        }
        for pattern in ["(((a{100}){100}){100}){100}", "(a|b"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }

    #[test]
    fn a_text_is_tried_if_that_ends_soon() {
        let pattern = Pattern::new("^((a*)*)*$").expect("is small");
        assert!(pattern.allows("aaa") && !pattern.allows("aab"));
        assert!(pattern.allows(&"b".repeat(MAX_TEXT + 1)));
    }
}
