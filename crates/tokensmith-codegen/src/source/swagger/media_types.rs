//! How much the media types of a Swagger 2.0 document multiply.

use serde_json::{Map, Value};

use crate::diagnostic::Diagnostic;
use crate::diagnostic::budget::COPIES;
use crate::openapi::grammar::METHODS;
use crate::pointer;

/// As many media types as responses usually have: they are not counted.
const USUAL: usize = 4;

/// The parts of a media type beside its schema.
const ENVELOPE: usize = 8;

/// What is too much, before the schema of each response is copied into each of its media types.
pub(crate) fn beyond(tree: &Value) -> Option<Diagnostic> {
    let shared = count(tree.get("produces"));
    let mut copies = 0_usize;
    for (path, item) in tree.get("paths")?.as_object()? {
        for method in METHODS {
            let Some(operation) = item.get(method).and_then(Value::as_object) else {
                continue;
            };
            let own = operation.get("produces");
            let media = own.map_or(shared, |own| count(Some(own)));
            let extra = media.saturating_sub(USUAL);
            copies = copies.saturating_add(extra.saturating_mul(size_of_responses(operation)));
            if copies > COPIES.most {
                let at = match own {
                    Some(_) => pointer::join_all("/paths", &[path, method, "produces"]),
                    None => "/produces".to_owned(),
                };
                return Some(COPIES.exceeded(&at));
            }
        }
    }
    None
}

fn count(list: Option<&Value>) -> usize {
    list.and_then(Value::as_array).map_or(0, Vec::len)
}

/// The parts of all schemas that the responses of an operation have.
fn size_of_responses(operation: &Map<String, Value>) -> usize {
    let responses = operation.get("responses").and_then(Value::as_object);
    let schemas = responses
        .into_iter()
        .flatten()
        .filter_map(|(_, response)| response.get("schema"));
    schemas.map(|schema| ENVELOPE + size(schema)).sum()
}

fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 1,
    }
}
