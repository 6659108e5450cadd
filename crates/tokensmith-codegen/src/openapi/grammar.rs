//! What stands where in an OpenAPI document: the parts it is made of, and what each key of a part means.
//!
//! Vendors put things where they do not belong. A key that a part does not have means what it means elsewhere; one that no part has
//! is looked into as if it were not there.

use serde_json::{Map, Value};

use crate::pointer::Trail;

/// The methods that a path item has operations for.
pub(crate) const METHODS: [&str; 8] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace",
];

/// What an object of a document is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Part {
    Document,
    Info,
    Components,
    PathItem,
    Operation,
    Callback,
    Parameter,
    Body,
    Media,
    Encoding,
    Response,
    Header,
    Link,
    Schema,
    Discriminator,
    Example,
    SecurityScheme,
    Flows,
    Flow,
    /// Which security schemes a request needs together.
    Requirement,
    Server,
    Variable,
    /// Nobody knows: an object of a file that is not a whole document.
    Unknown,
}

/// What stands under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Member {
    One(Part),
    List(Part),
    /// Parts under names that the document chose, whatever these look like.
    Named(Part),
    /// A text, a number, or a value that is an example of something: there is no part in it.
    Value,
    /// OpenAPI does not have the key.
    Unknown,
}

impl Part {
    /// The key of `components` under which such parts stand.
    pub(crate) fn section(self) -> Option<&'static str> {
        let found = SECTIONS.iter().find(|(_, part)| *part == self);
        found.map(|(section, _)| *section)
    }

    /// What stands under a key of `components`.
    pub(crate) fn of_section(key: &str) -> Option<Self> {
        let found = SECTIONS.iter().find(|(section, _)| *section == key);
        found.map(|(_, part)| *part)
    }
}

const SECTIONS: [(&str, Part); 9] = [
    ("schemas", Part::Schema),
    ("parameters", Part::Parameter),
    ("headers", Part::Header),
    ("requestBodies", Part::Body),
    ("responses", Part::Response),
    ("examples", Part::Example),
    ("securitySchemes", Part::SecurityScheme),
    ("links", Part::Link),
    ("callbacks", Part::Callback),
];

/// What stands under a key of a part.
pub(crate) fn member(part: Part, key: &str) -> Member {
    use Member::{Named, One, Value};
    if key.starts_with("x-") {
        return Value;
    }
    match (part, key) {
        (Part::PathItem, method) if METHODS.contains(&method) => One(Part::Operation),
        (Part::Callback, _) => One(Part::PathItem),
        (Part::Flows, _) => One(Part::Flow),
        (Part::Requirement | Part::Example, _) => Value,
        (Part::Link, "parameters" | "requestBody") => Value,
        (Part::Discriminator, "mapping") | (Part::Flow, "scopes") => Value,
        (Part::Schema, "examples") => Value,
        (Part::Document | Part::Components | Part::Unknown, "parameters") => Named(Part::Parameter),
        _ => anywhere(key),
    }
}

/// What a key means wherever it stands.
fn anywhere(key: &str) -> Member {
    use Member::{List, Named, One, Unknown, Value};
    match key {
        "example" | "default" | "enum" | "const" => Value,
        "schema"
        | "items"
        | "not"
        | "additionalProperties"
        | "if"
        | "then"
        | "else"
        | "contains"
        | "propertyNames"
        | "unevaluatedItems"
        | "unevaluatedProperties"
        | "contentSchema" => One(Part::Schema),
        "allOf" | "oneOf" | "anyOf" | "prefixItems" => List(Part::Schema),
        "properties" | "patternProperties" | "dependentSchemas" | "$defs" | "definitions"
        | "schemas" => Named(Part::Schema),
        "discriminator" => One(Part::Discriminator),
        "content" => Named(Part::Media),
        "encoding" => Named(Part::Encoding),
        "examples" => Named(Part::Example),
        "headers" => Named(Part::Header),
        "links" => Named(Part::Link),
        "parameters" => List(Part::Parameter),
        "requestBody" => One(Part::Body),
        "requestBodies" => Named(Part::Body),
        "responses" => Named(Part::Response),
        "callbacks" => Named(Part::Callback),
        "paths" | "webhooks" | "pathItems" => Named(Part::PathItem),
        "components" => One(Part::Components),
        "info" => One(Part::Info),
        "security" => List(Part::Requirement),
        "securitySchemes" | "securityDefinitions" => Named(Part::SecurityScheme),
        "flows" => One(Part::Flows),
        "server" => One(Part::Server),
        "servers" => List(Part::Server),
        "variables" => Named(Part::Variable),
        _ => Unknown,
    }
}

/// Shows every part of a value, itself first, to `visit`.
pub(crate) fn walk<'v>(
    value: &'v Value,
    part: Part,
    at: &Trail<'_>,
    visit: &mut impl FnMut(Part, &'v Map<String, Value>, &Trail<'_>),
) {
    match value {
        Value::Object(members) => {
            visit(part, members, at);
            for (key, value) in members {
                let at = at.key(key);
                match (member(part, key), value) {
                    (Member::Value, _) => {}
                    (Member::Named(part), Value::Object(named)) => {
                        for (name, value) in named {
                            walk(value, part, &at.key(name), visit);
                        }
                    }
                    (Member::One(part) | Member::List(part) | Member::Named(part), value) => {
                        walk(value, part, &at, visit);
                    }
                    (Member::Unknown, value) => walk(value, part, &at, visit),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                walk(item, part, &at.index(index), visit);
            }
        }
        _ => {}
    }
}

/// Shows every part of a value, itself first, to `visit`, which may change it; what it makes of a part is walked on.
pub(crate) fn walk_mut(
    value: &mut Value,
    part: Part,
    visit: &mut impl FnMut(Part, &mut Map<String, Value>),
) {
    match value {
        Value::Object(members) => {
            visit(part, members);
            for (key, value) in members {
                match (member(part, key), value) {
                    (Member::Value, _) => {}
                    (Member::Named(part), Value::Object(named)) => {
                        for value in named.values_mut() {
                            walk_mut(value, part, visit);
                        }
                    }
                    (Member::One(part) | Member::List(part) | Member::Named(part), value) => {
                        walk_mut(value, part, visit);
                    }
                    (Member::Unknown, value) => walk_mut(value, part, visit),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                walk_mut(item, part, visit);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document() -> Value {
        let schema = json!({
            "properties": {"default": {"$ref": "#/a"}, "x-a": {"items": {}}},
            "default": {"properties": {}},
            "examples": [{"items": {}}],
            "x-b": {"items": {}},
            "discriminator": {"mapping": {"items": "#/a"}}
        });
        json!({
            "paths": {"/a": {
                "parameters": [{"schema": true}],
                "post": {
                    "responses": {"default": {"headers": {"example": {}}}},
                    "requestBody": {"content": {"a/b": {"schema": schema, "examples": {"a": {"value": {"items": {}}}}}}},
                    "security": [{"items": []}]
                }
            }},
            "odd": [{"servers": [{"variables": {"a": {}}}]}],
            "components": {"securitySchemes": {"a": {"flows": {"password": {"scopes": {"items": {}}}}}}}
        })
    }

    #[test]
    fn every_part_is_shown_with_the_way_to_it() {
        let document = document();
        let mut shown = Vec::new();
        walk(
            &document,
            Part::Document,
            &Trail::Start(""),
            &mut |part, members, at| {
                let there = document.pointer(&at.pointer()).and_then(Value::as_object);
                assert!(there.is_some_and(|there| std::ptr::eq(there, members)));
                shown.push(format!("{part:?} {}", at.pointer()));
            },
        );
        let post = "/paths/~1a/post";
        let media = format!("{post}/requestBody/content/a~1b");
        let mut expected = [
            "Document ".to_owned(),
            "Components /components".to_owned(),
            "SecurityScheme /components/securitySchemes/a".to_owned(),
            "Flows /components/securitySchemes/a/flows".to_owned(),
            "Flow /components/securitySchemes/a/flows/password".to_owned(),
            "Document /odd/0".to_owned(),
            "Server /odd/0/servers/0".to_owned(),
            "Variable /odd/0/servers/0/variables/a".to_owned(),
            "PathItem /paths/~1a".to_owned(),
            "Parameter /paths/~1a/parameters/0".to_owned(),
            format!("Operation {post}"),
            format!("Body {post}/requestBody"),
            format!("Media {media}"),
            format!("Example {media}/examples/a"),
            format!("Schema {media}/schema"),
            format!("Discriminator {media}/schema/discriminator"),
            format!("Schema {media}/schema/properties/default"),
            format!("Schema {media}/schema/properties/x-a"),
            format!("Schema {media}/schema/properties/x-a/items"),
            format!("Response {post}/responses/default"),
            format!("Header {post}/responses/default/headers/example"),
            format!("Requirement {post}/security/0"),
        ];
        shown.sort();
        expected.sort();
        assert_eq!(shown, expected);
    }

    #[test]
    fn what_is_changed_is_walked_on() {
        let mut document = document();
        let mut seen = Vec::new();
        walk_mut(&mut document, Part::Document, &mut |part, members| {
            if part == Part::Operation && members.remove("requestBody").is_some() {
                members.insert("callbacks".to_owned(), json!({"a": {"b": {"get": {}}}}));
            }
            seen.push(part);
        });
        let count = |wanted: Part| seen.iter().filter(|part| **part == wanted).count();
        assert_eq!(count(Part::Schema), 0);
        assert_eq!(count(Part::Operation), 2);
        assert_eq!(count(Part::PathItem), 2);
    }
}
