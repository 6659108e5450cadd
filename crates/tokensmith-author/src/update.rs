//! A newer file of a vendor's takes the place of an older one.

mod beside;
mod edits;
mod report;

use std::borrow::Cow;

use tokensmith_codegen::authoring::{is_readable, misfits};
use tokensmith_codegen::{Diagnostic, External, Model, Severity, Source, read};

pub use beside::{Newer, newer};
pub use edits::lost;
pub use tokensmith_codegen::authoring::{Fit, Misfit};

use crate::import;

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
    /// Returns what the newer file changes in the meaning of the document, and where the overlay,
    /// which has this name, no longer fits.
    pub fn report(&self, overlay: &str) -> Vec<String> {
        report::report(self, overlay)
    }

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
    if reading.model.is_none() && !is_import && !is_readable(newer) {
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
