//! Lists in sentences, and what sentences say.

mod sentence;

pub(crate) use sentence::{sentences, unwrapped};

/// `a`, `a and b`, or `a, b and c`, with the conjunction that is given.
pub(crate) fn listed(parts: &[impl AsRef<str>], conjunction: &str) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}

/// The sentences of a text as `plain` has them, each behind a semicolon.
pub(crate) fn plain_sentences(text: &str) -> String {
    sentences(text).map(plain).collect::<Vec<_>>().join("; ")
}

/// A text in small letters, without marks of Markdown and with one space between words.
pub(crate) fn plain(text: &str) -> String {
    let bare = text.replace(['*', '`', '"'], "").to_lowercase();
    let words = bare.split_whitespace().map(|word| word.trim_matches('_'));
    words.collect::<Vec<_>>().join(" ")
}

/// Whether a description calls what it describes deprecated, and not something else that it names.
pub(crate) fn says_deprecated(description: Option<&str>) -> bool {
    let mut sentences = description.into_iter().flat_map(sentences);
    sentences.any(|written| {
        let sentence = plain(written);
        let sentence = sentence.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        // What stands between backticks is another thing: "The `client_id` parameter is deprecated".
        let names_another = written
            .split("eprecated")
            .next()
            .is_some_and(|text| text.contains('`'));
        begins_deprecated(sentence)
            || is_deprecated_itself(sentence) && !names_another
            || is_marked(sentence)
    })
}

/// Whether a sentence begins with the word and goes on about the same thing: "Deprecated since 2.0".
fn begins_deprecated(sentence: &str) -> bool {
    const NEXT: [&str; 23] = [
        "alias",
        "and",
        "as",
        "at",
        "attribute",
        "because",
        "by",
        "claim",
        "endpoint",
        "field",
        "form",
        "from",
        "header",
        "in",
        "member",
        "name",
        "operation",
        "parameter",
        "property",
        "since",
        "synonym",
        "use",
        "with",
    ];
    let Some(rest) = sentence.strip_prefix("deprecated") else {
        return false;
    };
    let mut words = rest.split_whitespace();
    let next = words.next().unwrap_or_default();
    // What follows a point, a colon or a dash is no longer what the word belongs to.
    let is_apart = next.chars().all(|letter| !letter.is_alphanumeric());
    !rest.starts_with(char::is_alphanumeric)
        && (!rest.starts_with(' ') || is_apart || NEXT.contains(&next))
}

/// Whether a sentence says it of its subject: "This parameter is deprecated".
fn is_deprecated_itself(sentence: &str) -> bool {
    const VERBS: [&str; 6] = ["has been", "is", "is being", "is now", "was", "will be"];
    const SUBJECTS: [&str; 11] = [
        "attribute",
        "claim",
        "endpoint",
        "field",
        "header",
        "it",
        "member",
        "operation",
        "parameter",
        "property",
        "this",
    ];
    /// More words make another subject likely: "This value and the old client id".
    const LONGEST: usize = 5;
    let Some((before, _)) = sentence.split_once(" deprecated") else {
        return false;
    };
    let subject = VERBS.iter().find_map(|verb| before.strip_suffix(verb));
    let words: Vec<&str> = subject.unwrap_or_default().split_whitespace().collect();
    let is_condition = words
        .first()
        .is_some_and(|word| ["if", "when"].contains(word));
    let last = words.last().is_some_and(|word| SUBJECTS.contains(word));
    last && !is_condition && words.len() <= LONGEST
}

/// Whether a sentence that names one thing has the word in brackets: "The old key (deprecated)".
fn is_marked(sentence: &str) -> bool {
    let marks = ["(deprecated)", "[deprecated]"];
    let before = marks.iter().find_map(|mark| sentence.split_once(mark));
    before.is_some_and(|(before, _)| {
        !before.contains([',', ':'])
            && ![" or ", " and ", " of ", " than "]
                .iter()
                .any(|word| before.contains(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_stands_behind_the_conjunction() {
        let none: [&str; 0] = [];
        assert_eq!(listed(&none, "and"), "");
        assert_eq!(listed(&["a"], "and"), "a");
        assert_eq!(listed(&["a", "b"], "or"), "a or b");
        assert_eq!(listed(&["a", "b", "c"], "and"), "a, b and c");
    }

    #[test]
    fn what_is_described_is_deprecated_and_nothing_else() {
        for text in [
            "Deprecated.",
            "**Deprecated**: use `b`.",
            "[DEPRECATED] The old key.",
            "(deprecated) The old key.",
            "The old key (deprecated).",
            "The old key. Deprecated since 2.0",
            "Deprecated in favour of `b`.",
            "This is deprecated.",
            "This parameter has been deprecated.",
            "Please note that this field is deprecated.",
            "The key; it is now deprecated",
            "Deprecated - use `b`.",
            "The key.\n\nDeprecated at version 2. It is not sent any more.",
        ] {
            assert!(says_deprecated(Some(text)), "{text}");
        }
        for text in [
            "Replaces the deprecated `key`.",
            "Deprecated clients send it instead of `key`.",
            "Required unless the deprecated key is sent.",
            "One of `new` or `old` (deprecated).",
            "Values: `a`, `b` (deprecated).",
            "The password grant is deprecated; use this with the code grant.",
            "If it is deprecated, the response says so.",
            "Not deprecated.",
            "The `client_id` parameter is deprecated.",
            "",
        ] {
            assert!(!says_deprecated(Some(text)), "{text}");
        }
        assert!(!says_deprecated(None));
    }

    #[test]
    fn a_plain_text_has_no_marks() {
        assert_eq!(
            plain(" **Not**\n_required_ if `a_b`"),
            "not required if a_b"
        );
    }
}
