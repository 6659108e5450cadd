//! Error responses that are texts, in which nothing is read.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::EndpointKind;
use crate::openapi::media::{Media, essence};
use crate::openapi::operation::{Operation, Response};
use crate::openapi::reference::resolve;
use crate::prose::listed;

/// Tells the error responses whose body is a text in whichever media type: an error has no code then.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    kind: EndpointKind,
) -> Option<Diagnostic> {
    if kind.is_for_browsers() {
        return None;
    }
    let responses = operation.responses();
    let texts = responses.iter().filter(|response| is_text(root, response));
    let texts: Vec<&Response<'_>> = texts.collect();
    let first = texts.first()?;
    let statuses = texts.iter();
    let statuses: Vec<String> = statuses
        .map(|response| response.status.escape_debug().to_string())
        .collect();
    let message = match statuses.as_slice() {
        [only] => format!(
            "the error response {only} has a text as its body: an error has no code of it, and the text is in `raw_body`"
        ),
        several => format!(
            "the error responses {} have a text as their body: an error has no code of it, and the text is in `raw_body`",
            listed(several, "and")
        ),
    };
    let help = "where the provider responds with an object, declare it, as RFC 6749, section 5.2 has it:\nschema: {properties: {error: {type: string}, error_description: {type: string}}}";
    Some(Diagnostic::new(Rule::Unused, &first.declared.pointer, message).help(help))
}

/// Whether a response is an error, and every body that it declares is a text.
fn is_text(root: &Value, response: &Response<'_>) -> bool {
    // A server that fails says anything.
    let is_error = response.status.starts_with('4');
    let bodies = response.bodies(root);
    let is_text = |media: &Media<'_>| {
        let schema = media.value.get("schema");
        let schema = schema.and_then(|schema| resolve(root, schema, "").ok());
        let kind = schema.and_then(|schema| schema.value.get("type")?.as_str());
        match kind {
            Some(kind) => kind == "string",
            None => essence(media.name).starts_with("text/"),
        }
    };
    is_error && !bodies.is_empty() && bodies.iter().all(is_text)
}
