//! Which keys of parameters and schemas say something of a value.

use serde_json::Value;

/// What is said of a parameter beside its schema.
pub(super) const OF_PARAMETER: [&str; 5] = [
    "deprecated",
    "style",
    "explode",
    "allowReserved",
    "allowEmptyValue",
];

/// What a schema says of a value, beside its type, its properties and what it is made of.
pub(super) const OF_SCHEMA: [&str; 34] = [
    "default",
    "deprecated",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
    "contains",
    "minContains",
    "maxContains",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "patternProperties",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "nullable",
    "discriminator",
    "not",
    "if",
    "then",
    "else",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "contentEncoding",
];

/// What says nothing by being false.
const SILENT_IF_FALSE: [&str; 7] = [
    "deprecated",
    "uniqueItems",
    "nullable",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "allowReserved",
    "allowEmptyValue",
];

/// Whether a key says something by having this value.
pub(super) fn says(key: &str, value: &Value) -> bool {
    match value {
        Value::Bool(false) => !SILENT_IF_FALSE.contains(&key),
        Value::Bool(true) => key != "additionalProperties",
        _ => true,
    }
}
