//! Bodies that are described by an example only: it has their names, and the types of their values.

use serde_json::{Map, Value, json};

use super::Repairs;
use super::media::Holds;
use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::openapi::media::values_of_examples;
use crate::pointer;

const GRANT_TYPE: &str = "grant_type";
/// Values nested deeper than this are any.
const MAX_DEPTH: usize = 6;

impl Repairs<'_> {
    /// Gives a media type a schema of its examples, where it has none.
    pub(super) fn example(&mut self, name: &str, media: &mut Value, holds: Holds, at: &str) {
        let Some(members) = media.as_object_mut() else {
            return;
        };
        let is_form = name.contains("urlencoded");
        unfold(members, is_form);
        if let Some(schema) = members.get_mut("schema").and_then(Value::as_object_mut) {
            unfold(schema, is_form);
        }
        let empty = Map::new();
        let schema = members
            .get("schema")
            .and_then(Value::as_object)
            .unwrap_or(&empty);
        if says_something(schema) {
            return;
        }
        let found: Vec<&Map<String, Value>> = values_of_examples(members)
            .chain(values_of_examples(schema))
            .filter_map(Value::as_object)
            .filter(|example| !example.is_empty() && !example.contains_key("$ref"))
            .collect();
        if found.is_empty() {
            return;
        }
        let mut made = of_examples(&found, holds == Holds::Request, 0);
        for key in ["description", "title", "additionalProperties"] {
            if let Some(value) = schema.get(key) {
                made[key] = value.clone();
            }
        }
        if found.len() == 1 && !members.contains_key("example") && !members.contains_key("examples")
        {
            let example = found.first().map(|only| Value::Object((*only).clone()));
            members.extend(example.map(|example| ("example".to_owned(), example)));
        }
        members.insert("schema".to_owned(), made);
        let message =
            "nothing but an example says what stands in the body; its names and types are read";
        let help = "declare them:\nschema: {type: object, properties: {...}}";
        let finding = Finding::new(Question::Body, "names and types of an example")
            .by(EvidenceKind::Example, at)
            .inferred(at, message, help);
        self.diagnostics.find(finding);
    }
}

impl Repairs<'_> {
    /// The same for a schema that others refer to.
    pub(super) fn example_of_component(&mut self, schema: &mut Value, at: &str) {
        let Some(members) = schema.as_object() else {
            return;
        };
        let example = members.get("example").filter(|example| example.is_object());
        if example.is_none() || says_something(members) {
            return;
        }
        let mut media = json!({ "schema": std::mem::take(schema) });
        let is_request = example_names_grant(&media);
        let holds = if is_request {
            Holds::Request
        } else {
            Holds::Response
        };
        self.example("", &mut media, holds, at);
        *schema = media["schema"].take();
        if let Some(example) = media.get_mut("example") {
            schema["example"] = example.take();
        }
    }
}

fn example_names_grant(media: &Value) -> bool {
    media["schema"]["example"].get(GRANT_TYPE).is_some()
}

/// Whether a schema says what members a value has, or that it has none.
fn says_something(schema: &Map<String, Value>) -> bool {
    let is_open = |key: &str, value: &Value| match key {
        "type" => value == "object" || value == "string" || value.is_null(),
        "properties" => value.as_object().is_some_and(Map::is_empty),
        "additionalProperties" => value
            .as_object()
            .is_none_or(|one| !one.contains_key("$ref")),
        "required" => value.as_array().is_some_and(Vec::is_empty),
        "description" | "title" | "example" | "examples" | "nullable" | "format" => true,
        key => key.starts_with("x-"),
    };
    !schema.iter().all(|(key, value)| is_open(key, value))
}

/// Examples that are the text of a body become what the text says.
fn unfold(owner: &mut Map<String, Value>, is_form: bool) {
    let read = |value: &mut Value| {
        let text = value.as_str().map(str::trim).unwrap_or_default();
        if is_form && text.contains('=') && !text.contains(char::is_whitespace) {
            *value = fields(text);
        } else if text.starts_with('{')
            && let Ok(Value::Object(members)) = serde_json::from_str(text)
        {
            *value = Value::Object(members);
        }
    };
    owner.get_mut("example").into_iter().for_each(read);
    let named = owner.get_mut("examples").and_then(Value::as_object_mut);
    named
        .into_iter()
        .flat_map(Map::values_mut)
        .filter_map(|example| example.get_mut("value"))
        .for_each(read);
}

/// The fields of a form.
fn fields(text: &str) -> Value {
    let decoded = |text: &str| pointer::percent_decode(&text.replace('+', " "));
    let fields = text
        .split('&')
        .filter(|field| !field.is_empty())
        .map(|field| {
            let (name, value) = field.split_once('=').unwrap_or((field, ""));
            (decoded(name), Value::from(decoded(value)))
        });
    fields.collect()
}

/// The schema of objects like these. What a request says of its grant is what it has to say.
fn of_examples(examples: &[&Map<String, Value>], is_request: bool, depth: usize) -> Value {
    let mut properties = Map::new();
    for (name, value) in examples.iter().flat_map(|example| example.iter()) {
        if is_request && name == GRANT_TYPE && is_grant(value) {
            let property = properties
                .entry(name.clone())
                .or_insert_with(|| json!({"type": "string", "enum": []}));
            if let Some(values) = property["enum"]
                .as_array_mut()
                .filter(|values| !values.contains(value))
            {
                values.push(value.clone());
            }
        } else {
            properties
                .entry(name.clone())
                .or_insert_with(|| of_value(value, depth));
        }
    }
    json!({"type": "object", "properties": properties})
}

/// Whether an example of a grant is one, and no placeholder.
fn is_grant(value: &Value) -> bool {
    let is_part = |letter: char| letter.is_ascii_alphanumeric() || "_-.:/#".contains(letter);
    let text = value.as_str().filter(|text| *text != "string");
    text.is_some_and(|text| !text.is_empty() && text.chars().all(is_part))
}

fn of_value(value: &Value, depth: usize) -> Value {
    match value {
        Value::String(_) => json!({"type": "string"}),
        Value::Bool(_) => json!({"type": "boolean"}),
        Value::Number(number) if number.is_f64() => json!({"type": "number"}),
        Value::Number(_) => json!({"type": "integer"}),
        Value::Object(members) if depth < MAX_DEPTH && !members.is_empty() => {
            of_examples(&[members], false, depth + 1)
        }
        Value::Object(_) => json!({"type": "object"}),
        Value::Array(items) => {
            let items = items.first().filter(|_| depth < MAX_DEPTH);
            let items = items.map_or_else(|| json!({}), |item| of_value(item, depth + 1));
            json!({"type": "array", "items": items})
        }
        Value::Null => json!({}),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read_by_its_fields() {
        assert_eq!(
            fields("grant_type=client_credentials&scope=a+b%26c&x&"),
            json!({"grant_type": "client_credentials", "scope": "a b&c", "x": ""})
        );
    }

    #[test]
    fn a_placeholder_is_no_grant() {
        for grant in [
            "client_credentials",
            "urn:ietf:params:oauth:grant-type:device_code",
        ] {
            assert!(is_grant(&json!(grant)), "{grant}");
        }
        for other in ["string", "", "{grant}", "<grant>", "the grant"] {
            assert!(!is_grant(&json!(other)), "{other}");
        }
    }

    #[test]
    fn schemas_are_made_of_values() {
        let value =
            json!({"a": "x", "n": 1, "f": 1.5, "b": true, "o": {"c": [1]}, "e": [], "z": null});
        assert_eq!(
            of_value(&value, 0)["properties"],
            json!({
                "a": {"type": "string"}, "n": {"type": "integer"}, "f": {"type": "number"}, "b": {"type": "boolean"},
                "o": {"type": "object", "properties": {"c": {"type": "array", "items": {"type": "integer"}}}},
                "e": {"type": "array", "items": {}}, "z": {}
            })
        );
    }
}
