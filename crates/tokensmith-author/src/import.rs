//! A document for `specs` out of a vendor's: its OAuth operations, what they refer to, and the questions that are left.
//!
//! Of a document in one file the text itself is cut, so that order, comments and layout stay the vendor's. Where that cannot be done (JSON, braces
//! instead of indentation), the values are cut in their order; and what is made of several files, or of Swagger 2.0, is written anew. Whatever the
//! way, the result is read again, and counts only if it means what the vendor's document means.
//!
//! The vendor's file, which may be large, goes through the stages once. What is cut out of it goes through them alone, as a proof, and with the overlay, for
//! what is still wrong.

mod cut;
mod head;
mod keep;
mod questions;

use serde_json::Value;

use tokensmith_codegen::authoring::{Selection, select};
use tokensmith_codegen::{Diagnostic, Severity, Source, read};

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
    let selection = select(provider, vendor)?;
    let (is_text, document) = cut_down(provider, vendor, &selection);
    let overlay = Questions::new(&selection).overlay(provider);
    let overlay_name = format!("specs/{provider}.overlay.yaml");
    let reading = read(
        provider,
        Source::new(&document_name(provider), document.as_bytes()),
        Some(Source::new(&overlay_name, overlay.as_bytes())),
    );
    Ok(Imported {
        document,
        overlay,
        is_text,
        diagnostics: reading.diagnostics,
    })
}

/// Makes the document alone: for a provider that has an overlay already.
///
/// # Errors
///
/// As for [`import`].
pub fn document(provider: &str, vendor: Source<'_>) -> Result<String, Vec<Diagnostic>> {
    let selection = select(provider, vendor)?;
    let (_, document) = cut_down(provider, vendor, &selection);
    Ok(document)
}

fn document_name(provider: &str) -> String {
    format!("specs/{provider}.yaml")
}

/// The document, and whether it is the vendor's text.
fn cut_down(provider: &str, vendor: Source<'_>, selection: &Selection) -> (bool, String) {
    let keep = Keep::new(selection);
    let source = vendor
        .name
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(vendor.name);
    let name = document_name(provider);
    let means_the_same = |text: &String| {
        let reading = read(provider, Source::new(&name, text.as_bytes()), None);
        reading.model == selection.model
            && errors(&reading.diagnostics) == errors(&selection.diagnostics)
    };
    let from = |is_text: bool| match is_text {
        true => cut::text(&selection.text, &keep),
        false => cut::values(&selection.text, &keep),
    };
    let ways = [true, false].into_iter().filter(|_| selection.is_verbatim);
    let mut cuts = ways.filter_map(|is_text| Some((is_text, headed(source, &from(is_text)?))));
    cuts.find(|(_, text)| means_the_same(text))
        .unwrap_or_else(|| (false, headed(source, &anew(&selection.selected))))
}

/// The codes of the errors, in order.
fn errors(diagnostics: &[Diagnostic]) -> Vec<&'static str> {
    let errors = diagnostics
        .iter()
        .filter(|diagnostic| diagnostic.severity() == Severity::Error);
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
