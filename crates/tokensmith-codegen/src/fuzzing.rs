//! The stages one by one, for the fuzz targets. Not there in any other build.

use serde_json::Value;

use crate::diagnostic::{self, Diagnostic, Diagnostics};
use crate::emit::docs;
use crate::repair::{normalize as normal, parse as typed};
use crate::select;
use crate::source::external::Files;
use crate::source::load;

/// The stage `source`: bytes become a tree.
///
/// # Errors
///
/// What keeps the bytes from being read.
pub fn load(bytes: &[u8]) -> Result<Value, Diagnostic> {
    load::load("document", bytes).map(|loaded| loaded.tree)
}

/// The stage `select`; nothing where there is no token endpoint.
pub fn select(tree: &Value) -> Option<Value> {
    select::select(
        tree,
        &Files::new(None, "", false),
        &mut Diagnostics::default(),
    )
    .map(|selected| selected.tree)
}

/// The first half of the stage `repair`: OpenAPI 3.1 becomes 3.0.
pub fn normalize(mut tree: Value) -> Value {
    normal::normalize(&mut tree);
    tree
}

/// The second half: the tree becomes typed.
///
/// # Errors
///
/// Where the tree does not have OpenAPI's shape.
pub fn parse(tree: &Value) -> Result<(), Diagnostic> {
    let mut diagnostics = Diagnostics::default();
    typed::parse(tree, &mut diagnostics);
    let mut found = diagnostics.into_vec().into_iter();
    found.next().map_or(Ok(()), Err)
}

/// A description as documentation.
pub fn markdown(text: &str) -> String {
    docs::markdown(text)
}

/// A text with what nobody sees written out, as documentation has it.
pub fn visible(text: &str) -> String {
    diagnostic::visible::visible(text)
}
