//! Grants that a document lists, against what else it says of them.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::site::Site;

/// Tells grants that words name and the list lacks.
pub(super) fn tell_named(grants: &BTreeSet<String>, name: &str, at: &str) -> Option<Diagnostic> {
    if grants.is_empty() {
        return None;
    }
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    let list = list.join(", ");
    let message = format!(
        "a description names the grant {list}, which `{name}` does not list; there is no request for it"
    );
    Some(Diagnostic::new(Rule::Unused, at, message).help(format!(
        "where the provider takes it, add it to the values of `{name}`:\nenum: [{list}]"
    )))
}

/// Leaves out what no request to a token endpoint asks for, and tells flows that the list lacks.
pub(super) fn check(
    grants: &mut BTreeSet<String>,
    flows: &[String],
    (site, name, place): (&Site, &str, Option<&str>),
    diagnostics: &mut Diagnostics,
) {
    let is_implicit = |grant: &String| grant.eq_ignore_ascii_case("implicit");
    if grants.iter().any(is_implicit) && grants.len() > 1 {
        grants.retain(|grant| !is_implicit(grant));
        let message = "the grant `implicit` is left out: its tokens come from the authorization endpoint, and no request to the token endpoint names it (RFC 6749 section 4.2)";
        diagnostics.push(
            Diagnostic::new(Rule::LeftOut, place.unwrap_or(&site.pointer), message)
                .help(format!("remove it from the values of `{name}`")),
        );
    }
    let is_missing = |flow: &&String| grants.iter().all(|grant| !grant.eq_ignore_ascii_case(flow));
    let missing: BTreeSet<&str> = flows
        .iter()
        .filter(is_missing)
        .map(String::as_str)
        .collect();
    if missing.is_empty() {
        return;
    }
    let list: Vec<&str> = missing.into_iter().collect();
    let message = format!(
        "an OAuth flow has this endpoint for the grant {}, which `{name}` does not list; there is no request for it",
        list.join(", ")
    );
    diagnostics.push(Diagnostic::new(Rule::Unused, &site.pointer, message).help(format!(
        "add what the provider takes to the values of `{name}`:\nenum: [{}]\nor remove the flow",
        list.join(", ")
    )));
}
