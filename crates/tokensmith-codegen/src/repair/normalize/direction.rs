//! What is read only is in no request, and what is written only in no response.
//!
//! One schema often serves both. A component that does, and that differs, becomes two.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::openapi::direction::Direction;
use crate::openapi::grammar::{Part, walk, walk_mut};
use crate::openapi::reference::component_name;
use crate::pointer::{self, Trail};

const SCHEMAS: &str = "schemas";

/// Drops the properties that do not go the way of their schema. Returns what components became two, as `(to, from)`.
pub(super) fn drop_what_is_not_sent(tree: &mut Value) -> Vec<(String, String)> {
    if !says_direction(tree) {
        return Vec::new();
    }
    let schemas = match tree.pointer("/components/schemas") {
        Some(Value::Object(schemas)) => schemas.clone(),
        _ => Map::new(),
    };
    let mut of_requests = BTreeSet::new();
    let mut of_responses = BTreeSet::new();
    each_body(tree, &mut |direction, schema| {
        let reached = match direction {
            Direction::Request => &mut of_requests,
            Direction::Response => &mut of_responses,
        };
        reach(schema, &schemas, reached);
    });
    let marked = marked(&schemas, Direction::Request);
    let copies: BTreeMap<String, String> = of_requests
        .iter()
        .filter(|name| of_responses.contains(*name) && marked.contains(*name))
        .map(|name| (name.clone(), free_name(name, &schemas)))
        .collect();
    let sides = |direction| Side {
        direction,
        schemas: &schemas,
        copies: (direction == Direction::Request).then_some(&copies),
    };
    let (request, response) = (sides(Direction::Request), sides(Direction::Response));
    each_body(tree, &mut |direction, schema| match direction {
        Direction::Request => request.apply(schema),
        Direction::Response => response.apply(schema),
    });
    let Some(Value::Object(components)) = tree.pointer_mut("/components/schemas") else {
        return Vec::new();
    };
    let mut moves = Vec::new();
    for (name, copy) in &copies {
        if let Some(mut schema) = components.get(name).cloned() {
            request.apply(&mut schema);
            components.insert(copy.clone(), schema);
            let place = |name| pointer::join_all("/components", &[SCHEMAS, name]);
            moves.push((place(copy), place(name)));
        }
    }
    for (name, schema) in components.iter_mut() {
        if of_responses.contains(name) {
            response.apply(schema);
        } else if of_requests.contains(name) {
            request.apply(schema);
        }
    }
    moves
}

/// Whether anything is marked as read only or written only.
fn says_direction(value: &Value) -> bool {
    match value {
        Value::Object(members) => members.iter().any(|(key, member)| {
            let is_mark = key == Direction::Request.mark() || key == Direction::Response.mark();
            is_mark && *member == Value::Bool(true) || says_direction(member)
        }),
        Value::Array(items) => items.iter().any(says_direction),
        _ => false,
    }
}

/// Schemas on their way.
struct Side<'a> {
    direction: Direction,
    schemas: &'a Map<String, Value>,
    /// Components that are called otherwise in requests.
    copies: Option<&'a BTreeMap<String, String>>,
}

impl Side<'_> {
    fn apply(&self, schema: &mut Value) {
        walk_mut(schema, Part::Schema, &mut |part, members| {
            if let Some(Value::String(reference)) = members.get_mut("$ref") {
                self.rename(reference);
            }
            if part == Part::Discriminator
                && let Some(Value::Object(mapping)) = members.get_mut("mapping")
            {
                for target in mapping.values_mut() {
                    if let Value::String(target) = target {
                        self.rename(target);
                    }
                }
            }
            self.properties(members);
        });
    }

    fn rename(&self, reference: &mut String) {
        let name = component_name(reference, SCHEMAS);
        let copy = name.and_then(|name| self.copies?.get(&name));
        if let Some(copy) = copy {
            let pointer = pointer::join_all("/components", &[SCHEMAS, copy]);
            *reference = format!("#{}", pointer.replace('%', "%25"));
        }
    }

    fn properties(&self, members: &mut Map<String, Value>) {
        let mut dropped = Vec::new();
        if let Some(Value::Object(properties)) = members.get_mut("properties") {
            properties.retain(|name, property| {
                let stays = self.direction.always().contains(&name.as_str())
                    || !is_marked(property, self.schemas, self.direction);
                if !stays {
                    dropped.push(name.clone());
                }
                stays
            });
        }
        if let Some(Value::Array(required)) = members.get_mut("required") {
            required.retain(|name| !dropped.iter().any(|dropped| name == dropped));
        }
    }
}

fn is_marked(property: &Value, schemas: &Map<String, Value>, direction: Direction) -> bool {
    let has_mark = |schema: &Value| direction.is_against(schema);
    let target = property.get("$ref").and_then(Value::as_str);
    let target = target.and_then(|reference| component_name(reference, SCHEMAS));
    has_mark(property) || target.is_some_and(|name| schemas.get(&name).is_some_and(has_mark))
}

/// Shows the schemas of all bodies.
fn each_body(tree: &mut Value, visit: &mut dyn FnMut(Direction, &mut Value)) {
    walk_mut(tree, Part::Document, &mut |part, members| {
        let direction = match part {
            Part::Body => Direction::Request,
            Part::Response => Direction::Response,
            _ => return,
        };
        let content = members.get_mut("content").and_then(Value::as_object_mut);
        for media in content.into_iter().flat_map(Map::values_mut) {
            if let Some(schema) = media.get_mut("schema") {
                visit(direction, schema);
            }
        }
    });
}

/// The components that a schema refers to, and those that they do.
fn reach(value: &Value, schemas: &Map<String, Value>, reached: &mut BTreeSet<String>) {
    let mut open = names(value);
    while let Some(name) = open.pop() {
        if let Some(schema) = schemas.get(&name)
            && reached.insert(name)
        {
            open.extend(names(schema));
        }
    }
}

/// The components that have something marked, or that lead to one that has.
fn marked(schemas: &Map<String, Value>, direction: Direction) -> BTreeSet<String> {
    let mut marked: BTreeSet<String> = schemas
        .iter()
        .filter(|(_, schema)| has_marked(schema, schemas, direction))
        .map(|(name, _)| name.clone())
        .collect();
    let leads: Vec<(&String, Vec<String>)> = schemas
        .iter()
        .map(|(name, schema)| (name, names(schema)))
        .collect();
    loop {
        let before = marked.len();
        for (name, targets) in &leads {
            if targets.iter().any(|target| marked.contains(target)) {
                marked.insert((*name).clone());
            }
        }
        if marked.len() == before {
            return marked;
        }
    }
}

fn has_marked(schema: &Value, schemas: &Map<String, Value>, direction: Direction) -> bool {
    let mut has_marked = false;
    walk(
        schema,
        Part::Schema,
        &Trail::Start(""),
        &mut |_, members, _| {
            let properties = members.get("properties").and_then(Value::as_object);
            let mut properties = properties.into_iter().flat_map(Map::values);
            has_marked |= properties.any(|one| is_marked(one, schemas, direction));
        },
    );
    has_marked
}

/// The components that a schema names.
fn names(schema: &Value) -> Vec<String> {
    let mut found = Vec::new();
    walk(
        schema,
        Part::Schema,
        &Trail::Start(""),
        &mut |part, members, _| {
            let reference = members.get("$ref").and_then(Value::as_str);
            found.extend(reference.and_then(|text| component_name(text, SCHEMAS)));
            if part == Part::Discriminator {
                let mapping = members.get("mapping").and_then(Value::as_object);
                let targets = mapping.into_iter().flat_map(Map::values);
                found.extend(targets.filter_map(Value::as_str).map(|target| {
                    component_name(target, SCHEMAS).unwrap_or_else(|| target.to_owned())
                }));
            }
        },
    );
    found
}

/// A name for the copy that requests have.
fn free_name(name: &str, schemas: &Map<String, Value>) -> String {
    let mut free = format!("{name}Request");
    while schemas.contains_key(&free) {
        free.push('_');
    }
    free
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn body(schema: Value) -> Value {
        json!({"content": {"application/json": {"schema": schema}}})
    }

    #[test]
    fn a_schema_of_both_ways_becomes_two() {
        let both = json!({"$ref": "#/components/schemas/T"});
        let mut tree = json!({
            "paths": {"/token": {"post": {"requestBody": body(both.clone()), "responses": {"200": body(json!({"items": both}))}}}},
            "components": {"schemas": {
                "T": {
                    "required": ["grant_type", "access_token"],
                    "properties": {
                        "grant_type": {"readOnly": true},
                        "client_secret": {"writeOnly": true},
                        "access_token": {"readOnly": true},
                        "at": {"$ref": "#/components/schemas/At"}
                    }
                },
                "At": {"type": "string", "readOnly": true}
            }}
        });
        drop_what_is_not_sent(&mut tree);
        let at = |pointer: &str| tree.pointer(pointer).cloned().unwrap_or_default();
        let content = "/content/application~1json/schema";
        assert_eq!(
            at(&format!("/paths/~1token/post/requestBody{content}")),
            json!({"$ref": "#/components/schemas/TRequest"})
        );
        assert_eq!(
            at(&format!("/paths/~1token/post/responses/200{content}/items")),
            both
        );
        assert_eq!(
            at("/components/schemas/TRequest"),
            json!({"required": ["grant_type"], "properties": {"grant_type": {"readOnly": true}, "client_secret": {"writeOnly": true}}})
        );
        let names: Vec<String> = at("/components/schemas/T/properties")
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect();
        assert_eq!(names, ["access_token", "at", "grant_type"]);
    }

    #[test]
    fn a_schema_of_one_way_stays_one() {
        let mut tree = json!({"paths": {"/token": {"post": {
            "requestBody": body(json!({"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"b": {"readOnly": true}, "c": {}}})),
            "responses": {"400": body(json!({"properties": {"d": {"writeOnly": true}}}))}
        }}}, "components": {"schemas": {"A": {"properties": {"e": {"readOnly": true}}}}}});
        drop_what_is_not_sent(&mut tree);
        assert_eq!(
            tree,
            json!({"paths": {"/token": {"post": {
                "requestBody": body(json!({"allOf": [{"$ref": "#/components/schemas/A"}], "properties": {"c": {}}})),
                "responses": {"400": body(json!({"properties": {}}))}
            }}}, "components": {"schemas": {"A": {"properties": {}}}}})
        );
    }

    #[test]
    fn properties_may_be_called_like_keywords() {
        let both = json!({"$ref": "#/components/schemas/T"});
        let names = ["default", "example", "enum", "const", "x-more"];
        let nested: Map<String, Value> = names
            .iter()
            .map(|name| {
                let one = json!({"properties": {"a": {"readOnly": true}, "b": both}});
                ((*name).to_owned(), one)
            })
            .collect();
        let mut tree = json!({
            "paths": {"/token": {"post": {"requestBody": body(json!({"properties": nested})), "responses": {"200": body(both.clone())}}}},
            "components": {"schemas": {"T": {"properties": {"c": {"readOnly": true}}}}}
        });
        drop_what_is_not_sent(&mut tree);
        let place = "/paths/~1token/post/requestBody/content/application~1json/schema/properties";
        let properties = tree.pointer(place).cloned().unwrap_or_default();
        for name in names {
            assert_eq!(
                properties[name],
                json!({"properties": {"b": {"$ref": "#/components/schemas/TRequest"}}}),
                "{name}"
            );
        }
    }

    #[test]
    fn a_property_called_mapping_names_no_schema() {
        let schema = json!({
            "properties": {"mapping": {"type": "T"}},
            "discriminator": {"propertyName": "kind", "mapping": {"a": "A"}}
        });
        assert_eq!(names(&schema), ["A"]);
        assert_eq!(
            names(&json!({"properties": {"default": {"$ref": "#/components/schemas/B"}}})),
            ["B"]
        );
    }
}
