//! What axum extracts and responds with.

use axum_core::body::Body;
use axum_core::extract::{FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use http::{Method, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};

use crate::{Begun, Callback, Error, SignedIn};

/// The longest form that is read, in bytes.
const MAX_FORM: usize = 64 * 1024;

impl<S: Send + Sync> FromRequest<S> for Callback {
    type Rejection = Response;

    /// Takes the query of a GET request, or the form of a POST request of at most 64 KiB.
    async fn from_request(request: Request, _state: &S) -> Result<Self, Self::Rejection> {
        let (head, body) = request.into_parts();
        if head.method == Method::GET {
            let query = head.uri.query().unwrap_or_default();
            return Ok(Self::query(query, &head.headers));
        }
        let media_type = head.headers.get(header::CONTENT_TYPE);
        let media_type = media_type.and_then(|media_type| media_type.to_str().ok());
        let media_type = media_type
            .unwrap_or_default()
            .split(';')
            .next()
            .unwrap_or_default();
        let is_form = media_type
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded");
        if head.method != Method::POST {
            return Err(StatusCode::METHOD_NOT_ALLOWED.into_response());
        }
        if !is_form {
            return Err(StatusCode::UNSUPPORTED_MEDIA_TYPE.into_response());
        }
        let body = Limited::new(body, MAX_FORM).collect().await;
        let body = body.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE.into_response())?;
        let body = String::from_utf8(body.to_bytes().to_vec())
            .map_err(|_| StatusCode::BAD_REQUEST.into_response())?;
        Ok(Self::form(&body, &head.headers))
    }
}

impl IntoResponse for Begun {
    fn into_response(self) -> Response {
        self.response::<Body>()
    }
}

impl<R> IntoResponse for SignedIn<R> {
    /// Deletes the cookie of the sign-in, and sends the browser to the return path.
    fn into_response(self) -> Response {
        self.to_return_path::<Body>()
    }
}

impl IntoResponse for Error {
    /// Responds with the status and the explanation of the kind, and deletes the cookie of the
    /// sign-in. What went wrong in detail is not shown: log the error before.
    fn into_response(self) -> Response {
        self.response::<Body>()
    }
}
