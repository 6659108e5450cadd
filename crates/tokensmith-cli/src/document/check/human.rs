//! What people read of a check: errors in full, a line for each statement of a warning, how many
//! there are, and what to do next.

use std::io;
use std::path::PathBuf;

use tokensmith_codegen::diagnostic::output::{
    Printable, Style, Styled, is_coloured, is_terminal, try_print,
};
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Severity};

use super::Findings;
use crate::document::diagnostics::{count, write_groups};
use crate::document::{self, Unreadable};

/// Prints the findings, a summary and the next step.
pub(super) fn print(findings: &Findings, documents: &[PathBuf], all: bool) -> io::Result<()> {
    let coloured = is_coloured(is_terminal());
    for Unreadable { file, error } in &findings.unreadable {
        let text = format!("error: the file cannot be read: {error}\n  --> {file}\n");
        try_print(Printable::error(&text, coloured))?;
        try_print("")?;
    }
    let is_shown = |diagnostic: &&Diagnostic| all || diagnostic.severity() == Severity::Error;
    for diagnostic in report::grouped(findings.diagnostics.iter().filter(is_shown)) {
        try_print(Printable::diagnostic(&diagnostic, coloured))?;
        try_print("")?;
    }
    let mut text = Styled::new(coloured);
    if !all {
        for severity in [Severity::Warning, Severity::Note] {
            write_groups(&mut text, &findings.diagnostics, severity, is_terminal());
        }
    }
    write_summary(&mut text, findings, documents.len());
    write_next(&mut text, findings, documents, all);
    try_print(text)
}

fn write_summary(text: &mut Styled, findings: &Findings, documents: usize) {
    let documents = count(documents, "document");
    let notes = findings.count(Severity::Note);
    let (errors, warnings) = (findings.errors(), findings.warnings());
    text.text(&format!("{documents}: "));
    if errors + warnings + notes == 0 {
        text.push(Style::Success, "clean").end_line();
        return;
    }
    let style = |count: usize, style| if count > 0 { style } else { Style::Plain };
    text.push(style(errors, Style::Error), &count(errors, "error"));
    text.text(", ");
    text.push(style(warnings, Style::Warning), &count(warnings, "warning"));
    if notes > 0 {
        text.text(", ");
        text.push(Style::Note, &count(notes, "note"));
    }
    text.end_line();
}

/// Writes what to do after the check, the most urgent first.
fn write_next(text: &mut Styled, findings: &Findings, documents: &[PathBuf], all: bool) {
    let commands = next_commands(findings, documents, all);
    let has_errors = findings.errors() > 0;
    if commands.is_empty() && !has_errors {
        return;
    }
    text.end_line().push(Style::Strong, "Next").text(":\n");
    if has_errors {
        text.text("  Correct the errors: no crate is generated before.\n");
    }
    let width = commands.iter().map(|(command, _)| command.chars().count());
    let width = width.max().unwrap_or(0);
    for (command, what) in commands {
        text.text("  ")
            .push(Style::Literal, &format!("{command:width$}"));
        text.text("  ").text(what).end_line();
    }
}

/// Commands, and what each of them is for.
fn next_commands(
    findings: &Findings,
    documents: &[PathBuf],
    all: bool,
) -> Vec<(String, &'static str)> {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    let first = severities.into_iter().find_map(|severity| {
        let mut diagnostics = findings.diagnostics.iter();
        diagnostics.find(|it| it.severity() == severity)
    });
    let mut commands = Vec::new();
    if !all && findings.warnings() + findings.count(Severity::Note) > 0 {
        let files = match documents {
            [one] => document::shown(one),
            _ => "FILE...".to_owned(),
        };
        commands.push((
            format!("tokensmith check --all {files}"),
            "each place, and what to write there",
        ));
    }
    if let Some(first) = first {
        let code = first.rule.code();
        let command = format!("tokensmith check --explain {code}");
        commands.push((command, "the page of a rule"));
    }
    if let ([document], 0) = (documents, findings.errors()) {
        let (file, name) = (document::shown(document), document::provider(document));
        let generate = format!("tokensmith generate --spec {file} --out {name}");
        commands.push((format!("tokensmith token --spec {file}"), "a token"));
        commands.push((generate, "a crate"));
    }
    commands
}
