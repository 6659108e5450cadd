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

/// What restricts a value, beside what the runtime checks.
pub(crate) const LIMITS: [&str; 11] = [
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
];

/// What makes one part of a value depend on another.
pub(crate) const CONDITIONS: [&str; 9] = [
    "if",
    "not",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "minProperties",
    "maxProperties",
    "propertyNames",
    "patternProperties",
];

/// What else a schema says of a value, beside its type, its properties and what it is made of.
pub(super) const OTHERS: [&str; 14] = [
    "default",
    "deprecated",
    "format",
    "pattern",
    "minLength",
    "maxLength",
    "additionalProperties",
    "unevaluatedProperties",
    "unevaluatedItems",
    "nullable",
    "discriminator",
    "then",
    "else",
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
