//! Parameters: what Swagger says beside the name stands in a schema.

use serde_json::{Map, Value, json};

use super::Moves;
use crate::pointer;

/// Members of a parameter or header that its schema has in OpenAPI 3.0.
const OF_SCHEMA: [&str; 18] = [
    "type",
    "format",
    "items",
    "default",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "enum",
    "multipleOf",
    "x-nullable",
    "title",
];

/// Whether it is a part of the body, or all of it.
pub(crate) fn is_of_body(parameter: &Value) -> bool {
    place(parameter).as_deref() == Some("body") || is_of_form(parameter)
}

/// Whether it is a part of a form.
pub(super) fn is_of_form(parameter: &Value) -> bool {
    matches!(place(parameter).as_deref(), Some("formdata" | "form"))
}

/// Whether it is one value: as a body that would be a text without a name.
pub(super) fn is_scalar(parameter: &Value) -> bool {
    let schema = parameter.get("schema").unwrap_or(parameter);
    let name = schema.get("type").and_then(Value::as_str);
    name.is_some_and(|name| ["string", "integer", "number", "boolean"].contains(&name))
}

fn place(parameter: &Value) -> Option<String> {
    let place = parameter.get("in").and_then(Value::as_str)?;
    Some(place.trim().to_ascii_lowercase())
}

/// Raises a parameter that is no part of the body, or a header; it is at `to` now and was at `from`.
pub(super) fn raise(parameter: &mut Value, to: &str, from: &str, moves: &mut Moves) {
    let Some(members) = parameter.as_object_mut() else {
        return;
    };
    if members.contains_key("$ref") {
        return;
    }
    let is_in_query = members.get("in") == Some(&json!("query"));
    if let Some((style, explode)) = style(members) {
        // Elsewhere than in a query there is one way to separate values.
        let style = if is_in_query { style } else { "simple" };
        members.insert("style".to_owned(), json!(style));
        members.insert("explode".to_owned(), json!(explode && is_in_query));
    }
    if !members.contains_key("schema") {
        let schema = take_schema(members);
        members.insert("schema".to_owned(), Value::Object(schema));
        moves.push((pointer::join(to, "schema"), from.to_owned()));
    }
}

/// How the values of a list are separated, and whether its name is repeated; nothing for what is no list.
pub(super) fn style(members: &mut Map<String, Value>) -> Option<(&'static str, bool)> {
    let format = members.remove("collectionFormat");
    if members.get("type") != Some(&json!("array")) {
        return None;
    }
    Some(match format.as_ref().and_then(Value::as_str) {
        Some("multi") => ("form", true),
        Some("ssv") => ("spaceDelimited", false),
        Some("pipes") => ("pipeDelimited", false),
        // Not in OpenAPI 3.0: it is refused where it is read.
        Some("tsv") => ("tabDelimited", false),
        _ => ("form", false),
    })
}

/// Takes the members that belong to the schema.
pub(super) fn take_schema(members: &mut Map<String, Value>) -> Map<String, Value> {
    let taken = OF_SCHEMA
        .iter()
        .filter_map(|key| Some(((*key).to_owned(), members.remove(*key)?)));
    taken.collect()
}
