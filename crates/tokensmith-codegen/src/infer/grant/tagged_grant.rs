//! Grants that descriptions of parameters have in parentheses: "The permission ticket (UMA grant)".

use super::required_in_words::beginning;
use crate::model::rfc;

/// Returns those of the endpoint's grants that a description has in parentheses.
pub(crate) fn tagged<'g>(description: &str, grants: &'g [String]) -> Vec<&'g str> {
    let lower = beginning(description);
    let mut tags = lower.split('(').skip(1);
    let inner = tags.find_map(|rest| {
        let inner = rest.split_once(')')?.0;
        let named: Vec<Vec<&String>> = parts(inner).map(|part| named(part, grants)).collect();
        // What is partly something else says more than which grants.
        let is_tag = calls_grants(inner) && named.iter().all(|grants| !grants.is_empty());
        is_tag.then_some(named)
    });
    let named = inner.into_iter().flatten().flatten();
    named.map(String::as_str).collect()
}

/// Whether a description has other grants of the endpoint in parentheses, and not this one.
pub(crate) fn is_tagged_for_others(description: &str, grant: &str, grants: &[String]) -> bool {
    let tagged = tagged(description, grants);
    !tagged.is_empty() && !tagged.contains(&grant)
}

/// Whether what stands in parentheses is called a grant or a flow.
fn calls_grants(inner: &str) -> bool {
    const KINDS: [&str; 5] = ["flow", "flows", "grant", "grants", "grant_type"];
    let inner = inner.replace("grant type", "grant_type");
    let mut words = words(&inner).into_iter().rev();
    words
        .find(|word| *word != "only")
        .is_some_and(|word| KINDS.contains(&word))
}

fn parts(inner: &str) -> impl Iterator<Item = &str> {
    let parts = inner.split([',', '/']);
    let parts = parts
        .flat_map(|part| part.split(" or "))
        .flat_map(|part| part.split(" and "));
    parts.filter(|part| !part.trim().is_empty())
}

fn words(text: &str) -> Vec<&str> {
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words = text.split(move |letter| !is_part(letter));
    words.filter(|word| !word.is_empty()).collect()
}

/// The grants that a text in small letters names: by their whole names, else by the beginnings of their words, as "uma" names
/// `uma-ticket`.
fn named<'g>(text: &str, grants: &'g [String]) -> Vec<&'g String> {
    let whole = |grant: &&String| {
        let value = rfc::words(&grant.to_lowercase());
        let name = rfc::grant(grant).map(|known| known.name.to_lowercase());
        let wanted = wanted(text, grant).join(" ");
        wanted == value || Some(wanted) == name
    };
    let exact: Vec<&String> = grants.iter().filter(whole).collect();
    match exact.is_empty() {
        true => grants.iter().filter(|grant| begins(text, grant)).collect(),
        false => exact,
    }
}

/// The words of a text that may name a grant.
fn wanted(text: &str, grant: &str) -> Vec<String> {
    const FILLERS: [&str; 13] = [
        "for",
        "flow",
        "flows",
        "grant",
        "grant_type",
        "grants",
        "in",
        "only",
        "the",
        "type",
        "types",
        "used",
        "with",
    ];
    let value = grant.to_lowercase();
    let text = text.replace(&value, &rfc::words(&value)).replace('_', " ");
    let words = words(&text).into_iter();
    let words = words.filter(|word| !FILLERS.contains(word));
    words.map(str::to_owned).collect()
}

fn begins(text: &str, grant: &str) -> bool {
    let wanted = wanted(text, grant);
    let known = rfc::grant(grant);
    // A device has a code, too.
    if wanted == ["code"] {
        return known.is_some_and(|known| known.value == "authorization_code");
    }
    let titles = known.map_or_else(String::new, |known| {
        format!("{} {}", known.name, known.title)
    });
    let titles = format!("{} {titles}", rfc::words(grant)).to_lowercase();
    let names = words(&titles);
    let is_begun = |word: &String| {
        let mut names = names.iter();
        names.any(|name| name == word || word.len() > 2 && name.starts_with(word.as_str()))
    };
    !wanted.is_empty() && wanted.iter().all(is_begun)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grant_in_parentheses_is_that_of_the_endpoint() {
        let uma = "urn:ietf:params:oauth:grant-type:uma-ticket";
        let grants = [
            "authorization_code",
            "password",
            "refresh_token",
            rfc::DEVICE_CODE,
            uma,
        ]
        .map(str::to_owned);
        for (text, expected) in [
            ("The ticket (UMA grant)", &[uma][..]),
            ("An existing RPT to upgrade. (UMA grant)", &[uma]),
            (
                "The user name (Resource Owner Password Flow)",
                &["password"],
            ),
            (
                "The code (Authorization Code Flow only)",
                &["authorization_code"],
            ),
            ("(for device_code grant)", &[rfc::DEVICE_CODE]),
            ("(code grant)", &["authorization_code"]),
            (
                "X (`refresh_token` and `password` grants)",
                &["refresh_token", "password"],
            ),
            ("X (not in the password grant)", &[]),
            ("X (a grant)", &[]),
            ("X (the implicit flow)", &[]),
            ("X (the password of the user)", &[]),
            (
                "X (the flow of the user's password grant or what else)",
                &[],
            ),
            ("The password flow.", &[]),
        ] {
            assert_eq!(tagged(text, &grants), expected, "{text}");
        }
        assert!(is_tagged_for_others("(UMA grant)", "password", &grants));
        assert!(!is_tagged_for_others("(UMA grant)", uma, &grants));
    }
}
