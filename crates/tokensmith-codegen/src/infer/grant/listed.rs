//! Grants that a document lists, against what else it says of them.

use std::collections::BTreeSet;

use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::grant::Flow;
use crate::infer::schema::Shape;
use crate::openapi::site::Site;

/// What lists the grants.
pub(super) fn evidence(shape: &Shape<'_>, grants: &BTreeSet<String>) -> Evidence {
    let kind = match shape.values.as_slice() {
        [_] => EvidenceKind::Const,
        [] if shape.pattern.is_some() => EvidenceKind::Pattern,
        _ => EvidenceKind::Enum,
    };
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    Evidence::new(kind, &shape.pointer).saying(&list.join(", "))
}

/// Tells grants that words name and the list lacks.
pub(super) fn tell_named(
    grants: &BTreeSet<String>,
    name: &str,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> Option<Evidence> {
    if grants.is_empty() {
        return None;
    }
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    let list = list.join(", ");
    let message = format!(
        "a description names the grant {list}, which `{name}` does not list; there is no request for it"
    );
    diagnostics.push(Diagnostic::new(Rule::Unused, at, message).help(format!(
        "where the provider takes it, add it to the values of `{name}`:\nenum: [{list}]"
    )));
    Some(Evidence::new(EvidenceKind::Description, at).saying(&list))
}

/// Leaves out what no request to a token endpoint asks for, and tells flows that the list lacks:
/// they speak against it.
pub(super) fn check(
    grants: &mut BTreeSet<String>,
    flows: &[Flow],
    (site, name, place): (&Site, &str, Option<&str>),
    diagnostics: &mut Diagnostics,
) -> Vec<Evidence> {
    let is_implicit = |grant: &String| grant.eq_ignore_ascii_case("implicit");
    if grants.iter().any(is_implicit) && grants.len() > 1 {
        grants.retain(|grant| !is_implicit(grant));
        let message = "the grant `implicit` is left out: its tokens come from the authorization endpoint, and no request to the token endpoint names it (RFC 6749 section 4.2)";
        diagnostics.push(
            Diagnostic::new(Rule::LeftOut, place.unwrap_or(&site.pointer), message)
                .help(format!("remove it from the values of `{name}`")),
        );
    }
    let is_missing = |flow: &&Flow| {
        let mut grants = grants.iter();
        grants.all(|grant| !grant.eq_ignore_ascii_case(&flow.grant))
    };
    let missing: Vec<&Flow> = flows.iter().filter(is_missing).collect();
    if missing.is_empty() {
        return Vec::new();
    }
    let list: BTreeSet<&str> = missing.iter().map(|flow| flow.grant.as_str()).collect();
    let list: Vec<&str> = list.into_iter().collect();
    let message = format!(
        "an OAuth flow has this endpoint for the grant {}, which `{name}` does not list; there is no request for it",
        list.join(", ")
    );
    diagnostics.push(Diagnostic::new(Rule::Unused, &site.pointer, message).help(format!(
        "add what the provider takes to the values of `{name}`:\nenum: [{}]\nor remove the flow",
        list.join(", ")
    )));
    missing.into_iter().map(Flow::evidence).collect()
}
