//! Successes without a body, at endpoints whose responses have something to read.

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::model::EndpointKind;
use crate::openapi::operation::{Operation, Response};

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
        EndpointKind::Revocation
        | EndpointKind::Authorization
        | EndpointKind::Metadata
        | EndpointKind::Registration => return None,
    };
    let responses = operation.responses();
    let successes = responses
        .iter()
        .filter(|response| response.status.starts_with('2'));
    let (empty, whole): (Vec<_>, Vec<_>) =
        successes.partition(|response: &&Response<'_>| response.bodies(root).is_empty());
    let is_meant =
        |response: &&&Response<'_>| !whole.is_empty() || ["204", "205"].contains(&response.status);
    let response = empty.iter().find(is_meant)?;
    let message = format!(
        "the success {} has no body: a request that gets it fails, because {missing} is missing",
        response.status.escape_debug()
    );
    let help = "where it means something, look at the status of the error; where it never comes, remove it in an overlay";
    Some(Diagnostic::new(Rule::Unused, &response.declared.pointer, message).help(help))
}
