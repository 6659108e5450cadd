//! The properties of a body that are parameters of their own.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::openapi::operation::Operation;
use crate::openapi::reference::resolve;
use crate::pointer;

/// Most schemas of a body that are looked at.
const MOST: usize = 10_000;

/// Whether a parameter is the body, or a part of it.
pub(super) fn is_body(parameter: &Value) -> bool {
    let place = parameter.get("in").and_then(Value::as_str);
    place.is_some_and(|place| ["body", "form", "formData"].contains(&place))
}

/// Where the properties stand that a body has itself, by whichever branch, and no property of it.
pub(super) fn properties<'a>(root: &'a Value, operation: &Operation<'a>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut seen = BTreeSet::new();
    let media = operation.requests().into_iter();
    let mut open: Vec<(&Value, String)> = media
        .filter_map(|media| {
            Some((
                media.value.get("schema")?,
                pointer::join(&media.pointer, "schema"),
            ))
        })
        .collect();
    // Some put a whole body among the parameters, as Swagger 2.0 does.
    let parameters = operation.parameters().into_iter();
    open.extend(parameters.filter_map(|parameter| {
        let schema = parameter
            .value
            .get("schema")
            .filter(|_| is_body(parameter.value))?;
        Some((schema, pointer::join(&parameter.pointer, "schema")))
    }));
    while let Some((schema, at)) = open.pop() {
        let Ok(schema) = resolve(root, schema, &at) else {
            continue;
        };
        if seen.len() > MOST || !seen.insert(schema.pointer.clone()) {
            continue;
        }
        let properties = schema.value.get("properties").and_then(Value::as_object);
        let parent = pointer::join(&schema.pointer, "properties");
        found.extend(
            properties
                .into_iter()
                .flatten()
                .map(|(name, _)| pointer::join(&parent, name)),
        );
        for key in ["allOf", "anyOf", "oneOf"] {
            let parts = schema.value.get(key).and_then(Value::as_array);
            for (index, part) in parts.into_iter().flatten().enumerate() {
                open.push((
                    part,
                    pointer::join_all(&schema.pointer, &[key, &index.to_string()]),
                ));
            }
        }
    }
    found
}
