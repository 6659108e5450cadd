//! The body of a refusal, as a document declares it.

use super::body::Body;
use crate::error::{Error, NoBody};

/// The body of a refusal, as a provider's document declares it per HTTP status.
pub trait ErrorBody: Sized {
    /// Reads what the document declares for the status; `None` where it declares nothing, or the
    /// body is something else.
    fn read(status: u16, body: &Body) -> Option<Self>;
}

/// An error body that a provider's document declares: every [`ErrorBody`] but [`NoBody`].
///
/// With `?`, an error that has one becomes an [`Error`] without it, so that errors of different requests, and of the
/// client itself, fit one type.
///
/// ```
/// use tokensmith_runtime::{Body, DeclaredBody, Error, ErrorBody};
///
/// struct Refusal;
///
/// impl ErrorBody for Refusal {
///     fn read(_status: u16, _body: &Body) -> Option<Self> {
///         Some(Self)
///     }
/// }
///
/// impl DeclaredBody for Refusal {}
///
/// fn several(first: Result<(), Error>, second: Result<(), Error<Refusal>>) -> Result<(), Error> {
///     first?;
///     second?;
///     Ok(())
/// }
/// ```
pub trait DeclaredBody: ErrorBody {}

impl ErrorBody for NoBody {
    fn read(_status: u16, _body: &Body) -> Option<Self> {
        None
    }
}

impl<B: DeclaredBody> From<Error<B>> for Error {
    fn from(error: Error<B>) -> Self {
        error.without_body()
    }
}
