//! `cargo xtask corpus`: how far each document of a folder comes, whatever it is.
//!
//! Every document goes through `check`, `generate`, a compile of all crates in one batch, and a token from Prism, which serves the
//! same document. Each step runs in a process of its own, so that whatever one document does, the others have their turn.

#![warn(clippy::print_stdout, clippy::print_stderr)]

mod child;
mod crates;
mod document;
mod options;
mod prism;
mod report;
mod token;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;

use document::Document;
use options::Options;
use report::Step;
use tokensmith_codegen::diagnostic::{Diagnostic, Rule, output};
use tokensmith_codegen::model::{EndpointKind, Model, visible_texts};

/// How many documents are tried at a time: Prism takes a core of its own to start.
const AT_A_TIME: usize = 2;

/// What all documents are tried with.
struct Tools {
    /// The `tokensmith` command.
    tokensmith: PathBuf,
    /// The runtime that generated crates use.
    runtime: PathBuf,
    /// Where generated crates and served documents are put.
    folder: PathBuf,
    /// Prism's program, or why there is none.
    prism: Result<PathBuf, String>,
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    run(&root, &arguments).unwrap_or_else(|message| {
        output::print_error(format!("error: {message}"));
        ExitCode::from(2)
    })
}

/// Tries every document and prints what came of it; fails only if it could not be tried.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let options = Options::read(arguments)?;
    let documents = document::find(&options)?;
    let folder = root.join("target/corpus");
    let tools = Tools {
        tokensmith: crates::build_tokensmith(root)?,
        runtime: root.join("crates/tokensmith-runtime"),
        prism: prism::program(root),
        folder,
    };
    crates::clear(&tools.folder)?;

    output::print_error(format!("{} documents: check and generate", documents.len()));
    let mut rows = each(&documents, |document| crates::generate(document, &tools));
    output::print_error("compile");
    crates::compile(root, &tools, &mut rows)?;
    output::print_error("token");
    let generated: Vec<(&Document, bool)> = documents
        .iter()
        .zip(&rows)
        .map(|(document, row)| (document, row.generated.is_done()))
        .collect();
    let tokens = each(&generated, |(document, generated)| match generated {
        true => token::get(document, &tools),
        false => Step::NotTried,
    });
    for ((row, token), document) in rows.iter_mut().zip(tokens).zip(&documents) {
        row.token = token;
        if row.generated.is_done() {
            let reading = document.reading()?;
            let is_unused = |told: &&Diagnostic| told.rule == Rule::Unused;
            row.unused = reading.diagnostics.iter().filter(is_unused).count();
            let model = document.model()?;
            row.meaning = meaning(&model);
            let texts = visible_texts(&model).into_iter();
            row.visible_texts = texts.map(str::to_owned).collect();
        }
    }
    let text = if options.json {
        report::json(&rows)
    } else {
        report::table(&rows)
    };
    output::print(text.trim_end());
    Ok(ExitCode::SUCCESS)
}

/// Does something for each item, some at a time; the results are in the order of the items.
fn each<T: Sync, R: Send>(items: &[T], work: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..AT_A_TIME {
            scope.spawn(|| {
                while let index = next.fetch_add(1, Ordering::Relaxed)
                    && let Some(item) = items.get(index)
                {
                    let result = work(item);
                    results
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .push((index, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap_or_else(PoisonError::into_inner);
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The grants of each token endpoint, and how its clients authenticate.
fn meaning(model: &Model) -> Vec<String> {
    let endpoints = model.endpoints.iter();
    let tokens = endpoints.filter(|endpoint| endpoint.kind == EndpointKind::Token);
    let shown = tokens.map(|endpoint| {
        let grants: Vec<&str> = endpoint.grants().collect();
        let client_auth = endpoint.attributes.authentication.method.as_str();
        format!("{} by {client_auth}", grants.join(", "))
    });
    shown.collect()
}
