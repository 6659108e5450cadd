//! References within the values of examples: JSON that OpenAPI takes as it is, and that is meant as what it points at.

use serde_json::{Map, Value};

use super::documents::Documents;
use crate::diagnostic::Diagnostic;
use crate::diagnostic::budget::Budget;

/// References within references deeper than this have no end.
const DEEPEST: usize = 16;

/// Puts what references mean in their place; `left` is how many there may be still, and `budget`
/// has how large they may be.
///
/// The reference that leads nowhere is an error: the example says nothing.
pub(super) fn put_in_place(
    value: &mut Value,
    with: (Documents<'_>, &Budget),
    place: &str,
    left: &mut usize,
) -> Result<(), Diagnostic> {
    replace(value, with, place, (left, 0))
}

fn replace(
    value: &mut Value,
    (documents, budget): (Documents<'_>, &Budget),
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
        let meant = match found.value.as_object() {
            Some(example) if is_example(example) => &example["value"],
            _ => found.value,
        };
        if !budget.copied(meant, place) {
            *value = Value::Null;
            return Ok(());
        }
        let mut meant = meant.clone();
        replace(&mut meant, (documents, budget), place, (left, depth + 1))?;
        *value = meant;
        return Ok(());
    }
    match value {
        Value::Object(members) => members
            .values_mut()
            .try_for_each(|member| replace(member, (documents, budget), place, (left, depth))),
        Value::Array(items) => items
            .iter_mut()
            .try_for_each(|item| replace(item, (documents, budget), place, (left, depth))),
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::{Diagnostics, Rule};
    use crate::select::select;
    use crate::source::external::Files;

    /// What is told of a document with so many references to an example, and the example as it is
    /// kept.
    fn selected(example: &Value, count: usize) -> (Vec<Rule>, Value) {
        let reference = json!({"$ref": "#/components/examples/Site"});
        let site = json!({
            "name": "site", "in": "query", "example": vec![reference; count], "schema": {}
        });
        let root = json!({
            "openapi": "3.0.3",
            "paths": {"/token": {"post": {
                "parameters": [{"name": "grant_type", "in": "query", "schema": {}}, site],
                "responses": {"200": {"description": "", "content": {"$ref": "#/x-content"}}}
            }}},
            "components": {"examples": {"Site": {"value": example}}},
            "x-content": {"application/json": {}}
        });
        let mut diagnostics = Diagnostics::default();
        let selected = select(&root, &Files::new(None, "a.yaml", false), &mut diagnostics);
        let told = diagnostics.into_vec().into_iter();
        let told = told.map(|diagnostic| diagnostic.rule).collect();
        let kept = selected.map(|mut selected| {
            selected.tree["paths"]["/token"]["post"]["parameters"][1]["example"].take()
        });
        (told, kept.unwrap_or_default())
    }

    #[test]
    fn many_references_to_an_example_are_no_circle() {
        let (told, kept) = selected(&json!({"a": 1}), 300);
        // One for the content that is a reference.
        assert_eq!(told, [Rule::Repaired]);
        assert_eq!(kept, json!(vec![json!({"a": 1}); 300]));
    }

    #[test]
    fn copies_of_examples_are_counted() {
        let large = json!("x".repeat(64 << 10));
        assert!(!selected(&large, 2).0.contains(&Rule::TooLarge));
        assert!(selected(&large, 190).0.contains(&Rule::TooLarge));
    }

    #[test]
    fn an_example_that_contains_itself_ends() {
        let own = json!({"$ref": "#/components/examples/Site"});
        let (told, _) = selected(&json!({"a": own, "b": own}), 1);
        assert_eq!(told, [Rule::Repaired]);
    }
}
