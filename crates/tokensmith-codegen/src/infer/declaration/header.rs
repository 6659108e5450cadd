//! Headers that are no parameters of the caller's.

use serde_json::Value;

use super::media_in_words::AcceptInWords;
use super::{Declarations, constant};
use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::schema::Shape;
use crate::infer::security::{is_about_basic, is_about_bearer, is_about_key, names_basic};
use crate::infer::token_response::accept::is_media_type;

/// What the connection is about, or the client keeps to itself: no request can set it.
const UNSETTABLE: [&str; 12] = [
    "connection",
    "content-encoding",
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

impl<'a> Declarations<'a> {
    /// Headers that the runtime writes by itself.
    pub(super) fn runtime_header(
        &mut self,
        (name, description): (&str, Option<&'a str>),
        shape: &Shape<'a>,
        at: &str,
    ) -> bool {
        let is = |known: &str| name.eq_ignore_ascii_case(known);
        let value = || constant(shape).or(shape.default.clone());
        if is("accept") {
            let declared = value();
            let words = [description, shape.description, shape.example.as_deref()];
            self.accept_in_words = match (&declared, shape.values.as_slice()) {
                (None, []) => AcceptInWords::of(words.into_iter().flatten(), at),
                _ => None,
            };
            self.accept = declared.filter(|media| media.split(',').all(is_media_type));
        }
        if is("content-type") {
            self.content_type = value();
            self.content_type_words = description.or(shape.description);
        }
        self.dpop |= is("dpop");
        [
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

/// What an `Authorization` header carries, by what is said of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Authorization {
    /// The client's identifier and secret (RFC 7617).
    Basic,
    /// The client's identifier and secret, in a way that is not said.
    Pair,
    /// A token after `Bearer`.
    Bearer,
    /// A key of the caller's that is all of the header, with whatever word stands before it.
    Key,
    /// Nothing is said.
    Unsaid,
}

/// Reads what an `Authorization` header carries.
pub(super) fn authorization(
    shape: &Shape<'_>,
    description: Option<&str>,
    example: Option<&Value>,
) -> Authorization {
    let words = [description, shape.description, shape.pattern];
    let values = [
        shape.default.as_deref(),
        shape.example.as_deref(),
        example.and_then(Value::as_str),
    ];
    let words = words.into_iter().flatten();
    let values = values
        .into_iter()
        .flatten()
        .chain(shape.values.iter().map(String::as_str));
    let mut texts = words.clone().chain(values.clone());
    if texts.clone().any(names_basic) {
        Authorization::Basic
    } else if texts.clone().any(is_about_basic) {
        Authorization::Pair
    } else if texts.any(is_about_bearer) {
        Authorization::Bearer
    } else if words.clone().any(is_about_key) || values.clone().any(has_scheme) {
        Authorization::Key
    } else {
        Authorization::Unsaid
    }
}

/// Whether a value is a word and a credential after it.
fn has_scheme(value: &str) -> bool {
    let Some((scheme, rest)) = value.split_once(' ') else {
        return false;
    };
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || "-_".contains(letter);
    !rest.is_empty() && !rest.contains(' ') && scheme.chars().all(is_word)
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
