//! The documents that the tests read: the fixtures, and those of the real providers.

use std::fs;
use std::path::{Path, PathBuf};

use serde_yaml::Value;
use tokensmith_codegen::emit::{self, Files, Manifest, Options};
use tokensmith_codegen::{Diagnostic, Finding, Model, Reading, Severity, Source};

/// The provider that fixtures are read as, unless a test needs another.
pub(crate) const PROVIDER: &str = "example";

/// A document by the name of its file, without the ending.
#[derive(Debug, Clone)]
pub(crate) struct Document {
    pub(crate) name: String,
    pub(crate) text: String,
    pub(crate) overlay: Option<String>,
    /// Where the files are that it refers to.
    folder: Option<PathBuf>,
}

impl Document {
    pub(crate) fn new(name: &str, text: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            text: text.into(),
            overlay: None,
            folder: None,
        }
    }

    /// The same document with another text.
    pub(crate) fn with_text(&self, text: String) -> Self {
        Self {
            text,
            ..self.clone()
        }
    }

    /// A text that stands in its place, under a name.
    pub(crate) fn source<'a>(&'a self, file: &'a str, text: &'a str) -> Source<'a> {
        Source::new(file, text.as_bytes()).in_folder(self.folder.as_deref())
    }

    /// Reads it as the document of a provider; diagnostics name it by its own file.
    pub(crate) fn read_as(&self, provider: &str) -> Reading {
        self.explain_as(provider).0
    }

    /// Reads it, and says of each part of its meaning where it comes from.
    pub(crate) fn explain_as(&self, provider: &str) -> (Reading, Vec<Finding>) {
        let file = format!("{}.yaml", self.name);
        let overlay_file = format!("{}.overlay.yaml", self.name);
        let overlay = self
            .overlay
            .as_ref()
            .map(|text| Source::new(&overlay_file, text.as_bytes()));
        let source = self.source(&file, &self.text);
        tokensmith_codegen::explain(provider, source, overlay)
    }

    /// The files of its crate, and the warnings that are no lints.
    pub(crate) fn generate_as(
        &self,
        provider: &str,
        manifest: Manifest,
    ) -> (Files, Vec<Diagnostic>) {
        let reading = self.read_as(provider);
        (
            files(
                &self.model(reading.model, &reading.diagnostics),
                provider,
                manifest,
            ),
            reading
                .diagnostics
                .into_iter()
                .filter(|diagnostic| !diagnostic.rule.is_lint())
                .collect(),
        )
    }

    /// The code that it becomes as a fixture.
    pub(crate) fn generate(&self) -> Files {
        self.generate_as(PROVIDER, Manifest::Workspace).0
    }

    fn model(&self, model: Option<Model>, diagnostics: &[Diagnostic]) -> Model {
        model.unwrap_or_else(|| panic!("{} has errors:\n{}", self.name, rendered(diagnostics)))
    }

    pub(crate) fn value(&self) -> Value {
        let value = serde_yaml::from_str(&self.text).and_then(|mut value: Value| {
            value.apply_merge()?;
            Ok(value)
        });
        value.unwrap_or_else(|error| panic!("{}: {error}", self.name))
    }
}

/// The files of a model's crate. The source is the provider's, so that equal models give equal bytes.
pub(crate) fn files(model: &Model, provider: &str, manifest: Manifest) -> Files {
    let options = Options {
        source: format!("specs/{provider}.yaml"),
        command: "cargo xtask codegen".to_owned(),
        manifest,
    };
    emit::emit(model, &options)
}

/// Diagnostics as people see them.
pub(crate) fn rendered(diagnostics: &[Diagnostic]) -> String {
    diagnostics
        .iter()
        .map(|diagnostic| format!("{diagnostic}\n"))
        .collect()
}

/// What is told of a document beside what would be better.
pub(crate) fn without_lints(mut reading: Reading) -> Reading {
    reading
        .diagnostics
        .retain(|diagnostic| !diagnostic.rule.is_lint());
    reading
}

pub(crate) fn has_errors(reading: &Reading) -> bool {
    reading
        .diagnostics
        .iter()
        .any(|diagnostic| diagnostic.severity() == Severity::Error)
}

/// The fixtures in OpenAPI 3.0, one per construct, sorted.
pub(crate) fn fixtures() -> Vec<Document> {
    let fixtures = folder("fixtures/3.0");
    assert!(
        fixtures.len() > 40,
        "only {} fixtures were found",
        fixtures.len()
    );
    fixtures
}

/// Fixtures about a construct that OpenAPI 3.1 writes in another way, written in that way.
pub(crate) fn twins() -> Vec<Document> {
    let twins = folder("fixtures/3.1");
    assert!(!twins.is_empty(), "no twins were found");
    twins
}

/// The documents of the real providers, with their overlays.
pub(crate) fn providers() -> Vec<Document> {
    let root = tests().join("..");
    let documents = tokensmith_codegen::project::documents(&root).expect("specs is a folder");
    assert!(
        documents.len() >= 3,
        "only {} documents were found",
        documents.len()
    );
    let read = |path: &PathBuf| {
        fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    documents
        .into_iter()
        .map(|document| Document {
            text: read(&document.path),
            overlay: document.overlay.as_ref().map(read),
            folder: document.path.parent().map(Path::to_owned),
            name: document.name,
        })
        .collect()
}

/// The documents of a folder below `tests`, sorted. Overlays go with the document they are named after.
pub(crate) fn folder(name: &str) -> Vec<Document> {
    let folder = tests().join(name);
    let entries =
        fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("is readable").path())
        .collect();
    paths.sort();
    let is_overlay = |path: &Path| path.to_string_lossy().ends_with(".overlay.yaml");
    let read = |path: &Path| {
        let bytes = fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        String::from_utf8(bytes).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let document = |path: &PathBuf| {
        let overlay = path.with_extension("overlay.yaml");
        Document {
            name: path
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            text: read(path),
            overlay: overlay.is_file().then(|| read(&overlay)),
            folder: None,
        }
    };
    paths
        .iter()
        .filter(|path| !is_overlay(path))
        .map(document)
        .collect()
}

/// The folder of the package.
pub(crate) fn tests() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The provider that `cargo xtask try` is about: the one in the environment variable
/// `TOKENSMITH_PROVIDER`.
pub(crate) fn only() -> Option<String> {
    std::env::var("TOKENSMITH_PROVIDER").ok()
}
