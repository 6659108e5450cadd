//! What `x-tokensmith` says of a provider cannot be told from plain OpenAPI, so a reader has to be able to look it up.

use serde_json::{Map, Value};

use super::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::extension;
use crate::pointer;

pub(super) fn lint(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    if !subject.site.is_extended {
        return;
    }
    let owners = [
        Some(subject.operation.members),
        subject.root.get("info").and_then(Value::as_object),
        subject.root.as_object(),
    ];
    if owners.into_iter().flatten().any(names_a_source) {
        return;
    }
    let place = pointer::join(&subject.site.pointer, extension::KEY);
    diagnostics.push(
        Diagnostic::new(Rule::NoSource, place, "the source of this is not named").help(
            "name the page in the description of the operation or of the document, or as `externalDocs`:\n\
             description: ... Source: docs.example.com/tokens",
        ),
    );
}

/// `externalDocs`, or a description with an address or the word "source".
fn names_a_source(owner: &Map<String, Value>) -> bool {
    let docs = owner.get("externalDocs");
    let has_docs = docs.is_some_and(|docs| docs.get("url").is_some());
    let text = owner
        .get("description")
        .and_then(Value::as_str)
        .unwrap_or_default();
    has_docs || text.contains("://") || text.to_ascii_lowercase().contains("source")
}
