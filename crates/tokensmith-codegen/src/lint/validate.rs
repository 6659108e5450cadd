//! Whether an example is what its schema says, as far as the keywords go that the generator reads.
//!
//! A whole validator of JSON Schema brings forty crates, and `cargo xtask codegen` is built on every fresh machine.

use serde_json::Value;

use crate::diagnostic::budget::Budget;
use crate::model::pattern::Pattern;
use crate::openapi::direction::Direction;
use crate::openapi::reference::{Located, resolve};
use crate::openapi::schema::Schema;
use crate::pointer::Trail;
use crate::prose::listed;

/// Nesting that is looked into.
const MAX_DEPTH: usize = 16;

/// Schemas that one example is held against: alternatives of alternatives multiply.
const MAX_STEPS: usize = 10_000;

/// Where an example is not what its schema says, from the example on, and how.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Fault {
    pub(super) pointer: String,
    pub(super) message: String,
}

pub(super) struct Validator<'a> {
    root: &'a Value,
    /// Which way the example goes: not every property does.
    direction: Direction,
    steps: usize,
    budget: &'a Budget,
}

impl<'a> Validator<'a> {
    pub(super) fn new(root: &'a Value, direction: Direction, budget: &'a Budget) -> Self {
        Self {
            root,
            direction,
            steps: 0,
            budget,
        }
    }

    /// The first thing about the value that the schema does not allow.
    pub(super) fn fault(&mut self, schema: &Value, value: &Value) -> Option<Fault> {
        self.judge(schema, value, &Trail::Start(""), 0)
    }

    fn judge(
        &mut self,
        schema: &Value,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Option<Fault> {
        self.steps += 1;
        if depth > MAX_DEPTH || self.steps > MAX_STEPS {
            return None;
        }
        let list = |key| {
            schema
                .get(key)
                .and_then(Value::as_array)
                .map_or(0, Vec::len)
        };
        let listed = list("enum") + list("required");
        if !self.budget.examples(1 + listed / 8) {
            return None;
        }
        let Ok(Located { value: target, .. }) = resolve(self.root, schema, "") else {
            return None;
        };
        let nullable = target
            .get("nullable")
            .is_some_and(|nullable| nullable == true);
        if value.is_null() && nullable {
            return None;
        }
        let fault = |message: String| {
            Some(Fault {
                pointer: at.pointer(),
                message,
            })
        };
        if let Some(message) = wrong_type(target, value)
            .or_else(|| wrong_value(target, value))
            .or_else(|| self.wrong_text(target, value))
            .or_else(|| wrong_number(target, value))
            .or_else(|| self.missing(target, value))
        {
            return fault(message);
        }
        if let Some(found) = self.members(target, value, at, depth) {
            return Some(found);
        }
        for part in Schema(target).all_of() {
            if let Some(found) = self.judge(part, value, at, depth + 1) {
                return Some(found);
            }
        }
        for key in ["oneOf", "anyOf"] {
            let Some(branches) = target.get(key).and_then(Value::as_array) else {
                continue;
            };
            let mut faults: Vec<Fault> = Vec::new();
            for branch in branches {
                match self.judge(branch, value, at, depth + 1) {
                    None => {
                        faults.clear();
                        break;
                    }
                    Some(found) => faults.push(found),
                }
            }
            if !faults.is_empty() {
                return fault(format!("it fits no branch of `{key}`"));
            }
        }
        None
    }

    fn members(
        &mut self,
        schema: &Value,
        value: &Value,
        at: &Trail<'_>,
        depth: usize,
    ) -> Option<Fault> {
        if let (Some(members), Some(properties)) = (
            value.as_object(),
            schema.get("properties").and_then(Value::as_object),
        ) {
            for (name, member) in members {
                if let Some(property) = properties.get(name)
                    && let Some(found) = self.judge(property, member, &at.key(name), depth + 1)
                {
                    return Some(found);
                }
            }
        }
        if let (Some(items), Some(schema)) = (value.as_array(), schema.get("items")) {
            for (index, item) in items.iter().enumerate() {
                if let Some(found) = self.judge(schema, item, &at.index(index), depth + 1) {
                    return Some(found);
                }
            }
        }
        None
    }

    fn wrong_text(&self, schema: &Value, value: &Value) -> Option<String> {
        let text = value.as_str()?;
        let length = u64::try_from(text.chars().count()).unwrap_or(u64::MAX);
        let bound = |key: &str| schema.get(key).and_then(Value::as_u64);
        if let Some(least) = bound("minLength").filter(|least| length < *least) {
            return Some(format!("it is shorter than `minLength: {least}`"));
        }
        if let Some(most) = bound("maxLength").filter(|most| length > *most) {
            return Some(format!("it is longer than `maxLength: {most}`"));
        }
        // One that cannot be checked is told by a rule of its own.
        let pattern = Pattern::new(schema.get("pattern")?.as_str()?).ok()?;
        let is_tried = self.budget.examples(pattern.parts() + pattern.steps(text));
        (is_tried && !pattern.allows(text)).then(|| "it does not match `pattern`".to_owned())
    }

    /// A missing property counts only where the schema has the property: vendors require what they do not declare.
    fn missing(&self, schema: &Value, value: &Value) -> Option<String> {
        let members = value.as_object()?;
        let required = schema.get("required")?.as_array()?;
        let properties = schema.get("properties")?.as_object()?;
        let missing = required.iter().filter_map(Value::as_str).find(|name| {
            properties
                .get(*name)
                .is_some_and(|property| !self.direction.excludes(self.root, property))
                && !members.contains_key(*name)
        })?;
        Some(format!(
            "`{}` is required and missing",
            missing.escape_debug()
        ))
    }
}

fn wrong_type(schema: &Value, value: &Value) -> Option<String> {
    let declared = schema.get("type")?;
    let types: Vec<&str> = match declared {
        Value::String(only) => vec![only],
        Value::Array(several) => several.iter().filter_map(Value::as_str).collect(),
        _ => return None,
    };
    let is = |kind: &str| match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => {
            value.is_i64()
                || value.is_u64()
                || value.as_f64().is_some_and(|number| number.fract() == 0.0)
        }
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        // A type of a vendor's own says nothing.
        _ => true,
    };
    let fits = types.is_empty() || types.iter().any(|kind| is(kind));
    (!fits).then(|| {
        format!(
            "{} stands where {} is declared",
            noun(value),
            listed(&types, "or")
        )
    })
}

fn noun(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

fn wrong_value(schema: &Value, value: &Value) -> Option<String> {
    if let Some(only) = schema.get("const") {
        return (only != value).then(|| format!("`const` is {only}"));
    }
    let values = schema.get("enum")?.as_array()?;
    (!values.contains(value)).then(|| "it is not among the values of `enum`".to_owned())
}

fn wrong_number(schema: &Value, value: &Value) -> Option<String> {
    let number = value.as_f64()?;
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    if let Some(least) = bound("minimum").filter(|least| number < *least) {
        return Some(format!("it is less than `minimum: {least}`"));
    }
    let most = bound("maximum").filter(|most| number > *most)?;
    Some(format!("it is more than `maximum: {most}`"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn fault(schema: Value, value: Value) -> Option<(String, String)> {
        let root = json!({"a": {"type": "string", "maxLength": 2}});
        let fault =
            Validator::new(&root, Direction::Request, &Budget::default()).fault(&schema, &value)?;
        Some((fault.pointer, fault.message))
    }

    #[test]
    fn what_fits_is_no_fault() {
        for (schema, value) in [
            (json!({"type": "string", "nullable": true}), json!(null)),
            (json!({"type": ["string", "null"]}), json!(null)),
            (json!({"type": "integer"}), json!(3.0)),
            (json!({"$ref": "#/a"}), json!("ab")),
            (
                json!({"oneOf": [{"type": "string"}, {"type": "integer"}]}),
                json!(1),
            ),
            (json!({"required": ["b"], "properties": {}}), json!({})),
            (json!({"type": "file"}), json!(1)),
            (json!(true), json!(1)),
        ] {
            assert_eq!(fault(schema.clone(), value), None, "{schema}");
        }
    }

    #[test]
    fn a_fault_is_found_where_it_is() {
        let schema = json!({
            "required": ["b"],
            "properties": {"a": {"$ref": "#/a"}, "b": {"items": {"enum": [1]}}, "c": {"type": "integer", "maximum": 2}}
        });
        let at = |value: Value| fault(schema.clone(), value).map(|(pointer, _)| pointer);
        assert_eq!(at(json!({"a": "abc", "b": []})).as_deref(), Some("/a"));
        assert_eq!(at(json!({"b": [1, 2]})).as_deref(), Some("/b/1"));
        assert_eq!(at(json!({"b": [], "c": 3})).as_deref(), Some("/c"));
        assert_eq!(at(json!({})).as_deref(), Some(""));
    }

    #[test]
    fn branches_that_multiply_end() {
        let mut schema = json!({"type": "integer"});
        for _ in 0..9 {
            schema = json!({"anyOf": [schema, schema, schema]});
        }
        let _ = fault(schema, json!("a"));
    }
}
