//! Headers of requests that only the descriptions of error responses name: "Api-Version header missing".

use std::collections::BTreeSet;

use serde_json::Value;

use super::endpoint_parts::Known;
use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::operation::Operation;
use crate::openapi::reference::resolve;

/// Tells the headers whose absence is an error, and that no request has.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    known: &Known<'_>,
) -> Option<Diagnostic> {
    let mut names = BTreeSet::new();
    for response in operation.responses() {
        if !response.status.starts_with('4') {
            continue;
        }
        let response = resolve(root, response.declared.value, "").ok();
        let text = response.and_then(|found| found.value.get("description")?.as_str());
        names.extend(text.into_iter().flat_map(missing));
    }
    names.retain(|name| !known.is_sent(name));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    names.first()?;
    let (headers, it) = match names.as_slice() {
        [_] => ("the header", "it"),
        _ => ("the headers", "them"),
    };
    let message = format!(
        "{}: by the description of an error, requests must have {headers}, and the document declares {it} nowhere",
        list(&names)
    );
    let lines: Vec<String> = names
        .iter()
        .map(|name| {
            format!("- {{name: {name}, in: header, required: true, schema: {{type: string}}}}")
        })
        .collect();
    let help = format!(
        "declare it on the operation, in an overlay where the document is a vendor's:\nparameters:\n{}",
        lines.join("\n")
    );
    Some(Diagnostic::new(Rule::Unused, operation.pointer, message).help(help))
}

/// The headers that a text calls missing.
fn missing(text: &str) -> Vec<String> {
    let text = text.replace(['<', '>', '`', '\'', '"'], " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    let is_name = |word: &str| {
        let is_part = |letter: char| letter.is_ascii_alphanumeric() || letter == '-';
        word.chars().all(is_part)
            && word.starts_with(|first: char| first.is_ascii_alphabetic())
            && (word.contains('-')
                || word[1..].contains(|letter: char| letter.is_ascii_uppercase()))
    };
    let of = |window: &[&str]| {
        let [name, header, next, rest @ ..] = window else {
            return None;
        };
        let plain = |word: &str| {
            word.to_lowercase()
                .trim_matches(|letter: char| !letter.is_alphanumeric())
                .to_owned()
        };
        let said = match plain(next).as_str() {
            "is" | "was" => plain(rest.first().copied().unwrap_or_default()),
            next => next.to_owned(),
        };
        let is_said = ["absent", "missing", "required"].contains(&said.as_str());
        (plain(header) == "header" && is_said && is_name(name)).then(|| (*name).to_owned())
    };
    (0..words.len())
        .filter_map(|start| of(&words[start..]))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::missing;

    #[test]
    fn headers_that_are_called_missing_are_named() {
        for (text, expected) in [
            (
                "Y016 : loginName header missing<br>Y016 : Api-Version header missing",
                &["loginName", "Api-Version"][..],
            ),
            ("The `X-Tenant` header is required.", &["X-Tenant"]),
            ("A required header is missing", &[]),
            ("The header missing", &[]),
            ("The X-Tenant header is unknown", &[]),
        ] {
            assert_eq!(missing(text), expected, "{text}");
        }
    }
}
