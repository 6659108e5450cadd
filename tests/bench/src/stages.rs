//! Where codegen spends its time.

use std::fs;
use std::path::Path;
use std::time::Duration;

use tokensmith_codegen::project::{self, COMMAND};
use tokensmith_codegen::{Model, Source, emit, read};

use super::report::Report;
use super::time::median;

/// Rounds in a run: one document is too quick to time.
const ROUNDS: u32 = 50;

/// A document, and the overlay beside it.
struct Input {
    name: String,
    document: Vec<u8>,
    overlay: Option<Vec<u8>>,
}

impl Input {
    fn read(&self) -> Option<Model> {
        let overlay = self
            .overlay
            .as_ref()
            .map(|bytes| Source::new("overlay", bytes));
        read(&self.name, Source::new(&self.name, &self.document), overlay).model
    }
}

/// What one core does for one document, on the average of the project's own.
pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let inputs = inputs(root)?;
    let models: Vec<Model> = inputs.iter().filter_map(Input::read).collect();
    let options = emit::Options {
        source: "specs".to_owned(),
        command: COMMAND.to_owned(),
        manifest: emit::Manifest::Workspace,
    };
    let files = models.iter().flat_map(|model| emit::emit(model, &options));
    let code: Vec<String> = files
        .filter(|(name, _)| name.ends_with(".rs"))
        .map(|(_, text)| text)
        .collect();
    let parse = || {
        code.iter()
            .filter_map(|text| syn::parse_file(text).ok())
            .collect::<Vec<_>>()
    };
    let syntax = parse();

    let yaml = || {
        for bytes in inputs
            .iter()
            .flat_map(|input| std::iter::once(&input.document).chain(&input.overlay))
        {
            drop(serde_yaml::from_slice::<serde_json::Value>(bytes));
        }
    };
    let read_all = || inputs.iter().for_each(|input| drop(input.read()));
    let emit_all = || {
        models
            .iter()
            .for_each(|model| drop(emit::emit(model, &options)))
    };
    let parse_all = || drop(parse());
    let print_all = || {
        syntax
            .iter()
            .for_each(|file| drop(prettyplease::unparse(file)))
    };
    let stages: [(&str, &dyn Fn()); 5] = [
        ("read: bytes to model", &read_all),
        ("- of it YAML (serde_yaml)", &yaml),
        ("emit: model to text", &emit_all),
        ("- of it parsing (syn, from text)", &parse_all),
        ("- of it printing (prettyplease)", &print_all),
    ];
    report.text(
        "One document on one core, the average of the project's own. The rest of a run is the disk.",
    );
    let mut table = vec!["| stage | time |".to_owned(), "|---|---:|".to_owned()];
    for (stage, work) in stages {
        let time = per_document(inputs.len(), work)?;
        table.push(format!(
            "| {stage} | {:.2} ms |",
            time.as_secs_f64() * 1000.0
        ));
    }
    report.table("stages", &table);
    Ok(())
}

fn inputs(root: &Path) -> Result<Vec<Input>, String> {
    let bytes =
        |path: &Path| fs::read(path).map_err(|error| format!("{}: {error}", path.display()));
    let documents = project::documents(root).map_err(|error| error.to_string())?;
    let input = |document: project::Document| {
        Ok(Input {
            document: bytes(&document.path)?,
            overlay: document.overlay.as_deref().map(bytes).transpose()?,
            name: document.name,
        })
    };
    documents.into_iter().map(input).collect()
}

fn per_document(documents: usize, work: &dyn Fn()) -> Result<Duration, String> {
    let rounds = || {
        (0..ROUNDS).for_each(|_| work());
        Ok(())
    };
    let time = median(|| Ok(()), |()| rounds())?;
    Ok(time / ROUNDS / u32::try_from(documents).unwrap_or(u32::MAX))
}
