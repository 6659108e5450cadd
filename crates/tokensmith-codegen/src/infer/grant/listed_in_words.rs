//! Grants of a provider's own that the description of `grant_type` lists beside those of RFCs.

use std::collections::BTreeSet;

use crate::model::rfc;

/// The values that stand in one list with a grant that an RFC defines: as items of a list, or one
/// after the other with nothing but commas and conjunctions between them.
pub(super) fn own_grants(text: &str) -> BTreeSet<String> {
    let mut lists = vec![items(text)];
    lists.extend(enumerations(text));
    let is_known = |value: &str| rfc::grant(value).is_some();
    let of_grants = lists
        .iter()
        .filter(|list| list.iter().any(|value| is_known(value)));
    of_grants
        .flatten()
        .filter(|value| !is_known(value))
        .map(|value| (*value).to_owned())
        .collect()
}

/// What the items of a Markdown list begin with, where that is code.
fn items(text: &str) -> Vec<&str> {
    let lines = text.lines().map(str::trim_start);
    let items = lines.filter_map(|line| line.strip_prefix(['-', '*', '+'])?.strip_prefix(' '));
    items
        .filter_map(|item| code(item.trim_start()))
        .map(|(value, _)| value)
        .collect()
}

/// The lists within sentences.
fn enumerations(text: &str) -> Vec<Vec<&str>> {
    let mut lists: Vec<Vec<&str>> = Vec::new();
    let mut rest = text;
    let mut is_next = false;
    while let Some(start) = rest.find('`') {
        let between = &rest[..start];
        let Some((value, after)) = code(&rest[start..]) else {
            rest = &rest[start + 1..];
            is_next = false;
            continue;
        };
        match lists.last_mut().filter(|_| is_next && joins(between)) {
            Some(list) => list.push(value),
            None => lists.push(vec![value]),
        }
        (rest, is_next) = (after, true);
    }
    lists
}

/// Whether a text stands between two items of a list.
fn joins(between: &str) -> bool {
    let words = between.split(|letter: char| letter.is_whitespace() || ",/|".contains(letter));
    words
        .filter(|word| !word.is_empty())
        .all(|word| ["and", "or"].contains(&word))
}

/// The value between the backticks that a text begins with, and what follows it. A value looks like
/// the name of a grant.
fn code(text: &str) -> Option<(&str, &str)> {
    let (value, rest) = text.strip_prefix('`')?.split_once('`')?;
    let is_part =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-:./".contains(&byte);
    let is_name = value.len() > 2 && value.bytes().all(is_part) && value.contains(['_', '-', ':']);
    (is_name || rfc::grant(value).is_some()).then_some((value, rest))
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
        ] {
            assert_eq!(own(text), [""; 0], "{text}");
        }
    }
}
