//! A newer file of a vendor's takes the place of an older one.

use std::borrow::Cow;

use crate::author::import;
use crate::diagnostic::{Diagnostic, Severity};
use crate::source::load;
use crate::source::overlay;
use crate::{External, Model, Source, read};

pub use crate::source::overlay::{Fit, Misfit};

/// What a newer file would bring.
#[derive(Debug)]
pub struct Update<'a> {
    /// What the document becomes.
    pub document: Cow<'a, [u8]>,
    /// Whether the document was imported, and somebody changed it since: what they wrote is not in the newer one.
    pub is_edited: bool,
    /// The files beside the newer file that it refers to, which have to come with it.
    pub externals: Vec<External>,
    /// Actions of the overlay that fit it less well than they did.
    pub misfits: Vec<Fit>,
    /// What the document means now, with its overlay; nothing if it has errors.
    pub before: Option<Model>,
    /// What it would mean.
    pub after: Option<Model>,
    /// What would be wrong with it.
    pub diagnostics: Vec<Diagnostic>,
}

impl Update<'_> {
    /// Whether the crate could no longer be generated.
    pub fn breaks(&self) -> bool {
        self.before.is_some() && self.after.is_none()
    }
}

/// Compares a newer file of the vendor's with the document that is there. An imported document is imported anew, any other is taken as it is.
///
/// # Errors
///
/// What keeps the newer file from being read, or says that it has no token endpoint.
pub fn update<'a>(
    provider: &str,
    document: Source<'_>,
    newer: Source<'a>,
    overlay: Option<Source<'_>>,
) -> Result<Update<'a>, Vec<Diagnostic>> {
    let is_import = import::is_imported(document.bytes);
    let bytes = if is_import {
        Cow::Owned(import::import(provider, newer)?.document.into_bytes())
    } else {
        Cow::Borrowed(newer.bytes)
    };
    let after = Source {
        name: document.name,
        bytes: &bytes,
        folder: if is_import {
            document.folder
        } else {
            newer.folder
        },
    };
    let misfits = overlay.map_or_else(Vec::new, |overlay| misfits(document, after, overlay));
    let before = read(provider, document, overlay).model;
    let reading = read(provider, after, overlay);
    let diagnostics = reading.diagnostics;
    if reading.model.is_none() && !is_import && load::load(newer.name, newer.bytes).is_err() {
        let errors = diagnostics
            .into_iter()
            .filter(|diagnostic| diagnostic.severity() == Severity::Error);
        return Err(errors.collect());
    }
    Ok(Update {
        misfits,
        before,
        after: reading.model,
        diagnostics,
        is_edited: is_import && !import::is_as_imported(document.bytes),
        externals: reading.externals,
        document: bytes,
    })
}

fn misfits(before: Source<'_>, after: Source<'_>, overlay: Source<'_>) -> Vec<Fit> {
    let tree = |source: Source<'_>| {
        load::load(source.name, source.bytes)
            .ok()
            .map(|loaded| loaded.tree)
    };
    match (
        tree(before),
        tree(after),
        load::load(overlay.name, overlay.bytes),
    ) {
        (Some(before), Some(after), Ok(overlay)) => overlay::fits(before, after, &overlay),
        _ => Vec::new(),
    }
}
