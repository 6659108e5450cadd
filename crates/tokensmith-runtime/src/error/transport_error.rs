//! Why there is no response.

use std::error::Error as StdError;
use std::fmt;

/// Why there is no response.
#[derive(Debug)]
pub struct TransportError {
    kind: TransportErrorKind,
    sent: bool,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// What kind of thing kept a response from coming.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// The host name could not be resolved.
    Resolve,
    /// No connection could be made.
    Connect,
    /// It took too long to connect, to send or to receive.
    Timeout,
    /// The connection could not be secured.
    Tls,
    /// The response is over [`MAX_BODY`](crate::MAX_BODY).
    TooLarge,
    /// The connection broke, or the response was no HTTP.
    Other,
}

impl TransportError {
    /// An error of a kind. `sent` says whether the request may have reached the server: say `false`
    /// only if it provably has not. The source must not show the request.
    pub fn new(
        kind: TransportErrorKind,
        sent: bool,
        source: impl Into<Box<dyn StdError + Send + Sync>>,
    ) -> Self {
        Self {
            kind,
            sent,
            source: Some(source.into()),
        }
    }

    /// The response is over [`MAX_BODY`](crate::MAX_BODY).
    pub fn too_large() -> Self {
        Self {
            kind: TransportErrorKind::TooLarge,
            sent: true,
            source: None,
        }
    }

    /// What kind of thing happened.
    pub fn kind(&self) -> TransportErrorKind {
        self.kind
    }

    /// Whether the request may have reached the server.
    pub fn may_have_been_sent(&self) -> bool {
        self.sent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self.kind {
            TransportErrorKind::Resolve => "cannot resolve the host name",
            TransportErrorKind::Connect => "cannot connect",
            TransportErrorKind::Timeout => "timed out",
            TransportErrorKind::Tls => "cannot make a TLS connection",
            TransportErrorKind::TooLarge => "the response is larger than 1 MiB",
            TransportErrorKind::Other => "the connection broke",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        let source = self.source.as_ref()?;
        Some(source.as_ref())
    }
}
