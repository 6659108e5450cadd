//! Parameters of OAuth that a request has within an object of its body.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::role::OperationView;
use crate::model::name::letters;

/// Most schemas that are looked at.
const MOST: usize = 1_000;

/// Objects within objects deeper than this hold no parameters.
const DEEPEST: usize = 5;

/// The place of a grant type below a member of the body, such as `data.attributes.grant_type`.
pub(super) fn nested_grant_type(view: &OperationView<'_>) -> Option<String> {
    let mut walk = Walk {
        view,
        seen: BTreeSet::new(),
        left: MOST,
    };
    let body = view.operation.get("requestBody")?;
    let body = view.documents.resolve(body, "").ok()?.value;
    let content = body.get("content")?.as_object()?;
    let mut schemas = content.values().filter_map(|media| media.get("schema"));
    schemas.find_map(|schema| walk.schema(schema, &mut Vec::new()))
}

struct Walk<'v, 'a> {
    view: &'v OperationView<'a>,
    seen: BTreeSet<String>,
    left: usize,
}

impl<'a> Walk<'_, 'a> {
    fn schema(&mut self, schema: &'a Value, path: &mut Vec<&'a str>) -> Option<String> {
        let found = self.view.documents.resolve(schema, "").ok()?;
        self.left = self.left.checked_sub(1)?;
        if path.len() > DEEPEST || !found.pointer.is_empty() && !self.seen.insert(found.pointer) {
            return None;
        }
        let value = found.value;
        let properties = value.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flat_map(Map::iter) {
            path.push(name);
            if path.len() > 1 && letters(name) == "granttype" {
                return Some(path.join("."));
            }
            let within = self.schema(property, path);
            path.pop();
            if within.is_some() {
                return within;
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let parts = value.get(key).and_then(Value::as_array);
            for part in parts.into_iter().flatten() {
                let within = self.schema(part, path);
                if within.is_some() {
                    return within;
                }
            }
        }
        None
    }
}
