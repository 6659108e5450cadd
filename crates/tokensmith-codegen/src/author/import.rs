//! A document for `specs` out of a vendor's: its OAuth operations, what they refer to, and the questions that are left.
//!
//! Of a document in one file the text itself is cut, so that order, comments and layout stay the vendor's. Where that cannot be done (JSON, braces
//! instead of indentation), the values are cut in their order; and what is made of several files, or of Swagger 2.0, is written anew. Whatever the
//! way, the result is read again, and counts only if it means what the vendor's document means.

mod cut;
mod head;
mod keep;
mod questions;

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::stages::{self, Files, prepare};
use crate::{Source, read};
use head::headed;
pub use head::{HEADER, is_as_imported, is_imported};
use keep::Keep;
use questions::Questions;

/// What an import makes.
#[derive(Debug)]
pub struct Imported {
    /// The document, in YAML.
    pub document: String,
    /// The overlay with the facts that somebody has to confirm, in YAML.
    pub overlay: String,
    /// Whether the vendor's text was kept, and not only its values.
    pub is_text: bool,
    /// What is still wrong with both together.
    pub diagnostics: Vec<Diagnostic>,
}

/// Makes a provider's document and overlay of a vendor's file.
///
/// # Errors
///
/// What keeps the file from being read, or says that it has no token endpoint.
pub fn import(provider: &str, vendor: Source<'_>) -> Result<Imported, Vec<Diagnostic>> {
    let mut diagnostics = Diagnostics::default();
    let mut files = Files::default();
    let Some(prepared) = prepare(vendor, None, &mut diagnostics, &mut files) else {
        let mut diagnostics = diagnostics.into_vec();
        files.place(&mut diagnostics, vendor.name);
        return Err(diagnostics);
    };
    let keep = Keep::new(&prepared.tree, &prepared.selected);
    let text = files.text(vendor.name);
    let is_one_file = !prepared.is_swagger && !prepared.selected.has_moved();
    let source = vendor
        .name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(vendor.name);
    let document_name = format!("specs/{provider}.yaml");
    let selected = prepared.selected.clone();
    stages::check_name(provider, &mut diagnostics);
    let original = stages::understand(provider, prepared, &mut diagnostics, &mut files);
    let findings = diagnostics.take_findings();
    let found = diagnostics.into_vec();
    let means_the_same = |text: &String| {
        let reading = read(provider, Source::new(&document_name, text.as_bytes()), None);
        reading.model == original && errors(&reading.diagnostics) == errors(&found)
    };
    let from = |is_text: bool| match is_text {
        true => cut::text(&text, &keep),
        false => cut::values(&text, &keep),
    };
    let ways = [true, false].into_iter().filter(|_| is_one_file);
    let mut cuts = ways.filter_map(|is_text| Some((is_text, headed(source, &from(is_text)?))));
    let (is_text, document) = cuts
        .find(|(_, text)| means_the_same(text))
        .unwrap_or_else(|| (false, headed(source, &anew(&selected.tree))));
    let questions = Questions::new(&selected, original.as_ref(), (&found, &findings));
    let overlay = questions.overlay(provider);
    let overlay_name = format!("specs/{provider}.overlay.yaml");
    let reading = read(
        provider,
        Source::new(&document_name, document.as_bytes()),
        Some(Source::new(&overlay_name, overlay.as_bytes())),
    );
    Ok(Imported {
        document,
        overlay,
        is_text,
        diagnostics: reading.diagnostics,
    })
}

/// The codes of the errors, in order.
fn errors(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == crate::Severity::Error);
    let mut codes: Vec<&str> = errors.map(|diagnostic| diagnostic.rule.code()).collect();
    codes.sort_unstable();
    codes
}

/// The selected tree in the order in which people write documents.
fn anew(tree: &Value) -> String {
    const ORDER: [&str; 7] = [
        "openapi",
        "info",
        "externalDocs",
        "servers",
        "security",
        "paths",
        "components",
    ];
    let mut text = String::new();
    for key in ORDER {
        if let Some(value) = tree.get(key) {
            let one = serde_json::json!({ key: value });
            text.push_str(&serde_yaml::to_string(&one).unwrap_or_default());
        }
    }
    text
}
