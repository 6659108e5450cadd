//! Lists in sentences, and what sentences say.

/// `a`, `a and b`, or `a, b and c`, with the conjunction that is given.
pub(crate) fn listed(parts: &[impl AsRef<str>], conjunction: &str) -> String {
    let parts: Vec<&str> = parts.iter().map(AsRef::as_ref).collect();
    match parts.as_slice() {
        [] => String::new(),
        [only] => (*only).to_owned(),
        [first @ .., last] => format!("{} {conjunction} {last}", first.join(", ")),
    }
}

/// Whether a description calls what it describes deprecated.
pub(crate) fn says_deprecated(description: Option<&str>) -> bool {
    description.is_some_and(|text| text.to_lowercase().contains("deprecated"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_part_stands_behind_the_conjunction() {
        let none: [&str; 0] = [];
        assert_eq!(listed(&none, "and"), "");
        assert_eq!(listed(&["a"], "and"), "a");
        assert_eq!(listed(&["a", "b"], "or"), "a or b");
        assert_eq!(listed(&["a", "b", "c"], "and"), "a, b and c");
    }
}
