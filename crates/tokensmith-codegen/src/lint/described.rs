//! A parameter that no RFC defines needs a description: nobody can look it up.

use std::collections::BTreeSet;

use super::{Subject, list};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::rfc;

pub(super) fn lint(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    let bare: Vec<_> = subject
        .inputs
        .iter()
        .filter(|part| !rfc::is_defined(part.name) && !part.is_header_of_http())
        .filter(|part| !part.has_text("description"))
        .collect();
    let Some(first) = bare.first() else { return };
    let names: BTreeSet<&str> = bare.iter().map(|part| part.name).collect();
    let names: Vec<&str> = names.into_iter().collect();
    let message = match names.as_slice() {
        [only] => format!("`{}` has no description", only.escape_debug()),
        several => format!("{} have no description", list(several)),
    };
    diagnostics.push(
        Diagnostic::new(Rule::Undescribed, &first.pointer, message).help(
            "say what it is for, and where that is written:\n\
             description: The tenant's number. Source: docs.example.com/tokens",
        ),
    );
}
