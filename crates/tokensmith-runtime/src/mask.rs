//! Keeping credentials out of text that is shown.

mod lookalike;

pub(crate) const MASKED: &str = "[redacted]";

/// A path in which the segments that look like credentials are masked.
pub(crate) fn path(path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let is_masked = lookalike::is_credential(segment);
        if is_masked { MASKED } else { segment }
    });
    segments.collect::<Vec<_>>().join("/")
}

/// A host in which the labels that look like credentials are masked.
pub(crate) fn host(host: &str) -> String {
    let labels = host.split('.').map(|label| {
        let is_masked = lookalike::is_credential(label);
        if is_masked { MASKED } else { label }
    });
    labels.collect::<Vec<_>>().join(".")
}
