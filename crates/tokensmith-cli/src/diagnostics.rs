//! Diagnostics for people.

use std::io::IsTerminal;

use tokensmith_codegen::{Diagnostic, Severity};

/// Whether to colour what goes to a stream: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
pub(crate) fn is_coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The diagnostic, its first word coloured if asked for.
pub(crate) fn render(diagnostic: &Diagnostic, coloured: bool) -> String {
    let text = plain(diagnostic);
    if coloured {
        paint(diagnostic.severity(), &text)
    } else {
        text
    }
}

/// The diagnostic without what could move a terminal's cursor: it quotes a document that may be anybody's.
pub(crate) fn plain(diagnostic: &Diagnostic) -> String {
    let mut plain = String::new();
    for character in diagnostic.to_string().chars() {
        if character.is_control() && character != '\n' {
            plain.extend(character.escape_default());
        } else {
            plain.push(character);
        }
    }
    plain
}

/// Colours the severity that the text starts with.
pub(crate) fn paint(severity: Severity, text: &str) -> String {
    let colour = match severity {
        Severity::Error => 31,
        Severity::Warning => 33,
    };
    let (word, rest) = text.split_at(severity.to_string().len());
    format!("\x1b[1;{colour}m{word}\x1b[0m{rest}")
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
