//! Responses, with the media types of what they hold.

use serde_json::{Map, Value, json};

use super::body::{JSON, or_default};
use super::{Moves, parameter};
use crate::pointer;

/// Raises a response; it is at `to` now and was at `from`.
pub(super) fn response(
    response: &mut Value,
    produces: &[String],
    to: &str,
    from: &str,
    moves: &mut Moves,
) {
    let Some(members) = response.as_object_mut() else {
        return;
    };
    let schema = members.remove("schema");
    let examples = members.remove("examples");
    let examples = examples.as_ref().and_then(Value::as_object);
    let headers = members.get_mut("headers").and_then(Value::as_object_mut);
    for (name, header) in headers.into_iter().flatten() {
        let at = |owner: &str| pointer::join_all(owner, &["headers", name]);
        parameter::raise(header, &at(to), &at(from), moves);
    }
    // Examples may be all that is said of a body.
    if schema.is_none() && examples.is_none_or(Map::is_empty) {
        return;
    }
    let mut content = Map::new();
    for (index, media) in or_default(produces.iter(), JSON).into_iter().enumerate() {
        let at = |owner: &str, keys: &[&str]| pointer::join_all(owner, keys);
        let mut value = match &schema {
            Some(schema) => json!({ "schema": schema }),
            None => json!({}),
        };
        if let Some(example) = examples.and_then(|examples| examples.get(&media)) {
            value["example"] = example.clone();
            moves.push((
                at(to, &["content", &media, "example"]),
                at(from, &["examples", &media]),
            ));
        } else if let Some(named) = examples.filter(|examples| index == 0 && are_named(examples)) {
            // Swagger has them by media types; others give them names, as OpenAPI 3 does. Which media type they are in
            // is not said: they are shown in the first.
            for (name, example) in named {
                value["examples"][name] = match example.get("value") {
                    Some(_) => example.clone(),
                    None => json!({ "value": example }),
                };
            }
            moves.push((
                at(to, &["content", &media, "examples"]),
                at(from, &["examples"]),
            ));
        }
        // Without a schema, a media type that has no example has nothing.
        if value.as_object().is_some_and(Map::is_empty) {
            continue;
        }
        if schema.is_some() {
            moves.push((
                at(to, &["content", &media, "schema"]),
                at(from, &["schema"]),
            ));
        }
        content.insert(media, value);
    }
    members.insert("content".to_owned(), Value::Object(content));
}

/// Whether examples are objects under names, and none is under a media type.
fn are_named(examples: &Map<String, Value>) -> bool {
    let mut all = examples.iter();
    !examples.is_empty() && all.all(|(name, example)| !name.contains('/') && example.is_object())
}
