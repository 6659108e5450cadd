//! The named parts of a request, wherever the document has them.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::openapi::operation::Operation;
use crate::openapi::reference::{Located, resolve};
use crate::pointer;

/// Schemas nested deeper than this are not looked into: no request is.
const MAX_DEPTH: usize = 8;

/// More parts than this are not told one by one.
const MAX_PARTS: usize = 500;

/// A parameter, or a member of a body.
#[derive(Debug, Clone)]
pub(super) struct Part<'a> {
    pub(super) name: &'a str,
    pub(super) pointer: String,
    /// What says what it is: the schema, and for a parameter the parameter too.
    pub(super) says: Vec<&'a Value>,
}

impl<'a> Part<'a> {
    /// The first of these that the schema or the parameter has.
    pub(super) fn get(&self, key: &str) -> Option<&'a Value> {
        self.says.iter().find_map(|value| value.get(key))
    }

    /// Whether it is a header of which OpenAPI says that its declaration is ignored: the client writes it.
    pub(super) fn is_header_of_http(&self) -> bool {
        let known = ["accept", "authorization", "content-type"];
        self.get("in").is_some_and(|place| place == "header")
            && known
                .iter()
                .any(|known| self.name.eq_ignore_ascii_case(known))
    }

    pub(super) fn has_text(&self, key: &str) -> bool {
        self.says
            .iter()
            .filter_map(|value| value.get(key)?.as_str())
            .any(|text| !text.trim().is_empty())
    }
}

/// Every parameter of an operation, and every member of the bodies of its requests.
pub(super) fn inputs<'a>(root: &'a Value, operation: Operation<'a>) -> Vec<Part<'a>> {
    let mut parts = Vec::new();
    for parameter in operation.parameters() {
        let mut says = vec![parameter.value];
        if let Some(schema) = parameter.value.get("schema") {
            describe(root, schema, &mut says, 0);
        }
        parts.push(Part {
            name: parameter.name,
            pointer: parameter.pointer,
            says,
        });
    }
    for media in operation.requests() {
        if let Some(schema) = media.value.get("schema") {
            let at = pointer::join(&media.pointer, "schema");
            members(root, schema, &at, &mut parts, &mut BTreeSet::new(), 0);
        }
    }
    let mut seen = BTreeSet::new();
    parts.retain(|part| seen.insert(part.pointer.clone()));
    parts
}

/// Adds a schema, and those that it refers to or is made of.
fn describe<'a>(root: &'a Value, schema: &'a Value, says: &mut Vec<&'a Value>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    says.push(schema);
    if let Ok(Located { value, .. }) = resolve(root, schema, "")
        && !std::ptr::eq(value, schema)
    {
        describe(root, value, says, depth + 1);
    }
    let parts = schema.get("allOf").and_then(Value::as_array);
    for part in parts.into_iter().flatten() {
        describe(root, part, says, depth + 1);
    }
}

fn members<'a>(
    root: &'a Value,
    schema: &'a Value,
    at: &str,
    parts: &mut Vec<Part<'a>>,
    seen: &mut BTreeSet<String>,
    depth: usize,
) {
    let Ok(Located { value, pointer }) = resolve(root, schema, at) else {
        return;
    };
    if depth > MAX_DEPTH || parts.len() > MAX_PARTS || !seen.insert(pointer.clone()) {
        return;
    }
    let properties = value.get("properties").and_then(Value::as_object);
    for (name, property) in properties.into_iter().flat_map(Map::iter) {
        let mut says = Vec::new();
        describe(root, property, &mut says, 0);
        parts.push(Part {
            name,
            pointer: pointer::join_all(&pointer, &["properties", name]),
            says,
        });
    }
    for key in ["allOf", "oneOf", "anyOf"] {
        let branches = value.get(key).and_then(Value::as_array);
        for (index, branch) in branches.into_iter().flatten().enumerate() {
            let at = pointer::join_all(&pointer, &[key, &index.to_string()]);
            members(root, branch, &at, parts, seen, depth + 1);
        }
    }
}
