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

/// Writes a line for each statement of a warning, with its first place and how many more there are.
/// Of notes, which nothing depends on, it writes a line for each rule.
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
    let of_severity = diagnostics.iter().filter(|it| it.severity() == severity);
    let groups = match severity {
        Severity::Note => by_rule(of_severity),
        _ => report::alike(of_severity),
    };
    let mut groups: Vec<(Rule, &Diagnostic, usize)> = groups
        .iter()
        .filter_map(|group| group.first().map(|first| (first.rule, *first, group.len())))
        .collect();
    groups.sort_by_key(|(rule, ..)| *rule);
    for (rule, first, count) in &groups {
        let (code, name) = (rule.code(), rule.name());
        let word = format!("{word}[{code}]");
        let more = match (count, severity) {
            (1, _) => String::new(),
            (several, Severity::Note) => format!(", and {} more of this rule", several - 1),
            (several, _) => format!(", and {} more", several - 1),
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

fn by_rule<'a>(diagnostics: impl Iterator<Item = &'a Diagnostic>) -> Vec<Vec<&'a Diagnostic>> {
    let mut groups: BTreeMap<Rule, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        groups.entry(diagnostic.rule).or_default().push(diagnostic);
    }
    groups.into_values().collect()
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
