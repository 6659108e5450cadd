//! What is malformed where an OAuth operation needs it is read as it was meant, with a warning.
//!
//! Only slips whose meaning is clear are repaired: a number or a truth in quotes, one value where a list was asked for, the spelling of another version.
//! The rest is left to the stages that read it. Since only what `prune` kept comes here, nothing else in a document is looked at.

mod names;
mod scalar;
mod schema;

use serde_json::{Map, Value, json};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::pointer;
use crate::swagger;

/// Repairs a pruned tree in place.
pub(crate) fn repair(tree: &mut Value, diagnostics: &mut Diagnostics) {
    let mut repairs = Repairs { diagnostics };
    repairs.info(&mut tree["info"]);
    repairs.servers(tree, "");
    repairs.security(tree, "");
    for (path, item) in members(tree, "paths") {
        let at = pointer::join("/paths", path);
        repairs.servers(item, &at);
        repairs.parameters(item, &at);
        for (method, operation) in item.as_object_mut().into_iter().flatten() {
            if operation.is_object() && method != "parameters" && method != "servers" {
                repairs.operation(operation, &pointer::join(&at, method));
            }
        }
    }
    for (kind, components) in members(tree, "components") {
        let place = pointer::join("/components", kind);
        for (name, value) in components.as_object_mut().into_iter().flatten() {
            let at = pointer::join(&place, name);
            match kind.as_str() {
                "schemas" => repairs.schema(value, &at),
                "parameters" => repairs.parameter(value, &at),
                "headers" => repairs.header(value, &at),
                "requestBodies" => repairs.body(value, &at),
                "responses" => repairs.response(value, &at),
                _ => {}
            }
        }
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

/// Repairs parts of a document, and tells of it.
struct Repairs<'a> {
    diagnostics: &'a mut Diagnostics,
}

impl Repairs<'_> {
    fn tell(&mut self, at: &str, message: impl Into<String>, help: impl Into<String>) {
        let diagnostic = Diagnostic::new(Rule::Repaired, at, message).help(help);
        self.diagnostics.push(diagnostic);
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

    fn servers(&mut self, owner: &mut Value, at: &str) {
        let at = pointer::join(at, "servers");
        self.list(owner, "servers", &at);
        let servers = owner.get_mut("servers").and_then(Value::as_array_mut);
        for (index, server) in servers.into_iter().flatten().enumerate() {
            let at = pointer::join(&at, &index.to_string());
            if server.is_string() {
                *server = json!({ "url": server });
                self.tell(
                    &at,
                    "a server is an object with a `url`",
                    "write `- url: ...`",
                );
            }
            if let Some(members) = server.as_object_mut() {
                scalar::text(members, "description");
            }
            for (_, variable) in self::members(server, "variables") {
                let Some(variable) = variable.as_object_mut() else {
                    continue;
                };
                scalar::text(variable, "default");
                scalar::text(variable, "description");
                if let Some(Value::Array(values)) = variable.get_mut("enum") {
                    values.iter_mut().for_each(scalar::to_text);
                }
            }
        }
    }

    fn operation(&mut self, operation: &mut Value, at: &str) {
        self.servers(operation, at);
        self.parameters(operation, at);
        self.security(operation, at);
        if let Some(members) = operation.as_object_mut() {
            for key in ["operationId", "summary", "description"] {
                scalar::text(members, key);
            }
            scalar::truth(members, "deprecated");
            members.remove("externalDocs");
            if members.get("requestBody").is_some_and(Value::is_null) {
                members.remove("requestBody");
            }
        }
        if let Some(body) = operation.get_mut("requestBody") {
            self.body(body, &pointer::join(at, "requestBody"));
        }
        let place = pointer::join(at, "responses");
        if let Some(Value::Object(responses)) = operation.get_mut("responses") {
            self.statuses(responses, &place);
        }
        for (status, response) in members(operation, "responses") {
            if !status.starts_with("x-") {
                self.response(response, &pointer::join(&place, status));
            }
        }
    }

    /// Each scheme is named with a list of scopes, which may be empty.
    fn security(&mut self, owner: &mut Value, at: &str) {
        let at = pointer::join(at, "security");
        self.list(owner, "security", &at);
        let requirements = owner.get_mut("security").and_then(Value::as_array_mut);
        for (index, requirement) in requirements.into_iter().flatten().enumerate() {
            for (name, scopes) in requirement.as_object_mut().into_iter().flatten() {
                if !scopes.is_array() {
                    *scopes = json!([]);
                    let place = pointer::join_all(&at, &[&index.to_string(), name]);
                    let message = "a scheme is named with a list of scopes";
                    self.tell(&place, message, format!("write `{name}: []`"));
                }
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
            let message = format!("`{key}` is no status");
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

    fn response(&mut self, response: &mut Value, at: &str) {
        if !response.is_object() {
            *response = json!({});
        }
        if let Some(members) = response.as_object_mut() {
            scalar::text(members, "description");
            for key in ["headers", "content"] {
                if members.get(key).is_some_and(|value| !value.is_object()) {
                    members.remove(key);
                }
            }
        }
        let place = pointer::join(at, "headers");
        for (name, header) in members(response, "headers") {
            self.header(header, &pointer::join(&place, name));
        }
        self.content(response, at);
    }

    fn body(&mut self, body: &mut Value, at: &str) {
        if let Some(members) = body.as_object_mut() {
            scalar::truth(members, "required");
            scalar::text(members, "description");
        }
        self.content(body, at);
    }

    fn content(&mut self, owner: &mut Value, at: &str) {
        let at = pointer::join(at, "content");
        for (media, value) in members(owner, "content") {
            if !value.is_object() {
                *value = json!({});
            }
            if let Some(schema) = value.get_mut("schema") {
                self.schema(schema, &pointer::join_all(&at, &[media, "schema"]));
            }
        }
    }

    fn header(&mut self, header: &mut Value, at: &str) {
        if !header.is_object() {
            *header = json!({});
        }
        if header.get("in").is_some() || header.get("name").is_some() {
            // Said twice, and not by OpenAPI: the key is the name.
            if let Some(members) = header.as_object_mut() {
                members.remove("in");
                members.remove("name");
            }
        }
        self.of_older_version(header, at);
        self.described(header, at);
    }

    fn parameters(&mut self, owner: &mut Value, at: &str) {
        let at = pointer::join(at, "parameters");
        if owner.get("parameters").is_some_and(Value::is_null) {
            owner
                .as_object_mut()
                .map(|owner| owner.remove("parameters"));
        }
        let Some(Value::Array(parameters)) = owner.get_mut("parameters") else {
            return;
        };
        let mut seen = Vec::new();
        let mut index = 0;
        parameters.retain_mut(|parameter| {
            let at = pointer::join(&at, &index.to_string());
            index += 1;
            self.parameter(parameter, &at);
            let key = (parameter.get("name").cloned(), parameter.get("in").cloned());
            if key.0.is_some() && seen.contains(&key) {
                self.tell(
                    &at,
                    "the parameter is declared twice; the first one counts",
                    "remove one of them",
                );
                return false;
            }
            seen.push(key);
            parameter.is_object()
        });
    }

    fn parameter(&mut self, parameter: &mut Value, at: &str) {
        if parameter.get("$ref").is_some() {
            return;
        }
        if let Some(members) = parameter.as_object_mut() {
            scalar::text(members, "name");
            self.parameter_name(members, at);
            if let Some(Value::String(place)) = members.get_mut("in") {
                *place = place.trim().to_ascii_lowercase();
            }
            if members.get("in") == Some(&json!("path")) {
                members.insert("required".to_owned(), json!(true));
            }
        }
        self.of_older_version(parameter, at);
        self.described(parameter, at);
    }

    /// A type beside the name is Swagger's.
    fn of_older_version(&mut self, parameter: &mut Value, at: &str) {
        let is_older = parameter.get("type").is_some()
            && parameter.get("schema").is_none()
            && parameter.get("content").is_none();
        if is_older {
            // Where its parts stood is where the parameter stands.
            swagger::raise_parameter(parameter);
            self.tell(
                at,
                "the type stands beside the name, as in Swagger 2.0",
                "put it in a schema:\nschema: {type: string}",
            );
        }
    }

    fn described(&mut self, parameter: &mut Value, at: &str) {
        if let Some(members) = parameter.as_object_mut() {
            for key in [
                "required",
                "deprecated",
                "explode",
                "allowEmptyValue",
                "allowReserved",
            ] {
                scalar::truth(members, key);
            }
            scalar::text(members, "description");
            scalar::text(members, "style");
        }
        if let Some(schema) = parameter.get_mut("schema") {
            self.schema(schema, &pointer::join(at, "schema"));
        }
        self.content(parameter, at);
    }

    /// One object where a list was asked for; null is no list.
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
