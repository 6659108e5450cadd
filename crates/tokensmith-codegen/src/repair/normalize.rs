//! OpenAPI 3.1 is rewritten to 3.0, the one dialect that the typed model reads.
//!
//! The rules follow the [OpenAPI Initiative's guide](https://www.openapis.org/blog/2021/02/16/migrating-from-openapi-3-0-to-3-1-0), backwards: type arrays become
//! `nullable`, `const` becomes a one-value `enum`, `examples` lists become one `example`, numeric exclusive bounds become
//! booleans beside `minimum` and `maximum`, and what stands beside a `$ref` is kept by wrapping the `$ref` in `allOf`.

mod direction;

use serde::Deserialize as _;
use serde_json::{Map, Value, json};

use crate::openapi::grammar::{self, Member, Part, walk_mut};

/// Rewrites a selected document in place. Returns where parts come from that were not in it, as `(to, from)`.
pub(crate) fn normalize(tree: &mut Value) -> Vec<(String, String)> {
    tree["openapi"] = json!("3.0.3");
    let moves = direction::drop_what_is_not_sent(tree);
    if let Some(info) = tree.get_mut("info").and_then(Value::as_object_mut) {
        info.remove("license");
        info.entry("version").or_insert_with(|| json!(""));
        info.entry("title").or_insert_with(|| json!(""));
    }
    if let Some(components) = tree.get_mut("components").and_then(Value::as_object_mut) {
        // Examples are no part of the typed model; `openapi::untyped` has them.
        components.remove("examples");
        // The typed model knows no certificates; `openapi::untyped` has them.
        if let Some(Value::Object(schemes)) = components.get_mut("securitySchemes") {
            // One that is malformed is no concern of operations that do not name it.
            schemes.retain(|_, scheme| {
                scheme.get("type") != Some(&json!("mutualTLS"))
                    && openapiv3::SecurityScheme::deserialize(&*scheme).is_ok()
            });
        }
    }
    walk_mut(tree, Part::Document, &mut part);
    moves
}

/// Rewrites a part; those below it come next.
fn part(part: Part, members: &mut Map<String, Value>) {
    match part {
        Part::Operation => operation(members),
        Part::Parameter | Part::Header => {
            drop_siblings(members);
            example_of_parameter(members);
        }
        Part::Body => drop_siblings(members),
        Part::Response => response(members),
        Part::Media => {
            examples(members);
            encodings(members);
        }
        Part::Schema => schema(members),
        _ => {}
    }
    any_schemas(part, members);
}

/// A schema that is `true` or `false` is any in 3.0, but for those that say whether there may be other properties.
fn any_schemas(part: Part, members: &mut Map<String, Value>) {
    let any = |schema: &mut Value| {
        if schema.is_boolean() {
            *schema = json!({});
        }
    };
    for (key, member) in members {
        match (grammar::member(part, key), member) {
            (Member::One(Part::Schema), schema) if key != "additionalProperties" => any(schema),
            (Member::List(Part::Schema), Value::Array(list)) => list.iter_mut().for_each(any),
            (Member::Named(Part::Schema), Value::Object(named)) => {
                named.values_mut().for_each(any);
            }
            _ => {}
        }
    }
}

fn operation(operation: &mut Map<String, Value>) {
    // Tags are prose; vendors nest them in ways that OpenAPI does not know.
    operation.remove("tags");
    operation.entry("responses").or_insert_with(|| json!({}));
}

fn response(response: &mut Map<String, Value>) {
    drop_siblings(response);
    if !response.contains_key("$ref") {
        response.entry("description").or_insert_with(|| json!(""));
        response.remove("links");
    }
}

/// Of the encoding of a property only its style is read. `explode` is written out: its default depends on the style, which the
/// typed model does not know.
fn encodings(media: &mut Map<String, Value>) {
    let encodings = media.get_mut("encoding").and_then(Value::as_object_mut);
    for encoding in encodings
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(Value::as_object_mut)
    {
        encoding.retain(|key, _| ["style", "explode"].contains(&key.as_str()));
        let is_form = encoding.get("style").is_none_or(|style| style == "form");
        encoding.entry("explode").or_insert(json!(is_form));
    }
}

/// Outside schemas only `summary` and `description` may stand beside a `$ref`; neither says anything about the wire.
fn drop_siblings(members: &mut Map<String, Value>) {
    if members.contains_key("$ref") {
        members.retain(|key, _| key == "$ref");
    }
}

/// Of the examples of a whole body those are kept that are written out here.
fn examples(media: &mut Map<String, Value>) {
    if let Some(Value::Object(examples)) = media.remove("examples") {
        let values = examples.into_iter().filter_map(|(name, mut example)| {
            let value = example.get_mut("value")?.take();
            Some((name, json!({ "value": value })))
        });
        media.insert("examples".to_owned(), values.collect());
    }
}

/// The one example of a parameter is its schema's; several say no more than the schema does.
fn example_of_parameter(members: &mut Map<String, Value>) {
    let several = match members.remove("examples") {
        Some(Value::Object(several)) => several,
        _ => Map::new(),
    };
    let mut values = several.into_iter().filter_map(|(_, mut example)| {
        let value = example.get_mut("value")?.take();
        Some(value)
    });
    let only = values.next().filter(|_| values.next().is_none());
    let example = members.remove("example").or(only);
    if let (Some(example), Some(Value::Object(schema))) = (example, members.get_mut("schema"))
        && !schema.contains_key("$ref")
        && !schema.contains_key("examples")
    {
        schema.entry("example").or_insert(example);
    }
}

fn schema(members: &mut Map<String, Value>) {
    wrap_reference(members);
    if members.contains_key("$ref") {
        return;
    }
    one_type(members);
    const_to_enum(members);
    null_branches(members);
    exclusive_bound(members, "exclusiveMinimum", "minimum");
    exclusive_bound(members, "exclusiveMaximum", "maximum");
    only_example(members);
    if members.contains_key("properties") {
        members.entry("type").or_insert_with(|| json!("object"));
    }
    if members.contains_key("enum")
        && members.get("type").is_none()
        && let Some(only) = type_of_values(members)
    {
        members.insert("type".to_owned(), json!(only));
    }
}

/// `{$ref, description}` becomes `{allOf: [{$ref}], description}`: in 3.0 the siblings would be ignored.
fn wrap_reference(members: &mut Map<String, Value>) {
    if members.len() > 1
        && let Some(reference) = members.remove("$ref")
    {
        let parts = members.entry("allOf").or_insert_with(|| json!([]));
        if let Some(parts) = parts.as_array_mut() {
            parts.insert(0, json!({ "$ref": reference }));
        }
    }
}

fn one_type(members: &mut Map<String, Value>) {
    let Some(types) = members.get("type").and_then(Value::as_array) else {
        return;
    };
    let nullable = types.iter().any(|name| name == "null");
    let mut rest: Vec<Value> = types
        .iter()
        .filter(|name| *name != "null")
        .cloned()
        .collect();
    if nullable {
        members.insert("nullable".to_owned(), json!(true));
    }
    members.remove("type");
    match (rest.pop(), rest.is_empty()) {
        (Some(only), true) => {
            members.insert("type".to_owned(), only);
        }
        (Some(last), false) => {
            rest.push(last);
            let branches: Vec<Value> = rest
                .into_iter()
                .map(|name| json!({ "type": name }))
                .collect();
            members.entry("anyOf").or_insert(Value::Array(branches));
        }
        (None, _) => {}
    }
}

fn const_to_enum(members: &mut Map<String, Value>) {
    if let Some(value) = members.remove("const") {
        members.entry("enum").or_insert_with(|| json!([value]));
    }
}

/// Several examples of a schema, which 3.0 has no key for.
pub(crate) const EXAMPLES: &str = "x-examples";

/// A list of one becomes `example`; of several none is the value, and they get a key of their own. Some write that themselves.
fn only_example(members: &mut Map<String, Value>) {
    if members.get(EXAMPLES).is_some_and(|own| !own.is_array()) {
        members.remove(EXAMPLES);
    }
    match members.remove("examples") {
        Some(Value::Array(mut examples)) if examples.len() == 1 => {
            let only = examples.remove(0);
            members.entry("example").or_insert(only);
        }
        Some(Value::Array(examples)) if !examples.is_empty() => {
            members.insert(EXAMPLES.to_owned(), Value::Array(examples));
        }
        _ => {}
    }
}

/// `anyOf: [X, {type: "null"}]` becomes a nullable X.
fn null_branches(members: &mut Map<String, Value>) {
    let mut nullable = false;
    for key in ["oneOf", "anyOf"] {
        if let Some(branches) = members.get_mut(key).and_then(Value::as_array_mut) {
            let before = branches.len();
            branches.retain(|branch| branch.get("type") != Some(&json!("null")));
            let had_null = branches.len() < before;
            nullable |= had_null;
            if had_null && branches.len() == 1 {
                let only = members.remove(key);
                let parts = members.entry("allOf").or_insert_with(|| json!([]));
                if let (Some(parts), Some(Value::Array(only))) = (parts.as_array_mut(), only) {
                    parts.extend(only);
                }
            }
        }
    }
    if nullable {
        members.insert("nullable".to_owned(), json!(true));
    }
}

fn exclusive_bound(members: &mut Map<String, Value>, exclusive: &str, bound: &str) {
    if let Some(limit) = members
        .get(exclusive)
        .filter(|limit| limit.is_number())
        .cloned()
    {
        members.insert(bound.to_owned(), limit);
        members.insert(exclusive.to_owned(), json!(true));
    }
}

/// The type that all values of an enum have, beside null.
fn type_of_values(members: &Map<String, Value>) -> Option<&'static str> {
    let values = members["enum"].as_array()?;
    let all = |is_one: fn(&Value) -> bool| {
        let mut values = values.iter();
        values.all(|value| value.is_null() || is_one(value))
    };
    if all(Value::is_string) {
        Some("string")
    } else if all(Value::is_i64) {
        Some("integer")
    } else if all(Value::is_number) {
        Some("number")
    } else if all(Value::is_boolean) {
        Some("boolean")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(mut value: Value) -> Value {
        walk_mut(&mut value, Part::Schema, &mut part);
        value
    }

    #[test]
    fn type_lists_become_nullable() {
        assert_eq!(
            normal(json!({"type": ["string", "null"]})),
            json!({"type": "string", "nullable": true})
        );
        assert_eq!(
            normal(json!({"type": ["string", "integer"]})),
            json!({"anyOf": [{"type": "string"}, {"type": "integer"}]})
        );
    }

    #[test]
    fn const_becomes_enum() {
        assert_eq!(
            normal(json!({"const": "a"})),
            json!({"enum": ["a"], "type": "string"})
        );
    }

    #[test]
    fn the_type_of_values_is_told() {
        let typed = |values: Value| normal(json!({"enum": values}))["type"].clone();
        assert_eq!(typed(json!(["a", null])), "string");
        assert_eq!(typed(json!([1, 2])), "integer");
        assert_eq!(typed(json!([1.5, 2])), "number");
        assert_eq!(typed(json!([true])), "boolean");
        assert_eq!(typed(json!(["a", 1])), Value::Null);
    }

    #[test]
    fn whether_a_list_is_repeated_is_written_out() {
        let mut media = json!({"encoding": {
            "a": {"contentType": "text/plain"}, "b": {"style": "pipeDelimited"}, "c": {"explode": false}
        }});
        walk_mut(&mut media, Part::Media, &mut part);
        assert_eq!(
            media["encoding"],
            json!({
                "a": {"explode": true}, "b": {"style": "pipeDelimited", "explode": false}, "c": {"explode": false}
            })
        );
    }

    #[test]
    fn null_branches_become_nullable() {
        assert_eq!(
            normal(json!({"anyOf": [{"type": "string"}, {"type": "null"}]})),
            json!({"allOf": [{"type": "string"}], "nullable": true})
        );
    }

    #[test]
    fn a_branch_beside_null_adds_to_what_all_of_has() {
        assert_eq!(
            normal(
                json!({"allOf": [{"type": "object"}], "oneOf": [{"type": "null"}, {"type": "object"}]})
            ),
            json!({"allOf": [{"type": "object"}, {"type": "object"}], "nullable": true})
        );
        let two = json!({"anyOf": [{"type": "string"}, {"type": "integer"}]});
        assert_eq!(normal(two.clone()), two);
    }

    #[test]
    fn only_a_single_example_is_one() {
        assert_eq!(
            normal(json!({"type": "string", "examples": ["a"]})),
            json!({"type": "string", "example": "a"})
        );
        assert_eq!(
            normal(json!({"type": "string", "examples": ["a", "b"]})),
            json!({"type": "string", "x-examples": ["a", "b"]})
        );
        let own = json!({"type": "string", "x-examples": ["a", "b"]});
        assert_eq!(normal(own.clone()), own);
        assert_eq!(
            normal(json!({"type": "string", "x-examples": {"a": 1}})),
            json!({"type": "string"})
        );
    }

    #[test]
    fn exclusive_bounds_become_booleans() {
        assert_eq!(
            normal(json!({"type": "integer", "exclusiveMinimum": 0})),
            json!({"type": "integer", "minimum": 0, "exclusiveMinimum": true})
        );
    }

    #[test]
    fn what_stands_beside_a_reference_is_kept() {
        assert_eq!(
            normal(json!({"$ref": "#/components/schemas/A", "description": "text"})),
            json!({"allOf": [{"$ref": "#/components/schemas/A"}], "description": "text"})
        );
    }
}
