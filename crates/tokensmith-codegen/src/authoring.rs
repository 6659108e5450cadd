//! What `tokensmith-author` asks of the stages beside [`read`](crate::read).
//!
//! It is for the project's own tools: it changes with the stages.

use serde_json::{Value, json};

use crate::diagnostic::Diagnostics;
use crate::openapi::extension;
use crate::openapi::site::Site;
use crate::pointer;
use crate::select::Selected;
use crate::source::{load, overlay};
use crate::stages::{self, Files, prepare};
use crate::{Diagnostic, Finding, Model, Source};
use tokensmith_description::EndpointKind;

pub use crate::lint::UNCONFIRMED;
pub use crate::model::credential::is_credential_parameter;
pub use crate::source::hidden_text::is_hiding;
pub use crate::source::overlay::{Fit, Misfit};

/// The OAuth operations of a document, and what the document means.
#[derive(Debug)]
pub struct Selection {
    /// The text of the document's own file.
    pub text: String,
    /// All of the document, as OpenAPI 3, in one tree.
    pub tree: Value,
    /// The OAuth operations and what they refer to.
    pub selected: Value,
    /// JSON Pointers into `tree`: the parts that were selected.
    pub kept: Vec<String>,
    /// The operations, in the order in which they become endpoints.
    pub operations: Vec<SelectedOperation>,
    /// Whether all that was selected stands in the document's own file, as OpenAPI 3.
    pub is_verbatim: bool,
    /// The document's meaning; `None` if it has errors.
    pub model: Option<Model>,
    /// What is wrong with the document; the pointers lead into `selected`.
    pub diagnostics: Vec<Diagnostic>,
    /// What the parts of the meaning come from.
    pub findings: Vec<Finding>,
}

/// An OAuth operation of a document.
#[derive(Debug)]
pub struct SelectedOperation {
    /// The path, as its key has it.
    pub path: String,
    /// The method, in lower case.
    pub method: String,
    /// Where it stands in the whole tree.
    pub pointer: String,
    /// Where it stands in what was selected.
    pub selected_pointer: String,
    /// Whether it is a token endpoint.
    pub is_token_endpoint: bool,
    /// Whether it is another path of an endpoint, and none of its own.
    pub is_alternative: bool,
}

impl SelectedOperation {
    fn of(site: &Site) -> Self {
        Self {
            path: site.path.clone(),
            method: site.method.clone(),
            pointer: site.pointer.clone(),
            selected_pointer: site.in_selected().pointer,
            is_token_endpoint: site.kind == EndpointKind::Token,
            is_alternative: site.extension.alternative_of.is_some(),
        }
    }
}

/// Selects the OAuth operations of a vendor's document and reads what they mean.
///
/// # Errors
///
/// What keeps the document from being read, or says that it has no token endpoint.
pub fn select(provider: &str, vendor: Source<'_>) -> Result<Selection, Vec<Diagnostic>> {
    let mut diagnostics = Diagnostics::default();
    let mut files = Files::default();
    let Some(prepared) = prepare(vendor, None, &mut diagnostics, &mut files) else {
        let mut diagnostics = diagnostics.into_vec();
        files.place(&mut diagnostics, vendor.name);
        return Err(diagnostics);
    };
    let selected = &prepared.selected;
    let mut selection = Selection {
        text: files.text(vendor.name),
        tree: prepared.tree.clone(),
        selected: with_asked_scopes(selected, with_extensions(selected, &prepared.tree)),
        kept: selected.kept.clone(),
        operations: selected.sites.iter().map(SelectedOperation::of).collect(),
        is_verbatim: !prepared.is_swagger && !selected.has_moved(),
        model: None,
        diagnostics: Vec::new(),
        findings: Vec::new(),
    };
    stages::check_name(provider, &mut diagnostics);
    selection.model = stages::understand(provider, prepared, &mut diagnostics, &mut files);
    selection.findings = diagnostics.take_findings().into_vec();
    selection.diagnostics = diagnostics.into_vec();
    Ok(selection)
}

/// What was selected, with the `x-tokensmith` of its operations, which `select` keeps beside it.
fn with_extensions(selected: &Selected, tree: &Value) -> Value {
    let mut with = selected.tree.clone();
    for site in &selected.sites {
        let extension = tree.pointer(&pointer::join(&site.pointer, extension::KEY));
        let operation = with.pointer_mut(&site.in_selected().pointer);
        let operation = operation.and_then(Value::as_object_mut);
        if let (Some(extension), Some(operation)) = (extension, operation) {
            operation.insert(extension::KEY.to_owned(), extension.clone());
        }
    }
    with
}

/// The same with the security requirements of other operations, where only these name a scope.
fn with_asked_scopes(selected: &Selected, mut with: Value) -> Value {
    for asked in selected.asked_scopes.values().map(|asked| &asked.by) {
        let paths = with.get_mut("paths").and_then(Value::as_object_mut);
        let (Some(paths), Some((path, method))) = (paths, &asked.operation) else {
            continue;
        };
        let item = paths.entry(path).or_insert_with(|| json!({}));
        if item.get(method).is_none() {
            item[method] = json!({"security": asked.value, "responses": {}});
        }
    }
    with
}

/// Returns whether a file is YAML or JSON within the bounds of a document.
pub fn is_readable(source: Source<'_>) -> bool {
    load::load(source.name, source.bytes).is_ok()
}

/// Returns the actions of an overlay that fit a newer document less well than an older one; none
/// where one of the three cannot be read.
pub fn misfits(before: Source<'_>, after: Source<'_>, overlay: Source<'_>) -> Vec<Fit> {
    let load = |source: Source<'_>| load::load(source.name, source.bytes).ok();
    match (load(before), load(after), load(overlay)) {
        (Some(before), Some(after), Some(overlay)) => {
            overlay::fits(before.tree, after.tree, &overlay)
        }
        _ => Vec::new(),
    }
}
