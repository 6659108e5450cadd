//! The documents of a folder, and the overlays that go with them.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;
use tokensmith_codegen::excerpt::excerpt;
use tokensmith_codegen::{
    Diagnostic, Model, Reading, Severity, Source, overlaid, provider_name, read,
};

use super::options::Options;

/// The list of what is in a corpus, with the entries of documents that are made of several files.
const INDEX: &str = "INDEX.json";

/// A document to try.
pub(super) struct Document {
    /// Its short name, which is the provider's too.
    pub(super) slug: String,
    pub(super) path: PathBuf,
    pub(super) overlay: Option<PathBuf>,
}

/// The documents of the folder by name: YAML and JSON, but no overlays and no index.
pub(super) fn find(options: &Options) -> Result<Vec<Document>, String> {
    let folder = &options.folder;
    let failed = |error| format!("{} cannot be read: {error}", folder.display());
    let index = index(folder)?;
    let mut documents: Vec<Document> = Vec::new();
    for entry in fs::read_dir(folder).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let Some((stem, ending)) = name.rsplit_once('.') else {
            continue;
        };
        let is_document = ["yaml", "yml", "json"].contains(&ending)
            && name != INDEX
            && !stem.ends_with(".overlay")
            && path.is_file();
        if !is_document || !options.only.is_empty() && !options.only.iter().any(|slug| slug == stem)
        {
            continue;
        }
        documents.push(Document {
            slug: stem.to_owned(),
            overlay: overlay(options.overlays.as_deref().unwrap_or(folder), stem),
            path: root(&index, folder, stem).unwrap_or_else(|| path.clone()),
        });
    }
    documents.sort_by(|left, right| left.slug.cmp(&right.slug));
    if documents.is_empty() {
        return Err(format!("{} has none of these documents", folder.display()));
    }
    Ok(documents)
}

fn index(folder: &Path) -> Result<Value, String> {
    let path = folder.join(INDEX);
    if !path.is_file() {
        return Ok(Value::Null);
    }
    let text = fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The entry of a document that is made of several files.
fn root(index: &Value, folder: &Path, slug: &str) -> Option<PathBuf> {
    let entry = index
        .as_array()?
        .iter()
        .find(|entry| entry["slug"] == slug)?;
    Some(folder.join(entry["multifile_root"].as_str()?))
}

fn overlay(folder: &Path, slug: &str) -> Option<PathBuf> {
    let endings = ["yaml", "yml", "json"].iter();
    endings
        .map(|ending| folder.join(format!("{slug}.overlay.{ending}")))
        .find(|path| path.is_file())
}

impl Document {
    /// How the provider is called.
    pub(super) fn provider(&self) -> String {
        provider_name(&self.slug)
    }

    /// Lines of its overlay, without those that are blank or say nothing to the generator.
    pub(super) fn overlay_lines(&self) -> usize {
        let text = self.overlay.as_ref().map(fs::read_to_string);
        let text = text.and_then(Result::ok).unwrap_or_default();
        let says_something = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with('#');
        text.lines().filter(says_something).count()
    }

    /// Reads it in this process: only for what came through `tokensmith` in one of its own.
    pub(super) fn reading(&self) -> Result<Reading, String> {
        self.with_sources(|document, overlay| Ok(read(&self.provider(), document, overlay)))
    }

    /// Its meaning.
    pub(super) fn model(&self) -> Result<Model, String> {
        self.reading()?
            .model
            .ok_or_else(|| "the document has errors".to_owned())
    }

    /// The document with its overlay applied, as JSON.
    pub(super) fn overlaid(&self) -> Result<String, String> {
        self.with_sources(|document, overlay| {
            overlaid(document, overlay).map_err(|diagnostic| shown(&diagnostic))
        })
    }

    /// Its OAuth operations alone, as JSON.
    pub(super) fn excerpt(&self) -> Result<String, String> {
        self.with_sources(|document, overlay| {
            excerpt(document, overlay).map_err(|diagnostic| shown(&diagnostic))
        })
    }

    fn with_sources<T>(
        &self,
        then: impl FnOnce(Source<'_>, Option<Source<'_>>) -> Result<T, String>,
    ) -> Result<T, String> {
        let bytes = |path: &PathBuf| {
            fs::read(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))
        };
        let document = bytes(&self.path)?;
        let overlay = self.overlay.as_ref().map(bytes).transpose()?;
        then(
            Source::new("document", &document).in_folder(self.path.parent()),
            overlay
                .as_deref()
                .map(|bytes| Source::new("overlay", bytes)),
        )
    }
}

/// The first diagnostic, errors before warnings.
pub(super) fn first(reading: &Reading) -> Option<String> {
    let mut diagnostics = reading.diagnostics.iter();
    let error = diagnostics.find(|diagnostic| diagnostic.severity() == Severity::Error);
    error.or(reading.diagnostics.first()).map(shown)
}

fn shown(diagnostic: &Diagnostic) -> String {
    let first_line = diagnostic.message.lines().next().unwrap_or_default();
    format!(
        "{}[{}] {first_line} at {}",
        diagnostic.severity(),
        diagnostic.rule.code(),
        diagnostic.pointer
    )
}
