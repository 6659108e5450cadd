//! `if`, `then` and `else` of a request body: what has to be there for some values of a property.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::operation::Operation;
use crate::openapi::reference::resolve;
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
    /// Whether a property has to be there where `by` has this value.
    pub(crate) fn requires(&self, name: &str, by: &str, value: &str) -> bool {
        let wanted = match self.values.contains(&value) {
            true => &self.then,
            false => &self.otherwise,
        };
        self.property == by && wanted.contains(name)
    }

    /// Whether it asks about this property.
    pub(crate) fn is_about(&self, property: &str) -> bool {
        self.property == property
    }

    /// Says what a condition on the grants is read as.
    pub(crate) fn tell(&self, by: &str) -> Option<Diagnostic> {
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
        Some(
            Diagnostic::new(Rule::Inferred, &self.pointer, message).help(
                "write the body of each grant as one branch of `oneOf`, with `required` in it",
            ),
        )
    }
}

/// The conditions of operations, by their pointers.
pub(crate) type Conditions<'a> = BTreeMap<String, Vec<Condition<'a>>>;

/// The conditions of all these operations, as far as they are understood.
pub(crate) fn of_all<'a>(root: &'a Value, sites: &'a [Site]) -> Conditions<'a> {
    let found = sites.iter().filter_map(|site| {
        let operation = Operation::at(root, &site.pointer)?;
        Some((site.pointer.clone(), conditions(root, &operation)))
    });
    found.collect()
}

/// The conditions of an operation's bodies, as far as they are understood.
pub(crate) fn conditions<'a>(root: &'a Value, operation: &Operation<'a>) -> Vec<Condition<'a>> {
    let mut found = Vec::new();
    for media in operation.requests() {
        if let Some(schema) = media.value.get("schema") {
            let at = pointer::join(&media.pointer, "schema");
            collect(root, schema, &at, &mut found);
        }
    }
    found
}

/// Most parts of `allOf` that are looked at.
const MOST: usize = 1_000;

fn collect<'a>(root: &'a Value, schema: &'a Value, at: &str, found: &mut Vec<Condition<'a>>) {
    let mut open = vec![(schema, at.to_owned())];
    let mut seen = BTreeSet::new();
    while let Some((schema, at)) = open.pop() {
        let Ok(schema) = resolve(root, schema, &at) else {
            continue;
        };
        if seen.len() > MOST || !seen.insert(schema.pointer.clone()) {
            continue;
        }
        let Some(members) = schema.value.as_object() else {
            continue;
        };
        found.extend(condition(members, &schema.pointer));
        let parts = members.get("allOf").and_then(Value::as_array);
        for (index, part) in parts.into_iter().flatten().enumerate() {
            let keys = ["allOf", &index.to_string()];
            open.push((part, pointer::join_all(&schema.pointer, &keys)));
        }
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
        let conditions = conditions(&root, &operation);
        let requires = |name, value| {
            conditions
                .iter()
                .any(|one| one.requires(name, "grant_type", value))
        };
        assert!(requires("x", "a") && !requires("x", "b"));
        assert!(requires("y", "b") && !requires("y", "a"));
        assert_eq!(conditions.len(), 1, "what is not understood is none");
    }
}
