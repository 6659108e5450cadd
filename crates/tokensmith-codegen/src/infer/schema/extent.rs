//! How much of a document's budget a schema takes, before it is read.

use openapiv3::{Schema, SchemaKind, Type, VariantOrUnknownOrEmpty};
use serde_json::Value;

use crate::repair::normalize;

/// How many parts a schema is besides those that are read on their own: its properties, each with a pointer, its values, and the
/// text that its shape has for itself.
pub(super) fn extent(schema: &Schema, at: &str) -> usize {
    const VALUES: usize = 4;
    const POINTER: usize = 256;
    const TEXT: usize = 256;
    let (properties, values) = match &schema.schema_kind {
        SchemaKind::Type(Type::Object(object)) => (object.properties.len(), 0),
        SchemaKind::Type(Type::String(text)) => (0, text.enumeration.len()),
        SchemaKind::Any(any) => (any.properties.len(), any.enumeration.len()),
        _ => (0, 0),
    };
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
    let several = data.extensions.get(normalize::EXAMPLES);
    let lists = [several, data.example.as_ref()].into_iter().flatten();
    let examples = lists.filter_map(Value::as_array).flatten().map(of_value);
    let single = [&data.default, &data.example].into_iter().flatten();
    of_kind + examples.sum::<usize>() + single.map(of_value).sum::<usize>()
}
