//! Words that stand in every server's texts about refusals.
//!
//! A client secret such as `secret`, or `my-client-secret`, must not take them out of `Invalid
//! client secret`: that would tell more than it hides.

use std::ops::Range;

const WORDS: [&str; 46] = [
    "access",
    "an",
    "and",
    "are",
    "auth",
    "authentication",
    "authorization",
    "basic",
    "bearer",
    "client",
    "code",
    "credentials",
    "error",
    "expired",
    "failed",
    "for",
    "grant",
    "header",
    "id",
    "in",
    "incorrect",
    "invalid",
    "is",
    "key",
    "missing",
    "not",
    "of",
    "or",
    "provided",
    "redirect",
    "refresh",
    "request",
    "required",
    "response",
    "scope",
    "secret",
    "server",
    "the",
    "to",
    "token",
    "type",
    "unauthorized",
    "uri",
    "user",
    "was",
    "wrong",
];

/// What texts say behind `Bearer` and `DPoP`, beside the words above.
const OF_SCHEMES: [&str; 28] = [
    "authenticate",
    "authorized",
    "binding",
    "challenge",
    "credential",
    "disabled",
    "empty",
    "enabled",
    "example",
    "expected",
    "format",
    "forbidden",
    "malformed",
    "method",
    "mismatch",
    "nonce",
    "prefix",
    "present",
    "presented",
    "proof",
    "realm",
    "rejected",
    "scheme",
    "string",
    "supported",
    "syntax",
    "unsupported",
    "value",
];

/// Whether a word is one that stands behind the name of a scheme, or several of them.
pub(super) fn is_of_schemes(word: &str) -> bool {
    let is_known = |word: &str| {
        let mut known = WORDS.iter().chain(&OF_SCHEMES);
        known.any(|known| word.eq_ignore_ascii_case(known))
    };
    atoms(word).all(|atom| {
        let singular = atom.strip_suffix(['s', 'S']).unwrap_or(atom);
        is_known(atom) || is_known(singular)
    })
}

/// The words that a name such as `invalid_client` is put together of.
pub(super) fn atoms(word: &str) -> impl Iterator<Item = &str> {
    word.split(['_', '-', '.', '/', ':', '\''])
}

/// A word that is as long may be a secret of its own.
const TELLING: usize = 8;

/// Whether the words at a place are usual ones: one that is short, or several in a row of which the
/// secret has the letters.
pub(super) fn is_usual(text: &str, span: &Range<usize>, run: usize, is_squeezed: bool) -> bool {
    let is_letter = |character: char| character.is_alphanumeric();
    let (Some(before), Some(inner), Some(after)) = (
        text.get(..span.start),
        text.get(span.clone()),
        text.get(span.end..),
    ) else {
        return false;
    };
    let start = before.trim_end_matches(is_letter).len();
    let end = text.len() - after.trim_start_matches(is_letter).len();
    let words = text.get(start..end).unwrap_or_default();
    let mut words = words.split(char::is_whitespace);
    let is_prose = is_squeezed && inner.contains(char::is_whitespace);
    let is_usual = |word: &str| WORDS.iter().any(|usual| word.eq_ignore_ascii_case(usual));
    words.all(|word| is_usual(word) && (is_prose || word.len() < TELLING && run < TELLING))
}
