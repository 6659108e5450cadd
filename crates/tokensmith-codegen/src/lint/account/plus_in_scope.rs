//! Scopes that are written as they stand in a URL, where `+` is a space.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::Model;

/// Tells a scope with `+` in it, where the document has its parts as scopes, or has it in a query.
pub(super) fn tell(root: &Value, model: &Model) -> Option<Diagnostic> {
    let scopes = || model.scopes.iter().map(|scope| scope.wire.as_str());
    let is_several = |scope: &&str| {
        let mut parts = scope.split('+');
        let in_query = format!("scope={scope}");
        parts.clone().count() > 1
            && parts.clone().all(|part| !part.is_empty())
            && (parts.any(|part| scopes().any(|known| known == part)) || has(root, &in_query))
    };
    let scope = scopes().find(is_several)?;
    let shown = scope.escape_debug();
    let parts: Vec<String> = scope
        .split('+')
        .map(|part| format!("{}: ..", part.escape_debug()))
        .collect();
    let message = format!(
        "the scope `{shown}` may be several scopes as a URL has them, where `+` is a space; it is sent as one scope, whose `+` is `%2B`"
    );
    let help = format!(
        "if it is several, declare each of them in the flow:\nscopes: {{{}}}",
        parts.join(", ")
    );
    Some(Diagnostic::new(Rule::Unused, "/components/securitySchemes", message).help(help))
}

/// Whether a text of the document has these words.
fn has(value: &Value, words: &str) -> bool {
    match value {
        Value::String(text) => text.contains(words),
        Value::Array(items) => items.iter().any(|item| has(item, words)),
        Value::Object(members) => members.values().any(|member| has(member, words)),
        _ => false,
    }
}
