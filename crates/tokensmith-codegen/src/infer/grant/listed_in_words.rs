//! Grants of a provider's own that the description of `grant_type` lists beside those of RFCs.

use std::collections::BTreeSet;

use crate::model::name::letters;
use crate::model::rfc;

/// The values that stand in one list with a grant that an RFC defines: as items of a list, as rows of a table, or one after the
/// other with nothing but commas and conjunctions between them.
pub(super) fn own_grants(text: &str) -> BTreeSet<String> {
    let own = of_grants(text).filter(|value| rfc::grant(value).is_none());
    own.map(str::to_owned).collect()
}

/// The grants of RFCs that stand in such a list.
pub(super) fn known_grants(text: &str) -> BTreeSet<String> {
    let known = of_grants(text).filter_map(rfc::grant);
    known.map(|grant| grant.value.to_owned()).collect()
}

/// The members of all lists that are of grants.
fn of_grants(text: &str) -> impl Iterator<Item = &str> {
    let mut lists = vec![items(text)];
    lists.extend(enumerations(text));
    let lists = lists.into_iter().filter(|list| is_of_grants(list));
    lists.flatten()
}

/// Whether a list is one of grants, and not one of parameters or of fields.
fn is_of_grants(list: &[&str]) -> bool {
    let is_ambiguous = |value: &str| ["password", "refresh_token"].contains(&value);
    let is_grant = |value: &&&str| rfc::grant(value).is_some() && !is_ambiguous(value);
    let is_other = |value: &&str| rfc::is_defined(value) && rfc::grant(value).is_none();
    list.iter().any(|value| is_grant(&value)) && !list.iter().any(is_other)
}

/// What the items of a Markdown list and the rows of a table begin with.
fn items(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim_start);
    let items = lines.filter_map(|line| {
        let rest = line.strip_prefix(['-', '*', '+', '|', '•'])?;
        let first = rest.strip_prefix(' ')?.split_whitespace().next()?;
        value(first)
    });
    items.collect()
}

/// The lists within sentences.
fn enumerations(text: &str) -> Vec<Vec<&str>> {
    let mut lists: Vec<Vec<&str>> = Vec::new();
    let mut is_next = false;
    let words = text.split(|letter: char| letter.is_whitespace() || ",|".contains(letter));
    for word in words.filter(|word| !word.is_empty()) {
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
    lists
}

/// What a word is without its marks, if it looks like the name of a grant.
fn value(word: &str) -> Option<&str> {
    let is_mark = |letter: char| "`'\"*()[];.:".contains(letter);
    let bare = word.trim_matches(is_mark);
    let is_name = letters(bare) == "granttype";
    let is_grant = is_value(bare) || rfc::grant(bare).is_some();
    (is_grant && !is_name).then_some(bare)
}

/// Whether a text is written as the names of grants are.
pub(super) fn is_value(text: &str) -> bool {
    let is_part =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-:./".contains(&byte);
    text.len() > 2
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
        ] {
            assert_eq!(own(text), [""; 0], "{text}");
        }
    }
}
