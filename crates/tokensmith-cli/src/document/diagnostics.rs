//! Diagnostics for people.

use std::collections::BTreeMap;

use tokensmith_codegen::diagnostic::output::{Style, Styled};
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Rule, Severity};

use crate::terminal::wrap::wrapped;

/// The diagnostic without its lines, and without what could move a terminal's cursor: it quotes a
/// document that may be anybody's.
pub(crate) fn plain(diagnostic: &Diagnostic) -> String {
    report::plain(&diagnostic.to_string())
}

/// `1 error`, `2 errors`.
pub(crate) fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// Writes a line for each rule of a severity: its first message with its place, and how many more
/// there are.
pub(super) fn write_groups(
    text: &mut Styled,
    diagnostics: &[Diagnostic],
    severity: Severity,
    is_terminal: bool,
) {
    let (word, style) = match severity {
        Severity::Warning => ("warning", Style::Warning),
        _ => ("note", Style::Note),
    };
    let mut groups: BTreeMap<Rule, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics.iter().filter(|it| it.severity() == severity) {
        groups.entry(diagnostic.rule).or_default().push(diagnostic);
    }
    for (rule, group) in &groups {
        let Some(first) = group.first() else {
            continue;
        };
        let (code, name) = (rule.code(), rule.name());
        let word = format!("{word}[{code}]");
        let more = match group.len() {
            1 => String::new(),
            several => format!(", and {} more", several - 1),
        };
        let (message, place) = (one_line(&first.message), place(first));
        let line = format!("{name}: {message} ({place}{more})");
        text.push(style, &word).text(" ");
        text.text(&wrapped(&line, word.len() + 1, 4, is_terminal))
            .end_line();
    }
    if !groups.is_empty() {
        text.end_line();
    }
}

fn one_line(message: &str) -> String {
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// `acme.yaml:12:5`.
fn place(diagnostic: &Diagnostic) -> String {
    match diagnostic.position {
        Some(position) => format!("{}:{}:{}", diagnostic.file, position.line, position.column),
        None => diagnostic.file.clone(),
    }
}
