//! What a text says that there is, and not what it says that there is not.

use crate::prose::sentences;

/// What denies whatever stands in the same part of a sentence.
const DENIALS: [&str; 21] = [
    "aren't",
    "disabled",
    "isn't",
    "n't send",
    "n't supported",
    "n't use",
    "never send",
    "never use",
    "no longer",
    "not accepted",
    "not allowed",
    "not available",
    "not be used",
    "not implemented",
    "not permitted",
    "not send",
    "not supported",
    "not use",
    "not valid",
    "not yet",
    "unsupported",
];
/// What denies the word behind it.
const DENYING_WORDS: [&str; 9] = [
    "except",
    "excluding",
    "instead of",
    "no",
    "nor",
    "not",
    "other than",
    "rather than",
    "without",
];

/// Returns the parts of a text's sentences in which `is_named` finds something that the text does not deny.
///
/// `is_named` is given what stands between commas: a name in a list, or a clause.
pub(crate) fn affirmed(text: &str, is_named: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut affirmed = Vec::new();
    for sentence in sentences(text) {
        let parts = sentence.split(',').map(|part| (part, is_named(part)));
        let parts: Vec<(&str, bool)> = parts.collect();
        if parts.iter().all(|(_, is_named)| !is_named) {
            continue;
        }
        let mut found = Vec::new();
        // From the last one: what denies a list stands behind its items.
        let mut behind: Option<Part<'_>> = None;
        for (text, is_named) in parts.into_iter().rev() {
            let is_denied = denies(text) || behind.is_some_and(|behind| behind.denies(text));
            if is_named && !is_denied {
                found.push(text);
            }
            behind = Some(Part {
                text,
                is_named,
                is_denied,
            });
        }
        affirmed.extend(found.into_iter().rev());
    }
    affirmed
}

/// What stands between two commas of a sentence.
#[derive(Clone, Copy)]
struct Part<'t> {
    text: &'t str,
    is_named: bool,
    is_denied: bool,
}

impl Part<'_> {
    /// Whether it denies the part before it: as a clause about that, or as the rest of a list that is denied.
    fn denies(&self, before: &str) -> bool {
        if self.is_named {
            let is_item = !before.trim().contains(' ');
            return is_item && self.is_denied && !self.denies_itself_alone();
        }
        let begins_clause = ["which ", "that ", "but "]
            .iter()
            .any(|word| self.text.trim_start().starts_with(word));
        begins_clause && denies(self.text)
    }

    /// Whether what it denies is one thing, and not the end of a list: "`password` is not
    /// supported".
    fn denies_itself_alone(&self) -> bool {
        let lower = self.text.trim_start().to_lowercase().replace('’', "'");
        let joins = ["and ", "nor ", "or "];
        let ends_list = joins.iter().any(|word| lower.starts_with(word));
        let is_singular = [" is ", " isn't "].iter().any(|verb| lower.contains(verb));
        is_singular && !ends_list
    }
}

fn denies(part: &str) -> bool {
    let lower = part.to_lowercase().replace('’', "'");
    DENIALS.iter().any(|denial| lower.contains(denial))
}

/// Whether the text before a name denies it: `not`, `other than`.
pub(super) fn denies_what_follows(before: &str) -> bool {
    /// More characters than the longest of the words, `the` and a space have.
    const LONGEST: usize = 20;
    let before =
        before.trim_end_matches(|letter: char| letter.is_whitespace() || "`'\"*(".contains(letter));
    let last = before.char_indices().rev().nth(LONGEST);
    let before = before[last.map_or(0, |(at, _)| at)..].to_lowercase();
    let before = before.strip_suffix(" the").unwrap_or(&before);
    DENYING_WORDS.iter().any(|word| {
        let rest = before.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_denied_is_not_affirmed() {
        let names = |part: &str| part.contains("pass");
        for (text, expected) in [
            ("One of code, pass.", true),
            ("pass is not supported", false),
            ("Do not use pass; use code", false),
            ("code, pass, pass2 and pass3 aren't accepted", false),
            ("pass, which is no longer accepted", false),
            ("pass, pass2 are not accepted", false),
            ("pass, or pass2 is not accepted", false),
            ("pass, pass2 is not accepted", true),
            ("pass, pass2 isn’t accepted", true),
            ("pass must not be empty", true),
            ("This is deprecated. Send pass", true),
            ("It's not allowed without a secret. Send pass", true),
        ] {
            assert_eq!(!affirmed(text, names).is_empty(), expected, "{text}");
        }
    }

    #[test]
    fn long_lists_are_read_in_one_pass() {
        let list = "pass,".repeat(50_000);
        assert_eq!(affirmed(&list, |part| part == "pass").len(), 50_000);
        let denied = list + " and pass are not accepted";
        assert!(affirmed(&denied, |part| part.contains("pass")).is_empty());
    }

    #[test]
    fn a_word_denies_what_it_stands_before() {
        for before in ["it is not `", "Anything other than ", "client, not the "] {
            assert!(denies_what_follows(before), "{before}");
        }
        for before in ["a knot ", "not the value of "] {
            assert!(!denies_what_follows(before), "{before}");
        }
    }
}
