//! An endpoint that can refuse should say how.

use super::Subject;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::pointer;

pub(super) fn lint(subject: &Subject<'_>, diagnostics: &mut Diagnostics) {
    // Where refusals come as successes, none comes under another status.
    let extension = &subject.site.extension;
    if subject.site.kind.is_for_browsers() || !extension.failure.is_empty() {
        return;
    }
    let is_error = |status: &str| status == "default" || status.starts_with(['4', '5']);
    let responses = subject.operation.responses();
    if responses.iter().any(|response| is_error(response.status)) {
        return;
    }
    let place = pointer::join(&subject.site.pointer, "responses");
    diagnostics.push(
        Diagnostic::new(Rule::NoErrorResponse, place, "no error response is declared").help(
            "declare what a refusal looks like, or RFC 6749's form will be all that is typed:\n\
             '400': {description: Refused., content: {application/json: {schema: {properties: {error: {type: string}}}}}}",
        ),
    );
}
