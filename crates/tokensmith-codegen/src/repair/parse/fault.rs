//! Which parts of a document do not have OpenAPI's shape.
//!
//! openapiv3 tries several types for one value and loses the way it took. Each part is read by itself here, so that what is told points at the
//! smallest one that cannot be read, and all of them are told.

use openapiv3::{
    Components, ExternalDocumentation, Header, Info, MediaType, Operation, Parameter, PathItem,
    ReferenceOr, RequestBody, Response, Responses, Schema, SecurityRequirement, SecurityScheme,
    Server,
};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Rule};
use crate::openapi::grammar::{self, METHODS, Member, Part};
use crate::pointer;

/// Every smallest part that cannot be read.
pub(super) fn faults(tree: &Value) -> Vec<Diagnostic> {
    let mut search = Search(Vec::new());
    search.part(Part::Document, tree, "");
    search.0
}

/// Whether openapiv3 reads a member of a part, and it is read by itself.
fn is_apart(part: Part, key: &str) -> bool {
    const OF_DOCUMENT: [&str; 5] = ["info", "servers", "security", "paths", "components"];
    const OF_COMPONENTS: [&str; 6] = [
        "schemas",
        "parameters",
        "headers",
        "requestBodies",
        "responses",
        "securitySchemes",
    ];
    const OF_OPERATION: [&str; 5] = [
        "parameters",
        "servers",
        "security",
        "requestBody",
        "responses",
    ];
    const OF_SCHEMA: [&str; 7] = [
        "properties",
        "items",
        "allOf",
        "oneOf",
        "anyOf",
        "not",
        "additionalProperties",
    ];
    match part {
        Part::Document => OF_DOCUMENT.contains(&key),
        Part::Components => OF_COMPONENTS.contains(&key),
        Part::PathItem => METHODS.contains(&key) || ["parameters", "servers"].contains(&key),
        Part::Operation => OF_OPERATION.contains(&key),
        Part::Parameter | Part::Header => ["schema", "content"].contains(&key),
        Part::Body => key == "content",
        Part::Response => ["content", "headers"].contains(&key),
        Part::Media => key == "schema",
        Part::Schema => OF_SCHEMA.contains(&key),
        _ => false,
    }
}

struct Search(Vec<Diagnostic>);

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The part without the members that are read by themselves; those of them that it needs are there, and say nothing.
fn alone(part: Part, value: &Value) -> Value {
    let Some(members) = value.as_object() else {
        return value.clone();
    };
    let rest = members.iter().filter(|(key, _)| !is_apart(part, key));
    let mut rest: Map<String, Value> = rest
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    let needed = match part {
        Part::Operation => Some("responses"),
        Part::Parameter | Part::Header => Some("schema"),
        _ => None,
    };
    rest.extend(needed.map(|key| (key.to_owned(), json!({}))));
    Value::Object(rest)
}

impl Search {
    fn read<T: DeserializeOwned>(&mut self, value: &Value, at: &str) {
        let Err(error) = serde_path_to_error::deserialize::<_, T>(value) else {
            return;
        };
        let pointer = at.to_owned() + &pointer::of_path(error.path());
        self.0
            .push(super::malformed(pointer, &error.inner().to_string()));
    }

    /// A part, or a reference to one. openapiv3 does not say what is wrong where it may be either.
    fn either<T: DeserializeOwned>(&mut self, value: &Value, at: &str) {
        match value.get("$ref") {
            Some(_) => self.read::<ReferenceOr<T>>(value, at),
            None => self.read::<T>(value, at),
        }
    }

    fn part(&mut self, part: Part, value: &Value, at: &str) {
        if value.get("$ref").is_some() && part != Part::PathItem && part != Part::Operation {
            return self.whole(part, value, at);
        }
        self.whole(part, &alone(part, value), at);
        for (key, member) in members(value) {
            let at = pointer::join(at, key);
            match grammar::member(part, key) {
                _ if part == Part::Document && key == "externalDocs" => {
                    self.read::<ExternalDocumentation>(member, &at);
                }
                _ if !is_apart(part, key) => {}
                // It may be true or false, which says nothing of a schema.
                Member::One(_) if key == "additionalProperties" && !member.is_object() => {}
                Member::One(part) => self.part(part, member, &at),
                Member::List(part) => self.list(part, member, &at),
                Member::Named(part) if key == "properties" => self.named(part, member, &at),
                Member::Named(part) => self.each(part, member, &at),
                Member::Value | Member::Unknown => {}
            }
        }
        if let (Part::Operation, Some(Value::Object(responses))) = (part, value.get("responses")) {
            self.statuses(responses, &pointer::join(at, "responses"));
        }
    }

    fn whole(&mut self, part: Part, value: &Value, at: &str) {
        match part {
            Part::Info => self.read::<Info>(value, at),
            Part::Components => self.read::<Components>(value, at),
            Part::PathItem => self.read::<PathItem>(value, at),
            Part::Operation => self.read::<Operation>(value, at),
            Part::Parameter => self.either::<Parameter>(value, at),
            Part::Header => self.either::<Header>(value, at),
            Part::Body => self.either::<RequestBody>(value, at),
            Part::Response => self.either::<Response>(value, at),
            Part::Media => self.read::<MediaType>(value, at),
            Part::Schema => self.either::<Schema>(value, at),
            Part::SecurityScheme => self.read::<ReferenceOr<SecurityScheme>>(value, at),
            Part::Requirement => self.read::<SecurityRequirement>(value, at),
            Part::Server => self.read::<Server>(value, at),
            _ => {}
        }
    }

    /// What stands there under each status is read by itself.
    fn statuses(&mut self, responses: &Map<String, Value>, at: &str) {
        let names = responses.keys().filter(|name| !name.starts_with("x-"));
        let statuses = names.map(|name| (name.clone(), json!({"description": ""})));
        self.read::<Responses>(&statuses.collect(), at);
    }

    fn list(&mut self, part: Part, value: &Value, at: &str) {
        let Some(items) = value.as_array() else {
            return self.expected("a list", at);
        };
        for (index, item) in items.iter().enumerate() {
            self.part(part, item, &pointer::join(at, &index.to_string()));
        }
    }

    fn each(&mut self, part: Part, value: &Value, at: &str) {
        if !value.is_object() {
            return self.expected("an object", at);
        }
        for (name, member) in members(value).filter(|(name, _)| !name.starts_with("x-")) {
            self.part(part, member, &pointer::join(at, name));
        }
    }

    fn named(&mut self, part: Part, value: &Value, at: &str) {
        for (name, member) in members(value) {
            self.part(part, member, &pointer::join(at, name));
        }
    }

    fn expected(&mut self, what: &str, at: &str) {
        self.0.push(
            Diagnostic::new(Rule::Malformed, at, format!("{what} is expected here"))
                .help("compare it with https://spec.openapis.org/oas/v3.0.3.html"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_that_cannot_be_read_is_told() {
        let tree = json!({
            "openapi": "3.0.3",
            "info": {"title": "", "version": ""},
            "servers": [{}],
            "paths": {"/token": {"post": {
                "security": [5],
                "parameters": [{"name": "a", "in": "query", "schema": {"type": 5}}, {"name": "b", "in": "sky", "schema": {}}],
                "requestBody": {"content": {"a/b": {"schema": {"properties": {"c": {"minLength": -1, "type": "string"}}}, "encoding": {"c": 5}}}},
                "responses": {"200": {"description": "", "headers": {"X": 5}}, "400": []}
            }}},
            "components": {"schemas": {"A": {"allOf": [{"items": {"pattern": 5}}]}}, "responses": {"R": {"$ref": "#/x"}}}
        });
        let pointers: Vec<String> = faults(&tree)
            .into_iter()
            .map(|fault| fault.pointer)
            .collect();
        let post = "/paths/~1token/post";
        assert_eq!(
            pointers,
            [
                "/components/schemas/A/allOf/0/items".to_owned(),
                format!("{post}/parameters/0/schema"),
                format!("{post}/parameters/1/in"),
                format!("{post}/requestBody/content/a~1b/encoding/c"),
                format!("{post}/requestBody/content/a~1b/schema/properties/c"),
                format!("{post}/responses/200/headers/X"),
                format!("{post}/responses/400"),
                format!("{post}/security/0"),
                "/servers/0".to_owned(),
            ]
        );
    }
}
