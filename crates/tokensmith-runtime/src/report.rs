//! What went wrong, before it is given the type of a request's error body.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::time::Duration;

use crate::scrub::Visible;
use crate::transport::{TransportError, TransportErrorKind};
use crate::{Error, ErrorCode, ErrorKind};

/// Everything that an [`Error`] answers without knowing the type of its body.
pub(crate) struct Report {
    pub(crate) kind: ErrorKind,
    /// What happened, in our words.
    pub(crate) message: Option<Cow<'static, str>>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<ErrorCode>,
    pub(crate) description: Option<String>,
    pub(crate) uri: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) retryable: bool,
    pub(crate) sent: bool,
    pub(crate) request_id: Option<String>,
    pub(crate) raw_body: Vec<u8>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
    pub(crate) previous: Option<Previous>,
}

/// The refusal of the client authentication that was tried before.
pub(crate) struct Previous {
    /// What was tried before.
    pub(crate) style: &'static str,
    /// What was tried then.
    pub(crate) then: &'static str,
    pub(crate) error: Error,
}

impl Report {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::bare(kind)
        }
    }

    /// An answer that holds no token.
    pub(crate) fn answered(kind: ErrorKind, status: u16) -> Self {
        Self {
            status: Some(status),
            sent: true,
            ..Self::bare(kind)
        }
    }

    fn bare(kind: ErrorKind) -> Self {
        Self {
            kind,
            message: None,
            status: None,
            code: None,
            description: None,
            uri: None,
            retry_after: None,
            retryable: false,
            sent: false,
            request_id: None,
            raw_body: Vec::new(),
            source: None,
            previous: None,
        }
    }

    pub(crate) fn with_message(mut self, message: impl Into<Cow<'static, str>>) -> Self {
        self.message = Some(message.into());
        self
    }
}

impl From<TransportError> for Report {
    fn from(error: TransportError) -> Self {
        let (kind, message) = match error.kind() {
            TransportErrorKind::Connect => {
                (ErrorKind::Transport, "the server could not be reached")
            }
            TransportErrorKind::Timeout => (ErrorKind::Timeout, "the server took too long"),
            TransportErrorKind::Tls => (ErrorKind::Tls, "no secure connection could be made"),
            TransportErrorKind::TooLarge => (ErrorKind::TooLarge, "the answer is over 1 MiB"),
            TransportErrorKind::Other => (
                ErrorKind::Transport,
                "the exchange with the server broke off",
            ),
        };
        Self {
            sent: error.may_have_been_sent(),
            source: Some(Box::new(error)),
            ..Self::new(kind, message)
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(Previous { style, then, error }) = &self.previous {
            write!(formatter, "with {style}: {error}; then with {then}: ")?;
        }
        formatter.write_str(self.kind.as_str())?;
        if let Some(code) = &self.code {
            write!(formatter, ": {}", Visible(code.as_str()))?;
        }
        if let Some(description) = &self.description {
            write!(formatter, ": {}", Visible(description))?;
        }
        if let Some(message) = &self.message {
            write!(formatter, ": {message}")?;
        }
        let Some(status) = self.status else {
            return Ok(());
        };
        write!(formatter, " (HTTP {status}")?;
        if let Some(uri) = &self.uri {
            write!(formatter, ", see {}", Visible(uri))?;
        }
        if let Some(id) = &self.request_id {
            write!(formatter, ", request id {}", Visible(id))?;
        }
        formatter.write_str(")")
    }
}
