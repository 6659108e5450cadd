//! Media types that the description of a header names, and that no request has.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::{body_format, media_types_in};
use crate::model::Endpoint;
use crate::openapi::media::essence;
use crate::openapi::operation::{Operation, Parameter};
use crate::openapi::reference::resolve;

const JSON: &str = "application/json";

/// Tells the media types of the `Content-Type` and `Accept` headers that requests neither have nor ask for.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    endpoint: &Endpoint,
) -> Vec<Diagnostic> {
    let parameters = operation.parameters();
    let mut headers = parameters
        .iter()
        .filter(|parameter| parameter.place == "header");
    let told = headers.by_ref().filter_map(|header| {
        let named = named(root, header);
        match header.name.to_ascii_lowercase().as_str() {
            "content-type" => content_type(operation, header, &named),
            "accept" => accept(endpoint, header, &named),
            _ => None,
        }
    });
    told.collect()
}

fn content_type(
    operation: &Operation<'_>,
    header: &Parameter<'_>,
    named: &BTreeSet<String>,
) -> Option<Diagnostic> {
    let bodies = operation.requests();
    let declared: Vec<_> = bodies
        .iter()
        .filter_map(|media| body_format(media.name))
        .collect();
    let is_lost = |media: &&String| {
        let format = body_format(media);
        format.is_some_and(|format| !declared.contains(&format))
    };
    let lost = named
        .iter()
        .find(is_lost)
        .filter(|_| !declared.is_empty())?;
    let message = format!(
        "the `Content-Type` header may be `{lost}`, and no such body is declared; no request has one"
    );
    let help = format!("declare that body as well:\nrequestBody: {{content: {{{lost}: ..}}}}");
    Some(Diagnostic::new(Rule::Unused, &header.pointer, message).help(help))
}

fn accept(
    endpoint: &Endpoint,
    header: &Parameter<'_>,
    named: &BTreeSet<String>,
) -> Option<Diagnostic> {
    let sent = endpoint.attributes.accept.as_deref().unwrap_or(JSON);
    let is_sent =
        |media: &String| media.contains('*') || sent.split(',').any(|sent| essence(sent) == *media);
    let first = named.first().filter(|_| !named.iter().any(is_sent))?;
    let message = format!(
        "the `Accept` header is to be `{first}`, and requests have `{}`",
        sent.escape_debug()
    );
    let help = format!(
        "declare the media type of the response, or the header's only value:\nschema: {{type: string, enum: [{first}]}}"
    );
    Some(Diagnostic::new(Rule::Unused, &header.pointer, message).help(help))
}

/// The media types that the values and the descriptions of a header name.
fn named(root: &Value, header: &Parameter<'_>) -> BTreeSet<String> {
    let schema = header.schema();
    let schema = schema.and_then(|schema| resolve(root, schema.value, "").ok());
    let schema = schema.map(|schema| schema.value);
    let owners = [Some(header.value), schema].into_iter().flatten();
    let texts = owners.flat_map(|owner| {
        let keys = ["description", "example", "default", "const"].into_iter();
        let one = keys.filter_map(|key| owner.get(key)?.as_str());
        let values = owner.get("enum").and_then(Value::as_array);
        one.chain(values.into_iter().flatten().filter_map(Value::as_str))
    });
    texts.flat_map(media_types_in).collect()
}
