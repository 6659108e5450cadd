//! What is wrong with a redirect, without reading any text.

/// Why what a user came back with gave no code: see [`Error::redirect_problem`].
///
/// [`Error::redirect_problem`]: crate::Error::redirect_problem
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RedirectProblem {
    /// Its `state` is missing, empty, given twice, or that of another authorization: it is not the
    /// response to this one.
    OtherState,
    /// A parameter is given more than once.
    Repeated,
    /// It names another issuer than the one that the user was sent to (RFC 9207 section 2.4).
    OtherIssuer,
    /// What names the server to exchange the code at is not what the document says that it is.
    OtherServer,
    /// It has no signature, and the document says that it must have one.
    NoSignature,
    /// Its signature is not the one that the client secret gives.
    OtherSignature,
    /// It names no issuer, and the provider promises to.
    NoIssuer,
    /// The user or the provider refused: [`Error::code`](crate::Error::code) says why.
    Refused,
    /// It has no code, or lacks what the document requires beside it.
    Incomplete,
    /// It holds a token or a signed response that nobody asked for.
    Unsolicited,
    /// It is not signed, and a signed response was asked for (JARM); or its signature, its audience
    /// or its expiry is wrong.
    Unverified,
    /// It is too long, or not text.
    Unreadable,
}
