//! The identifier of the authorization server that a server names.

use tokensmith_template::Template;

use super::template_names;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::extension;
use crate::pointer;

/// The issuer, if it is one (RFC 8414 section 2) whose variables are those of the server's URL.
pub(super) fn read(
    issuer: &str,
    url: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Option<String> {
    let Some(reason) = fault(issuer, url) else {
        return Some(issuer.to_owned());
    };
    let place = pointer::join_all(at, &[extension::KEY, "issuer"]);
    let message = format!("invalid issuer `{}`: {reason}", issuer.escape_debug());
    diagnostics
        .push(Diagnostic::new(Rule::Extension, place, message).help(
            "write the `issuer` of the server's metadata, such as https://login.example.com",
        ));
    None
}

fn fault(issuer: &str, url: &str) -> Option<String> {
    let rest = issuer
        .strip_prefix("https://")
        .filter(|rest| !rest.is_empty());
    if rest.is_none() {
        return Some("it must begin with `https://`".to_owned());
    }
    if issuer.contains(['?', '#']) {
        return Some("it cannot have a query or a fragment (RFC 8414 section 2)".to_owned());
    }
    if let Err(fault) = Template::parse(issuer) {
        return Some(fault.to_string());
    }
    let unknown =
        template_names(issuer).find(|name| template_names(url).all(|known| known != *name));
    unknown.map(|name| format!("the server's URL has no variable `{}`", name.escape_debug()))
}
