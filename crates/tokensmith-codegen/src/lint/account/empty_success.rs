//! Responses that fail a request without being refusals: successes without a body, and redirects.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::EndpointKind;
use crate::openapi::operation::{Operation, Response};
use crate::prose::listed;

/// Tells a redirect: no request follows it (RFC 6749 has none at these endpoints).
pub(super) fn tell_redirect(operation: &Operation<'_>, kind: EndpointKind) -> Option<Diagnostic> {
    const REDIRECTS: [&str; 6] = ["301", "302", "303", "307", "308", "3XX"];
    if kind.is_for_browsers() || kind == EndpointKind::Metadata {
        return None;
    }
    let responses = operation.responses();
    let redirects = responses.iter().filter(|response| {
        let status = response.status.to_ascii_uppercase();
        REDIRECTS.contains(&status.as_str())
    });
    let redirects: Vec<_> = redirects.collect();
    let first = redirects.first()?;
    let message = match redirects.as_slice() {
        [only] => format!(
            "the response {} redirects: no request follows it, and one that gets it fails",
            only.status.escape_debug()
        ),
        several => format!(
            "the responses {} redirect: no request follows them, and one that gets one fails",
            statuses(several)
        ),
    };
    let help = "where a browser is to follow it, describe the operation as an authorization endpoint (`x-tokensmith: {endpoint: authorization}`); where it never comes, remove it in an overlay";
    Some(Diagnostic::new(Rule::Unused, &first.declared.pointer, message).help(help))
}

fn statuses(responses: &[&Response<'_>]) -> String {
    let statuses = responses
        .iter()
        .map(|response| response.status.escape_debug().to_string());
    listed(&statuses.collect::<Vec<_>>(), "and")
}

/// Tells a success that is declared without a body, beside those that have one or as `204`.
pub(super) fn tell(
    root: &Value,
    operation: &Operation<'_>,
    kind: EndpointKind,
) -> Option<Diagnostic> {
    let missing = match kind {
        EndpointKind::Token => "the token",
        EndpointKind::Introspection => "`active` (RFC 7662)",
        EndpointKind::DeviceAuthorization => "`device_code`",
        EndpointKind::PushedAuthorization => "`request_uri` (RFC 9126)",
        EndpointKind::Registration => "`client_id` (RFC 7591)",
        EndpointKind::Revocation
        | EndpointKind::Authorization
        | EndpointKind::EndSession
        | EndpointKind::Metadata => return None,
    };
    let responses = operation.responses();
    let successes = responses
        .iter()
        .filter(|response| response.status.starts_with('2'));
    let (empty, whole): (Vec<_>, Vec<_>) =
        successes.partition(|response: &&Response<'_>| response.bodies(root).is_empty());
    let is_meant =
        |response: &&&Response<'_>| !whole.is_empty() || ["204", "205"].contains(&response.status);
    let empty: Vec<_> = empty.iter().filter(is_meant).copied().collect();
    let first = empty.first()?;
    let message = match empty.as_slice() {
        [only] => format!(
            "the success {} has no body: a request that gets it fails, because {missing} is missing",
            only.status.escape_debug()
        ),
        several => format!(
            "the successes {} have no body: a request that gets one fails, because {missing} is missing",
            statuses(several)
        ),
    };
    let help = "where it means something, look at the status of the error; where it never comes, remove it in an overlay";
    Some(Diagnostic::new(Rule::Unused, &first.declared.pointer, message).help(help))
}
