//! From an OpenAPI document of OAuth 2.0 token endpoints to the source of a typed Rust crate.
//!
//! Data flows one way through the stages, one module each:
//!
//! ```text
//! load -> overlay -> swagger -> external -> prune -> repair -> normalize -> parse -> model -> emit -> write
//! ```
//!
//! [`read`] takes a document as far as its [`Model`]; [`emit()`](emit::emit) makes the files of a crate of it; [`mod@write`] puts them on the disk.
//! Whatever is wrong with a document is a [`Diagnostic`]; nothing panics, whatever the document says.

mod cache;
pub mod diagnostic;
pub mod diff;
pub mod emit;
mod extension;
mod external;
mod extract;
#[cfg(fuzzing)]
pub mod fuzzing;
pub mod import;
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
mod repair;
pub mod report;
pub mod sample;
mod swagger;
pub mod template;
pub mod update;
pub mod write;

pub use diagnostic::{Diagnostic, Excerpt, Position, Rule, Severity};
pub use external::External;
pub use extract::extract;
pub use model::Model;

use std::path::Path;

use diagnostic::Diagnostics;
use load::Loaded;
use origin::Origins;
use prune::Pruned;
use serde_json::Value;

/// A file that was read, under the name that diagnostics give it.
#[derive(Debug, Clone, Copy)]
pub struct Source<'a> {
    /// How diagnostics and the generated files name it.
    pub name: &'a str,
    /// What is in it.
    pub bytes: &'a [u8],
    /// The folder whose files a document may refer to, that is its own; without one it may refer to none. An overlay needs none.
    pub folder: Option<&'a Path>,
}

impl<'a> Source<'a> {
    /// A file that refers to no others.
    pub fn new(name: &'a str, bytes: &'a [u8]) -> Self {
        Self {
            name,
            bytes,
            folder: None,
        }
    }

    /// A document that may refer to other files of its folder.
    #[must_use]
    pub fn in_folder(self, folder: Option<&'a Path>) -> Self {
        Self { folder, ..self }
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
    Reading {
        model,
        diagnostics,
        externals: files.externals,
    }
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
    externals: Vec<External>,
}

impl Files {
    /// What a file says; nothing where it was not read.
    fn text(&self, name: &str) -> String {
        let loaded = self.loaded.iter().find(|loaded| loaded.file == name);
        loaded.map_or_else(String::new, |loaded| loaded.text.clone())
    }

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
    let Prepared {
        tree, mut pruned, ..
    } = prepare(document, overlay, diagnostics, files)?;
    lint::lint(&tree, &pruned.tree, &pruned.sites, diagnostics);
    if diagnostics.has_errors() {
        return None;
    }
    repair::repair(&mut pruned.tree, diagnostics);
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

/// A document after the stages that see all of it.
struct Prepared {
    /// All of it, in one tree.
    tree: Value,
    /// What is left of it.
    pruned: Pruned,
    is_swagger: bool,
}

/// Loads a document and its overlay, and keeps what is OAuth's.
fn prepare(
    document: Source<'_>,
    overlay: Option<Source<'_>>,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Prepared> {
    let mut loaded = keep(load::load(document.name, document.bytes), diagnostics)?;
    let mut tree = loaded.tree.take();
    files.loaded.push(loaded);
    if let Some(overlay) = overlay {
        let overlay = keep(load::load(overlay.name, overlay.bytes), diagnostics)?;
        overlay::apply(&mut tree, &overlay, &mut files.origins, diagnostics);
        files.loaded.push(overlay);
    }
    let is_swagger = keep(swagger::is_swagger(&tree), diagnostics)?;
    if is_swagger {
        swagger::raise(&mut tree, document.name, &mut files.origins);
    }
    keep(parse::check_version(&tree), diagnostics)?;
    let beside = external::Files::new(document.folder, document.name, is_swagger);
    let pruned = prune(&mut tree, beside, document.name, diagnostics, files)?;
    Some(Prepared {
        tree,
        pruned,
        is_swagger,
    })
}

/// Prunes the tree, and again for as long as that asks for more files.
fn prune(
    tree: &mut Value,
    mut beside: external::Files<'_>,
    document: &str,
    diagnostics: &mut Diagnostics,
    files: &mut Files,
) -> Option<Pruned> {
    let pruned = loop {
        let mut found = Diagnostics::default();
        let pruned = prune::prune(tree, &beside, &mut found);
        if !beside.bring(tree, &mut files.origins) {
            diagnostics.extend(found);
            break pruned;
        }
    };
    let (externals, loaded) = beside.into_parts();
    files.externals = externals;
    files.loaded.extend(loaded);
    let pruned = pruned?;
    for loaded in &files.loaded {
        loaded
            .warnings
            .iter()
            .for_each(|warning| diagnostics.push(warning.clone()));
        duplicates(loaded, &pruned, document, &files.origins, diagnostics);
    }
    pruned.note(&mut files.origins, document);
    Some(pruned)
}

/// Reports the repeated keys of a file that touch what was kept.
fn duplicates(
    loaded: &Loaded,
    pruned: &Pruned,
    document: &str,
    origins: &Origins,
    diagnostics: &mut Diagnostics,
) {
    if loaded.duplicates.is_empty() {
        return;
    }
    let kept: Vec<String> = pruned
        .kept
        .iter()
        .filter_map(|kept| match origins.of(kept) {
            Some(place) => (place.file == loaded.file).then_some(place.pointer),
            None => (loaded.file == document).then(|| kept.clone()),
        })
        .collect();
    for duplicate in &loaded.duplicates {
        let touches = |kept: &String| {
            pointer::is_within(duplicate, kept) || pointer::is_within(kept, duplicate)
        };
        if kept.iter().any(touches) {
            let key = pointer::tokens(duplicate).last().unwrap_or_default();
            let message =
                format!("the key `{key}` stands here more than once; the last one counts");
            diagnostics.push(
                Diagnostic::new(Rule::DuplicateKey, duplicate, message)
                    .help("keep one of them")
                    .in_file(&loaded.file),
            );
        }
    }
}

fn keep<T>(result: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    result
        .map_err(|diagnostic| diagnostics.push(diagnostic))
        .ok()
}
