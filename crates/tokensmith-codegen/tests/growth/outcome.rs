//! What a document takes to become a crate.

use std::path::Path;

use cap::Cap;
use peak_alloc::PeakAlloc;
use tempfile::TempDir;
use tokensmith_codegen::emit::{self, Manifest, Options};
use tokensmith_codegen::{Rule, Severity, Source, read};

use crate::shape::Document;

#[global_allocator]
pub(crate) static ALLOCATOR: Cap<PeakAlloc> = Cap::new(PeakAlloc, usize::MAX);

/// What any document under 1 MB may take, in bytes.
pub(crate) const MOST: usize = 500 << 20;

/// What came of a document.
pub(crate) struct Outcome {
    /// The most bytes that were held at a time.
    pub(crate) peak: usize,
    /// All bytes that were ever asked for.
    pub(crate) work: usize,
    pub(crate) is_crate: bool,
    pub(crate) is_too_large: bool,
}

/// What is done with a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Task {
    Read,
    /// The files of its crate are written as well, if it has no errors.
    Generate,
}

pub(crate) fn run(document: &Document, task: Task) -> Outcome {
    run_in(folder_of(document).path(), document, task)
}

/// A folder with the files beside a document.
pub(crate) fn folder_of(document: &Document) -> TempDir {
    let folder = tempfile::tempdir().expect("there is room");
    for (path, text) in &document.beside {
        std::fs::write(folder.path().join(path), text).expect("is writable");
    }
    folder
}

pub(crate) fn run_in(folder: &Path, document: &Document, task: Task) -> Outcome {
    let (held, worked) = (PeakAlloc.current_usage(), ALLOCATOR.total_allocated());
    PeakAlloc.reset_peak_usage();
    let source = Source::new("example.yaml", document.text.as_bytes());
    let overlay = document.overlay.as_ref();
    let overlay = overlay.map(|text| Source::new("example.overlay.yaml", text.as_bytes()));
    let reading = read("example", source.in_folder(Some(folder)), overlay);
    if let Some(model) = reading.model.as_ref().filter(|_| task == Task::Generate) {
        let options = Options {
            source: "example.yaml".to_owned(),
            command: "a test".to_owned(),
            manifest: Manifest::Workspace,
        };
        emit::emit(model, &options);
    }
    let mut errors = reading
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error);
    Outcome {
        peak: PeakAlloc.peak_usage().saturating_sub(held),
        work: ALLOCATOR.total_allocated() - worked,
        is_crate: reading.model.is_some(),
        is_too_large: errors.any(|error| error.rule == Rule::TooLarge),
    }
}
