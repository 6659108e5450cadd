//! Reading a document and the overlay that goes with it.

pub(crate) mod check;
pub(crate) mod diagnostics;
pub(crate) mod generate;
pub(crate) mod notice;
#[cfg(test)]
mod tests;

use std::path::Path;

use tokensmith_codegen::project::overlay_of;
use tokensmith_codegen::{Finding, Model, Reading, Severity, Source, explain, provider_name, read};

use tokensmith_description::{Description, Shelves};

use crate::failure::Failure;
use crate::terminal::progress::Progress;

/// A file that cannot be read at all.
pub(crate) struct Unreadable {
    pub(crate) file: String,
    pub(crate) error: std::io::Error,
}

impl From<Unreadable> for Failure {
    fn from(Unreadable { file, error }: Unreadable) -> Self {
        Self::Failed(format!("{file} cannot be read: {error}"))
    }
}

/// Reads a provider's document with the overlay that is given, or else the one beside it.
pub(crate) fn load(
    provider: &str,
    document: &Path,
    overlay: Option<&Path>,
) -> Result<Reading, Unreadable> {
    with_sources(document, overlay, |document, overlay| {
        read(provider, document, overlay)
    })
}

/// Reads it, and says of each part of its meaning where it comes from.
pub(crate) fn explained(
    provider: &str,
    document: &Path,
    overlay: Option<&Path>,
) -> Result<(Reading, Vec<Finding>), Unreadable> {
    with_sources(document, overlay, |document, overlay| {
        explain(provider, document, overlay)
    })
}

/// Reads the files of a document.
fn with_sources<T>(
    document: &Path,
    overlay: Option<&Path>,
    read: impl FnOnce(Source<'_>, Option<Source<'_>>) -> T,
) -> Result<T, Unreadable> {
    let progress = Progress::start(format!("reading {}", shown(document)));
    let (name, bytes) = bytes(document)?;
    let beside = overlay_of(document);
    let overlay = overlay.or(beside.as_deref()).map(self::bytes).transpose()?;
    let overlay = overlay
        .as_ref()
        .map(|(name, bytes)| Source::new(name, bytes));
    let document = Source::new(&name, &bytes).in_folder(document.parent());
    let outcome = read(document, overlay);
    progress.end();
    Ok(outcome)
}

/// The provider's name, unless another one is given: after the file's, without its ending.
pub(crate) fn provider(document: &Path) -> String {
    provider_name(&document.file_stem().unwrap_or_default().to_string_lossy())
}

/// What the document means, or all of its errors.
pub(crate) fn model(reading: Reading) -> Result<Model, Failure> {
    let errors = reading
        .diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error);
    let errors: Vec<String> = errors.map(diagnostics::plain).collect();
    match reading.model {
        Some(model) if errors.is_empty() => Ok(model),
        _ => Err(Failure::Failed(format!(
            "the document cannot be used\n{}",
            errors.join("\n")
        ))),
    }
}

/// What a model describes. A command reads one document, which lives until the command ends:
/// requests on other threads refer to it.
pub(crate) fn described(model: Model) -> (&'static Model, &'static Description<'static>) {
    let model: &'static Model = Box::leak(Box::new(model));
    let shelves: &'static Shelves<'static> = Box::leak(Box::default());
    (model, Box::leak(Box::new(model.describe(shelves))))
}

/// How messages and generated files name a file, with `/` on every system.
pub(crate) fn shown(path: &Path) -> String {
    let name = path.to_string_lossy();
    if cfg!(windows) {
        name.replace('\\', "/")
    } else {
        name.into_owned()
    }
}

fn bytes(path: &Path) -> Result<(String, Vec<u8>), Unreadable> {
    let file = shown(path);
    match tokensmith_codegen::source::file::read_named(path) {
        Ok(bytes) => Ok((file, bytes)),
        Err(error) => Err(Unreadable { file, error }),
    }
}
