//! What differs within schemas, and where references lead. Both are alike wherever they stand.

use serde_json::{Value, json};

/// Sections that have moved, as references name them.
const SECTIONS: [(&str, &str); 3] = [
    ("/definitions/", "/components/schemas/"),
    ("/responses/", "/components/responses/"),
    ("/parameters/", "/components/parameters/"),
];

/// Raises every schema and every reference below `value`.
pub(crate) fn raise(value: &mut Value) {
    match value {
        Value::Object(members) => {
            if let Some(Value::String(name)) = members.get("discriminator") {
                let discriminator = json!({ "propertyName": name });
                members.insert("discriminator".to_owned(), discriminator);
            }
            if members.get("type") == Some(&json!("file")) {
                members.insert("type".to_owned(), json!("string"));
                members.insert("format".to_owned(), json!("binary"));
            }
            if let Some(Value::Bool(nullable)) = members.get("x-nullable") {
                let nullable = json!(nullable);
                members.entry("nullable").or_insert(nullable);
            }
            for (key, member) in members {
                match (key.as_str(), member) {
                    ("$ref", Value::String(reference)) => reference_to_section(reference),
                    ("example" | "examples" | "default" | "enum", _) => {}
                    (_, member) => raise(member),
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(raise),
        _ => {}
    }
}

/// A file beside the document keeps its sections: only references into the document itself change.
fn reference_to_section(reference: &mut String) {
    let Some(fragment) = reference.strip_prefix('#') else {
        return;
    };
    for (before, after) in SECTIONS {
        if let Some(rest) = fragment.strip_prefix(before) {
            *reference = format!("#{after}{rest}");
            return;
        }
    }
}
