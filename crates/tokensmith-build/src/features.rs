//! The features of the runtime that a module needs. A module has no manifest that could turn them on.

/// Writes one constant assertion for each feature. Its message names the document, the feature and
/// the line for `Cargo.toml`.
pub(crate) fn checks(document: &str, features: &[&str]) -> String {
    let listed: Vec<String> = features
        .iter()
        .map(|feature| format!("{feature:?}"))
        .collect();
    let listed = listed.join(", ");
    let version = env!("CARGO_PKG_VERSION");
    let check = |feature: &&str| {
        let constant = feature.replace('-', "_").to_uppercase();
        let message = format!(
            "{document} needs the feature `{feature}` of tokensmith-runtime; write in Cargo.toml: \
             tokensmith-runtime = {{ version = \"{version}\", features = [{listed}] }}"
        );
        // A literal of `assert!` is a format string.
        let message = message.replace('{', "{{").replace('}', "}}");
        format!("const _: () = assert!(tokensmith_runtime::features::{constant}, {message:?});\n")
    };
    features.iter().map(check).collect()
}
