//! Diagnostics for people.

use tokensmith_codegen::Diagnostic;
use tokensmith_codegen::diagnostic::report;

/// The diagnostic without its lines, and without what could move a terminal's cursor: it quotes a
/// document that may be anybody's.
pub(crate) fn plain(diagnostic: &Diagnostic) -> String {
    report::plain(&diagnostic.to_string())
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}
