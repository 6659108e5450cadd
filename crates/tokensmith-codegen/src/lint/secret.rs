//! A parameter that is a secret should say so, for every tool that reads the document.

use std::collections::BTreeSet;

use super::{Subject, list};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::credential;
use crate::openapi::extension::KEY;

pub(super) fn lint(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let visible: Vec<_> = subject
        .inputs
        .iter()
        .filter(|part| credential::is_credential_parameter(part.name) && !part.is_header_of_http())
        .filter(|part| {
            let is_text = part.get("type").is_none_or(|kind| kind == "string");
            let is_marked = part
                .get("format")
                .is_some_and(|format| format == "password")
                || part.get("writeOnly").is_some_and(|mark| mark == true)
                || part
                    .get(KEY)
                    .is_some_and(|said| said.get("secret").is_some());
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
            .help(
                "add `format: password`: what is not marked is shown by documentation, logs and other generators; \
                 or say that it is not a secret:\nx-tokensmith: {secret: false}",
            ),
    );
}
