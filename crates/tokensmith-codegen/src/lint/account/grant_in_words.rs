//! Grants that only the words on the whole document, or on a token response, name.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::affirmed;
use crate::infer::grants_to_write::on_token_endpoint;
use crate::lint::list;
use crate::model::{Endpoint, EndpointKind, Model, Success, TypeDef, rfc};

/// Tells the grants that a text calls a value of `grant_type`, and that no token endpoint takes.
pub(super) fn tell(root: &Value, model: &Model) -> Vec<Diagnostic> {
    let endpoints = model.endpoints.iter();
    let tokens: Vec<&Endpoint> = endpoints
        .filter(|endpoint| endpoint.kind == EndpointKind::Token)
        .collect();
    if tokens.is_empty() {
        return Vec::new();
    }
    let of_document = root.pointer("/info/description").and_then(Value::as_str);
    let of_document = of_document.map(|text| ("/info/description", "document", text));
    let of_responses = tokens.iter().flat_map(|endpoint| {
        let at = endpoint.declared_at.first();
        let texts = texts_of_response(model, endpoint).into_iter();
        at.into_iter()
            .flat_map(move |at| texts.clone().map(|text| (at.as_str(), "response", text)))
    });
    let mut seen = BTreeSet::new();
    let mut told = Vec::new();
    for (at, whose, text) in of_document.into_iter().chain(of_responses) {
        let mut lost = named(text);
        lost.retain(|grant| !is_taken(&tokens, grant) && seen.insert(*grant));
        if !lost.is_empty() {
            let help = on_token_endpoint(tokens.iter().copied(), &lost);
            told.push(untaken(&lost, whose, at).help(help));
        }
    }
    told
}

fn untaken(grants: &[&str], whose: &str, at: &str) -> Diagnostic {
    let message = format!(
        "{}: the {whose}'s description calls it a value of `grant_type`, and no token endpoint takes it",
        list(grants)
    );
    Diagnostic::new(Rule::Unused, at, message)
}

/// What the document says of a token response and of its members.
fn texts_of_response<'m>(model: &'m Model, endpoint: &Endpoint) -> Vec<&'m str> {
    let Success::Token(response) = &endpoint.response else {
        return Vec::new();
    };
    let Some(TypeDef::Struct(def)) = model.type_def(response) else {
        return Vec::new();
    };
    let of_members = def.fields.iter().map(|field| &field.description);
    let texts = std::iter::once(&def.description).chain(of_members);
    texts.filter_map(|text| text.as_deref()).collect()
}

/// Whether some request is for the grant, or may be for any.
fn is_taken(tokens: &[&Endpoint], grant: &str) -> bool {
    tokens.iter().any(|endpoint| {
        let is_open = endpoint.operations.iter().any(|one| one.grant.is_none());
        is_open || endpoint.grants().any(|own| rfc::is_same_grant(own, grant))
    })
}

/// The grants of RFCs that a text gives to `grant_type`, and does not deny.
fn named(text: &str) -> Vec<&'static str> {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let text = text.replace(['`', '\'', '"', '*'], "");
    if !text.contains("grant_type") && !text.contains("grantType") {
        return Vec::new();
    }
    let values = rfc::GRANTS.iter().map(|grant| grant.value);
    values
        .filter(|value| !affirmed(&text, |part| gives(part, value)).is_empty())
        .collect()
}

/// Whether a part of a sentence gives a value to `grant_type`.
fn gives(part: &str, value: &str) -> bool {
    ["grant_type", "grantType"].iter().any(|name| {
        part.match_indices(name).any(|(start, _)| {
            let rest = without_verb(&part[start + name.len()..]);
            let after = rest.strip_prefix(value);
            let is_part = |letter: char| letter.is_alphanumeric() || "_-:/".contains(letter);
            after.is_some_and(|after| !after.starts_with(is_part))
        })
    })
}

/// What stands behind the words between a parameter and its value.
fn without_verb(text: &str) -> &str {
    const WORDS: [&str; 12] = [
        "=", ":", "to ", "of ", "is ", "as ", "set ", "be ", "must ", "should ", "value ", "equal ",
    ];
    let mut rest = text.trim_start();
    while let Some(next) = WORDS.iter().find_map(|word| rest.strip_prefix(word)) {
        rest = next.trim_start();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_text_gives_a_value_to_the_parameter() {
        for (text, expected) in [
            (
                "Set `grant_type` to **refresh_token**.",
                &["refresh_token"][..],
            ),
            ("curl -d grant_type=password&username=a", &["password"]),
            (
                "Send `refresh_token`, with\n`grant_type` set to `refresh_token`.",
                &["refresh_token"],
            ),
            ("`grant_type` must not be `password`.", &[]),
            ("`grant_type=password` is not supported.", &[]),
            ("Send `grant_type`, `password` and `scope`.", &[]),
            ("The `refresh_token` is for later.", &[]),
        ] {
            assert_eq!(named(text), expected, "{text}");
        }
    }
}
