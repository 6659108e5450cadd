//! The grants that a text names, by their values or in words.

use std::collections::BTreeSet;

use openapiv3::Operation as ApiOperation;

use super::negation;
use crate::model::rfc;
use crate::prose;

/// The grants that a text names, by their values or in words.
pub(super) fn in_words(text: &str) -> BTreeSet<String> {
    let mut grants = named(text);
    let lower = text.to_lowercase().replace('-', " ");
    for (phrase, value) in [
        ("client credentials", "client_credentials"),
        ("authorization code", "authorization_code"),
    ] {
        let is_here = |part: &str| {
            let mut found = part.match_indices(phrase);
            found.any(|(start, _)| !negation::denies_what_follows(&part[..start]))
        };
        if !negation::affirmed(&lower, is_here).is_empty() {
            grants.insert(value.to_owned());
        }
    }
    grants
}

/// The grants whose values stand in a text that does not deny them: as words of their own, between quotes where they are plain words.
pub(super) fn named(text: &str) -> BTreeSet<String> {
    let values = rfc::GRANTS.iter().map(|grant| grant.value);
    let values: Vec<&str> = values.filter(|value| text.contains(value)).collect();
    // All of them at once: what denies a list stands behind the last of it.
    let is_named = |part: &str| values.iter().any(|value| names(part, value));
    let affirmed = negation::affirmed(text, is_named);
    let is_affirmed = |value: &&&str| affirmed.iter().any(|part| names(part, value));
    let named = values.iter().filter(is_affirmed);
    named.map(|value| (*value).to_owned()).collect()
}

/// Whether a part of a text names a grant.
fn names(part: &str, value: &str) -> bool {
    part.match_indices(value).any(|(start, _)| {
        let before = part[..start].chars().next_back();
        let mut rest = part[start + value.len()..].chars();
        let after = rest.next();
        // What stands after a colon may be the rest of a URN.
        let ends = after == Some(':') && !rest.next().is_some_and(char::is_alphanumeric);
        let is_part = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || "_-:".contains(letter))
        };
        let is_quoted = [before, after]
            .iter()
            .all(|letter| letter.is_some_and(|letter| "`'\"*".contains(letter)));
        let is_word = !is_part(before) && (ends || !is_part(after)) && value.contains(['_', ':']);
        (is_quoted || is_word) && !negation::denies_what_follows(&part[..start])
    })
}

/// Whether a text says of a value that it is one of `grant_type`.
pub(super) fn is_called_grant(text: &str, value: &str) -> bool {
    prose::sentences(text).any(|sentence| {
        let written = sentence
            .replace(['`', '\'', '"', '*', ' '], "")
            .to_lowercase();
        ["grant_type=", "grant_type:", "granttype=", "granttype:"]
            .iter()
            .any(|before| written.contains(&format!("{before}{value}")))
    })
}

/// The grant of refresh tokens, where the operation says that a token is refreshed here, and not only that there are refresh tokens.
pub(super) fn refreshed(operation: &ApiOperation) -> Option<String> {
    const REFRESHES: [&str; 9] = [
        "exchange a refresh token",
        "exchanges a refresh token",
        "refresh an access token",
        "refresh the access token",
        "refreshes an access token",
        "refreshes the access token",
        "refreshing an access token",
        "refreshing the access token",
        "using a refresh token",
    ];
    // What can be done with a token is said where it is given as well.
    const OTHERS: [&str; 8] = [
        "can be",
        "endpoint",
        "later",
        "may be",
        "response",
        "return",
        "to be used",
        "used to",
    ];
    let texts = [&operation.summary, &operation.description];
    let has = |text: &str, words: &[&str]| words.iter().any(|word| text.contains(word));
    let refreshes = |clause: &str| has(clause, &REFRESHES) && !has(clause, &OTHERS);
    let mut texts = texts.into_iter().flatten();
    let is_said = texts.any(|text| !negation::affirmed(&prose::plain(text), refreshes).is_empty());
    is_said.then(|| "refresh_token".to_owned())
}
