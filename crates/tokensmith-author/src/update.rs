//! A newer file of a vendor's takes the place of an older one.

mod edits;
mod report;
mod vendor_files;

use std::borrow::Cow;

use tokensmith_codegen::authoring::{is_readable, misfits};
use tokensmith_codegen::{Diagnostic, External, Model, Severity, Source, read};

pub use edits::lost;
pub use tokensmith_codegen::authoring::{Fit, Misfit};
pub use vendor_files::{Newer, newer};

use crate::import;

/// What a newer file would bring.
#[derive(Debug)]
pub struct Update<'a> {
    /// What the document becomes.
    pub document: Cow<'a, [u8]>,
    /// Whether the document was imported.
    pub is_import: bool,
    /// Whether the document was imported, and somebody changed it since: what they wrote is not in the newer one.
    pub is_edited: bool,
    /// Whether the document, which was not imported, has facts that somebody looked up, and the newer one does not have them.
    pub is_hand_written: bool,
    /// The files beside the newer file that it refers to, which have to come with it. An import has all that it needs in one file.
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
        Cow::Owned(import::document(provider, newer)?.into_bytes())
    } else {
        Cow::Borrowed(newer.bytes)
    };
    let after = Source::new(document.name, &bytes);
    let after = match is_import {
        true => after.in_folder(document.folder),
        false => after.in_folder(newer.folder).with_common(document.folder),
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
    let externals = match is_import {
        true => Vec::new(),
        false => reading.externals,
    };
    Ok(Update {
        misfits,
        is_import,
        is_hand_written: !is_import
            && (drops_sources(before.as_ref(), reading.model.as_ref())
                || says_more(document.bytes) && !says_more(&bytes)),
        before,
        after: reading.model,
        diagnostics,
        is_edited: is_import && !import::is_as_imported(document.bytes),
        externals,
        document: bytes,
    })
}

/// Whether a source that the document names for its facts is not named any more.
fn drops_sources(before: Option<&Model>, after: Option<&Model>) -> bool {
    let (Some(before), Some(after)) = (before, after) else {
        return false;
    };
    let is_kept = |url: &str| after.sources.iter().any(|source| source.url == url);
    !before.sources.iter().all(|source| is_kept(&source.url))
}

/// Whether a document says more than a vendor's does. Its own text counts, since what an overlay
/// says is said of the newer document too.
fn says_more(document: &[u8]) -> bool {
    let key = b"x-tokensmith";
    document.windows(key.len()).any(|window| window == key)
}
