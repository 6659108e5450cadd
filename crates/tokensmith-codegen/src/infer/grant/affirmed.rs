//! What a text says that there is, and not what it says that there is not.

/// What denies whatever stands in the same part of a sentence.
const DENIALS: [&str; 19] = [
    "aren't",
    "disabled",
    "isn't",
    "n't send",
    "n't supported",
    "n't use",
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
pub(super) fn affirmed(text: &str, is_named: impl Fn(&str) -> bool) -> Vec<&str> {
    let mut affirmed = Vec::new();
    for sentence in sentences(text) {
        let parts: Vec<&str> = sentence.split(',').collect();
        for (index, part) in parts.iter().enumerate() {
            if is_named(part) && !is_denied(part, &parts[index + 1..], &is_named) {
                affirmed.push(*part);
            }
        }
    }
    affirmed
}

/// Whether the text before a name denies it: `not`, `other than`.
pub(super) fn denies_what_follows(before: &str) -> bool {
    let before = before
        .trim_end_matches(|letter: char| letter.is_whitespace() || "`'\"*(".contains(letter))
        .to_lowercase();
    let before = before.strip_suffix(" the").unwrap_or(&before);
    DENYING_WORDS.iter().any(|word| {
        let rest = before.strip_suffix(word);
        rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
    })
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split([';', '\n', '!', '?'])
        .flat_map(|line| line.split(". "))
}

/// Whether a part is denied: by itself, or by what follows it, where it is an item of a list or where that speaks of it.
fn is_denied(part: &str, following: &[&str], is_named: impl Fn(&str) -> bool) -> bool {
    let denies = |part: &str| {
        let lower = part.to_lowercase().replace('’', "'");
        DENIALS.iter().any(|denial| lower.contains(denial))
    };
    if denies(part) {
        return true;
    }
    let Some(next) = following.first() else {
        return false;
    };
    let begins_clause = ["which ", "that ", "but "]
        .iter()
        .any(|word| next.trim_start().starts_with(word));
    let is_item = !part.trim().contains(' ');
    if begins_clause && !is_named(next) {
        return denies(next);
    }
    is_item && is_named(next) && is_denied(next, &following[1..], is_named)
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
            ("pass must not be empty", true),
            ("This is deprecated. Send pass", true),
            ("It's not allowed without a secret. Send pass", true),
        ] {
            assert_eq!(!affirmed(text, names).is_empty(), expected, "{text}");
        }
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
