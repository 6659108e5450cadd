//! Values that a document writes as one of several names.

use serde::{Deserialize as _, Deserializer, de::Error};

/// Reads one of these values by its name. The error lists the names.
pub(super) fn by_name<'de, D: Deserializer<'de>, T: Copy>(
    deserializer: D,
    values: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, D::Error> {
    named(&String::deserialize(deserializer)?, values, name)
}

/// Returns the value of this name. The error lists the names.
pub(super) fn named<E: Error, T: Copy>(
    text: &str,
    values: &[T],
    name: fn(T) -> &'static str,
) -> Result<T, E> {
    let mut all = values.iter().copied();
    all.find(|value| name(*value) == text).ok_or_else(|| {
        let names: Vec<String> = values
            .iter()
            .map(|value| format!("`{}`", name(*value)))
            .collect();
        let names = names.join(", ");
        E::custom(format_args!(
            "unknown variant `{text}`, expected one of {names}"
        ))
    })
}
