//! What refusals call the members that RFC 6749 section 5.2 calls `error` and `error_description`.
//!
//! A name counts by its letters: in lower case, without hyphens and underscores.

/// The code of an RFC, or the kind of failure, that a code or text of the provider's own may stand
/// for: see [`Endpoint::with_error_codes`](crate::Endpoint::with_error_codes).
///
/// They are those of RFC 6749 sections 4.1.2.1 and 5.2, RFC 8628 section 3.5, RFC 7009 section
/// 2.2.1 and RFC 6750 section 3.1, and [`RATE_LIMITED`].
pub const MEANINGS: &[&str] = &[
    "invalid_request",
    "invalid_client",
    "invalid_grant",
    "unauthorized_client",
    "unsupported_grant_type",
    "invalid_scope",
    "access_denied",
    "unsupported_response_type",
    "server_error",
    "temporarily_unavailable",
    "authorization_pending",
    "slow_down",
    "expired_token",
    "unsupported_token_type",
    "invalid_token",
    RATE_LIMITED,
];

/// There were too many requests: like HTTP 429, for which no RFC has an error code.
pub const RATE_LIMITED: &str = "rate_limited";

/// The pointer that stands for all places where RFC 6749 has an error's code: `error` and, where
/// that is an object, its `code`.
pub const STANDARD_CODE: &str = "/error";

/// The pointer that stands for all places where RFC 6749 has an error's description:
/// `error_description` and, where `error` is an object, its `message`.
pub const STANDARD_DESCRIPTION: &str = "/error_description";

/// Headers in which providers put the identifier of a request, the most telling first.
pub const REQUEST_ID_HEADERS: [&str; 10] = [
    "x-request-id",
    "request-id",
    "x-correlation-id",
    "x-amzn-requestid",
    "x-amz-request-id",
    "x-ms-request-id",
    "x-okta-request-id",
    "intuit_tid",
    "x-trace-id",
    "cf-ray",
];

/// Members that hold a code, the most telling first.
pub const CODES: &[&str] = &[
    "errorcode",
    "errcode",
    "errorname",
    "errorkey",
    "errortype",
    "errorid",
    "code",
    "codename",
    "messagecode",
    "faultcode",
    "resultcode",
    "returncode",
];

/// Members that hold a description, the most telling first.
pub const DESCRIPTIONS: &[&str] = &[
    "errordescription",
    "errormessage",
    "errormsg",
    "errmsg",
    "errorsummary",
    "errordetail",
    "errordetails",
    "message",
    "msg",
    "detail",
    "description",
    "reason",
    "faultstring",
    "details",
    "title",
    "errortitle",
    "messages",
    "errors",
    "err",
];

/// Members that hold an object or a list with such members.
pub const CONTAINERS: &[&str] = &[
    "error",
    "errors",
    "err",
    "errorinfo",
    "fault",
    "failure",
    "serviceexception",
    "requesterror",
    "response",
    "data",
    "result",
    "results",
    "details",
    "detail",
    "status",
    "meta",
    "messages",
    "message",
];

/// The code of an `error` that is an object, under its exact name there.
pub const CODES_OF_ERROR: &[&str] = &["code", "error", "type", "status"];

/// The description of an `error` that is an object, under its exact name there.
pub const DESCRIPTIONS_OF_ERROR: &[&str] =
    &["message", "error_description", "description", "detail"];
