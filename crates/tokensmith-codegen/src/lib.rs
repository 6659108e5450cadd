//! From an OpenAPI document of OAuth 2.0 token endpoints to the source of a typed Rust crate.
//!
//! Data flows one way through the stages, one folder each:
//!
//! ```text
//! source -> openapi -> select -> lint -> repair -> infer -> emit -> project
//! ```
//!
//! A stage knows only what stands before it, and the [`model`], which is what passes from `infer` to `emit`.
//! `stages` calls them in that order; `diagnostic` and `pointer` are used by all.
//! [`read`] takes a document as far as its [`Model`]; [`emit()`](emit::emit) makes the files of a crate of it; [`project`] puts them on the disk.
//! Whatever is wrong with a document is a [`Diagnostic`]; nothing panics, whatever the document says.

#![warn(clippy::print_stdout, clippy::print_stderr, clippy::too_many_lines)]

pub mod authoring;
pub mod diagnostic;
pub mod emit;
pub mod excerpt;
#[cfg(fuzzing)]
pub mod fuzzing;
mod host;
mod infer;
mod lint;
pub mod model;
mod openapi;
pub mod pointer;
pub mod project;
mod prose;
mod repair;
mod select;
pub mod source;
mod stages;

pub use diagnostic::finding::Finding;
pub use diagnostic::{Diagnostic, Excerpt, Position, Rule, Severity};
pub use model::Model;
pub use source::external::{COMMON, External};

use std::path::Path;

use diagnostic::Diagnostics;
use diagnostic::finding::Findings;
use source::origin::Origins;
use source::{external, load, overlay as overlays};
use stages::Files;

/// A file that was read, under the name that diagnostics give it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// How diagnostics and the generated files name it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// The folder whose files a document may refer to, that is its own; without one it may refer to none. An overlay needs none.
    pub folder: Option<&'a Path>,
    /// The folder that `common/` is looked up in, if that is another one.
    pub common: Option<&'a Path>,
}

impl<'a> Source<'a> {
    /// A file that refers to no others.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            name,
            bytes,
            folder: None,
            common: None,
        }
    }

    /// A document that may refer to other files of its folder.
    #[must_use]
    pub fn in_folder(self, folder: Option<&'a Path>) -> Self {
        Self { folder, ..self }
    }

    /// A document from elsewhere, to be read as if it stood in a folder that has `common/`.
    #[must_use]
    pub fn with_common(self, common: Option<&'a Path>) -> Self {
        Self { common, ..self }
    }
}

/// What came of reading a document.
#[derive(Debug)]
pub struct Reading {
    /// The document's meaning; nothing if it has errors.
    pub model: Option<Model>,
    /// All that is wrong with it, errors and warnings, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
    /// The files beside the document that were looked at.
    pub externals: Vec<External>,
}

/// Reads a provider's document, and the overlay on top of it.
pub fn read(provider: &str, document: Source<'_>, overlay: Option<Source<'_>>) -> Reading {
    let mut files = Files::default();
    let (reading, _) = read_from(provider, document, overlay, &mut files);
    reading
}

/// Reads a document as [`read`] does, and says of each part of its meaning where it comes from.
///
/// Of a document with errors there is what was found before them.
pub fn explain(
    provider: &str,
    document: Source<'_>,
    overlay: Option<Source<'_>>,
) -> (Reading, Vec<Finding>) {
    let mut files = Files::default();
    let (reading, findings) = read_from(provider, document, overlay, &mut files);
    let mut findings = findings.into_vec();
    files.place_findings(&mut findings, document.name);
    (reading, findings)
}

fn read_from(
    provider: &str,
    document: Source<'_>,
    overlay: Option<Source<'_>>,
    files: &mut Files,
) -> (Reading, Findings) {
    let mut diagnostics = Diagnostics::default();
    let model = stages::read(provider, document, overlay, &mut diagnostics, files);
    let findings = diagnostics.take_findings();
    let mut diagnostics = diagnostics.into_vec();
    files.place(&mut diagnostics, document.name);
    diagnostics.sort_by(|left, right| {
        (left.severity(), &left.file, left.position, &left.pointer).cmp(&(
            right.severity(),
            &right.file,
            right.position,
            &right.pointer,
        ))
    });
    // What an overlay writes is looked at there, and in the document; what a merge key brings to several places is written in one.
    diagnostics.dedup_by(|one, other| {
        one == other
            || one.rule == Rule::DuplicateKey
                && one.position.is_some()
                && (one.rule, &one.file, one.position, &one.message)
                    == (other.rule, &other.file, other.position, &other.message)
    });
    let reading = Reading {
        model,
        diagnostics,
        externals: std::mem::take(&mut files.externals),
    };
    (reading, findings)
}

/// The provider's name for a document whose file is called so, without its ending: `acme-auth` for `Acme_Auth`.
///
/// A project's own documents are named by their providers; this is for documents from anywhere.
pub fn provider_name(file_stem: &str) -> String {
    model::name::provider_name(file_stem)
}

/// The document with its overlay applied, as JSON: what other tools are to be given.
///
/// # Errors
///
/// The first thing that keeps either file from being read.
pub fn overlaid(document: Source<'_>, overlay: Option<Source<'_>>) -> Result<String, Diagnostic> {
    let mut loaded = load::load(document.name, document.bytes)?;
    let mut diagnostics = Diagnostics::default();
    if let Some(overlay) = overlay {
        let overlay = overlays::load(overlay)?;
        let (tree, origins) = (&mut loaded.tree, &mut Origins::default());
        let beside = external::Files::new(document.folder, document.name, false)
            .with_common(document.common);
        overlays::apply(tree, &beside, &overlay, origins, &mut diagnostics);
    }
    match diagnostics
        .into_vec()
        .into_iter()
        .find(|diagnostic| diagnostic.severity() == Severity::Error)
    {
        Some(diagnostic) => Err(diagnostic),
        None => Ok(loaded.tree.to_string()),
    }
}

/// The line of the text of a YAML or JSON file on which the value of a JSON Pointer stands, or that
/// of the nearest ancestor which the text has. Lines are counted from 1; `None` if the text cannot
/// be read.
///
/// ```
/// let text = "crm:\n  kind: oauth2\n  token_url: https://auth.example.com/token\n";
/// assert_eq!(tokensmith_codegen::line_of(text, "/crm/token_url"), Some(3));
/// ```
pub fn line_of(text: &str, pointer: &str) -> Option<usize> {
    let place = source::position::locate(text, &[pointer]).pop()??;
    usize::try_from(place.line).ok()
}
