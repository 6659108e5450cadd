//! What a program can learn from an error.

use std::time::Duration;

use tokensmith_runtime::{Error, ErrorKind};

/// Everything that an error says, in one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Facts<'a> {
    pub(crate) kind: ErrorKind,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<&'a str>,
    pub(crate) description: Option<&'a str>,
    pub(crate) uri: Option<&'a str>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) request_id: Option<&'a str>,
    pub(crate) retryable: bool,
    pub(crate) sent: bool,
}

impl Facts<'_> {
    /// A response that says nothing but its status.
    pub(crate) fn of(kind: ErrorKind, status: u16) -> Self {
        Self {
            status: Some(status),
            sent: true,
            ..Self::local(kind)
        }
    }

    /// An error that comes before anything was sent.
    pub(crate) fn local(kind: ErrorKind) -> Self {
        Self {
            kind,
            status: None,
            code: None,
            description: None,
            uri: None,
            retry_after: None,
            request_id: None,
            retryable: false,
            sent: false,
        }
    }
}

pub(crate) fn facts<B>(error: &Error<B>) -> Facts<'_> {
    Facts {
        kind: error.kind(),
        status: error.status(),
        code: error.code().map(|code| code.as_str()),
        description: error.description(),
        uri: error.uri(),
        retry_after: error.retry_after(),
        request_id: error.request_id(),
        retryable: error.is_retryable(),
        sent: error.may_have_been_sent(),
    }
}
