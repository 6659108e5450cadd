//! The lines of a file around a diagnostic.

use serde::{Deserialize, Serialize};

use super::Position;
use crate::diagnostic::visible::visible;

/// Lines shown above the one that the diagnostic is about.
const ABOVE: usize = 1;
/// Characters of a line that are shown before and after the place.
const BESIDE: usize = 80;

/// Lines of a file, harmless to print and no longer than a terminal bears.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// Number of the first line, from one.
    pub first_line: u32,
    /// The lines, the last of which is the one that the diagnostic is about.
    pub lines: Vec<String>,
    /// Bytes of the last line that the diagnostic points at.
    pub marked: std::ops::Range<usize>,
}

impl Excerpt {
    /// The lines around a place; nothing where the text has no such line.
    pub(crate) fn around(text: &str, place: Position) -> Option<Box<Self>> {
        let line = usize::try_from(place.line).ok()?.checked_sub(1)?;
        let column = usize::try_from(place.column).ok()?.checked_sub(1)?;
        let first = line.saturating_sub(ABOVE);
        let mut lines: Vec<&str> = text.lines().skip(first).take(line - first + 1).collect();
        let last = lines.pop()?;
        if lines.len() != line - first {
            return None;
        }
        let start = column.saturating_sub(BESIDE);
        let before: String = last.chars().skip(start).take(column - start).collect();
        let rest: String = last.chars().skip(column).take(BESIDE).collect();
        let word = &rest[..word(&rest)];
        let (before, shown) = (cut(start > 0) + &visible(&before), visible(word));
        let marked = before.len()..before.len() + shown.len();
        let more = last.chars().nth(column + BESIDE).is_some();
        let after = visible(&rest[word.len()..]) + &cut(more);
        let mut lines: Vec<String> = lines
            .into_iter()
            .map(|line| {
                let shown: String = line.chars().take(BESIDE).collect();
                visible(&shown) + &cut(line.chars().nth(BESIDE).is_some())
            })
            .collect();
        lines.push(before + &shown + &after);
        Some(Box::new(Self {
            first_line: u32::try_from(first + 1).unwrap_or(u32::MAX),
            lines,
            marked,
        }))
    }
}

fn cut(is_cut: bool) -> String {
    if is_cut {
        "…".to_owned()
    } else {
        String::new()
    }
}

/// How many bytes of the text are one key or value.
fn word(text: &str) -> usize {
    let quote = text
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    if let Some(quote) = quote
        && let Some(end) = text[1..].find(quote)
    {
        return end + 2;
    }
    let end = [": ", " #", ", "]
        .iter()
        .filter_map(|end| text.find(end))
        .min();
    let text = &text[..end.unwrap_or(text.len())];
    text.trim_end_matches([':', ',', '}', ']', ' ', '\r']).len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn around(text: &str, line: usize, column: usize) -> Option<(Vec<String>, String)> {
        let excerpt = Excerpt::around(text, Position::new(line, column))?;
        let marked = excerpt.lines.last()?[excerpt.marked.clone()].to_owned();
        Some((excerpt.lines, marked))
    }

    #[test]
    fn the_word_at_the_place_is_marked() {
        let (lines, marked) = around("a:\n  b: 1 # c\n", 2, 3).expect("is there");
        assert_eq!((lines.len(), marked.as_str()), (2, "b"));
        let (_, marked) = around("{\"a b\": 1}", 1, 2).expect("is there");
        assert_eq!(marked, "\"a b\"");
        let (lines, marked) = around("é: ü\r\n", 1, 4).expect("is there");
        assert_eq!((lines, marked.as_str()), (vec!["é: ü".to_owned()], "ü"));
    }

    #[test]
    fn long_lines_are_cut_and_hidden_characters_shown() {
        let text = format!("{}b\u{202e}{}", "a".repeat(1000), "c".repeat(1000));
        let (lines, _) = around(&text, 1, 1001).expect("is there");
        assert!(lines[0].chars().count() < 200, "{}", lines[0]);
        assert!(lines[0].contains("b\\u{202e}c"), "{}", lines[0]);
    }

    #[test]
    fn what_is_not_there_is_not_shown() {
        assert_eq!(around("a", 2, 1), None);
        assert_eq!(around("", 1, 1), None);
        assert!(around("a", 1, 9).is_some());
    }
}
