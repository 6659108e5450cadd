//! `tokensmith check`: what is wrong with documents.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use tokensmith_codegen::Severity;

use crate::args::CheckArgs;
use crate::diagnostics::{count, is_coloured, paint, render};
use crate::document::{self, Unreadable};
use crate::failure::Failure;

/// Prints the diagnostics of all documents, and a summary, on standard output.
pub(crate) fn run(args: &CheckArgs) -> Result<ExitCode, Failure> {
    let mut out = io::stdout().lock();
    let coloured = is_coloured(&out);
    let documents = documents(&args.files);
    let (mut errors, mut warnings) = (0, 0);
    for document in &documents {
        match document::load(&document::provider(document), document, None) {
            Ok(reading) => {
                for diagnostic in &reading.diagnostics {
                    match diagnostic.severity() {
                        Severity::Error => errors += 1,
                        Severity::Warning => warnings += 1,
                    }
                    writeln!(out, "{}\n", render(diagnostic, coloured))?;
                }
            }
            Err(unreadable) => {
                errors += 1;
                write_unreadable(&mut out, &unreadable, coloured)?;
            }
        }
    }
    writeln!(out, "{}", summary(documents.len(), errors, warnings))?;
    Ok(if errors > 0 {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn write_unreadable(
    out: &mut impl Write,
    unreadable: &Unreadable,
    coloured: bool,
) -> io::Result<()> {
    let Unreadable { file, error } = unreadable;
    let text = format!("error: the file cannot be read: {error}\n  --> {file}");
    writeln!(
        out,
        "{}\n",
        if coloured {
            paint(Severity::Error, &text)
        } else {
            text
        }
    )
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
