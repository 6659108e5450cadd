//! What a document says of an endpoint and of its success, in words.

use std::collections::BTreeSet;

use openapiv3::{OpenAPI, Operation as ApiOperation};

use crate::infer::declaration::Declarations;
use crate::infer::token_response::{is_success, resolve};

/// What the document says of an operation, and of what its grants are for.
pub(super) fn of_operation(
    operation: &ApiOperation,
    grants: &[String],
    declarations: &Declarations<'_>,
) -> Option<String> {
    let ApiOperation {
        description,
        summary,
        ..
    } = operation;
    let own = [description, summary].into_iter().flatten();
    let own = own.map(|text| text.trim()).find(|text| !text.is_empty());
    let name = declarations.runtime.grant_type;
    let declared = declarations.common.get(name);
    let of_grants = declared
        .and_then(|declared| declared.description)
        .map(str::trim)
        .filter(|text| tells_grants_apart(text, grants));
    let of_grants = of_grants.map(|text| {
        let goes_on = text.starts_with(|first: char| first.is_alphanumeric() || first == '`');
        let between = if goes_on { " " } else { "\n\n" };
        format!("`{}`:{between}{text}", name.replace('`', ""))
    });
    let of_body = of_body(&declarations.descriptions, own);
    let of_body = of_body.into_iter().map(str::to_owned);
    let parts = own
        .map(str::to_owned)
        .into_iter()
        .chain(of_body)
        .chain(of_grants);
    let text = parts.collect::<Vec<_>>().join("\n\n");
    (!text.is_empty()).then_some(text)
}

/// What is said of a body, each text once, and few of many.
fn of_body<'t>(descriptions: &[&'t str], own: Option<&str>) -> Vec<&'t str> {
    /// Texts of a body that are shown.
    const SHOWN: usize = 4;
    let mut seen = BTreeSet::new();
    let texts = descriptions.iter().map(|text| text.trim());
    let new = texts.filter(|text| {
        seen.insert(*text) && says_something(text) && own.is_none_or(|own| !own.contains(*text))
    });
    new.take(SHOWN).collect()
}

/// Whether a text says of grants what they are for, rather than lists them.
fn tells_grants_apart(text: &str, grants: &[String]) -> bool {
    /// Words of each grant beside its name.
    const WORDS: usize = 4;
    let named = grants.iter().filter(|grant| text.contains(*grant)).count();
    named > 1 && text.split_whitespace().count() >= named * (1 + WORDS)
}

/// What the document says of a success, if that is more than that it is one.
pub(super) fn of_success(api: &OpenAPI, operation: &ApiOperation) -> Option<String> {
    let responses = &operation.responses.responses;
    let successes = responses.iter().filter(|(status, _)| is_success(status));
    let first = successes.min_by_key(|(status, _)| status.to_string());
    let (response, _) = resolve(api, first?.1, String::new())?;
    let text = response.description.trim();
    says_something(text).then(|| text.to_owned())
}

/// Whether a text has words other than those that all successes are described with.
fn says_something(text: &str) -> bool {
    const USUAL: [&str; 26] = [
        "a",
        "an",
        "and",
        "by",
        "description",
        "for",
        "has",
        "http",
        "is",
        "of",
        "ok",
        "okay",
        "operation",
        "request",
        "response",
        "result",
        "returned",
        "returns",
        "succeeded",
        "success",
        "successful",
        "successfully",
        "the",
        "token",
        "was",
        "with",
    ];
    let words = text.split(|letter: char| !letter.is_alphabetic());
    let own =
        words.filter(|word| !word.is_empty() && !USUAL.contains(&word.to_lowercase().as_str()));
    own.count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_all_successes_are_called_says_nothing() {
        for text in [
            "OK",
            "Success.",
            "Successful operation",
            "200 response",
            "A token.",
            "",
        ] {
            assert!(!says_something(text), "{text}");
        }
        assert!(says_something("A token that is valid for one hour."));
    }

    #[test]
    fn of_many_texts_of_a_body_the_first_are_shown() {
        let texts: Vec<String> = (0..9)
            .map(|index| format!("Body number {index} of it."))
            .collect();
        let mut all: Vec<&str> = texts.iter().map(String::as_str).collect();
        all.insert(0, "OK");
        all.insert(2, all[1]);
        let shown = of_body(&all, Some("About this: Body number 1 of it."));
        let numbers = ["0", "2", "3", "4"].map(|index| format!("Body number {index} of it."));
        assert_eq!(shown, numbers);
    }

    #[test]
    fn a_list_of_grants_does_not_say_what_they_are_for() {
        let grants = ["client_credentials", "refresh_token"].map(str::to_owned);
        for (text, expected) in [
            ("One of `client_credentials` and `refresh_token`.", false),
            (
                "Always refresh_token, which is the one grant that this takes.",
                false,
            ),
            (
                "client_credentials is for servers without users, refresh_token renews what they got.",
                true,
            ),
        ] {
            assert_eq!(tells_grants_apart(text, &grants), expected, "{text}");
        }
    }
}
