//! How much of a document's budget a schema takes, before it is read.

use openapiv3::{Schema, SchemaKind, Type, VariantOrUnknownOrEmpty};
use serde_json::Value;

use super::typed::several_examples;

/// How many parts a schema is besides those that are read on their own: its properties, each with a pointer, its values, and the
/// text that its shape has for itself.
pub(super) fn extent(schema: &Schema, at: &str) -> usize {
    const VALUES: usize = 4;
    const POINTER: usize = 256;
    const TEXT: usize = 256;
    let (properties, values) = match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => (object.properties.len(), 0),
        SchemaKind::Type(Type::String(text)) => (0, text.enumeration.len()),
        SchemaKind::Type(Type::Number(number)) => (0, number.enumeration.len()),
        SchemaKind::Type(Type::Integer(integer)) => (0, integer.enumeration.len()),
        SchemaKind::Type(Type::Boolean(boolean)) => (0, boolean.enumeration.len()),
        SchemaKind::Any(any) => (any.properties.len(), any.enumeration.len()),
        _ => (0, 0),
    };
    let values = values + several_examples(&schema.schema_data).count();
    let text = text_length(schema) / TEXT;
    properties + values / VALUES + (properties + 1) * (at.len() / POINTER) + text
}

/// The length of the text that a shape has for itself, in bytes: the schema's values, format, default and examples.
fn text_length(schema: &Schema) -> usize {
    let of_value = |value: &Value| value.as_str().map_or(0, str::len);
    let of_kind: usize = match &schema.schema_kind {
        SchemaKind::Type(Type::String(text)) => {
            let format = match &text.format {
                VariantOrUnknownOrEmpty::Unknown(format) => format.len(),
                _ => 0,
            };
            let values = text.enumeration.iter().flatten().map(String::len);
            format + values.sum::<usize>()
        }
        SchemaKind::Any(any) => {
            let format = any.format.as_ref().map_or(0, String::len);
            format + any.enumeration.iter().map(of_value).sum::<usize>()
        }
        _ => 0,
    };
    let data = &schema.schema_data;
    let examples = several_examples(data).map(of_value);
    let single = [&data.default, &data.example].into_iter().flatten();
    of_kind + examples.sum::<usize>() + single.map(of_value).sum::<usize>()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn extent_of(schema: Value) -> usize {
        let schema: Schema = serde_json::from_value(schema).expect("is a schema");
        extent(&schema, "/at")
    }

    #[test]
    fn every_value_that_a_shape_copies_counts() {
        let numbers = vec![7; 4_000];
        let texts = vec!["a-text-of-a-value"; 4_000];
        for schema in [
            json!({"type": "integer", "enum": numbers}),
            json!({"type": "number", "enum": numbers}),
            json!({"type": "string", "enum": texts}),
            json!({"type": "string", "x-enum": texts}),
            json!({"type": "string", "x-extensible-enum": numbers}),
            json!({"type": "string", "example": numbers}),
            json!({"enum": numbers}),
        ] {
            assert!(extent_of(schema.clone()) >= 1_000, "{}", schema["type"]);
        }
        let long = "x".repeat(256_000);
        assert!(extent_of(json!({"type": "string", "x-enum": [long]})) >= 1_000);
        assert_eq!(extent_of(json!({"type": "string", "example": "x"})), 0);
    }
}
