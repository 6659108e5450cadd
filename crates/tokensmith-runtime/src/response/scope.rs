//! Scopes that stand in one text.

/// Splits a text at the declared separator; empty entries do not count (rule R7).
pub(crate) fn split(text: &str, separator: &str) -> Vec<String> {
    let separator = if separator.is_empty() { " " } else { separator };
    text.split(separator)
        .map(str::trim)
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}
