//! Headers that are no parameters of the caller's.

use serde_json::Value;

use super::{Declarations, constant};
use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::schema::Shape;
use crate::infer::security::{is_about_basic, is_about_bearer};
use crate::infer::token_response::is_media_type;

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
    /// Headers that the runtime writes by itself.
    pub(super) fn runtime_header(
        &mut self,
        name: &str,
        shape: &Shape<'_>,
        is_bearer: bool,
    ) -> bool {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let value = || constant(shape).or(shape.default.clone());
        if is("accept") {
            self.accept = value().filter(|media| media.split(',').all(is_media_type));
        }
        if is("content-type") {
            self.content_type = value();
        }
        self.client.authorization_header |= is("authorization") && !is_bearer;
        self.dpop |= is("dpop");
        [
            "authorization",
            "content-type",
            "accept",
            "accept-encoding",
            "content-length",
            "dpop",
        ]
        .into_iter()
        .any(is)
    }
}

/// Whether an `Authorization` header is about a token, which whoever asks for one does not have.
pub(super) fn is_token(
    shape: &Shape<'_>,
    description: Option<&str>,
    example: Option<&Value>,
) -> bool {
    let words = [description, shape.description, shape.pattern];
    let values = [
        shape.default.as_deref(),
        shape.example.as_deref(),
        example.and_then(Value::as_str),
    ];
    let mut texts = words.into_iter().chain(values).flatten();
    texts.clone().any(is_about_bearer) && !texts.any(is_about_basic)
}

/// Why a header is left out that nobody can set.
pub(super) fn unsettable(name: &str, at: &str) -> Option<Diagnostic> {
    let mut known = UNSETTABLE.iter();
    known
        .any(|known| name.eq_ignore_ascii_case(known))
        .then(|| {
            let message = format!(
                "the header `{}` is left out: it is set by whoever sends the request, or by nobody",
                name.escape_debug()
            );
            Diagnostic::new(Rule::LeftOut, at, message).help("remove the parameter")
        })
}
