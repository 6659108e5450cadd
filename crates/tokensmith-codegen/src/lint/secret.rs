//! A parameter that is a secret should say so, for every tool that reads the document.

use std::collections::BTreeSet;

use super::{Subject, list};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::rfc;

pub(super) fn lint(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let visible: Vec<_> = subject
        .inputs
        .iter()
        .filter(|part| is_secret(part.name))
        .filter(|part| {
            let is_text = part.get("type").is_none_or(|kind| kind == "string");
            let is_marked = part
                .get("format")
                .is_some_and(|format| format == "password")
                || part.get("writeOnly").is_some_and(|mark| mark == true);
            is_text && !is_marked && part.get("enum").is_none() && part.get("const").is_none()
        })
        .collect();
    let Some(first) = visible.first() else { return };
    let names: BTreeSet<&str> = visible.iter().map(|part| part.name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let message = match names.as_slice() {
        [only] => format!("`{}` is not marked as a secret", only.escape_debug()),
        several => format!("{} are not marked as secrets", list(several)),
    };
    diagnostics.push(
        Diagnostic::new(Rule::VisibleSecret, &first.pointer, message)
            .help("add `format: password`: what is not marked is shown by documentation, logs and other generators"),
    );
}

/// By the RFCs' names, and by words that mean nothing else.
fn is_secret(name: &str) -> bool {
    let plain: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    rfc::is_secret_parameter(name)
        || ["secret", "password", "apikey", "privatekey"]
            .iter()
            .any(|word| plain.ends_with(word))
}
