//! Parameters that a description calls required for some grants: "Required if `grant_type` is `authorization_code`."

use super::affirmed::affirmed;
use crate::model::rfc;

/// Whether a description says that a parameter must be there in requests of a grant.
pub(super) fn is_required(description: &str, grant: &rfc::Grant) -> bool {
    let lower = beginning(description);
    if lower.contains("optional") {
        return false;
    }
    let is_said = |part: &str| {
        let is_condition = ["required", "mandatory"].iter().any(|word| {
            part.find(word).is_some_and(|start| {
                let rest = &part[start + word.len()..];
                !part[..start].ends_with("not ") && (is_named(rest, grant) || before(part, grant))
            })
        });
        is_condition && !part.contains("unless") && !part.contains("except")
    };
    // Grants may be listed between commas, so that a sentence is looked at as a whole.
    let whole = lower.replace(',', " ");
    !affirmed(&whole, is_said).is_empty()
}

/// Whether a description names a grant, and does not deny it.
pub(super) fn names(description: &str, grant: &rfc::Grant) -> bool {
    let lower = beginning(description);
    !affirmed(&lower, |part| is_named(part, grant)).is_empty()
}

/// The beginning of a text in small letters. A long one may be referred to by thousands of parameters.
fn beginning(text: &str) -> String {
    const LONGEST: usize = 4_000;
    let letters = text.chars().take(LONGEST);
    letters.flat_map(char::to_lowercase).collect()
}

/// Whether the grant is named before the word: "With the password grant this is required."
fn before(part: &str, grant: &rfc::Grant) -> bool {
    ["for ", "if ", "in ", "when ", "with "]
        .iter()
        .any(|word| part.trim_start().starts_with(word))
        && is_named(part, grant)
}

/// Whether a text in small letters names a grant by its value or its title.
fn is_named(text: &str, grant: &rfc::Grant) -> bool {
    let value = grant.value.to_lowercase();
    let words = value
        .rsplit(':')
        .next()
        .unwrap_or(&value)
        .replace(['_', '-'], " ");
    let is_between_marks = |name: &str| {
        text.match_indices(name).any(|(start, _)| {
            let before = text[..start].chars().next_back();
            let after = text[start + name.len()..].chars().next();
            let is_mark =
                |letter: Option<char>| letter.is_some_and(|letter| "`'\"*=".contains(letter));
            is_mark(before)
                && (is_mark(after) || after.is_none_or(|letter| !letter.is_alphanumeric()))
        })
    };
    let is_kind = |name: &str| {
        ["grant", "flow"]
            .iter()
            .any(|kind| text.contains(&format!("{name} {kind}")))
    };
    // A plain word is a value between marks, or before the word "grant".
    let is_word = value.contains(['_', ':']) && text.contains(&value);
    is_word || is_between_marks(&value) || is_kind(&words) || is_kind(&value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_says_for_which_grants() {
        let is_required = |text: &str, grant: &str| {
            super::is_required(text, rfc::grant(grant).expect("is known"))
        };
        for text in [
            "**Required when `grant_type=authorization_code`**",
            "Required if 'grant_type' is 'authorization_code'.",
            "The redirect URI. Required for authorization_code, and refresh_token.",
            "Mandatory in the authorization code flow.",
            "With the authorization code grant it is required.",
        ] {
            assert!(is_required(text, "authorization_code"), "{text}");
            assert!(!is_required(text, "client_credentials"), "{text}");
        }
        assert!(is_required("mandatory in password grant type", "password"));
        for text in [
            "Not required for authorization_code.",
            "Required unless `grant_type` is `authorization_code`.",
            "Required. Goes along with the code of authorization_code",
            "Required for authorization_code; the schema has it optional.",
            "The password, which is required.",
        ] {
            assert!(!is_required(text, "authorization_code"), "{text}");
            assert!(!is_required(text, "password"), "{text}");
        }
    }
}
