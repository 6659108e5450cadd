//! An extension where it means nothing was meant to say something.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::extension::{KEY, has_meaning_on};
use crate::openapi::grammar::{Part, walk};
use crate::pointer::Trail;

pub(super) fn lint(tree: &Value, diagnostics: &mut Diagnostics) {
    let root = Trail::Start("");
    walk(tree, Part::Document, &root, &mut |part, members, at| {
        if members.contains_key(KEY) && !has_meaning_on(part) {
            let message = format!("`{KEY}` means nothing in this place");
            diagnostics.push(
                Diagnostic::new(Rule::Extension, at.key(KEY).pointer(), message).help(
                    "write it in `info`, a server, a variable of one, an operation, a parameter or a schema",
                ),
            );
        }
    });
}
