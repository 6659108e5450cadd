//! What keeps no crate from being generated, and is worth a second look all the same.
//!
//! A lint reads the OAuth operations and what they refer to, wherever that stands, as their authors wrote it, overlay included. Each file is one lint,
//! or a few about one thing. A lint speaks once for an operation and names all it found there, so that a vendor's document does not drown its reader.

pub(crate) mod account;
mod confirmed;
mod described;
mod example;
mod extension;
mod parts;
mod response;
mod secret;
mod server;
mod source;
mod validate;
mod vendor_url;

use serde_json::Value;

use crate::diagnostic::Diagnostics;
use crate::openapi::operation::Operation;
use crate::openapi::site::Site;
use crate::source::hidden_text;

pub use confirmed::MARK as UNCONFIRMED;
use parts::Part;
pub(crate) use server::is_plain as is_plain_http;

/// An OAuth operation, with what the document says of it.
pub(super) struct Subject<'a> {
    root: &'a Value,
    site: &'a Site,
    operation: Operation<'a>,
    /// Parameters and members of the bodies of requests.
    inputs: Vec<Part<'a>>,
}

/// Runs every lint on a selected tree and its operations. It has not been repaired: nothing is told of what only a repair made.
pub(crate) fn lint(root: &Value, sites: &[Site], diagnostics: &mut Diagnostics) {
    hidden_text::lint(root, diagnostics);
    confirmed::lint(root, diagnostics);
    extension::lint(root, diagnostics);
    server::lint(root, sites, diagnostics);
    vendor_url::lint(root, sites, diagnostics);
    for site in sites {
        let Some(operation) = Operation::at(root, &site.pointer) else {
            continue;
        };
        let subject = Subject {
            root,
            site,
            operation,
            inputs: parts::inputs(root, operation),
        };
        described::lint(&subject, diagnostics);
        secret::lint(&subject, diagnostics);
        response::lint(&subject, diagnostics);
        example::lint(&subject, diagnostics);
        source::lint(&subject, diagnostics);
    }
}

/// `a`, `a and b`, or `a, b and 3 more`, in the form of code.
fn list(names: &[&str]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{}`", name.escape_debug()))
        .collect();
    match (names.len().saturating_sub(SHOWN), shown.split_last()) {
        (0, Some((last, []))) => last.clone(),
        (0, Some((last, rest))) => format!("{} and {last}", rest.join(", ")),
        (more, _) => format!("{} and {more} more", shown.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::list;

    #[test]
    fn names_are_listed_as_in_a_sentence() {
        assert_eq!(list(&["a"]), "`a`");
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        assert_eq!(
            list(&["a"; 14]),
            "`a`, `a`, `a`, `a`, `a`, `a`, `a`, `a`, `a`, `a`, `a`, `a` and 2 more"
        );
    }
}
