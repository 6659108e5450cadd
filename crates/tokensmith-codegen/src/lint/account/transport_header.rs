//! Headers whose values only the transport knows: what it asks for, and what is made of the bytes that it sends.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::Endpoint;
use crate::model::name::letters;
use crate::openapi::operation::{Operation, Parameter};
use crate::openapi::reference::resolve;

/// Tells the encodings that requests do not ask for, and the signatures of bodies that a caller cannot make.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    endpoint: &Endpoint,
) -> Vec<Diagnostic> {
    if !endpoint.is_called() {
        return Vec::new();
    }
    let parameters = operation.parameters();
    let headers = parameters
        .iter()
        .filter(|parameter| parameter.place == "header");
    headers
        .filter_map(
            |header| match header.name.eq_ignore_ascii_case("accept-encoding") {
                true => encoding(root, header),
                false => signature(header),
            },
        )
        .collect()
}

/// Tells encodings of which `identity` is none.
fn encoding(root: &Value, header: &Parameter<'_>) -> Option<Diagnostic> {
    let schema = header.value.get("schema")?;
    let schema = resolve(root, schema, "").ok()?.value;
    let values = schema.get("enum").and_then(Value::as_array)?;
    let takes_any = values.iter().any(|value| {
        let text = value.as_str().unwrap_or_default();
        text.is_empty() || text.contains("identity") || text.contains('*')
    });
    let is_required = header.value.get("required") == Some(&Value::Bool(true));
    (is_required && !takes_any).then(|| {
        let message = format!(
            "`{}`: requests ask for `identity`, which is not among the values that the document requires",
            header.name.escape_debug()
        );
        let help = "where the provider refuses that, ask for another encoding and decode the response in a transport of your own";
        Diagnostic::new(Rule::Unused, &header.pointer, message).help(help)
    })
}

/// What a header has that is about a signature, by the end of its name.
const ABOUT_SIGNATURES: [&str; 7] = [
    "alg",
    "algorithm",
    "certificate",
    "keyid",
    "kid",
    "timestamp",
    "version",
];

/// Tells a header that has a signature of the body.
fn signature(header: &Parameter<'_>) -> Option<Diagnostic> {
    let name = letters(header.name);
    if ABOUT_SIGNATURES.iter().any(|about| name.ends_with(about)) {
        return None;
    }
    let text = header.value.get("description")?.as_str()?.to_lowercase();
    let is_signature = text.contains("signature") || name.contains("signature");
    let is_of_body = ["body", "payload"].iter().any(|word| text.contains(word));
    (is_signature && is_of_body).then(|| {
        let message = format!(
            "`{}`: by its description, it is a signature of the body, which is written after the caller gives it",
            header.name.escape_debug()
        );
        let help = "sign the body in a transport of your own, and give the request any value, which the transport replaces";
        Diagnostic::new(Rule::Unused, &header.pointer, message).help(help)
    })
}
