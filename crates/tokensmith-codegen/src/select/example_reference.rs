//! References within the values of examples: JSON that OpenAPI takes as it is, and that is meant as what it points at.

use serde_json::{Map, Value};

use super::documents::Documents;
use crate::diagnostic::Diagnostic;

/// References within references deeper than this have no end.
const DEEPEST: usize = 16;

/// Puts what references mean in their place; `left` is how many there may be still.
///
/// The reference that leads nowhere is an error: the example says nothing.
pub(super) fn put_in_place(
    value: &mut Value,
    documents: Documents<'_>,
    place: &str,
    left: &mut usize,
) -> Result<(), Diagnostic> {
    replace(value, documents, place, (left, 0))
}

fn replace(
    value: &mut Value,
    documents: Documents<'_>,
    place: &str,
    (left, depth): (&mut usize, usize),
) -> Result<(), Diagnostic> {
    if let Some(reference) = only_reference(value) {
        if *left == 0 || depth == DEEPEST {
            *value = Value::Null;
            return Ok(());
        }
        *left -= 1;
        let found = documents.target(reference, place)?;
        let mut meant = match found.value.as_object() {
            Some(example) if is_example(example) => example["value"].clone(),
            _ => found.value.clone(),
        };
        replace(&mut meant, documents, place, (left, depth + 1))?;
        *value = meant;
        return Ok(());
    }
    match value {
        Value::Object(members) => members
            .values_mut()
            .try_for_each(|member| replace(member, documents, place, (left, depth))),
        Value::Array(items) => items
            .iter_mut()
            .try_for_each(|item| replace(item, documents, place, (left, depth))),
        _ => Ok(()),
    }
}

fn only_reference(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get("$ref")?.as_str()
}

/// Whether it is an Example Object, which has the value in it.
fn is_example(members: &Map<String, Value>) -> bool {
    let is_known = |key: &String| ["value", "summary", "description"].contains(&key.as_str());
    members.contains_key("value") && members.keys().all(is_known)
}
