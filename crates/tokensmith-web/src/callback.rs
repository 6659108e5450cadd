//! What the browser comes back with.

use std::fmt;

use http::HeaderMap;
use tokensmith_runtime::{PendingAuthorization, Secret};
use zeroize::Zeroizing;

use crate::{Error, ErrorKind};

/// The request to the redirect URI: its parameters and the cookies of the browser.
///
/// With the feature `axum`, a handler takes it as an argument.
pub struct Callback {
    /// The query, with its question mark.
    pub(crate) parameters: Zeroizing<String>,
    pub(crate) is_form: bool,
    pub(crate) headers: HeaderMap,
}

impl Callback {
    /// Creates a callback of a GET request (`response_mode=query`): the query, without its question
    /// mark, and the headers.
    pub fn query(query: &str, headers: &HeaderMap) -> Self {
        Self::new(query, false, headers)
    }

    /// Creates a callback of a form that the browser posted (`response_mode=form_post`): the body
    /// and the headers.
    pub fn form(body: &str, headers: &HeaderMap) -> Self {
        Self::new(body, true, headers)
    }

    fn new(parameters: &str, is_form: bool, headers: &HeaderMap) -> Self {
        let mut kept = HeaderMap::new();
        for cookie in headers.get_all(http::header::COOKIE) {
            kept.append(http::header::COOKIE, cookie.clone());
        }
        // Neither a query nor a form has one as it is: what follows would be taken for a fragment.
        let parameters = Zeroizing::new(parameters.replace('#', "%23"));
        Self {
            parameters: Zeroizing::new(["?", &parameters].concat()),
            is_form,
            headers: kept,
        }
    }

    /// The value of `state`, by which the browser's cookie is found.
    pub(crate) fn state(&self) -> Result<Secret, Error> {
        let (kind, message) = match PendingAuthorization::states(&self.parameters).as_slice() {
            [state] if !state.is_empty() => return Ok(state.clone()),
            [] | [_] => (ErrorKind::NoState, "the callback has no `state`"),
            _ => (
                ErrorKind::Repeated,
                "the callback has more than one `state`",
            ),
        };
        Err(Error::new(kind, message))
    }
}

impl fmt::Debug for Callback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Callback")
            .field("is_form", &self.is_form)
            .finish_non_exhaustive()
    }
}
