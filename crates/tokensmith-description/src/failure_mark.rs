//! What makes a response a failure although its status says otherwise.

use alloc::string::String;
use alloc::vec::Vec;

/// A member of the response that tells a failure from a success: `ok` that is false, `errcode` that
/// is not 0.
///
/// ```
/// use tokensmith_description::FailureMark;
///
/// // Slack: {"ok": false, "error": "invalid_code"}; Lark: {"code": 20024, "msg": "..."}.
/// const SLACK: FailureMark<'static> = FailureMark::when("/ok", &["false"]);
/// const LARK: FailureMark<'static> = FailureMark::unless("/code", &["0"]);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailureMark<'a> {
    /// A JSON Pointer to the value.
    pub pointer: &'a str,
    /// The values that matter, written as in JSON but without quotes.
    pub values: &'a [&'a str],
    /// Whether it is the other values that mean failure.
    pub negated: bool,
}

impl<'a> FailureMark<'a> {
    /// Creates a mark that makes the response a failure when the value at the JSON Pointer is one
    /// of these.
    pub const fn when(pointer: &'a str, values: &'a [&'a str]) -> Self {
        Self {
            pointer,
            values,
            negated: false,
        }
    }

    /// Creates a mark that makes the response a failure when there is a value at the JSON Pointer
    /// other than these.
    pub const fn unless(pointer: &'a str, values: &'a [&'a str]) -> Self {
        Self {
            pointer,
            values,
            negated: true,
        }
    }
}

/// A [`FailureMark`] that owns its texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedFailureMark {
    /// A JSON Pointer to the value.
    pub pointer: String,
    /// The values that matter, written as in JSON but without quotes.
    pub values: Vec<String>,
    /// Whether it is the other values that mean failure.
    pub negated: bool,
}
