//! The order of imported names.

use std::cmp::Ordering;

/// `CamelCase` before `SCREAMING`, then as the style guide sorts: numbers by their value, underscores first.
pub(super) fn names(left: &str, right: &str) -> Ordering {
    let is_screaming = |name: &str| {
        name.chars()
            .all(|c| c.is_uppercase() || c.is_ascii_digit() || c == '_')
    };
    let is_lower = |name: &str| name.starts_with(char::is_lowercase);
    let group = |name: &str| (!is_lower(name), is_screaming(name));
    group(left)
        .cmp(&group(right))
        .then_with(|| by_version(left, right))
}

/// A run of digits, an underscore, or a run of anything else.
fn chunk(text: &str) -> Option<(&str, &str)> {
    let first = text.chars().next()?;
    let end = if first == '_' {
        1
    } else {
        let is_digit = first.is_ascii_digit();
        text.find(|c: char| c == '_' || c.is_ascii_digit() != is_digit)
            .unwrap_or(text.len())
    };
    Some(text.split_at(end))
}

fn by_version(mut left: &str, mut right: &str) -> Ordering {
    let mut zeros = Ordering::Equal;
    loop {
        let ((a, after_a), (b, after_b)) = match (chunk(left), chunk(right)) {
            (None, None) => return zeros,
            (None, Some(_)) => return Ordering::Less,
            (Some(_), None) => return Ordering::Greater,
            (Some(a), Some(b)) => (a, b),
        };
        let order = match (a == "_", b == "_", a.parse::<u64>(), b.parse::<u64>()) {
            (true, true, ..) => Ordering::Equal,
            (true, false, ..) => Ordering::Less,
            (false, true, ..) => Ordering::Greater,
            (_, _, Ok(x), Ok(y)) => {
                // More leading zeros come first, if nothing else tells the two apart.
                zeros = zeros.then(b.len().cmp(&a.len()));
                x.cmp(&y)
            }
            _ => a.cmp(b),
        };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (after_a, after_b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_sorted_as_rustfmt_sorts_them() {
        let mut sorted = [
            "X", "V10", "B", "Client", "V2", "A_b", "Ab", "V02", "client",
        ];
        sorted.sort_by(|left, right| names(left, right));
        assert_eq!(
            sorted,
            [
                "client", "A_b", "Ab", "Client", "B", "V02", "V2", "V10", "X"
            ]
        );
    }
}
