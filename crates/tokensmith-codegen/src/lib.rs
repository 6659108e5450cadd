//! From an OpenAPI document of OAuth 2.0 token endpoints to the source of a typed Rust crate.
//!
//! Data flows one way through the stages, one module each:
//!
//! ```text
//! load -> overlay -> prune -> normalize -> parse -> model -> emit -> write
//! ```
//!
//! [`read`] takes a document as far as its [`Model`]; [`emit()`](emit::emit) makes the files of a crate of it; [`mod@write`] puts them on the disk.
//! Whatever is wrong with a document is a [`Diagnostic`]; nothing panics, whatever the document says.

mod cache;
pub mod diagnostic;
pub mod emit;
mod extension;
#[cfg(fuzzing)]
pub mod fuzzing;
mod lint;
mod load;
pub mod model;
mod normalize;
mod origin;
mod overlay;
mod parallel;
mod parse;
mod pointer;
mod position;
pub mod project;
mod prune;
mod reference;
pub mod report;
pub mod write;

pub use diagnostic::{Diagnostic, Excerpt, Position, Rule, Severity};
pub use model::Model;

use diagnostic::Diagnostics;
use load::Loaded;
use origin::Origins;

/// A file that was read, under the name that diagnostics give it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// How diagnostics and the generated files name it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
}

/// What came of reading a document.
#[derive(Debug)]
pub struct Reading {
    /// The document's meaning; nothing if it has errors.
    pub model: Option<Model>,
    /// All that is wrong with it, errors and warnings, in the order of the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a provider's document, and the overlay on top of it.
pub fn read(provider: &str, document: Source<'_>, overlay: Option<Source<'_>>) -> Reading {
    let mut diagnostics = Diagnostics::default();
    let mut files = Files::default();
    let model = read_into(provider, document, overlay, &mut diagnostics, &mut files);
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
    Reading { model, diagnostics }
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
        let overlay = load::load(overlay.name, overlay.bytes)?;
        let mut origins = Origins::default();
        overlay::apply(&mut loaded.tree, &overlay, &mut origins, &mut diagnostics);
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

/// The files that a document is made of, and what was moved between them.
#[derive(Default)]
struct Files {
    loaded: Vec<Loaded>,
    origins: Origins,
}

impl Files {
    /// Fills in file, position and excerpt of diagnostics of stages that know pointers only.
    fn place(&self, diagnostics: &mut [Diagnostic], document: &str) {
        for diagnostic in diagnostics
            .iter_mut()
            .filter(|diagnostic| diagnostic.file.is_empty())
        {
            match self.origins.of(&diagnostic.pointer) {
                Some(place) => {
                    diagnostic.file = place.file;
                    diagnostic.pointer = place.pointer;
                }
                None => document.clone_into(&mut diagnostic.file),
            }
        }
        for Loaded { file, text, .. } in &self.loaded {
            let mut here: Vec<&mut Diagnostic> = diagnostics
                .iter_mut()
                .filter(|diagnostic| diagnostic.file == *file && diagnostic.position.is_none())
                .collect();
            if here.is_empty() {
                continue;
            }
            let pointers: Vec<&str> = here
                .iter()
                .map(|diagnostic| diagnostic.pointer.as_str())
                .collect();
            let places = position::locate(text, &pointers);
            for (diagnostic, place) in here.iter_mut().zip(places) {
                diagnostic.position = place;
                diagnostic.excerpt = place.and_then(|place| Excerpt::around(text, place));
            }
        }
    }
}

fn read_into(
    provider: &str,
    document: Source<'_>,
    overlay: Option<Source<'_>>,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Model> {
    if !model::name::is_provider_name(provider) {
        let message = format!("`{}` cannot be a provider's name", provider.escape_debug());
        diagnostics.push(
            Diagnostic::new(Rule::ProviderName, "", message).help(
                "use lower-case letters, digits and hyphens, such as `moov.yaml`; 64 at most",
            ),
        );
    }
    let mut loaded = keep(load::load(document.name, document.bytes), diagnostics)?;
    let mut tree = std::mem::take(&mut loaded.tree);
    files.loaded.push(loaded);
    if let Some(overlay) = overlay {
        let overlay = keep(load::load(overlay.name, overlay.bytes), diagnostics)?;
        overlay::apply(&mut tree, &overlay, &mut files.origins, diagnostics);
        files.loaded.push(overlay);
    }
    keep(parse::check_version(&tree), diagnostics)?;
    let pruned = prune::prune(&tree, diagnostics)?;
    lint::lint(&tree, &pruned.tree, &pruned.sites, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    let mut normal = pruned.tree.clone();
    normalize::normalize(&mut normal);
    let api = keep(parse::parse(&normal), diagnostics)?;
    let context = model::Context {
        api: &api,
        tree: &pruned.tree,
        sites: &pruned.sites,
    };
    model::build(provider, &context, diagnostics)
}

fn keep<T>(result: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    result
        .map_err(|diagnostic| diagnostics.push(diagnostic))
        .ok()
}
