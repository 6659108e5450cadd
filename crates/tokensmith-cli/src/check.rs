//! `tokensmith check`: what is wrong with documents.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokensmith_codegen::{Diagnostic, Severity, report};

use crate::args::{CheckArgs, ReportFormat};
use crate::diagnostics::{count, is_coloured, paint};
use crate::document::{self, Unreadable};
use crate::failure::Failure;

/// Prints the diagnostics of all documents, and a summary, on standard output.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    if let Some(rule) = args.explain {
        out.write_all(rule.page().as_bytes())?;
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
            let coloured = is_coloured(&out);
            findings.write_human(&mut out, coloured)?;
            writeln!(
                out,
                "{}",
                summary(documents.len(), findings.errors(), findings.warnings())
            )?;
        }
        ReportFormat::Json => {
            let text = report::json_text(&findings.to_json(documents.len()));
            writeln!(out, "{text}")?;
        }
        ReportFormat::Github => findings.write_github(&mut out)?,
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

    fn write_human(&self, out: &mut impl Write, coloured: bool) -> io::Result<()> {
        for Unreadable { file, error } in &self.unreadable {
            let text = format!("error: the file cannot be read: {error}\n  --> {file}");
            let text = report::plain(&text);
            writeln!(out, "{}\n", if coloured { paint(&text) } else { text })?;
        }
        for diagnostic in &self.diagnostics {
            writeln!(out, "{}\n", report::human(diagnostic, coloured))?;
        }
        Ok(())
    }

    fn write_github(&self, out: &mut impl Write) -> io::Result<()> {
        for Unreadable { file, error } in &self.unreadable {
            let message = report::plain(&format!("{file} cannot be read: {error}"));
            let message = message.replace('\n', " ");
            writeln!(out, "::error::{}", message.replace('%', "%25"))?;
        }
        for diagnostic in &self.diagnostics {
            writeln!(out, "{}", report::github(diagnostic))?;
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
    candidates.into_iter().find(|path| path.is_file())
}
