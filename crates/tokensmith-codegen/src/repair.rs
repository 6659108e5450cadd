//! What is malformed where an OAuth operation needs it is read as it was meant, with a warning.
//!
//! Only slips whose meaning is clear are repaired: a number or a truth in quotes, one value where a list was asked for, the spelling of another version.
//! The rest is left to the stages that read it. Since only what `select` kept comes here, nothing else in a document is looked at.
//!
//! What only reads a document goes through the views of `openapi`. Here, as in `source/swagger`, parts are moved and written, some of which are not as
//! OpenAPI has them: their keys are named where they are written.

mod example;
mod field;
mod media;
mod names;
pub(crate) mod normalize;
mod parameter;
pub(crate) mod parse;
mod scalar;
mod schema;
mod security;
mod server;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::pointer;
use crate::source::swagger;

/// Repairs a selected tree in place; `is_swagger` says what the document was.
pub(crate) fn repair(tree: &mut Value, is_swagger: bool, diagnostics: &mut Diagnostics) {
    let mut repairs = Repairs {
        is_swagger,
        diagnostics,
    };
    repairs.info(&mut tree["info"]);
    repairs.docs(tree);
    repairs.servers(tree, "");
    repairs.security(tree, "");
    let section = |tree: &Value, kind: &str| {
        let section = tree.get("components").and_then(|all| all.get(kind));
        section.cloned().unwrap_or_default()
    };
    let (parameters, bodies) = (section(tree, "parameters"), section(tree, "requestBodies"));
    // They are asked for what the paths are read with.
    let schemas = tree.pointer_mut("/components/schemas").map(Value::take);
    for (path, item) in members(tree, "paths") {
        let at = pointer::join("/paths", path);
        repairs.servers(item, &at);
        let inherited = repairs.take_fields(item, &parameters, &at);
        repairs.parameters(item, path, &at);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() && method != "parameters" && method != "servers" {
                let at = pointer::join(&at, method);
                let mut fields = repairs.take_fields(operation, &parameters, &at);
                fields.extend(inherited.iter().cloned());
                repairs.add_fields(operation, fields, (&bodies, schemas.as_ref()), &at);
                repairs.operation(operation, path, &at);
            }
        }
    }
    if let (Some(place), Some(schemas)) = (tree.pointer_mut("/components/schemas"), schemas) {
        *place = schemas;
    }
    if let Some(components) = tree.get_mut("components") {
        repairs.schemes(components);
    }
    for (kind, components) in members(tree, "components") {
        let place = pointer::join("/components", kind);
        let Some(components) = components.as_object_mut() else {
            continue;
        };
        if kind == "parameters" {
            // They have become a part of the bodies.
            components.retain(|_, parameter| !swagger::is_of_body(parameter));
        }
        let mut unusable = Vec::new();
        for (name, value) in components.iter_mut() {
            let at = pointer::join(&place, name);
            match kind.as_str() {
                "schemas" => {
                    repairs.example_of_component(value, &at);
                    repairs.schema(value, &at);
                }
                "parameters" => {
                    let is_usable = repairs.parameter(value, "", &at);
                    if !is_usable {
                        unusable.push(name.clone());
                    }
                }
                "headers" => repairs.header(value, &at),
                "requestBodies" => repairs.body(value, &at),
                "responses" => repairs.response(value, &at),
                _ => {}
            }
        }
        unusable
            .iter()
            .for_each(|name| drop(components.remove(name)));
    }
}

fn members<'v>(
    value: &'v mut Value,
    key: &str,
) -> impl Iterator<Item = (&'v String, &'v mut Value)> {
    value
        .get_mut(key)
        .and_then(Value::as_object_mut)
        .into_iter()
        .flatten()
}

/// Repairs the `servers` of an object, and tells nobody.
pub(crate) fn repair_servers(owner: &mut Value) {
    let diagnostics = &mut Diagnostics::default();
    let is_swagger = false;
    Repairs {
        is_swagger,
        diagnostics,
    }
    .servers(owner, "");
}

/// Repairs parts of a document, and tells of it.
struct Repairs<'a> {
    /// Whether the document is a Swagger 2.0 one: what other files have as Swagger has it is no mistake then.
    is_swagger: bool,
    diagnostics: &'a mut Diagnostics,
}

impl Repairs<'_> {
    fn tell(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        let diagnostic = Diagnostic::new(Rule::Repaired, at, message).help(help);
        self.diagnostics.push(diagnostic);
    }

    /// What is as Swagger 2.0 has it.
    fn tell_of_swagger(&mut self, at: &str, message: &str, help: &str) {
        if !self.is_swagger {
            self.tell(at, message.to_owned() + ", as in Swagger 2.0", help);
        }
    }

    /// Prose that is no text is none; nothing on the wire depends on it.
    fn info(&mut self, info: &mut Value) {
        let Some(members) = info.as_object_mut() else {
            *info = json!({});
            return;
        };
        members.retain(|key, _| {
            ["title", "version", "description"].contains(&key.as_str()) || key.starts_with("x-")
        });
        for key in ["title", "version", "description"] {
            scalar::text(members, key);
        }
    }

    /// A link to documentation; its text is not read.
    fn docs(&mut self, tree: &mut Value) {
        let Some(members) = tree.as_object_mut() else {
            return;
        };
        let Some(docs) = members.get_mut("externalDocs") else {
            return;
        };
        match docs.as_object_mut() {
            Some(docs) if docs.get("url").is_some_and(Value::is_string) => {
                scalar::text(docs, "description");
            }
            _ => {
                members.remove("externalDocs");
                let message = "`externalDocs` is an object with a `url`; it is left out";
                self.tell("/externalDocs", message, "write `externalDocs: {url: ...}`");
            }
        }
    }

    fn operation(&mut self, operation: &mut Value, path: &str, at: &str) {
        self.servers(operation, at);
        self.parameters(operation, path, at);
        self.security(operation, at);
        if let Some(members) = operation.as_object_mut() {
            for key in ["operationId", "summary", "description"] {
                scalar::text(members, key);
            }
            scalar::boolean(members, "deprecated");
            members.remove("externalDocs");
            if members.get("requestBody").is_some_and(Value::is_null) {
                members.remove("requestBody");
            }
            self.unsent_body(members, at);
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.body(body, &pointer::join(at, "requestBody"));
        }
        let place = pointer::join(at, "responses");
        match operation.get_mut("responses") {
            Some(Value::Object(responses)) => self.statuses(responses, &place),
            None => {}
            Some(odd) => {
                if !odd.is_null() {
                    let message = "`responses` is an object; it is left out";
                    self.tell(&place, message, "write one response under each status");
                }
                *odd = json!({});
            }
        }
        for (status, response) in members(operation, "responses") {
            if !status.starts_with("x-") {
                self.response(response, &pointer::join(&place, status));
            }
        }
    }

    /// `2xx` and `200 OK` are understood; what is no status is left out.
    fn statuses(&mut self, responses: &mut Map<String, Value>, at: &str) {
        let odd: Vec<String> = responses
            .keys()
            .filter(|key| !is_status(key) && *key != "default" && !key.starts_with("x-"))
            .cloned()
            .collect();
        for key in odd {
            let Some(response) = responses.remove(&key) else {
                continue;
            };
            let place = pointer::join(at, &key);
            let first = key.split_whitespace().next().unwrap_or_default();
            let status = first.to_ascii_uppercase();
            let message = format!("`{key}` is not a status");
            if is_status(&status) && !responses.contains_key(&status) {
                self.tell(&place, message, format!("write '{status}'"));
                responses.insert(status, response);
            } else {
                self.tell(
                    &place,
                    message,
                    "write three digits such as '200', or `default`",
                );
            }
        }
    }

    /// One object where a list was asked for; null is no list, and neither is what could be no item of one.
    fn list(&mut self, owner: &mut Value, key: &str, at: &str) {
        let Some(members) = owner.as_object_mut() else {
            return;
        };
        match members.get_mut(key) {
            Some(Value::Null) => {
                members.remove(key);
            }
            Some(value) if value.is_object() || value.is_string() => {
                *value = json!([value]);
                self.tell(at, format!("`{key}` is a list"), "put a `-` before it");
            }
            Some(value) if !value.is_array() => {
                members.remove(key);
                self.tell(
                    at,
                    format!("`{key}` is a list; this is left out"),
                    "write a list, or remove it",
                );
            }
            _ => {}
        }
    }
}

fn is_status(key: &str) -> bool {
    let bytes = key.as_bytes();
    bytes.len() == 3
        && bytes[0].is_ascii_digit()
        && (bytes[1..].iter().all(u8::is_ascii_digit) || &bytes[1..] == b"XX")
}

#[cfg(test)]
mod tests;
