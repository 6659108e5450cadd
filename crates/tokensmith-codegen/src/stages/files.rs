//! The files that a document is made of, and what is written where in them.

use crate::diagnostic::finding::{Evidence, Finding};
use crate::diagnostic::{Diagnostic, Excerpt};
use crate::source::external::External;
use crate::source::load::Loaded;
use crate::source::origin::Origins;
use crate::source::position;

/// Diagnostics of a file that are shown with its lines: to find these takes a pass over the file for each.
const MAX_EXCERPTS: usize = 200;

/// The files that a document is made of, and what was moved between them.
#[derive(Default)]
pub(crate) struct Files {
    pub(super) loaded: Vec<Loaded>,
    pub(super) origins: Origins,
    pub(crate) externals: Vec<External>,
}

impl Files {
    /// What a file says; nothing where it was not read.
    pub(crate) fn text(&self, name: &str) -> String {
        let loaded = self.loaded.iter().find(|loaded| loaded.file == name);
        loaded.map_or_else(String::new, |loaded| loaded.text.clone())
    }

    /// Fills in the file of what was found by stages that know pointers only.
    fn name_file(&self, file: &mut String, pointer: &mut String, document: &str) {
        if !file.is_empty() {
            return;
        }
        match self.origins.of(pointer) {
            Some(place) => {
                *file = place.file;
                *pointer = place.pointer;
            }
            None => document.clone_into(file),
        }
    }

    /// Fills in file and position of the evidence of findings.
    pub(crate) fn place_findings(&self, findings: &mut [Finding], document: &str) {
        let all = findings.iter_mut().flat_map(|finding| {
            let Finding {
                evidence, against, ..
            } = finding;
            evidence.iter_mut().chain(against)
        });
        let mut all: Vec<&mut Evidence> = all.collect();
        for evidence in &mut all {
            self.name_file(&mut evidence.file, &mut evidence.pointer, document);
        }
        for Loaded { file, text, .. } in &self.loaded {
            let here = all.iter_mut().filter(|evidence| evidence.file == *file);
            let mut here: Vec<&mut &mut Evidence> = here.collect();
            let pointers = here.iter().map(|evidence| evidence.pointer.as_str());
            let places = position::locate(text, &pointers.collect::<Vec<_>>());
            for (evidence, place) in here.iter_mut().zip(places) {
                evidence.position = place;
            }
        }
    }

    /// Fills in file, position and excerpt of diagnostics of stages that know pointers only.
    pub(crate) fn place(&self, diagnostics: &mut [Diagnostic], document: &str) {
        for diagnostic in diagnostics.iter_mut() {
            self.name_file(&mut diagnostic.file, &mut diagnostic.pointer, document);
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
            for (index, (diagnostic, place)) in here.iter_mut().zip(places).enumerate() {
                diagnostic.position = place;
                if index < MAX_EXCERPTS {
                    diagnostic.excerpt = place.and_then(|place| Excerpt::around(text, place));
                }
            }
        }
    }
}
