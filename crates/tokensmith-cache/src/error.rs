//! Why there is no token.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokensmith_runtime::{Error, ErrorKind};

/// Why there is no token. Cheap to clone: all who waited for the same token get the same error.
#[derive(Debug, Clone)]
pub struct TokenError {
    kind: TokenErrorKind,
    message: Cow<'static, str>,
    source: Option<Arc<dyn StdError + Send + Sync>>,
    retry_after: Option<Duration>,
    /// Whose token it is about, where no request failed that says so.
    provider: Option<Arc<str>>,
}

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum TokenErrorKind {
    /// The source is set up wrongly. Mend the program or its configuration.
    Config,
    /// The request for a token failed: see [`TokenError::exchange`]. The next call tries again, not before
    /// [`TokenError::retry_after`].
    Exchange,
    /// Only the user can help: the refresh token was refused, or there is none, and there is no other grant. Send the user to
    /// the authorization endpoint again.
    UserRequired,
    /// It took longer than the deadline for a refresh.
    Deadline,
    /// Each token had expired before it could be used: the provider sent expired ones, or the process was stopped for longer
    /// than they live. The next call tries again.
    Expired,
    /// The store of refresh tokens failed, or what it holds cannot be decrypted. Nothing was sent: without the store nobody
    /// knows who else uses the refresh token. The next call tries again.
    RefreshTokenStore,
    /// The shared store of access tokens failed where it may not: the user signs in or out.
    Store,
    /// The provider is not to be asked now: another machine was told so.
    CoolingDown,
    /// The refresh was dropped before its end: its runtime was shut down. Call `drain` before that.
    Dropped,
    /// What asked for the token has panicked.
    Panicked,
    /// A request was not sent: it is not for a host that may see the token, or it has a token already.
    Refused,
}

impl TokenErrorKind {
    pub(crate) fn because(self, message: impl Into<Cow<'static, str>>) -> TokenError {
        TokenError {
            kind: self,
            message: message.into(),
            source: None,
            retry_after: None,
            provider: None,
        }
    }
}

impl TokenError {
    /// A request failed; the message says what for.
    pub(crate) fn exchange_failed(message: &'static str, error: Error) -> Self {
        let retry_after = error.retry_after();
        Self {
            retry_after,
            ..TokenErrorKind::Exchange.because(message).with_source(error)
        }
    }

    pub(crate) fn with_source(self, source: impl StdError + Send + Sync + 'static) -> Self {
        Self {
            source: Some(Arc::new(source)),
            ..self
        }
    }

    pub(crate) fn with_retry_after(self, retry_after: Duration) -> Self {
        Self {
            retry_after: Some(retry_after),
            ..self
        }
    }

    /// Names the provider, unless that is done.
    pub(crate) fn of(mut self, provider: &Arc<str>) -> Self {
        self.provider.get_or_insert_with(|| Arc::clone(provider));
        self
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> TokenErrorKind {
        self.kind
    }

    /// What went wrong with the request for a token, where there was one.
    pub fn exchange(&self) -> Option<&Error> {
        self.source.as_deref()?.downcast_ref()
    }

    /// Whether a later call may succeed without anybody's help.
    pub fn is_retryable(&self) -> bool {
        match self.kind {
            TokenErrorKind::Config | TokenErrorKind::UserRequired | TokenErrorKind::Refused => {
                false
            }
            TokenErrorKind::Exchange => self.exchange().is_none_or(|error| {
                error.is_retryable()
                    || matches!(
                        error.kind(),
                        ErrorKind::Transport
                            | ErrorKind::Timeout
                            | ErrorKind::RateLimited
                            | ErrorKind::Server
                    )
            }),
            _ => true,
        }
    }

    /// How long nobody asks again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.retry_after
    }
}

impl fmt::Display for TokenError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let exchange = self.exchange();
        let provider = exchange.and_then(|error| error.provider().or_else(|| error.host()));
        if let Some(provider) = provider.or(self.provider.as_deref()) {
            write!(formatter, "{provider}: ")?;
        }
        formatter.write_str(&self.message)?;
        match (exchange, &self.source) {
            (Some(error), _) => {
                // Without a response the reason has the endpoint already.
                if let (Some(endpoint), Some(_)) = (error.endpoint(), error.status()) {
                    write!(formatter, " ({endpoint})")?;
                }
                write!(formatter, ": {}", error.reason())?;
            }
            (None, Some(source)) => write!(formatter, ": {source}")?,
            (None, None) => {}
        }
        match self.retry_after {
            // Where only the user can help, time does not.
            Some(wait) if !wait.is_zero() && self.kind != TokenErrorKind::UserRequired => {
                write!(
                    formatter,
                    "; the next try is in {} s",
                    wait.as_secs_f64().ceil()
                )
            }
            _ => Ok(()),
        }
    }
}

impl StdError for TokenError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source
            .as_deref()
            .map(|source| source as &(dyn StdError + 'static))
    }
}
