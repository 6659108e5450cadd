//! Grants of a provider's own that the description of `grant_type` lists beside those of RFCs.

use std::collections::BTreeSet;

use super::negation::{affirmed, denies_what_follows};
use crate::model::name::letters;
use crate::model::rfc;

/// The values that stand in one list with a grant that an RFC defines, unless the text denies them:
/// as items of a list, as rows of a table, or one after the other with nothing but commas and
/// conjunctions between them.
pub(super) fn own_grants(text: &str) -> BTreeSet<String> {
    let own = of_grants(text).filter(|value| rfc::grant(value).is_none());
    own.map(str::to_owned).collect()
}

/// The grants of RFCs that stand in such a list.
pub(super) fn known_grants(text: &str) -> BTreeSet<String> {
    let known = of_grants(text).filter_map(rfc::grant);
    known.map(|grant| grant.value.to_owned()).collect()
}

/// The members of all lists that are of grants, without those that the text denies.
fn of_grants(text: &str) -> impl Iterator<Item = &str> {
    let mut lists = items(text);
    lists.extend(enumerations(text));
    lists.retain(|list| is_of_grants(list));
    let is_named = |part: &str| undenied(part).next().is_some();
    let named: BTreeSet<&str> = match lists.is_empty() {
        true => BTreeSet::new(),
        false => affirmed(text, is_named)
            .into_iter()
            .flat_map(undenied)
            .collect(),
    };
    let members = lists.into_iter().flatten();
    members.filter(move |value| named.contains(value))
}

/// The values in a part of a text that no word before them denies.
fn undenied(part: &str) -> impl Iterator<Item = &str> {
    let values = words(part).filter_map(|(start, word)| Some((start, value(word)?)));
    values
        .filter(|(start, _)| !denies_what_follows(&part[..*start]))
        .map(|(_, value)| value)
}

/// The words of a text, and where they start.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let is_between = |letter: char| letter.is_whitespace() || ",|".contains(letter);
    let mut end = 0;
    let words = text.split_inclusive(is_between).map(move |piece| {
        let start = end;
        end += piece.len();
        (start, piece.trim_end_matches(is_between))
    });
    words.filter(|(_, word)| !word.is_empty())
}

/// Whether a list is one of grants, and not one of parameters or of fields.
fn is_of_grants(list: &[&str]) -> bool {
    let is_ambiguous = |value: &str| ["password", "refresh_token"].contains(&value);
    let is_grant = |value: &&&str| rfc::grant(value).is_some() && !is_ambiguous(value);
    let is_other = |value: &&str| rfc::is_defined(value) && rfc::grant(value).is_none();
    list.iter().any(|value| is_grant(&value)) && !list.iter().any(is_other)
}

/// What the items of each Markdown list and the rows of each table begin with.
fn items(text: &str) -> Vec<Vec<&str>> {
    let mut lists = vec![Vec::new()];
    for line in text.lines() {
        let item = line.trim_start().strip_prefix(['-', '*', '+', '|', '•']);
        match (item.and_then(first_word), lists.last_mut()) {
            (Some(word), Some(list)) => list.extend(value(word)),
            // What is indented goes on with an item.
            _ if line.is_empty() || line.starts_with([' ', '\t']) => {}
            _ => lists.push(Vec::new()),
        }
    }
    lists.retain(|list| !list.is_empty());
    lists
}

fn first_word(item: &str) -> Option<&str> {
    item.strip_prefix(' ')?.split_whitespace().next()
}

/// The lists within sentences, each with two values or more: a single value is no list.
fn enumerations(text: &str) -> Vec<Vec<&str>> {
    let mut lists: Vec<Vec<&str>> = Vec::new();
    let mut is_next = false;
    for (_, word) in words(text) {
        if ["and", "or", "/"].contains(&word) {
            continue;
        }
        let Some(value) = value(word) else {
            is_next = false;
            continue;
        };
        match lists.last_mut().filter(|_| is_next) {
            Some(list) => list.push(value),
            None => lists.push(vec![value]),
        }
        // What follows the end of a sentence is of no list in it.
        is_next = !word.ends_with(['.', ';', ')']);
    }
    lists.retain(|list| list.len() > 1);
    lists
}

/// The grant without a request of its own (RFC 6749, section 4.2), unless a provider gives it one.
pub(super) const IMPLICIT: &str = "implicit";

/// What a word is without its marks, if it looks like the name of a grant.
fn value(word: &str) -> Option<&str> {
    let is_mark = |letter: char| "`'\"*()[];.:".contains(letter);
    let bare = word.trim_matches(is_mark);
    let is_quoted = word.starts_with(['`', '\'', '"', '*']);
    let is_grant = is_value(bare) || rfc::grant(bare).is_some() || bare == IMPLICIT && is_quoted;
    (is_grant && letters(bare) != "granttype").then_some(bare)
}

/// Whether a text is written as the names of grants are.
pub(super) fn is_value(text: &str) -> bool {
    let is_part =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-:./".contains(&byte);
    text.len() > 2
        && !text.starts_with("draft-")
        && text.starts_with(|first: char| first.is_ascii_lowercase())
        && text.bytes().all(is_part)
        && text.contains(['_', '-', ':'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own(text: &str) -> Vec<String> {
        own_grants(text).into_iter().collect()
    }

    #[test]
    fn what_stands_in_one_list_with_a_grant_is_one() {
        for text in [
            "One of `authorization_code`, `refresh_token`, and `migration_token`.",
            "`migration_token` or `authorization_code`",
            "grant_type: client_credentials, migration_token",
            "Allowed values:\n - authorization_code\n - migration_token (old)",
            "- `authorization_code`:\n  for people\n\n- `migration_token`",
            "| grant_type | |\n|---|---|\n| authorization_code | users |\n| migration_token | old |",
            "Valid values are:\n- `authorization_code` - Requires the `code` field.\n- `migration_token` - LEGACY.",
        ] {
            assert_eq!(own(text), ["migration_token"], "{text}");
        }
    }

    #[test]
    fn what_is_said_of_a_grant_is_none() {
        for text in [
            "`authorization_code` needs `redirect_uri`.",
            "With `refresh_token`, send `merchant_id`.",
            "- `client_id`\n- `client_secret`",
            "`authorization_code`. `short_lived` is a parameter.",
            "`authorization_code`, or `Nothing at all`.",
            "Send grant_type, client_id, refresh_token, authorization_code.",
            "a long-lived, password",
            "`urn:ietf:params:oauth:grant-type:jwt-bearer` (draft-ietf-oauth-identity-assertion-authz-grant)",
            "Grants:\n- `authorization_code`\n- `refresh_token`\n\n#### Scopes\n\n- `public_metadata`",
            "- `authorization_code`\n\nScopes:\n- `private_metadata`",
        ] {
            assert_eq!(own(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_a_text_denies_is_in_no_list() {
        let all = |text: &str| -> Vec<String> { of_grants(text).map(str::to_owned).collect() };
        for (text, expected) in [
            ("`authorization_code`", vec![]),
            (
                "Must be client_credentials; authorization_code is not supported.",
                vec![],
            ),
            (
                "client_credentials or authorization_code. \
                 `migration_token`, `password` and `refresh_token` are not supported.",
                vec!["client_credentials", "authorization_code"],
            ),
            (
                "client_credentials, authorization_code are not supported",
                vec![],
            ),
            (
                "- client_credentials\n- authorization_code (no longer supported)\n- migration_token",
                vec!["client_credentials", "migration_token"],
            ),
            (
                "| client_credentials | machines |\n| authorization_code | not supported |",
                vec!["client_credentials"],
            ),
        ] {
            assert_eq!(all(text), expected, "{text}");
        }
    }

    #[test]
    fn words_know_where_they_start() {
        let found: Vec<_> = words(" a,\u{a0}bc |d").collect();
        assert_eq!(found, [(1, "a"), (5, "bc"), (9, "d")]);
    }
}
