//! Parameters of OAuth that a request has within an object of its body.

use std::collections::BTreeSet;

use serde_json::Value;

use super::operation_view::{OperationView, SCHEMA};
use crate::model::name::letters;
use crate::openapi::schema::Schema;

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
        if self.is_at_its_end() {
            return None;
        }
        self.left -= 1;
        let found = self.view.documents.resolve(schema, "").ok()?;
        if path.len() > DEEPEST || !found.pointer.is_empty() && !self.seen.insert(found.pointer) {
            return None;
        }
        let value = found.value;
        for (name, property) in Schema(value).properties() {
            path.push(name);
            if path.len() > 1 && letters(name) == "granttype" {
                return Some(path.join("."));
            }
            let within = self.schema(property, path);
            path.pop();
            if within.is_some() || self.left == 0 {
                return within;
            }
        }
        for (_, _, part) in Schema(value).parts() {
            let within = self.schema(part, path);
            if within.is_some() || self.left == 0 {
                return within;
            }
        }
        None
    }

    /// Whether as much was looked at as may be, here or in the whole document.
    fn is_at_its_end(&mut self) -> bool {
        if self.left > 0 && !self.view.documents.may_look_at(SCHEMA) {
            self.left = 0;
        }
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Map, json};

    use super::*;
    use crate::diagnostic::budget::{Counter, NAMES};
    use crate::select::anchor::Anchors;
    use crate::select::documents::Documents;
    use crate::source::external::Files;

    /// What is found in a body with an object of this schema, and how much was looked at; `spent`
    /// was looked at before.
    fn found(data: &Value, spent: usize) -> (Option<String>, usize) {
        let root = json!({"components": {"schemas": {"A": {"type": "string"}}}});
        let files = Files::new(None, "a.yaml", false);
        let anchors = Anchors::of(&root, &files);
        let names = Counter::default();
        names.add(spent);
        let documents = Documents::new(&root, &files, &anchors, &names);
        let schema = json!({"properties": {"data": data}});
        let operation =
            json!({"requestBody": {"content": {"application/json": {"schema": schema}}}});
        // The view refers to the document, as an operation does that is a part of it.
        let place = OperationView::new(documents, &root, &operation);
        (nested_grant_type(&place), names.sum() - spent)
    }

    #[test]
    fn a_grant_type_within_an_object_is_found() {
        let data = json!({"allOf": [{"properties": {"grant-type": {}}}]});
        let place = Some("data.grant-type".to_owned());
        assert_eq!(found(&data, 0).0, place);
        let (nothing, looked_at) = found(&data, NAMES.most);
        assert_eq!(nothing, None, "everything was looked at before");
        assert!(looked_at < 100);
    }

    #[test]
    fn wide_bodies_are_looked_at_within_bounds() {
        let of = |count: usize| {
            let property = |number| {
                (
                    format!("p{number}"),
                    json!({"$ref": "#/components/schemas/A"}),
                )
            };
            let properties: Map<String, Value> = (0..count).map(property).collect();
            let (place, looked_at) = found(&json!({"properties": properties}), 0);
            assert_eq!(place, None);
            looked_at
        };
        assert!(of(10) > 10);
        assert!(of(2 * MOST) > of(10));
        assert_eq!(of(2 * MOST), of(3 * MOST));
    }
}
