//! Sentences in lines that fit a terminal.

use terminal_size::{Width, terminal_size};

/// The number of columns that a line has at most: longer ones are hard to read.
const WIDEST: usize = 100;

/// Fewer columns than these are not a width: some terminals say 0.
const NARROWEST: usize = 20;

/// Breaks a text into lines between words, each but the first after some spaces. `before` columns of
/// the first line are taken. Without a terminal, the text stays as it is.
pub(crate) fn wrapped(text: &str, before: usize, indent: usize, is_terminal: bool) -> String {
    match is_terminal {
        true => within(text, before, indent, width()),
        false => text.to_owned(),
    }
}

fn width() -> usize {
    let width = terminal_size().map(|(Width(width), _)| usize::from(width));
    width
        .filter(|width| *width >= NARROWEST)
        .map_or(WIDEST, |width| width.min(WIDEST))
}

fn within(text: &str, before: usize, indent: usize, width: usize) -> String {
    let mut shown = String::new();
    let mut column = before;
    for (index, word) in text.split(' ').enumerate() {
        let length = word.chars().count();
        if index > 0 && column + 1 + length > width {
            shown.push('\n');
            shown.extend(std::iter::repeat_n(' ', indent));
            column = indent;
        } else if index > 0 {
            shown.push(' ');
            column += 1;
        }
        shown.push_str(word);
        column += length;
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_break_between_words() {
        let text = "one two three four";
        assert_eq!(within(text, 0, 2, 20), text);
        assert_eq!(within(text, 0, 2, 13), "one two three\n  four");
        assert_eq!(within(text, 3, 2, 13), "one two\n  three four");
        assert_eq!(within("a-very-long-word b", 0, 0, 5), "a-very-long-word\nb");
    }
}
