//! The named parts of a request, wherever the document has them.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::openapi::operation::Operation;
use crate::openapi::reference::{Located, resolve};
use crate::openapi::schema::Schema;
use crate::pointer;

/// Schemas nested deeper than this are not looked into: no request is.
const MAX_DEPTH: usize = 8;

/// More parts than this are not told one by one.
const MAX_PARTS: usize = 500;

/// More schemas than this are not asked for what they say of one part: a few kilobytes of `allOf` can stand for millions.
const MAX_SCHEMAS: usize = 200;

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
        if let Some(schema) = parameter.schema() {
            describe(root, schema.value, &mut says, 0);
        }
        parts.push(Part {
            name: parameter.name,
            pointer: parameter.pointer,
            says,
        });
    }
    for media in operation.requests() {
        if let Some(Located { value, pointer }) = media.schema() {
            members(root, value, &pointer, &mut parts, &mut BTreeSet::new(), 0);
        }
    }
    let mut seen = BTreeSet::new();
    parts.retain(|part| seen.insert(part.pointer.clone()));
    parts
}

/// Adds a schema, and those that it refers to or is made of.
fn describe<'a>(root: &'a Value, schema: &'a Value, says: &mut Vec<&'a Value>, depth: usize) {
    if depth > MAX_DEPTH || says.len() >= MAX_SCHEMAS {
        return;
    }
    says.push(schema);
    if let Ok(Located { value, .. }) = resolve(root, schema, "")
        && !std::ptr::eq(value, schema)
    {
        describe(root, value, says, depth + 1);
    }
    for part in Schema(schema).all_of() {
        if says.len() >= MAX_SCHEMAS {
            return;
        }
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
    for (name, property) in Schema(value).properties() {
        let mut says = Vec::new();
        describe(root, property, &mut says, 0);
        parts.push(Part {
            name,
            pointer: pointer::join_all(&pointer, &["properties", name]),
            says,
        });
    }
    for (key, index, part) in Schema(value).parts() {
        let at = pointer::join_all(&pointer, &[key, &index.to_string()]);
        members(root, part, &at, parts, seen, depth + 1);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_says_something_of_a_part_has_an_end() {
        let next = |level: usize| json!({"$ref": format!("#/components/schemas/S{}", level + 1)});
        let schema = |level| json!({ "allOf": vec![next(level); 40] });
        let root = json!({"components": {"schemas": {
            "S1": schema(1), "S2": schema(2), "S3": schema(3), "S4": {"type": "string"}
        }}});
        let (first, mut says) = (next(0), Vec::new());
        describe(&root, &first, &mut says, 0);
        assert_eq!(says.len(), MAX_SCHEMAS);
    }
}
