//! The stages one by one, for the fuzz targets. Not there in any other build.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::emit::docs;
use crate::repair::{normalize as normal, parse as typed};
use crate::select as pruning;
use crate::source::external::Files;
use crate::source::load;

/// Stage one.
///
/// # Errors
///
/// What keeps the bytes from being read.
pub fn load(bytes: &[u8]) -> Result<Value, Diagnostic> {
    load::load("document", bytes).map(|loaded| loaded.tree)
}

/// Stage three; nothing where there is no token endpoint.
pub fn prune(tree: &Value) -> Option<Value> {
    pruning::prune(
        tree,
        &Files::new(None, "", false),
        &mut Diagnostics::default(),
    )
    .map(|pruned| pruned.tree)
}

/// Stage four.
pub fn normalize(mut tree: Value) -> Value {
    normal::normalize(&mut tree);
    tree
}

/// Stage five.
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
