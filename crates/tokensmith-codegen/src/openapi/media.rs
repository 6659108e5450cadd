//! The bodies of requests and responses as a document has them, and their examples.

use serde_json::{Map, Value};

use crate::openapi::reference::{Located, resolve};
use crate::pointer;

/// A body in one media type.
#[derive(Debug, Clone)]
pub(crate) struct Media<'a> {
    pub(crate) name: &'a str,
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

impl<'a> Media<'a> {
    /// The schema of the body, which may be a reference.
    pub(crate) fn schema(&self) -> Option<Located<'a>> {
        Some(Located {
            value: self.value.get("schema")?,
            pointer: pointer::join(&self.pointer, "schema"),
        })
    }
}

/// A whole body that the document gives as an example.
pub(crate) struct Example<'a> {
    /// Its key among several; nothing where it is the only one.
    pub(crate) name: &'a str,
    pub(crate) value: &'a Value,
    pub(crate) pointer: String,
}

/// A media type without its parameters, in lower case: RFC 9110 section 8.3.1 compares types without case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

/// Whether a body of a media type is JSON.
pub(crate) fn is_json(media_type: &str) -> bool {
    essence(media_type).contains("json")
}

/// The bodies of something that has `content`.
pub(super) fn content<'a>(root: &'a Value, owner: &'a Value, at: &str) -> Vec<Media<'a>> {
    let Ok(Located { value, pointer }) = resolve(root, owner, at) else {
        return Vec::new();
    };
    let content = value.get("content").and_then(Value::as_object);
    let media = content.into_iter().flatten().map(|(name, value)| Media {
        name,
        value,
        pointer: pointer::join_all(&pointer, &["content", name]),
    });
    media.collect()
}

/// The values that a media type or a schema has as examples, and that are written out there.
pub(crate) fn values_of_examples(owner: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let several = owner.get("examples").and_then(Value::as_object);
    let several = several.into_iter().flat_map(Map::values);
    let list = owner.get("examples").and_then(Value::as_array);
    owner
        .get("example")
        .into_iter()
        .chain(several.filter_map(|example| example.get("value")))
        .chain(list.into_iter().flatten())
}

/// The values of an object of examples, and the one beside it; without any, the one that the schema has for the whole body. No body is
/// `null`: tools write that where there is no example.
pub(crate) fn examples<'a>(
    root: &'a Value,
    owner: &'a Map<String, Value>,
    at: &str,
) -> Vec<Example<'a>> {
    let mut examples = Vec::new();
    if let Some(value) = owner.get("example").filter(|value| !value.is_null()) {
        examples.push(Example {
            name: "",
            value,
            pointer: pointer::join(at, "example"),
        });
    }
    let several = owner.get("examples").and_then(Value::as_object);
    for (name, example) in several.into_iter().flatten() {
        let at = pointer::join_all(at, &["examples", name]);
        if let Ok(Located { value, pointer }) = resolve(root, example, &at)
            && let Some(value) = value.get("value").filter(|value| !value.is_null())
        {
            examples.push(Example {
                name,
                value,
                pointer: pointer::join(&pointer, "value"),
            });
        }
    }
    if examples.is_empty() {
        examples.extend(of_schema(root, owner, at));
    }
    examples
}

/// The example of the object that a schema describes, where it stands in the schema itself.
fn of_schema<'a>(root: &'a Value, owner: &'a Map<String, Value>, at: &str) -> Option<Example<'a>> {
    let at = pointer::join(at, "schema");
    let Located { value, pointer } = resolve(root, owner.get("schema")?, &at).ok()?;
    let example = value.get("example").filter(|example| example.is_object())?;
    Some(Example {
        name: "",
        value: example,
        pointer: pointer::join(&pointer, "example"),
    })
}
