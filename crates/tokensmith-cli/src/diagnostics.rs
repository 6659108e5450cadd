//! Diagnostics for people.

use std::io::IsTerminal;

use tokensmith_codegen::{Diagnostic, report};

/// Whether to colour what goes to a stream: on a terminal, unless `NO_COLOR` is set (<https://no-color.org>).
pub(crate) fn is_coloured(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The diagnostic without its lines, and without what could move a terminal's cursor: it quotes a document that may be anybody's.
pub(crate) fn plain(diagnostic: &Diagnostic) -> String {
    report::plain(&diagnostic.to_string())
}

/// Colours the word that an error's text starts with.
pub(crate) fn paint(text: &str) -> String {
    let word = "error";
    match text.strip_prefix(word) {
        Some(rest) => format!("\x1b[1;31m{word}\x1b[0m{rest}"),
        None => text.to_owned(),
    }
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
