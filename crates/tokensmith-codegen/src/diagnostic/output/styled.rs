//! Text for people with styles, which are the only escape sequences in it.

use super::Printable;
use crate::diagnostic::visible::{visible, without_commands};

/// What a part of a text is. It decides how the part looks where there are colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Like all else.
    Plain,
    /// A heading, or what matters most.
    Strong,
    /// The word before what went well.
    Success,
    /// The word before what went wrong.
    Error,
    /// The word before what may be wrong.
    Warning,
    /// The word before what is to be known.
    Note,
    /// What is typed as it stands.
    Literal,
    /// The name of a value.
    Label,
}

impl Style {
    /// The parameters of the escape sequence (ECMA-48 section 8.3.117). None of the colours is that
    /// of a usual background.
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Strong => Some("1"),
            Self::Success => Some("1;32"),
            Self::Error => Some("1;31"),
            Self::Warning => Some("1;33"),
            Self::Note => Some("1;36"),
            Self::Literal => Some("36"),
            Self::Label => Some("2"),
        }
    }
}

/// Text for people, put together of parts of which each has a style.
#[derive(Debug, Clone, Default)]
pub struct Styled {
    text: String,
    coloured: bool,
}

impl Styled {
    /// Creates an empty text. Without colours, styles make no difference.
    pub fn new(coloured: bool) -> Self {
        let text = String::new();
        Self { text, coloured }
    }

    /// Appends a text. What a terminal would obey in it is written out, as in `\u{1b}`.
    pub fn push(&mut self, style: Style, text: &str) -> &mut Self {
        let lines: Vec<String> = text.split('\n').map(visible).collect();
        let text = lines.join("\n");
        match style.code().filter(|_| self.coloured && !text.is_empty()) {
            Some(code) => {
                self.text.push_str(&format!("\x1b[{code}m{text}\x1b[0m"));
            }
            None => self.text.push_str(&text),
        }
        self
    }

    /// Appends a text without a style.
    pub fn text(&mut self, text: &str) -> &mut Self {
        self.push(Style::Plain, text)
    }

    /// Ends the line.
    pub fn end_line(&mut self) -> &mut Self {
        self.text("\n")
    }
}

impl From<Styled> for Printable {
    fn from(styled: Styled) -> Self {
        Self(without_commands(styled.text.trim_end_matches('\n')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_styles_are_escape_sequences() {
        for (coloured, word) in [(false, "error"), (true, "\x1b[1;31merror\x1b[0m")] {
            let mut text = Styled::new(coloured);
            text.push(Style::Error, "error")
                .text(": \x1b[2J\n::error::x\n");
            let shown = Printable::from(text);
            let expected = format!("{word}: \\u{{1b}}[2J\n:\\u{{3a}}error::x");
            assert_eq!(shown.as_str(), expected);
        }
    }

    #[test]
    fn parts_do_not_add_up_to_a_command() {
        let mut text = Styled::new(false);
        text.push(Style::Strong, "#").text("#[error]x");
        assert_eq!(Printable::from(text).as_str(), "#\\u{23}[error]x");
    }
}
