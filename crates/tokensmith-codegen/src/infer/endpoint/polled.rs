//! Grants that a client polls with, and what it needs to know of error responses for that.

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::error::Refusals;
use crate::model::{Operation, rfc};
use crate::openapi::site::Site;

/// Tells that no declared error response has a code, where a grant is polled with: without one, the first that says
/// `authorization_pending` ends the polling.
pub(super) fn tell(
    site: &Site,
    operations: &[Operation],
    refusals: &Refusals,
    diagnostics: &mut Diagnostics,
) {
    let is_polled = |grant: &str| [rfc::DEVICE_CODE, rfc::CIBA].contains(&grant);
    let mut grants = operations
        .iter()
        .filter_map(|operation| operation.grant.as_deref());
    let polled = grants.find(|grant| is_polled(grant));
    let (Some(grant), false) = (polled, refusals.has_code) else {
        return;
    };
    // Where nothing is declared, errors are those of RFC 6749.
    if !refusals.cases.iter().any(|case| case.statuses.1 < 500) {
        return;
    }
    let message = format!(
        "the client polls with {grant}, and no declared error response has an error code: polling ends at the first error response without one"
    );
    diagnostics.push(Diagnostic::new(Rule::Unused, &site.pointer, message).help(
        "declare the code in the error responses, or say where it is:\nx-tokensmith: {error: {code: /error}}",
    ));
}
