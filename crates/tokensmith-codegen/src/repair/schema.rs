//! Schemas: types by other names, limits in quotes, lists of one.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::{Repairs, scalar};
use crate::pointer;

/// The types that schemas have.
const TYPES: [&str; 7] = [
    "string", "integer", "number", "boolean", "object", "array", "null",
];

impl Repairs<'_> {
    /// Repairs a schema and all below it.
    pub(super) fn schema(&mut self, value: &mut Value, at: &str) {
        let Some(members) = value.as_object_mut() else {
            if !value.is_boolean() {
                self.tell(at, "a schema is an object", "write `{}` for any value");
                *value = json!({});
            }
            return;
        };
        self.type_name(members, at);
        self.limits(members, at);
        self.values(members, at);
        for key in ["title", "description", "format", "pattern"] {
            scalar::text(members, key);
        }
        members.remove("externalDocs");
        members.remove("xml");
        self.parts(members, at);
        self.property_names(members, at);
        self.required(members, at);
        self.below(members, at);
    }

    fn type_name(&mut self, members: &mut Map<String, Value>, at: &str) {
        let place = pointer::join(at, "type");
        match members.get("type") {
            Some(Value::String(name)) if !TYPES.contains(&name.as_str()) => {
                let (message, known) = (format!("`{name}` is not a type"), known_type(name));
                match known {
                    Some((known, format)) => {
                        self.tell(&place, message, format!("write `type: {known}`"));
                        members.insert("type".to_owned(), json!(known));
                        if let Some(format) = format {
                            members.entry("format").or_insert_with(|| json!(format));
                        }
                    }
                    None => {
                        let help = format!("write one of {}", TYPES.join(", "));
                        self.tell(&place, message, help);
                        members.remove("type");
                    }
                }
            }
            Some(Value::String(_) | Value::Array(_)) | None => {}
            // `type: null` in YAML means the type of this name.
            Some(Value::Null) => {
                members.insert("type".to_owned(), json!("null"));
            }
            // Nobody can know what is meant.
            Some(_) => {}
        }
    }

    fn limits(&mut self, members: &mut Map<String, Value>, at: &str) {
        const COUNTS: [&str; 6] = [
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
        ];
        const TRUTHS: [&str; 5] = [
            "nullable",
            "readOnly",
            "writeOnly",
            "deprecated",
            "uniqueItems",
        ];
        for key in COUNTS {
            if scalar::count(members, key) {
                self.tell(
                    &pointer::join(at, key),
                    format!("`{key}` is a number from 0 up"),
                    "write it without quotes",
                );
            }
        }
        for key in ["minimum", "maximum", "multipleOf"] {
            if scalar::number(members, key) {
                self.tell(
                    &pointer::join(at, key),
                    format!("`{key}` is a number"),
                    "write it without quotes",
                );
            }
        }
        for key in ["exclusiveMinimum", "exclusiveMaximum"] {
            // A bound of its own in JSON Schema, and in OpenAPI 3.0 whether the other one is meant.
            let text = members.get(key).and_then(Value::as_str).map(str::to_owned);
            let is_number = text.is_some_and(|text| text.trim().parse::<f64>().is_ok());
            let changed = match members.get(key) {
                Some(Value::Number(_)) => false,
                _ if is_number => scalar::number(members, key),
                _ => scalar::boolean(members, key),
            };
            if changed {
                let message = format!("`{key}` is a number, or true or false");
                self.tell(&pointer::join(at, key), message, "write it without quotes");
            }
        }
        for key in TRUTHS {
            if scalar::boolean(members, key) {
                self.tell(
                    &pointer::join(at, key),
                    format!("`{key}` is true or false"),
                    "write it without quotes",
                );
            }
        }
    }

    /// The values of an enum have the type that is said, and each stands there once.
    fn values(&mut self, members: &mut Map<String, Value>, at: &str) {
        let place = pointer::join(at, "enum");
        let is_text = members.get("type") == Some(&json!("string"));
        let is_number = ["integer", "number"].map(|name| Some(&json!(name)) == members.get("type"));
        let Some(values) = members.get_mut("enum") else {
            return;
        };
        match values {
            Value::Array(_) => {}
            Value::Null | Value::Object(_) => {
                members.remove("enum");
                self.tell(&place, "`enum` is a list of values", "write `enum: [a, b]`");
                return;
            }
            _ => {
                *values = json!([values]);
                self.tell(&place, "`enum` is a list of values", "put it in brackets");
            }
        }
        let Some(Value::Array(values)) = members.get_mut("enum") else {
            return;
        };
        if is_text {
            values.iter_mut().for_each(scalar::to_text);
        }
        let mut is_encoded = false;
        for value in values.iter_mut() {
            if let Value::String(text) = value
                && text.to_ascii_lowercase().starts_with("urn%3a")
            {
                *text = pointer::percent_decode(text);
                is_encoded = true;
            }
        }
        if is_number.contains(&true) {
            for value in values.iter_mut() {
                if let Value::String(text) = value
                    && let Ok(number) = text.trim().parse::<serde_json::Number>()
                {
                    *value = Value::Number(number);
                }
            }
        }
        if is_encoded {
            self.tell(
                &place,
                "a URN is written as it stands in a form",
                "write it plainly: the client encodes it",
            );
        }
        let Some(Value::Array(values)) = members.get_mut("enum") else {
            return;
        };
        let mut seen = BTreeSet::new();
        values.retain(|value| seen.insert(value.to_string()));
        let is_empty = values.is_empty();
        let has_texts = values.iter().any(Value::is_string);
        if is_empty {
            members.remove("enum");
        } else if is_number.contains(&true) && has_texts {
            self.tell(
                &place,
                "the values are texts and the type is a number",
                "write `type: string`",
            );
            members.remove("type");
        }
    }

    /// One part where a list was asked for; a list of none says nothing.
    fn parts(&mut self, members: &mut Map<String, Value>, at: &str) {
        for key in ["allOf", "oneOf", "anyOf"] {
            let Some(parts) = members.get_mut(key) else {
                continue;
            };
            let place = pointer::join(at, key);
            match parts {
                Value::Array(parts) if !parts.is_empty() => {}
                Value::Object(_) => {
                    *parts = json!([parts]);
                    self.tell(&place, format!("`{key}` is a list"), "put a `-` before it");
                }
                _ => {
                    members.remove(key);
                    self.tell(&place, format!("`{key}` has no schemas"), "remove it");
                }
            }
        }
        match members.get_mut("discriminator") {
            None => {}
            Some(Value::Object(discriminator))
                if discriminator
                    .get("propertyName")
                    .is_some_and(Value::is_string) => {}
            Some(name) if name.is_string() => {
                *name = json!({ "propertyName": name });
                let place = pointer::join(at, "discriminator");
                self.tell(
                    &place,
                    "a discriminator is an object",
                    "write `discriminator: {propertyName: ...}`",
                );
            }
            Some(_) => {
                members.remove("discriminator");
                let place = pointer::join(at, "discriminator");
                self.tell(
                    &place,
                    "the discriminator names no property",
                    "add `propertyName:`, or remove it",
                );
            }
        }
    }

    /// `required` is a list of names. `required: true` on a property is taken by `below`.
    fn required(&mut self, members: &mut Map<String, Value>, at: &str) {
        let place = pointer::join(at, "required");
        match members.get_mut("required") {
            None => {}
            Some(Value::Array(names)) => {
                names.iter_mut().for_each(scalar::to_text);
                names.retain(Value::is_string);
            }
            Some(Value::String(name)) => {
                let names = json!([name]);
                members.insert("required".to_owned(), names);
                self.tell(
                    &place,
                    "`required` is a list of names",
                    "put it in brackets",
                );
            }
            Some(_) => {
                members.remove("required");
                self.tell(
                    &place,
                    "`required` is a list of the names of properties",
                    "name the property in the `required` of the object that has it",
                );
            }
        }
    }

    fn below(&mut self, members: &mut Map<String, Value>, at: &str) {
        let mut required = Vec::new();
        match members.get_mut("properties") {
            Some(Value::Object(properties)) => {
                let place = pointer::join(at, "properties");
                for (name, property) in properties {
                    if property.get("required") == Some(&json!(true)) {
                        required.push(json!(name));
                    }
                    self.schema(property, &pointer::join(&place, name));
                }
            }
            Some(_) => {
                members.remove("properties");
                let place = pointer::join(at, "properties");
                self.tell(
                    &place,
                    "`properties` is an object",
                    "write one schema under each name",
                );
            }
            None => {}
        }
        if !required.is_empty() {
            let names = members.entry("required").or_insert_with(|| json!([]));
            if let Some(names) = names.as_array_mut() {
                required.retain(|name| !names.contains(name));
                names.extend(required);
            }
        }
        if let Some(Value::Array(items)) = members.get_mut("items") {
            // One schema for each place is no OpenAPI.
            let first = items.first().cloned().unwrap_or_else(|| json!({}));
            members.insert("items".to_owned(), first);
            self.tell(
                &pointer::join(at, "items"),
                "`items` is one schema; the first one counts",
                "write one schema for all items",
            );
        }
        if members
            .get("additionalProperties")
            .is_some_and(|value| !value.is_object())
        {
            scalar::boolean(members, "additionalProperties");
        }
        for key in ["items", "not", "additionalProperties"] {
            match members.get_mut(key) {
                Some(schema) if schema.is_object() => self.schema(schema, &pointer::join(at, key)),
                Some(schema) if !schema.is_boolean() => {
                    members.remove(key);
                }
                _ => {}
            }
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let parts = members.get_mut(key).and_then(Value::as_array_mut);
            for (index, part) in parts.into_iter().flatten().enumerate() {
                self.schema(part, &pointer::join_all(at, &[key, &index.to_string()]));
            }
        }
    }
}

/// The type, and the format, that a name from elsewhere means.
fn known_type(name: &str) -> Option<(&'static str, Option<&'static str>)> {
    let name = name.trim().to_ascii_lowercase();
    if let Some(known) = TYPES.iter().find(|known| **known == name) {
        return Some((known, None));
    }
    Some(match name.as_str() {
        "int" | "int32" | "int64" | "long" | "short" => ("integer", None),
        "float" | "double" | "decimal" => ("number", None),
        "bool" => ("boolean", None),
        "str" | "text" | "char" | "enum" => ("string", None),
        "date" => ("string", Some("date")),
        "datetime" | "date-time" => ("string", Some("date-time")),
        "uuid" => ("string", Some("uuid")),
        "uri" | "url" => ("string", Some("uri")),
        "email" => ("string", Some("email")),
        "password" => ("string", Some("password")),
        "file" | "binary" => ("string", Some("binary")),
        "map" | "dict" => ("object", None),
        "list" => ("array", None),
        _ => return None,
    })
}
