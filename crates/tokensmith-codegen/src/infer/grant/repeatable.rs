//! Grants whose requests may be sent again although no RFC says so.

use crate::diagnostic::finding::{EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::{Operation, rfc};
use crate::openapi::extension::{KEY, RepeatableGrants};
use crate::openapi::site::Site;
use crate::pointer;

/// Grants that carry a credential that the server takes once, whatever a document says.
const ONE_TIME: [&str; 3] = ["authorization_code", "refresh_token", rfc::DEVICE_CODE];

/// The grants that `x-tokensmith` names. What cannot be repeated, or is not there, is told.
pub(super) fn named<'a>(
    grants: &[String],
    site: &'a Site,
    diagnostics: &mut Diagnostics,
) -> Vec<&'a str> {
    let place = pointer::join_all(&site.pointer, &[KEY, "repeatable-grants"]);
    let mut wrong = |at: &str, message: String, help: &str| {
        diagnostics.push(Diagnostic::new(Rule::Extension, at, message).help(help));
    };
    let names = match &site.extension.repeatable_grants {
        None => return Vec::new(),
        Some(RepeatableGrants::Only) => {
            if !grants.is_empty() {
                let message = "the endpoint has grants: which of them may be repeated?".to_owned();
                let help = format!("list them:\nrepeatable-grants: [{}]", grants.join(", "));
                wrong(&place, message, &help);
            }
            return Vec::new();
        }
        Some(RepeatableGrants::Named(names)) => names,
    };
    for (index, name) in names.iter().enumerate() {
        let at = pointer::join(&place, &index.to_string());
        let shown = name.escape_debug();
        let is_one_time = ONE_TIME
            .iter()
            .any(|grant| rfc::grant(grant).is_some_and(|grant| grant.is(name)));
        if !grants.contains(name) {
            let message = format!("the endpoint takes no grant `{shown}`");
            wrong(
                &at,
                message,
                "name one of its grants, as `grant_type` has it",
            );
        } else if is_one_time {
            let message = format!("a request of the grant `{shown}` cannot be repeated");
            wrong(&at, message, "remove it: what it carries can be used once");
        }
    }
    names.iter().map(String::as_str).collect()
}

/// Records which requests are sent once because nothing says that they may be repeated.
pub(super) fn find_assumed(operations: &[Operation], site: &Site, diagnostics: &mut Diagnostics) {
    if site.extension.repeatable_grants.is_some() {
        return;
    }
    for operation in operations.iter().filter(|operation| operation.one_time) {
        let grant = operation.grant.as_deref().unwrap_or_default();
        if rfc::grant(grant).is_none() && !operation.has_one_time_credential() {
            let answer = "none: a request is sent once and never retried";
            let finding = Finding::new(Question::Attribute, answer).of("repeatable-grants");
            let finding = finding.of_grant(grant);
            diagnostics.find(finding.by(EvidenceKind::Convention, &site.pointer));
        }
    }
}
