//! What refusals call the members that RFC 6749 section 5.2 calls `error` and `error_description`.
//!
//! A name counts by its letters: in lower case, without hyphens and underscores.

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
