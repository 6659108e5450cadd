//! Optional parameters that the words on an operation call required: "The userId and password properties are mandatory".

use std::collections::BTreeMap;

use serde_json::Value;

use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::Endpoint;
use crate::openapi::operation::Operation;
use crate::pointer;
use crate::prose::{plain, sentences};

/// Tells the parameters that a sentence demands, and that no request must have.
pub(super) fn tell(operation: &Operation<'_>, endpoint: &Endpoint) -> Option<Diagnostic> {
    let text = operation
        .members
        .get("description")
        .and_then(Value::as_str)?;
    let mut is_required: BTreeMap<&str, bool> = BTreeMap::new();
    for parameter in endpoint.operations.iter().flat_map(|one| &one.parameters) {
        *is_required.entry(&parameter.wire).or_default() |= parameter.required;
    }
    let optional = is_required.iter().filter(|(_, required)| !**required);
    let optional: Vec<&str> = optional.map(|(name, _)| *name).collect();
    let mut names: Vec<&str> = Vec::new();
    for sentence in sentences(text)
        .map(plain)
        .filter(|sentence| demands(sentence))
    {
        let named: Vec<&str> = optional
            .iter()
            .copied()
            .filter(|name| names_parameter(&sentence, name))
            .collect();
        names.extend(
            named
                .into_iter()
                .filter(|name| !names.contains(name))
                .collect::<Vec<_>>(),
        );
    }
    names.first()?;
    let it = if names.len() == 1 { "it" } else { "them" };
    let message = format!(
        "{}: by the description of the operation, requests must have {it}, and the document declares {it} as optional",
        list(&names)
    );
    let help = "add it to `required`, for a grant in a branch of `oneOf`; until then give it to the setter of each request";
    let at = pointer::join(operation.pointer, "description");
    Some(Diagnostic::new(Rule::Unused, &at, message).help(help))
}

/// Whether a sentence in small letters is about what requests have to have, without a condition.
fn demands(sentence: &str) -> bool {
    const DEMANDS: [&str; 4] = [" are mandatory", " is mandatory", " require ", " requires "];
    const OTHERS: [&str; 12] = [
        " if ",
        " may ",
        " only ",
        " or ",
        " scope",
        " unless ",
        " when ",
        "either",
        "n't ",
        "no longer",
        "not ",
        "response",
    ];
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    has(&DEMANDS) && !has(&OTHERS)
}

/// Whether a sentence has a parameter by its name, which is no word of any sentence, or in words: "redirect URI".
fn names_parameter(sentence: &str, name: &str) -> bool {
    let lower = name.to_lowercase();
    let is_part = |letter: char| letter.is_alphanumeric() || letter == '_';
    let words: Vec<&str> = sentence
        .split(|letter: char| !is_part(letter))
        .filter(|word| !word.is_empty())
        .collect();
    let is_own = name.contains('_') || lower != name;
    let is_listed = ["fields", "parameters", "properties"]
        .iter()
        .any(|word| words.contains(word));
    let spoken: Vec<&str> = match name {
        "code_verifier" => vec!["pkce", "verifier"],
        _ => lower.split('_').collect(),
    };
    let in_words = spoken.len() > 1 && words.windows(spoken.len()).any(|part| part == spoken);
    (is_own || is_listed) && words.contains(&lower.as_str()) || in_words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_demand_names_parameters_in_words_or_by_name() {
        let named = |text: &str, name: &str| {
            let text = text.to_lowercase();
            demands(&text) && names_parameter(&text, name)
        };
        let exchange = "Authorization-code exchanges require the original redirect URI, PKCE verifier and client ID.";
        assert!(named(exchange, "redirect_uri") && named(exchange, "code_verifier"));
        let mandatory = "The userId and password properties are mandatory in the request body.";
        assert!(named(mandatory, "userId") && named(mandatory, "password"));
        for text in [
            "This requires a password.",
            "The provider does not require the redirect URI.",
            "Requests require the redirect URI if one was sent.",
        ] {
            assert!(
                !named(text, "redirect_uri") && !named(text, "password"),
                "{text}"
            );
        }
    }
}
