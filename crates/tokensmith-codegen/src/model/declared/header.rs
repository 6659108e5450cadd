//! Headers that are no parameters of the caller's.

use super::{Declarations, constant};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::schema::Shape;

/// What the connection is about, or the client keeps to itself: no request can set it.
const UNSETTABLE: [&str; 11] = [
    "connection",
    "cookie",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

impl Declarations<'_> {
    /// Headers that the engine writes by itself.
    pub(super) fn engine_header(&mut self, name: &str, shape: &Shape<'_>) -> bool {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let value = || constant(shape).or(shape.default.clone());
        if is("accept") {
            self.accept = value();
        }
        if is("content-type") {
            self.content_type = value();
        }
        self.seen.authorization_header |= is("authorization");
        self.dpop |= is("dpop");
        [
            "authorization",
            "content-type",
            "accept",
            "content-length",
            "dpop",
        ]
        .into_iter()
        .any(is)
    }
}

/// Why a header is left out that nobody can set.
pub(super) fn unsettable(name: &str, at: &str) -> Option<Diagnostic> {
    let mut known = UNSETTABLE.iter();
    known.any(|known| name.eq_ignore_ascii_case(known)).then(|| {
        let message = format!(
            "the header `{}` is left out: it is set by whoever sends the request, or by nobody",
            name.escape_debug()
        );
        Diagnostic::new(Rule::LeftOut, at, message).help("remove the parameter")
    })
}
