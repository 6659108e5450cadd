//! The selected tree becomes openapiv3's types.

mod fault;

use openapiv3::OpenAPI;
use serde::Deserialize as _;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::pointer;

/// Checks that a loaded tree is an OpenAPI document of a version that is read.
pub(crate) fn check_version(tree: &Value) -> Result<(), Diagnostic> {
    let Some(version) = tree.get("openapi") else {
        return Err(Diagnostic::new(
            Rule::NotOpenApi,
            "",
            "this is not an OpenAPI document: `openapi` is missing",
        )
        .help("start with `openapi: 3.1.0`, `info:` and `paths:`"));
    };
    let text = scalar_text(version);
    let version = without_v(text.trim());
    let is_read = ["3.0", "3.1"].iter().any(|read| {
        version
            .strip_prefix(read)
            .is_some_and(|patch| patch.is_empty() || patch.starts_with(['.', '-']))
    });
    if !is_read && version != "3" {
        let message = format!("OpenAPI `{version}` is not read; 3.0 and 3.1 are");
        return Err(
            Diagnostic::new(Rule::UnsupportedVersion, "/openapi", message)
                .help("write `openapi: 3.1.0`"),
        );
    }
    Ok(())
}

/// Some write `v3.0.1`.
fn without_v(version: &str) -> &str {
    version.strip_prefix(['v', 'V']).unwrap_or(version)
}

fn scalar_text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Reads the selected and normalized tree; nothing where a part of it cannot be read.
pub(crate) fn parse(tree: &Value, diagnostics: &mut Diagnostics) -> Option<OpenAPI> {
    // Where it stands is asked only of what cannot be read: to keep track of it takes time.
    if let Ok(api) = OpenAPI::deserialize(tree) {
        return Some(api);
    }
    let error = match serde_path_to_error::deserialize(tree) {
        Ok(api) => return Some(api),
        Err(error) => error,
    };
    let mut faults = fault::faults(tree);
    if faults.is_empty() {
        faults.push(malformed(
            pointer::of_path(error.path()),
            &error.inner().to_string(),
        ));
    }
    faults.into_iter().for_each(|fault| diagnostics.push(fault));
    None
}

fn malformed(pointer: String, error: &str) -> Diagnostic {
    let message = format!("this does not have OpenAPI's shape: {error}");
    Diagnostic::new(Rule::Malformed, pointer, message)
        .help("compare it with https://spec.openapis.org/oas/v3.0.3.html")
}
