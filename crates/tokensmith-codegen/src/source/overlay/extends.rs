//! Which document an overlay is for.

use serde_json::Value;

use super::Reports;
use crate::diagnostic::Rule;
use crate::pointer;

/// `extends` names the document that the overlay lies beside. A URL is where the vendor has it, which may be under any name.
pub(super) fn check(overlay: &Value, document: &str, reports: &mut Reports<'_>) {
    const AT: &str = "/extends";
    let Some(extends) = overlay.get("extends") else {
        return;
    };
    let own = file_name(document);
    let Some(reference) = extends.as_str() else {
        let message = "`extends` is not a reference to a document".to_owned();
        let help = format!("write `extends: {own}`, or leave it out");
        reports.push(Rule::OverlayUnmatched, AT, message, &help);
        return;
    };
    if reference.contains("://") {
        return;
    }
    let (file, _) = pointer::split_reference(reference);
    if file_name(&file) != own {
        let message =
            format!("the overlay is for `{reference}` by its `extends`, and is applied to `{own}`");
        let help = format!(
            "write `extends: {own}`, or name the overlay after the document that it is for"
        );
        reports.push(Rule::OverlayUnmatched, AT, message, &help);
    }
}

fn file_name(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}
