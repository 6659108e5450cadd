//! `tokensmith check`: what is wrong with documents.

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::{self, Printable, try_print};
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Severity};

use crate::args::{CheckArgs, ReportFormat};
use crate::diagnostics::count;
use crate::document::{self, Unreadable};
use crate::failure::Failure;

/// Prints the diagnostics of all documents, and a summary, on standard output.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    if let Some(rule) = args.explain {
        try_print(rule.page().trim_end())?;
        return Ok(ExitCode::SUCCESS);
    }
    let documents = documents(&args.files);
    let mut findings = Findings::default();
    for document in &documents {
        match document::load(&document::provider(document), document, None) {
            Ok(reading) => findings.diagnostics.extend(reading.diagnostics),
            Err(unreadable) => findings.unreadable.push(unreadable),
        }
    }
    match args.format {
        ReportFormat::Human => {
            findings.print_human(output::is_coloured(output::is_terminal()))?;
            try_print(summary(
                documents.len(),
                findings.errors(),
                findings.warnings(),
            ))?;
        }
        ReportFormat::Json => try_print(Printable::json(&findings.to_json(documents.len())))?,
        ReportFormat::Github => findings.print_github()?,
    }
    Ok(if findings.errors() > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

/// What is wrong with all documents together.
#[derive(Default)]
struct Findings {
    unreadable: Vec<Unreadable>,
    diagnostics: Vec<Diagnostic>,
}

impl Findings {
    fn errors(&self) -> usize {
        self.unreadable.len() + self.count(Severity::Error)
    }

    fn warnings(&self) -> usize {
        self.count(Severity::Warning)
    }

    fn count(&self, severity: Severity) -> usize {
        let diagnostics = self.diagnostics.iter();
        diagnostics
            .filter(|diagnostic| diagnostic.severity() == severity)
            .count()
    }

    fn print_human(&self, coloured: bool) -> io::Result<()> {
        for Unreadable { file, error } in &self.unreadable {
            let text = format!("error: the file cannot be read: {error}\n  --> {file}\n");
            try_print(Printable::error(&text, coloured))?;
            try_print("")?;
        }
        for diagnostic in &self.diagnostics {
            try_print(Printable::diagnostic(diagnostic, coloured))?;
            try_print("")?;
        }
        Ok(())
    }

    fn print_github(&self) -> io::Result<()> {
        for Unreadable { file, error } in &self.unreadable {
            let message = format!("{file} cannot be read: {error}");
            try_print(Printable::error_annotation(&message))?;
        }
        for diagnostic in &self.diagnostics {
            try_print(Printable::annotation(diagnostic))?;
        }
        Ok(())
    }

    /// `{"documents", "errors", "warnings", "unreadable": [{"file", "message"}], "diagnostics": [..]}`, the last as [`report::json`] has it.
    fn to_json(&self, documents: usize) -> serde_json::Value {
        let unreadable = self.unreadable.iter().map(|Unreadable { file, error }| {
            serde_json::json!({"file": file, "message": error.to_string()})
        });
        serde_json::json!({
            "documents": documents,
            "errors": self.errors(),
            "warnings": self.warnings(),
            "unreadable": unreadable.collect::<Vec<_>>(),
            "diagnostics": self.diagnostics.iter().map(report::json).collect::<Vec<_>>(),
        })
    }
}

fn summary(documents: usize, errors: usize, warnings: usize) -> String {
    let documents = count(documents, "document");
    match (errors, warnings) {
        (0, 0) => format!("{documents}: clean"),
        _ => format!(
            "{documents}: {}, {}",
            count(errors, "error"),
            count(warnings, "warning")
        ),
    }
}

/// The documents to check, each once. An overlay is checked with its document, so that `check specs/*.yaml` works.
fn documents(files: &[PathBuf]) -> Vec<PathBuf> {
    let mut documents: Vec<PathBuf> = Vec::new();
    for file in files {
        let document = document_of(file).unwrap_or_else(|| file.clone());
        if !documents.contains(&document) {
            documents.push(document);
        }
    }
    documents
}

/// The document that lies beside an overlay.
fn document_of(overlay: &Path) -> Option<PathBuf> {
    let stem = overlay.file_stem()?.to_str()?.strip_suffix(".overlay")?;
    let candidates =
        ["yaml", "yml", "json"].map(|ending| overlay.with_file_name(format!("{stem}.{ending}")));
    candidates
        .into_iter()
        .find(|path| path.symlink_metadata().is_ok())
}
