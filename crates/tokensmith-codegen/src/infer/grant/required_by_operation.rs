//! Parameters that the description of an operation calls required: "Requires the `audience` parameter."

use std::collections::BTreeMap;

use super::negation::denies_what_follows;
use super::required_in_words::{InWords, beginning, is_conditional, is_named, names_other_grant};
use crate::prose::sentences;

/// What stands before the name of a parameter that has to be sent.
const BEFORE: [&str; 13] = [
    "must contain",
    "must have",
    "must include",
    "must pass",
    "must provide",
    "must send",
    "must specify",
    "must supply",
    "require",
    "required fields:",
    "required parameters:",
    "required query parameters:",
    "requires",
];

/// Who has to send a parameter that "must include" is said of.
const SENDERS: [&str; 14] = [
    "app",
    "application",
    "applications",
    "apps",
    "body",
    "call",
    "caller",
    "callers",
    "calls",
    "client",
    "clients",
    "request",
    "requests",
    "you",
];

/// What is no request, and may require members of its own.
const OTHERS: [&str; 6] = [
    "assertion",
    "jwt",
    "payload",
    "response",
    "responses",
    "token",
];

/// Words by which a sentence holds for some requests only.
const ALTERNATIVES: [&str; 4] = [" either ", " except ", " or ", " unless "];

/// What may stand between the name of a parameter and what is said of it.
const KINDS: [&str; 8] = [
    "query",
    "body",
    "form",
    "header",
    "request",
    "url",
    "field",
    "parameter",
];

/// What stands behind the name of a parameter that has to be sent.
const BEHIND: [&str; 9] = [
    "is mandatory",
    "is required",
    "must be given",
    "must be included",
    "must be present",
    "must be provided",
    "must be sent",
    "must be specified",
    "must be supplied",
];

/// The parameters between backticks that a description calls required in requests of a grant, in small letters.
pub(super) fn named(description: &str, grant: &str) -> BTreeMap<String, InWords> {
    let whole = beginning(description);
    let mut found = BTreeMap::new();
    for sentence in sentences(&whole) {
        if names_other_grant(sentence, grant) {
            continue;
        }
        let mut is_listed = false;
        let mut end = 0;
        while let Some((name, place)) = code(sentence, end) {
            let (before, behind) = (&sentence[..place.start], &sentence[place.end..]);
            let is_next = is_listed && joins(&sentence[end..place.start]);
            end = place.end;
            let said = is_next.then_some("").or_else(|| said_of(before, behind));
            is_listed = said.is_some();
            let Some(said) = said else { continue };
            let condition = format!("{before} {}", behind.replacen(said, "", 1));
            let is_bound = [" if ", " when "]
                .iter()
                .any(|word| condition.contains(word));
            let is_of_some = is_conditional(&condition)
                || ALTERNATIVES.iter().any(|word| sentence.contains(word))
                || is_bound && !is_named(sentence, grant)
                || begins_with_purpose(sentence);
            let in_words = match is_of_some {
                true => InWords::Sometimes,
                false => InWords::Required,
            };
            found.entry(name.to_owned()).or_insert(in_words);
        }
    }
    found
}

/// The words behind a name that call it required; empty where those before it do.
fn said_of<'t>(before: &str, behind: &'t str) -> Option<&'t str> {
    let before = before.trim_end();
    let mut plain = before;
    for article in ["the", "a", "an", "both"] {
        plain = plain
            .strip_suffix(article)
            .filter(|rest| rest.ends_with(' '))
            .map_or(plain, str::trim_end);
    }
    let verb = BEFORE.iter().find_map(|verb| plain.strip_suffix(verb));
    let is_word = |rest: &str| !rest.ends_with(char::is_alphanumeric);
    if let Some(rest) = verb.filter(|rest| is_word(rest)) {
        let is_denied = denies_what_follows(rest) || rest.trim_end().ends_with("no longer");
        return (!is_denied && is_of_requests(rest, plain)).then_some("");
    }
    let mut rest = behind.trim_start();
    for kind in KINDS {
        rest = rest.strip_prefix(kind).map_or(rest, str::trim_start);
    }
    BEHIND
        .iter()
        .find(|said| rest.starts_with(**said))
        .map(|said| &rest[..said.len()])
}

/// Whether the subject of a verb is a request, or who sends or takes one.
fn is_of_requests(subject: &str, with_verb: &str) -> bool {
    let words = subject.split(|letter: char| !letter.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let last = words.last().copied().unwrap_or_default();
    let is_sender = last.is_empty() || SENDERS.contains(&last);
    let is_part = words.iter().any(|word| ["certain", "some"].contains(word));
    let is_demanded = with_verb[subject.len()..].starts_with("must");
    !is_part && !OTHERS.contains(&last) && (is_sender || !is_demanded)
}

/// Whether a sentence begins with what it is about, so that it may be true of some requests only.
fn begins_with_purpose(sentence: &str) -> bool {
    let start = sentence.trim_start_matches(|letter: char| !letter.is_alphanumeric());
    let mut words = ["by ", "for ", "if ", "to ", "when ", "with "].iter();
    words.any(|word| start.starts_with(word))
}

/// Whether a text stands between two names of which both have to be sent.
fn joins(between: &str) -> bool {
    let words = between.split(|letter: char| letter.is_whitespace() || letter == ',');
    words
        .filter(|word| !word.is_empty())
        .all(|word| ["and", "the"].contains(&word))
}

/// The next name between backticks, and where it stands with them.
fn code(text: &str, from: usize) -> Option<(&str, std::ops::Range<usize>)> {
    let start = from + text[from..].find('`')?;
    let end = start + 1 + text[start + 1..].find('`')?;
    Some((&text[start + 1..end], start..end + 1))
}

#[cfg(test)]
mod tests {
    use super::InWords::{Required, Sometimes};
    use super::*;

    fn said(text: &str) -> Vec<(String, InWords)> {
        named(text, "client_credentials").into_iter().collect()
    }

    #[test]
    fn what_an_operation_requires_is_named() {
        for text in [
            "**Important**: As of July, the server requires the `site` query parameter in token requests.",
            "Gives a token. Requests must include `site`.",
            "The `site` parameter is required.",
            "The `Site` header must be provided.",
            "Required parameters: `site`.",
        ] {
            assert_eq!(said(text), [("site".to_owned(), Required)], "{text}");
        }
        let two = "Required parameters: `site`, and `audience`. `scope` is looked at.";
        let both = ["audience", "site"].map(|name| (name.to_owned(), Required));
        assert_eq!(said(two), both);
    }

    #[test]
    fn what_holds_for_some_requests_is_told_so() {
        for text in [
            "The `site` parameter is required if a user signs in.",
            "For public clients, the request must include `site`.",
            "To switch, the request must include `site`.",
            "The `site` parameter is required unless `audience` is sent.",
            "Requests must include `site` or `audience`.",
        ] {
            assert_eq!(said(text), [("site".to_owned(), Sometimes)], "{text}");
        }
    }

    #[test]
    fn what_is_not_said_of_the_grant_is_not_taken() {
        for text in [
            "The server does not require `site`.",
            "The server no longer requires the `site` parameter.",
            "Requires one of `site` or `audience`; see `scope`.",
            "The refresh token grant requires `site`.",
            "With `grant_type=authorization_code`, `site` is required.",
            "Requires the scope `site`.",
            "The assertion must contain `iss`, `site` and `aud`.",
            "The JWT must include `site`.",
            "Some APIs require `site`.",
            "See `site`.",
        ] {
            assert_eq!(said(text), [], "{text}");
        }
    }
}
