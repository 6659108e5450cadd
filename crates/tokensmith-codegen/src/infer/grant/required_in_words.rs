//! Parameters that a description calls required: "Required if `grant_type` is `authorization_code`."

use super::affirmed::affirmed;
use crate::model::rfc;

/// What a description says of whether a parameter must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InWords {
    Nothing,
    /// It must be there in all requests of the grant.
    Required,
    /// It must be there in some of them.
    Sometimes,
}

/// Words of a condition beside the grant.
const CONDITIONS: [&str; 11] = [
    " also ",
    "confidential",
    "depend",
    " given",
    " if ",
    "included",
    "only ",
    "pkce",
    "provided",
    "public",
    " when ",
];

/// The beginning of a text in small letters. A long one may be referred to by thousands of parameters.
fn beginning(text: &str) -> String {
    const LONGEST: usize = 4_000;
    let letters = text.chars().take(LONGEST);
    letters.flat_map(char::to_lowercase).collect()
}

/// Reads what a description says of requests of a grant.
pub(super) fn read(description: &str, grant: &rfc::Grant) -> InWords {
    let lower = beginning(description.trim());
    if lower.contains("optional") {
        return InWords::Nothing;
    }
    if let Some(said) = said_at_first(&lower) {
        return said;
    }
    // Grants may be listed between commas, so that a sentence is looked at as a whole.
    let whole = lower.replace(',', " ");
    let said = affirmed(&whole, |part| is_said_of(part, grant));
    if said.is_empty() {
        return InWords::Nothing;
    }
    match said.into_iter().any(is_conditional) {
        true => InWords::Sometimes,
        false => InWords::Required,
    }
}

/// What a description says that begins with "Required": of all requests, unless it goes on about a grant.
fn said_at_first(lower: &str) -> Option<InWords> {
    let starts = ["required.", "(required)", "required -", "required:"];
    let rest = starts.iter().find_map(|start| lower.strip_prefix(start))?;
    let first = rest.split(['.', ';', '\n']).next().unwrap_or_default();
    let mut words = first.split(|letter: char| !letter.is_alphanumeric());
    let word = words.find(|word| !word.is_empty()).unwrap_or_default();
    if ["no", "false", "n"].contains(&word) {
        return Some(InWords::Nothing);
    }
    let names_grant = rfc::GRANTS.iter().any(|grant| is_named(first, grant));
    (!names_grant).then_some(InWords::Required)
}

/// Whether a sentence calls a parameter required and names the grant for it.
fn is_said_of(sentence: &str, grant: &rfc::Grant) -> bool {
    let mut words = ["required", "mandatory"].iter();
    words.any(|word| {
        let Some((before, rest)) = sentence.split_once(word) else {
            return false;
        };
        let is_denied = before.ends_with("not ");
        !is_denied && (is_named(rest, grant) || begins_with_condition(sentence, grant))
    }) && !sentence.contains("unless")
        && !sentence.contains("except")
}

/// Whether the sentence has a condition beside the grant: the first one names it.
fn is_conditional(sentence: &str) -> bool {
    let words = [" if ", " when "];
    let first = words
        .iter()
        .filter_map(|word| Some((sentence.find(word)?, *word)))
        .min();
    let rest = first.map_or(sentence.to_owned(), |(at, word)| {
        format!("{} {}", &sentence[..at], &sentence[at + word.len()..])
    });
    let rest = format!("{rest} ");
    let is_of_two = |word: &str| rest.contains(word);
    CONDITIONS.iter().any(|word| is_of_two(word))
        || rest.contains(" and you ")
        || rest.contains(" and the ")
}

/// Whether the grant is named before the word: "With the password grant this is required."
fn begins_with_condition(sentence: &str, grant: &rfc::Grant) -> bool {
    ["for ", "if ", "in ", "when ", "with "]
        .iter()
        .any(|word| sentence.trim_start().starts_with(word))
        && is_named(sentence, grant)
}

/// Whether a description names a grant, and does not deny it.
pub(super) fn names(description: &str, grant: &rfc::Grant) -> bool {
    let lower = beginning(description);
    !affirmed(&lower, |part| is_named(part, grant)).is_empty()
}

/// Whether a text in small letters names a grant by its value or its title.
fn is_named(text: &str, grant: &rfc::Grant) -> bool {
    let value = grant.value.to_lowercase();
    let words = value.rsplit(':').next().unwrap_or(&value);
    let words = words.replace(['_', '-'], " ");
    // A plain word is a value between marks, or before the word "grant".
    let is_plain = !value.contains(['_', ':']);
    let is_value = text.match_indices(&value).any(|(start, _)| {
        let before = text[..start].chars().next_back();
        let after = text[start + value.len()..].chars().next();
        let is_part = |letter: Option<char>| {
            letter.is_some_and(|letter| letter.is_alphanumeric() || "_-".contains(letter))
        };
        let is_mark = |letter: Option<char>| letter.is_some_and(|letter| "`'\"*=".contains(letter));
        !is_part(before) && !is_part(after) && (!is_plain || is_mark(before))
    });
    let is_kind = ["grant", "flow", "request"]
        .iter()
        .any(|kind| text.contains(&format!("{words} {kind}")));
    is_value || is_kind
}

#[cfg(test)]
mod tests {
    use super::InWords::{Nothing, Required, Sometimes};
    use super::*;

    #[test]
    fn a_description_says_for_which_grants() {
        let read = |text: &str, grant: &str| read(text, rfc::grant(grant).expect("is known"));
        for text in [
            "**Required when `grant_type=authorization_code`**",
            "Required if 'grant_type' is 'authorization_code'.",
            "The redirect URI. Required for authorization_code, and refresh_token.",
            "Mandatory in the authorization code flow.",
            "With the authorization code grant it is required.",
        ] {
            assert_eq!(read(text, "authorization_code"), Required, "{text}");
            assert_eq!(read(text, "client_credentials"), Nothing, "{text}");
        }
        assert_eq!(
            read("mandatory in password grant type", "password"),
            Required
        );
        assert_eq!(
            read("Required. What it is.", "client_credentials"),
            Required
        );
        for text in [
            "Required for public clients using PKCE with `grant_type=authorization_code`.",
            "Required if `grant_type` is `authorization_code` and you provided `redirect_uri` before.",
            "With `authorization_code` it is required only if the request had it.",
            "Required for authorization_code if no code_verifier is given.",
        ] {
            assert_eq!(read(text, "authorization_code"), Sometimes, "{text}");
        }
        for text in ["Required: no.", "Required: false"] {
            assert_eq!(read(text, "client_credentials"), Nothing, "{text}");
        }
        let some = "Required - if grant_type is authorization_code";
        assert_eq!(read(some, "authorization_code"), Required);
        assert_eq!(read(some, "client_credentials"), Nothing);
        for text in [
            "Not required for authorization_code.",
            "Required unless `grant_type` is `authorization_code`.",
            "Required for authorization_code; the schema has it optional.",
            "Required when the grant is `authorization_code_pkce`.",
            "The password, which is required.",
        ] {
            assert_eq!(read(text, "authorization_code"), Nothing, "{text}");
            assert_eq!(read(text, "password"), Nothing, "{text}");
        }
    }
}
