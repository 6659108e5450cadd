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
use crate::pointer;

/// Every smallest part that cannot be read.
pub(super) fn faults(tree: &Value) -> Vec<Diagnostic> {
    let mut search = Search(Vec::new());
    for (key, value) in members(tree) {
        let at = pointer::join("", key);
        match key.as_str() {
            "info" => search.read::<Info>(value, &at),
            "externalDocs" => search.read::<ExternalDocumentation>(value, &at),
            "servers" => search.list(value, &at, Search::read::<Server>),
            "security" => search.list(value, &at, Search::read::<SecurityRequirement>),
            "paths" => search.each(value, &at, Search::item),
            "components" => search.components(value, &at),
            _ => {}
        }
    }
    search.0
}

struct Search(Vec<Diagnostic>);

fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The value without these members, each of which is read by itself.
fn without(value: &Value, keys: &[&str]) -> Value {
    let members = value.as_object().into_iter().flatten();
    let rest: Map<String, Value> = members
        .filter(|(key, _)| !keys.contains(&key.as_str()))
        .map(|(key, value)| (key.clone(), value.clone()))
        .collect();
    match value {
        Value::Object(_) => Value::Object(rest),
        other => other.clone(),
    }
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

    /// Reads a value without the parts that are read by themselves; they are left out of it.
    fn rest<T: DeserializeOwned>(&mut self, value: &Value, keys: &[&str], at: &str) {
        self.read::<T>(&without(value, keys), at);
    }

    fn list(&mut self, value: &Value, at: &str, mut each: impl FnMut(&mut Self, &Value, &str)) {
        let Some(items) = value.as_array() else {
            return self.expected("a list", at);
        };
        for (index, item) in items.iter().enumerate() {
            each(self, item, &pointer::join(at, &index.to_string()));
        }
    }

    fn each(&mut self, value: &Value, at: &str, mut each: impl FnMut(&mut Self, &Value, &str)) {
        let Some(members) = value.as_object() else {
            return self.expected("an object", at);
        };
        for (name, member) in members {
            if !name.starts_with("x-") {
                each(self, member, &pointer::join(at, name));
            }
        }
    }

    fn expected(&mut self, what: &str, at: &str) {
        self.0.push(
            Diagnostic::new(Rule::Malformed, at, format!("{what} is expected here"))
                .help("compare it with https://spec.openapis.org/oas/v3.0.3.html"),
        );
    }

    fn item(&mut self, item: &Value, at: &str) {
        const METHODS: [&str; 8] = [
            "get", "put", "post", "delete", "options", "head", "patch", "trace",
        ];
        let apart = [METHODS.as_slice(), &["parameters", "servers"]].concat();
        self.rest::<PathItem>(item, &apart, at);
        for (key, value) in members(item) {
            let at = pointer::join(at, key);
            match key.as_str() {
                "parameters" => self.list(value, &at, Self::parameter),
                "servers" => self.list(value, &at, Self::read::<Server>),
                key if METHODS.contains(&key) => self.operation(value, &at),
                _ => {}
            }
        }
    }

    fn operation(&mut self, operation: &Value, at: &str) {
        const APART: [&str; 5] = [
            "parameters",
            "servers",
            "security",
            "requestBody",
            "responses",
        ];
        let mut rest = without(operation, &APART);
        if let Some(rest) = rest.as_object_mut() {
            rest.insert("responses".to_owned(), json!({}));
        }
        self.read::<Operation>(&rest, at);
        for (key, value) in members(operation) {
            let at = pointer::join(at, key);
            match key.as_str() {
                "parameters" => self.list(value, &at, Self::parameter),
                "servers" => self.list(value, &at, Self::read::<Server>),
                "security" => self.list(value, &at, Self::read::<SecurityRequirement>),
                "requestBody" => self.body(value, &at),
                "responses" => {
                    self.each(value, &at, Self::response);
                    let statuses = value.as_object().map(|responses| {
                        let names = responses.keys().filter(|name| !name.starts_with("x-"));
                        names
                            .map(|name| (name.clone(), json!({"description": ""})))
                            .collect()
                    });
                    self.read::<Responses>(&Value::Object(statuses.unwrap_or_default()), &at);
                }
                _ => {}
            }
        }
    }

    fn components(&mut self, components: &Value, at: &str) {
        const APART: [&str; 6] = [
            "schemas",
            "parameters",
            "headers",
            "requestBodies",
            "responses",
            "securitySchemes",
        ];
        self.rest::<Components>(components, &APART, at);
        for (key, value) in members(components) {
            let at = pointer::join(at, key);
            match key.as_str() {
                "schemas" => self.each(value, &at, Self::schema),
                "parameters" => self.each(value, &at, Self::parameter),
                "headers" => self.each(value, &at, Self::header),
                "requestBodies" => self.each(value, &at, Self::body),
                "responses" => self.each(value, &at, Self::response),
                "securitySchemes" => {
                    self.each(value, &at, Self::read::<ReferenceOr<SecurityScheme>>);
                }
                _ => {}
            }
        }
    }

    /// A parameter or header whose schema and content are read by themselves.
    fn described<T: DeserializeOwned>(&mut self, value: &Value, at: &str) {
        if value.get("$ref").is_some() {
            return self.read::<ReferenceOr<T>>(value, at);
        }
        let mut rest = without(value, &["schema", "content"]);
        if let Some(rest) = rest.as_object_mut() {
            rest.insert("schema".to_owned(), json!({}));
        }
        self.read::<T>(&rest, at);
        self.content(value, at);
        if let Some(schema) = value.get("schema") {
            self.schema(schema, &pointer::join(at, "schema"));
        }
    }

    fn parameter(&mut self, parameter: &Value, at: &str) {
        self.described::<Parameter>(parameter, at);
    }

    fn header(&mut self, header: &Value, at: &str) {
        self.described::<Header>(header, at);
    }

    fn body(&mut self, body: &Value, at: &str) {
        if body.get("$ref").is_some() {
            return self.read::<ReferenceOr<RequestBody>>(body, at);
        }
        self.rest::<RequestBody>(body, &["content"], at);
        self.content(body, at);
    }

    fn response(&mut self, response: &Value, at: &str) {
        if response.get("$ref").is_some() {
            return self.read::<ReferenceOr<Response>>(response, at);
        }
        self.rest::<Response>(response, &["content", "headers"], at);
        self.content(response, at);
        if let Some(headers) = response.get("headers") {
            self.each(headers, &pointer::join(at, "headers"), Self::header);
        }
    }

    fn content(&mut self, owner: &Value, at: &str) {
        if let Some(content) = owner.get("content") {
            self.each(content, &pointer::join(at, "content"), Self::media);
        }
    }

    fn media(&mut self, media: &Value, at: &str) {
        self.rest::<MediaType>(media, &["schema"], at);
        if let Some(schema) = media.get("schema") {
            self.schema(schema, &pointer::join(at, "schema"));
        }
    }

    /// A schema, and those that it is made of.
    fn schema(&mut self, schema: &Value, at: &str) {
        const APART: [&str; 7] = [
            "properties",
            "items",
            "allOf",
            "oneOf",
            "anyOf",
            "not",
            "additionalProperties",
        ];
        if schema.get("$ref").is_some() {
            return self.read::<ReferenceOr<Schema>>(schema, at);
        }
        self.rest::<Schema>(schema, &APART, at);
        for (key, value) in members(schema) {
            let at = pointer::join(at, key);
            match key.as_str() {
                "properties" => {
                    for (name, property) in members(value) {
                        self.schema(property, &pointer::join(&at, name));
                    }
                }
                "allOf" | "oneOf" | "anyOf" => self.list(value, &at, Self::schema),
                "items" | "not" => self.schema(value, &at),
                "additionalProperties" if value.is_object() => self.schema(value, &at),
                _ => {}
            }
        }
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
