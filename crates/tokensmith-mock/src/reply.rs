//! What is to be sent, and what befalls it on the way.

use std::time::Duration;

use http::{HeaderValue, Response, StatusCode, header};

use crate::response::success::Written;

/// The header of a refusal that says in plain words what was wrong.
pub const REFUSAL_HEADER: &str = "tokensmith-mock-refusal";

/// What is to be sent, and what befalls it on the way.
#[derive(Debug)]
#[non_exhaustive]
pub struct Reply {
    /// The response.
    pub response: Response<Vec<u8>>,
    /// How long to wait before it is sent.
    pub delay: Duration,
    /// How much of it arrives.
    pub delivery: Delivery,
}

/// How much of a response arrives.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Delivery {
    /// All of it.
    Whole,
    /// So many bytes of the body; then the connection is closed.
    Truncated(usize),
    /// Nothing: the connection is closed.
    Lost,
}

impl From<Response<Vec<u8>>> for Reply {
    fn from(response: Response<Vec<u8>>) -> Self {
        Self {
            response,
            delay: Duration::ZERO,
            delivery: Delivery::Whole,
        }
    }
}

/// Makes a response.
pub(crate) fn respond(
    status: u16,
    media_type: &str,
    body: impl Into<Vec<u8>>,
) -> Response<Vec<u8>> {
    let mut response = Response::new(body.into());
    *response.status_mut() =
        StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if !media_type.is_empty() {
        set(&mut response, header::CONTENT_TYPE.as_str(), media_type);
    }
    set(&mut response, header::CACHE_CONTROL.as_str(), "no-store");
    response
}

/// Refuses a request that no endpoint of the provider's gets to see: the body and the header
/// [`REFUSAL_HEADER`] say why.
pub(crate) fn refused(status: u16, reason: &str) -> Response<Vec<u8>> {
    let mut response = respond(status, "text/plain; charset=utf-8", reason);
    set(&mut response, REFUSAL_HEADER, reason);
    response
}

/// Sets a header, if its value fits in one.
pub(crate) fn set(response: &mut Response<Vec<u8>>, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes()) {
        response.headers_mut().insert(name, value);
    }
}

impl From<Written> for Response<Vec<u8>> {
    fn from(written: Written) -> Self {
        respond(written.status, &written.media_type, written.body)
    }
}
