//! `tokensmith check`: diagnostics of documents.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::finding;
use tokensmith_codegen::diagnostic::output::{self, Printable, try_print};
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Finding, Rule, Severity};

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
            findings.print_human(args.all, output::is_coloured(output::is_terminal()))?;
            try_print(findings.summary(documents.len()))?;
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

    /// Prints errors and warnings, and either all notes or a line that counts them.
    fn print_human(&self, all: bool, coloured: bool) -> io::Result<()> {
        for Unreadable { file, error } in &self.unreadable {
            let text = format!("error: the file cannot be read: {error}\n  --> {file}\n");
            try_print(Printable::error(&text, coloured))?;
            try_print("")?;
        }
        let is_shown = |diagnostic: &&Diagnostic| all || diagnostic.severity() != Severity::Note;
        for diagnostic in self.diagnostics.iter().filter(is_shown) {
            try_print(Printable::diagnostic(diagnostic, coloured))?;
            try_print("")?;
        }
        match self.folded_notes().filter(|_| !all) {
            Some(line) => try_print(line),
            None => Ok(()),
        }
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

    /// Returns a line with the number of notes of each rule.
    fn folded_notes(&self) -> Option<String> {
        let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
        let notes = self.diagnostics.iter();
        for note in notes.filter(|diagnostic| diagnostic.severity() == Severity::Note) {
            *counts.entry(note.rule).or_default() += 1;
        }
        let counts: Vec<String> = counts
            .iter()
            .map(|(rule, count)| match count {
                1 => format!("{} {}", rule.code(), rule.name()),
                several => format!("{} {} ({several} times)", rule.code(), rule.name()),
            })
            .collect();
        (!counts.is_empty()).then(|| format!("note: {}; `--all` shows them\n", counts.join(", ")))
    }

    fn summary(&self, documents: usize) -> String {
        let documents = count(documents, "document");
        let notes = self.count(Severity::Note);
        let (errors, warnings) = (self.errors(), self.warnings());
        if errors + warnings + notes == 0 {
            return format!("{documents}: clean");
        }
        let errors = count(errors, "error");
        let mut summary = format!("{documents}: {errors}, {}", count(warnings, "warning"));
        if notes > 0 {
            summary += &format!(", {}", count(notes, "note"));
        }
        summary
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
