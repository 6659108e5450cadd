//! What a message quotes of a document may be as long as the document.

/// Longest part of a message that is shown whole. Parts are what stands in backticks, and what stands between them.
const PART: usize = 500;
/// Longest message.
const WHOLE: usize = 4_000;

/// A message in which every part is bounded, and all of them together.
pub(super) fn bounded(message: String) -> String {
    // Bytes are no fewer than characters, and nearly every message is shorter.
    if message.len() <= PART {
        return message;
    }
    let parts: Vec<String> = message.split('`').map(shortened).collect();
    cut(&parts.join("`"), WHOLE)
}

/// A text that is of use only as a whole; nothing where it is too long.
pub(super) fn whole(text: &str) -> Option<String> {
    (text.chars().count() <= WHOLE).then(|| text.to_owned())
}

/// A text that is no longer than a part of a message, with an ellipsis where it was cut.
pub(crate) fn shortened(text: &str) -> String {
    cut(text, PART)
}

fn cut(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_cut_and_the_rest_stays() {
        let long = "é".repeat(100_000);
        let message = bounded(format!("the target `{long}` selects nothing, `b` neither"));
        assert!(message.len() < 1_100, "{}", message.len());
        assert!(message.ends_with("é…` selects nothing, `b` neither"));
        let many = bounded("`a`, ".repeat(100_000));
        assert!(many.chars().count() == WHOLE + 1 && many.ends_with('…'));
        assert_eq!(bounded("short `a`".to_owned()), "short `a`");
    }
}
