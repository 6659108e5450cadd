//! `tokensmith check`: diagnostics of documents.

mod human;

use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::finding;
use tokensmith_codegen::diagnostic::output::{Printable, try_print};
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Finding, Severity};

use crate::args::{CheckArgs, ReportFormat};
use crate::document::{self, Unreadable};
use crate::failure::Failure;

/// Prints the diagnostics of all documents, and a summary, on standard output.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    if let Some(rule) = args.explain {
        try_print(rule.page().trim_end())?;
        return Ok(ExitCode::SUCCESS);
    }
    if args.explain_model && args.format == ReportFormat::Github {
        let message = "`--explain-model` cannot print annotations: use `--format human` or `json`";
        return Err(Failure::Usage(message.to_owned()));
    }
    let documents = documents(&args.files);
    let mut findings = Findings::default();
    for document in &documents {
        let provider = document::provider(document);
        let read = match args.explain_model {
            true => document::explained(&provider, document, None).map(|(reading, model)| {
                findings.models.push((document::shown(document), model));
                reading
            }),
            false => document::load(&provider, document, None),
        };
        match read {
            Ok(reading) => findings.diagnostics.extend(reading.diagnostics),
            Err(unreadable) => findings.unreadable.push(unreadable),
        }
    }
    match args.format {
        ReportFormat::Human => {
            findings.print_models(documents.len() > 1)?;
            human::print(&findings, &documents, args.all)?;
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

/// The diagnostics of all documents.
#[derive(Default)]
struct Findings {
    unreadable: Vec<Unreadable>,
    diagnostics: Vec<Diagnostic>,
    /// How each document is understood, by its file, with `--explain-model`.
    models: Vec<(String, Vec<Finding>)>,
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

    /// Prints how the documents are understood.
    fn print_models(&self, are_several: bool) -> io::Result<()> {
        for (file, findings) in &self.models {
            if are_several {
                try_print(format!("{file}:"))?;
            }
            try_print(finding::report::human(findings))?;
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

    /// Returns `{"documents", "errors", "warnings", "notes", "unreadable": [{"file", "message"}],
    /// "diagnostics": [..]}`, with diagnostics as [`report::json`] writes them. With
    /// `--explain-model` there is also `"models": [{"file", "endpoints": [..]}]`, as
    /// [`finding::report::json`] writes it.
    fn to_json(&self, documents: usize) -> serde_json::Value {
        let unreadable = self.unreadable.iter().map(|Unreadable { file, error }| {
            serde_json::json!({"file": file, "message": error.to_string()})
        });
        let mut report = serde_json::json!({
            "documents": documents,
            "errors": self.errors(),
            "warnings": self.warnings(),
            "notes": self.count(Severity::Note),
            "unreadable": unreadable.collect::<Vec<_>>(),
            "diagnostics": self.diagnostics.iter().map(report::json).collect::<Vec<_>>(),
        });
        if !self.models.is_empty() {
            let models = self.models.iter().map(|(file, findings)| {
                serde_json::json!({"file": file, "endpoints": finding::report::json(findings)})
            });
            report["models"] = models.collect();
        }
        report
    }
}

/// Returns the documents to check, each once. An overlay is checked with its document, so that
/// `check specs/*.yaml` works.
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

/// Returns the document that lies beside an overlay.
fn document_of(overlay: &Path) -> Option<PathBuf> {
    let stem = overlay.file_stem()?.to_str()?.strip_suffix(".overlay")?;
    let candidates =
        ["yaml", "yml", "json"].map(|ending| overlay.with_file_name(format!("{stem}.{ending}")));
    candidates
        .into_iter()
        .find(|path| path.symlink_metadata().is_ok())
}
