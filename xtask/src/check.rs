//! `cargo xtask check`: what is found in documents, by the same build as `cargo xtask codegen`.

use std::path::Path;
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::finding::report;
use tokensmith_codegen::diagnostic::output;
use tokensmith_codegen::project::{self, Document};
use tokensmith_codegen::{Finding, Reading, Rule, Source, explain, read};

use crate::command::{Subcommand, flag, option};
use crate::options::Arguments;
use crate::specs;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "check",
    usage: "[--explain-model] [PROVIDER...] | --explain RULE",
    about: "Says what is wrong with documents in specs, and what they are taken to mean.",
    details: "It writes nothing. `tokensmith check` does the same for documents anywhere, and prints JSON as\n\
              well. A provider is named as in `codegen`, or by its document: specs/acme.yaml.",
    options: &[
        flag(
            "--explain-model",
            "print what each endpoint is taken to mean, with the evidence for it",
        ),
        option("--explain", "RULE", "print the page of a rule"),
    ],
    examples: &[
        ("acme", "See what is wrong with specs/acme.yaml"),
        ("--explain-model acme", "See how it is understood"),
        ("--explain TS045", "Read about a diagnostic"),
    ],
    run,
};

fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(arguments, &SUBCOMMAND)?;
    let has_model = arguments.has("--explain-model");
    if let Some(rule) = arguments.one("--explain")? {
        if has_model || !arguments.plain.is_empty() {
            return Err("--explain prints the page of a rule: give it alone".to_owned());
        }
        let rule = Rule::find(&rule).ok_or_else(|| {
            format!("there is no rule `{rule}`: a diagnostic names its rule, such as TS045")
        })?;
        output::print(rule.page().trim_end());
        return Ok(ExitCode::SUCCESS);
    }
    let documents = documents(root, &arguments.plain)?;
    let (mut errors, mut others) = (0, 0);
    for document in &documents {
        let (reading, findings) = reading(root, document, has_model)?;
        if has_model {
            if documents.len() > 1 {
                output::print(format!("{}:", specs::shown(root, &document.path)));
            }
            output::print(report::human(&findings));
        }
        let found = specs::print(&reading.diagnostics);
        errors += found;
        others += reading.diagnostics.len() - found;
    }
    output::print(summary(documents.len(), errors, others));
    Ok(match errors {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    })
}

/// The documents of these providers, or all.
fn documents(root: &Path, names: &[String]) -> Result<Vec<Document>, String> {
    let all = project::documents(root).map_err(|error| error.to_string())?;
    let is_named = |document: &Document, name: &str| {
        let stands_there = |path: &Path| path.ends_with(name) || path.ends_with(root.join(name));
        document.name == name || stands_there(&document.path)
    };
    let missing = names
        .iter()
        .find(|name| !all.iter().any(|document| is_named(document, name)));
    if let Some(name) = missing {
        return Err(format!(
            "there is no document of `{name}` in specs: for a document elsewhere, run\n    tokensmith check {name}"
        ));
    }
    let is_wanted =
        |document: &Document| names.is_empty() || names.iter().any(|name| is_named(document, name));
    Ok(all.into_iter().filter(is_wanted).collect())
}

fn reading(
    root: &Path,
    document: &Document,
    has_model: bool,
) -> Result<(Reading, Vec<Finding>), String> {
    let bytes = specs::read_own(&document.path)?;
    let overlay = document.overlay.as_deref();
    let overlay = overlay
        .map(|path| specs::read_own(path).map(|bytes| (specs::shown(root, path), bytes)))
        .transpose()?;
    let shown = specs::shown(root, &document.path);
    let source = Source::new(&shown, &bytes).in_folder(document.path.parent());
    let overlay = overlay
        .as_ref()
        .map(|(name, bytes)| Source::new(name, bytes));
    Ok(match has_model {
        true => explain(&document.name, source, overlay),
        false => (read(&document.name, source, overlay), Vec::new()),
    })
}

fn summary(documents: usize, errors: usize, others: usize) -> String {
    let count = |number: usize, noun: &str| match number {
        1 => format!("1 {noun}"),
        _ => format!("{number} {noun}s"),
    };
    let documents = count(documents, "document");
    match (errors, others) {
        (0, 0) => format!("{documents}: clean"),
        _ => format!(
            "{documents}: {}, {}",
            count(errors, "error"),
            count(others, "other diagnostic")
        ),
    }
}
