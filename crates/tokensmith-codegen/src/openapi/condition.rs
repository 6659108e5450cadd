//! `if`, `then` and `else` of a request body: what has to be there for some values of a property.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use serde_json::{Map, Value};

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::openapi::operation::Operation;
use crate::openapi::reference::{Located, resolve};
use crate::openapi::schema::Schema;
use crate::openapi::site::Site;
use crate::pointer;

/// A condition that is understood: where a property has one of some values, others have to be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Condition<'a> {
    /// The schema that has it.
    pub(crate) pointer: String,
    /// The property that is asked about.
    property: &'a str,
    values: Vec<&'a str>,
    then: BTreeSet<&'a str>,
    otherwise: BTreeSet<&'a str>,
}

impl Condition<'_> {
    /// What has to be there where `by` has this value.
    pub(crate) fn required(&self, by: &str, value: &str) -> impl Iterator<Item = &str> {
        let wanted = match self.values.contains(&value) {
            true => &self.then,
            false => &self.otherwise,
        };
        let names = wanted.iter().filter(move |_| self.property == by);
        names.copied()
    }

    /// Whether it asks about this property.
    pub(crate) fn is_about(&self, property: &str) -> bool {
        self.property == property
    }

    /// Says what a condition on the grants is read as.
    pub(crate) fn finding(&self, by: &str) -> Option<Finding> {
        let required: BTreeSet<String> = self
            .then
            .union(&self.otherwise)
            .map(|name| format!("`{}`", name.escape_debug()))
            .collect();
        if self.property != by || required.is_empty() {
            return None;
        }
        let required: Vec<String> = required.into_iter().collect();
        let message = format!(
            "the condition on `{}` is read as what some of its grants require: {}",
            by.escape_debug(),
            required.join(", ")
        );
        let help = "write the body of each grant as one branch of `oneOf`, with `required` in it";
        let answer = format!("required with some grants: {}", required.join(", "));
        Some(
            Finding::new(Question::Parameter, answer)
                .by(EvidenceKind::Condition, &self.pointer)
                .inferred(&self.pointer, message, help),
        )
    }
}

/// The conditions of operations, by their pointers. Bodies that several operations have are read once.
#[derive(Debug, Default)]
pub(crate) struct Conditions<'a> {
    of_operations: BTreeMap<String, Vec<Rc<[Condition<'a>]>>>,
}

impl<'a> Conditions<'a> {
    /// Reads the conditions of all these operations, as far as they are understood.
    pub(crate) fn of_all(root: &'a Value, sites: &'a [Site]) -> Self {
        let mut reader = Reader {
            root,
            of_schemas: BTreeMap::new(),
            looked_at: 0,
        };
        let found = sites.iter().filter_map(|site| {
            let operation = Operation::at(root, &site.pointer)?;
            Some((site.pointer.clone(), reader.operation(&operation)))
        });
        Self {
            of_operations: found.collect(),
        }
    }

    /// The conditions of the operation at a pointer.
    pub(crate) fn of(&self, operation: &str) -> impl Iterator<Item = &Condition<'a>> {
        let bodies = self.of_operations.get(operation).into_iter().flatten();
        bodies.flat_map(|body| body.iter())
    }
}

/// Most parts of `allOf` that are looked at, in all bodies together. A condition that is not reached is not understood, and told.
const MOST: usize = 20_000;

struct Reader<'a> {
    root: &'a Value,
    of_schemas: BTreeMap<String, Rc<[Condition<'a>]>>,
    looked_at: usize,
}

impl<'a> Reader<'a> {
    fn operation(&mut self, operation: &Operation<'a>) -> Vec<Rc<[Condition<'a>]>> {
        let bodies = operation.requests().into_iter().filter_map(|media| {
            let schema = media.schema()?;
            let body = resolve(self.root, schema.value, &schema.pointer).ok()?;
            Some(self.body(body))
        });
        bodies.collect()
    }

    fn body(&mut self, body: Located<'a>) -> Rc<[Condition<'a>]> {
        if let Some(known) = self.of_schemas.get(&body.pointer) {
            return Rc::clone(known);
        }
        let at = body.pointer.clone();
        let found: Rc<[Condition<'a>]> = self.read(body).into();
        self.of_schemas.insert(at, Rc::clone(&found));
        found
    }

    /// Looks at a schema and at the parts of its `allOf`.
    fn read(&mut self, body: Located<'a>) -> Vec<Condition<'a>> {
        let mut found = Vec::new();
        let mut seen = BTreeSet::new();
        let mut open = vec![body];
        while let Some(Located { value, pointer }) = open.pop() {
            self.looked_at += 1;
            if self.looked_at > MOST {
                break;
            }
            let Ok(schema) = resolve(self.root, value, &pointer) else {
                continue;
            };
            let Some(members) = schema
                .value
                .as_object()
                .filter(|_| seen.insert(schema.pointer.clone()))
            else {
                continue;
            };
            found.extend(condition(members, &schema.pointer));
            let parts = Schema(schema.value).all_of().enumerate();
            open.extend(parts.map(|(index, value)| Located {
                value,
                pointer: pointer::join_all(&schema.pointer, &["allOf", &index.to_string()]),
            }));
        }
        found
    }
}

fn condition<'a>(schema: &'a Map<String, Value>, at: &str) -> Option<Condition<'a>> {
    let asked = schema.get("if")?.get("properties")?.as_object()?;
    let mut asked = asked.iter();
    let (property, asked) = asked.next().filter(|_| asked.next().is_none())?;
    let values = match (asked.get("const"), asked.get("enum")) {
        (Some(value), None) => vec![value.as_str()?],
        (None, Some(values)) => {
            let values = values.as_array()?.iter();
            values.map(Value::as_str).collect::<Option<Vec<&str>>>()?
        }
        _ => return None,
    };
    let required = |key: &str| {
        let Some(branch) = schema.get(key) else {
            return Some(BTreeSet::new());
        };
        let branch = branch
            .as_object()
            .filter(|branch| branch.keys().all(|key| key == "required"))?;
        let names = branch.get("required")?.as_array()?.iter();
        names.map(Value::as_str).collect()
    };
    Some(Condition {
        pointer: at.to_owned(),
        property,
        values,
        then: required("then")?,
        otherwise: required("else")?,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_to_be_there_depends_on_a_value() {
        let root = json!({"post": {"requestBody": {"content": {"application/json": {"schema": {
            "allOf": [
                {"if": {"properties": {"grant_type": {"const": "a"}}}, "then": {"required": ["x"]}, "else": {"required": ["y"]}},
                {"if": {"properties": {"grant_type": {"const": "b"}}}, "then": {"properties": {"z": {"type": "string"}}}},
            ]
        }}}}}});
        let operation = Operation::at(&root, "/post").expect("is there");
        let mut reader = Reader {
            root: &root,
            of_schemas: BTreeMap::new(),
            looked_at: 0,
        };
        let bodies = reader.operation(&operation);
        let conditions: Vec<_> = bodies.iter().flat_map(|body| body.iter()).collect();
        let requires = |name, value| {
            conditions
                .iter()
                .any(|one| one.required("grant_type", value).any(|other| other == name))
        };
        assert!(requires("x", "a") && !requires("x", "b"));
        assert!(requires("y", "b") && !requires("y", "a"));
        assert_eq!(conditions.len(), 1, "what is not understood is none");
    }
}
