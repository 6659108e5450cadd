//! Another credential than the one of requests, of which an operation speaks in words.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::BEARER;
use crate::model::Endpoint;
use crate::openapi::operation::Operation;
use crate::pointer;
use crate::prose::{plain, sentences};

/// Tells the one of HTTP Basic and a bearer token that no request has, where the description says that either is taken.
pub(super) fn tell(operation: &Operation<'_>, endpoint: &Endpoint) -> Option<Diagnostic> {
    let text = operation
        .members
        .get("description")
        .and_then(Value::as_str)?;
    if !sentences(text).any(|sentence| takes_either(&plain(sentence))) {
        return None;
    }
    let has_basic = endpoint
        .attributes
        .authentication
        .method
        .is_in_authorization();
    let mut parameters = endpoint.operations.iter().flat_map(|one| &one.parameters);
    let has_bearer = parameters.any(|parameter| parameter.prefix.as_deref() == Some(BEARER));
    let (lost, sent, scheme) = match (has_basic, has_bearer) {
        (true, false) => ("a bearer token", "HTTP Basic", "bearer"),
        (false, true) => ("HTTP Basic", "the bearer token", "basic"),
        _ => return None,
    };
    let message = format!(
        "by its description, the endpoint takes HTTP Basic or a bearer token; requests have {sent} and never {lost}"
    );
    let help = format!(
        "where requests need {lost}, declare it in an overlay:\nsecuritySchemes: {{{scheme}: {{type: http, scheme: {scheme}}}}}"
    );
    let at = pointer::join(operation.pointer, "description");
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

/// Whether a sentence in small letters has HTTP Basic in the place of a bearer token, or the other way round.
fn takes_either(sentence: &str) -> bool {
    const EITHER: [&str; 5] = [
        " or ",
        "alternatively",
        "either",
        "in place of",
        "instead of",
    ];
    const OTHERS: [&str; 3] = ["not ", "n't ", "response"];
    let has = |words: &[&str]| words.iter().any(|word| sentence.contains(word));
    let names = |word: &str| {
        sentence
            .split(|letter: char| !letter.is_alphanumeric())
            .any(|one| one == word)
    };
    names("basic") && names("bearer") && has(&EITHER) && !has(&OTHERS)
}

#[cfg(test)]
mod tests {
    use super::takes_either;

    #[test]
    fn a_sentence_has_one_credential_in_the_place_of_the_other() {
        for text in [
            "you can use a basic authorization header instead of the bearer token",
            "authenticate by http basic or by a bearer token",
        ] {
            assert!(takes_either(text), "{text}");
        }
        for text in [
            "do not send basic instead of the bearer token",
            "basic and bearer",
            "the basics of bearer tokens, or how to get one",
        ] {
            assert!(!takes_either(text), "{text}");
        }
    }
}
