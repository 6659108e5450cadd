//! Parameters that are parts of the body, as Swagger 2.0 has them.

use serde_json::{Map, Value, json};

use super::Repairs;
use crate::openapi::reference::in_section;
use crate::pointer;
use crate::source::swagger;

impl Repairs<'_> {
    /// Makes parameters of the body a part of `requestBody`; `owner` is the operation, or its path. `shared` are those that are referred to.
    ///
    /// They are taken out of the list.
    pub(super) fn take_fields(
        &mut self,
        owner: &mut Value,
        shared: &Value,
        at: &str,
    ) -> Vec<Value> {
        let Some(parameters) = owner.get_mut("parameters").and_then(Value::as_array_mut) else {
            return Vec::new();
        };
        let at = pointer::join(at, "parameters");
        let mut taken = Vec::new();
        for (index, parameter) in parameters.iter_mut().enumerate() {
            let target = in_section(parameter, &at, "parameters", shared);
            let target = target.map_or(&*parameter, |target| target.value);
            if !swagger::is_of_body(target) {
                continue;
            }
            taken.push(target.clone());
            *parameter = Value::Null;
            let message = "the parameter is a part of the body";
            let place = pointer::join(&at, &index.to_string());
            self.tell_of_swagger(&place, message, "declare it below `requestBody`");
        }
        taken
    }

    /// Adds fields to the body of an operation; `bodies` and `schemas` are those of the components.
    pub(super) fn add_fields(
        &mut self,
        operation: &mut Value,
        fields: Vec<Value>,
        (bodies, schemas): (&Value, Option<&Value>),
        at: &str,
    ) {
        let Some(operation) = operation.as_object_mut().filter(|_| !fields.is_empty()) else {
            return;
        };
        let (made, oddity) = swagger::body_of(fields, schemas);
        let oddity = oddity.map(|oddity| oddity.tell(&pointer::join(at, "requestBody")));
        oddity
            .into_iter()
            .for_each(|one| self.diagnostics.push(one));
        match operation.get_mut("requestBody") {
            Some(body) if !body.is_null() => {
                let shared = in_section(body, at, "requestBodies", bodies);
                if let Some(shared) = shared.map(|shared| shared.value.clone()) {
                    *body = shared;
                }
                merge(body, made);
            }
            _ => {
                operation.insert("requestBody".to_owned(), made);
            }
        }
    }
}

/// Adds the fields of one body to another, in every media type that has fields.
fn merge(body: &mut Value, made: Value) {
    let Some(content) = body.get_mut("content").and_then(Value::as_object_mut) else {
        *body = made;
        return;
    };
    let added = made.get("content").and_then(Value::as_object);
    let added = added.and_then(|content| content.values().next()?.get("schema"));
    let Some(added) = added.cloned() else {
        return;
    };
    for media in content.values_mut().filter_map(Value::as_object_mut) {
        let schema = media.entry("schema").or_insert_with(|| json!({}));
        let has_properties =
            |schema: &Value| schema.get("properties").is_some_and(Value::is_object);
        let is_plain = has_properties(schema) && has_properties(&added);
        if is_plain {
            add_properties(schema, &added);
        } else {
            *schema = json!({"allOf": [schema, added]});
        }
    }
}

fn add_properties(schema: &mut Value, added: &Value) {
    let members = |value: &Value, key: &str| value.get(key).cloned().unwrap_or_default();
    if let (Value::Object(new), Some(properties)) = (
        members(added, "properties"),
        schema.get_mut("properties").and_then(Value::as_object_mut),
    ) {
        for (name, property) in new {
            properties.entry(name).or_insert(property);
        }
    }
    if let Value::Array(new) = members(added, "required") {
        let required: &mut Map<String, Value> = match schema.as_object_mut() {
            Some(schema) => schema,
            None => return,
        };
        let required = required.entry("required").or_insert_with(|| json!([]));
        if let Some(required) = required.as_array_mut() {
            required.extend(new);
        }
    }
}
