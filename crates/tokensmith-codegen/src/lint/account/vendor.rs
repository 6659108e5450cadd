//! What a document says of OAuth where only its vendor's tools read it: keys of its own, and tables of error codes in words.

mod whole_document;

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use tokensmith_description::refusal::MEANINGS;

use super::list;
use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::operation::Operation;
use crate::openapi::site::Site;
use crate::openapi::vendor_key;

pub(super) use whole_document::tell as tell_of_whole_document;

/// Tells the keys of a vendor's own, by their names, and the error codes that the words list.
pub(super) fn tell(operation: &Operation<'_>, site: &Site) -> Vec<Diagnostic> {
    let codes = match site.extension.error.codes.is_empty() {
        true => error_codes(operation),
        false => None,
    };
    keys(operation).into_iter().chain(codes).collect()
}

/// Tells the keys of an operation, of its body and of its responses that are called after something that matters.
fn keys(operation: &Operation<'_>) -> Option<Diagnostic> {
    let mut names = BTreeSet::new();
    names.extend(named(operation.members));
    names.extend(
        operation
            .body()
            .and_then(|body| body.value.as_object())
            .into_iter()
            .flat_map(named),
    );
    for response in operation.responses() {
        names.extend(response.value.as_object().into_iter().flat_map(named));
    }
    let names: Vec<&str> = names.into_iter().collect();
    names.first()?;
    let message = format!("keys of the vendor's own are not read: {}", list(&names));
    let help = "say in OpenAPI or in `x-tokensmith` what they say that matters: a security scheme, scopes, `error: {codes: ..}`";
    Some(Diagnostic::new(Rule::Unused, operation.pointer, message).help(help))
}

/// The keys of a part that a vendor has made up, and that are called after what bears on requests and responses.
fn named(members: &Map<String, Value>) -> impl Iterator<Item = &str> {
    let keys = members.iter().filter(|(key, value)| {
        vendor_key::matters(key) && !matches!(value, Value::Null | Value::Bool(false))
    });
    keys.map(|(key, _)| key.as_str())
}

/// Tells the error codes that the descriptions of responses list, one a line.
fn error_codes(operation: &Operation<'_>) -> Option<Diagnostic> {
    for response in operation.responses() {
        let text = response.value.get("description").and_then(Value::as_str);
        let codes = listed(text.unwrap_or_default());
        if codes.len() < 2 {
            continue;
        }
        let codes: Vec<&str> = codes.into_iter().collect();
        let message = format!(
            "the description of the response lists error codes, and none of them is read as one of OAuth's: {}",
            list(&codes)
        );
        let first = codes.first().copied().unwrap_or_default();
        let help = format!(
            "say what they mean, as far as it matters:\nx-tokensmith: {{error: {{codes: {{'{first}': invalid_client}}}}}}"
        );
        return Some(Diagnostic::new(Rule::Unused, &response.pointer, message).help(help));
    }
    None
}

/// The codes with which the lines of a text begin, as in a table or a list. OAuth's own need no words.
fn listed(text: &str) -> BTreeSet<&str> {
    let marks = |letter: char| letter.is_whitespace() || "|*-`".contains(letter);
    let lines = text.lines().filter_map(|line| {
        let line = line.trim_start_matches(marks);
        let end = line.find(|letter: char| !(letter.is_ascii_alphanumeric() || letter == '_'))?;
        let (code, after) = line.split_at(end);
        let rest = after.trim_start_matches(['`', '*', ' ']);
        // A hyphen right behind it is a part of a word, or of a date.
        let is_explained = rest.starts_with(['|', ':', '–', '—'])
            || rest.starts_with('-') && !after.starts_with('-');
        (is_explained && is_code(code)).then_some(code)
    });
    lines.filter(|code| !MEANINGS.contains(code)).collect()
}

/// Whether a word is written as error codes are, and not as a status of HTTP.
fn is_code(word: &str) -> bool {
    let is_number = word.len() > 3 && word.bytes().all(|byte| byte.is_ascii_digit());
    let is_name = word.contains('_')
        && word.starts_with(|letter: char| letter.is_ascii_alphabetic())
        && (word.starts_with("invalid") || word.bytes().all(|byte| !byte.is_ascii_lowercase()));
    is_number || is_name
}

#[cfg(test)]
mod tests {
    use super::listed;

    #[test]
    fn tables_and_lists_have_codes_at_the_beginnings_of_lines() {
        let table = "Failed.\n\n| code | meaning |\n|---|---|\n| 20001 | Invalid request. |\n| `20002` | No app. |";
        assert_eq!(Vec::from_iter(listed(table)), ["20001", "20002"]);
        let list = "* `BAD_SECRET`: the secret is wrong\n* **NO_CLIENT** - there is none\n- 401: refused\n";
        assert_eq!(Vec::from_iter(listed(list)), ["BAD_SECRET", "NO_CLIENT"]);
        for text in [
            "- `invalid_client`: unknown\n- `invalid_grant`: used",
            "2024-01-02: changed",
            "- client_id: who asks\n- client_secret: the secret",
        ] {
            assert!(listed(text).is_empty(), "{text}");
        }
    }
}
