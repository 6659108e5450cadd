//! What went wrong.

pub(crate) mod address;
pub(crate) mod error_code;
pub(crate) mod mask;
pub(crate) mod meaning;
#[cfg(feature = "authorization")]
pub(crate) mod redirect_problem;
pub(crate) mod report;
pub(crate) mod transport_error;
pub(crate) mod unrecognized;

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use crate::error::report::{Reason, Report};
use crate::{EndpointAddress, ErrorCode};

/// What went wrong, and what can be done about it, without reading any text.
///
/// `Display` is one line: the provider, the HTTP status and the endpoint, the code and the
/// description.
///
/// ```text
/// moov: HTTP 422 from POST api.moov.io/oauth2/token: `scope`: unknown scope
/// workiva: cannot connect to api.app.wdesk.com:443: connection refused
/// moov: HTTP 502 from POST api.moov.io/oauth2/token: the response body is an HTML page (157 bytes)
/// ```
///
/// Where it says only of which kind the response body is, [`masked_body`](Self::masked_body) shows
/// the body, and [`raw_body`](Self::raw_body) returns its bytes.
///
/// `B` is the error body that the provider's document declares. Of what a server sends, `Debug`,
/// `Display` and all methods but [`body`](Self::body) and [`raw_body`](Self::raw_body) show only
/// text in which the secrets of the request and whatever looks like a credential are replaced by
/// `[redacted]`, and which is shortened to 1,000 characters.
pub struct Error<B = NoBody>(Box<Inner<B>>);

struct Inner<B> {
    report: Report,
    body: Option<B>,
}

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client is set up wrongly: a URL that is invalid or not https, a header that may not be set,
    /// a key that cannot be used, a feature that is not there. Nothing was sent. Mend the program
    /// or its configuration.
    Config,
    /// The request is wrong: a parameter is missing, given twice, or outside its limits. Nothing
    /// was sent. Mend the request: the message names the parameter.
    Request,
    /// The server could not be reached, or the connection broke. Try again if
    /// [`Error::is_retryable`]; if not, a one-time credential may be spent.
    Transport,
    /// The server took too long to connect or to respond. As for `Transport`.
    Timeout,
    /// No secure connection could be made: most often the server's certificate is not trusted.
    /// Nothing was sent, as a rule. Trust its authority, in the operating system or by
    /// `TlsOptions`.
    Tls,
    /// The server responded with a redirect, which was not followed: it would carry the credentials
    /// elsewhere. See [`Error::redirect_target`], and use the URL that the provider documents now.
    Redirect,
    /// The response is over [`MAX_BODY`](crate::MAX_BODY) bytes. A one-time credential is spent.
    /// Tell the provider.
    TooLarge,
    /// The server asks for fewer requests: HTTP 429. Wait for as long as [`Error::retry_after`]
    /// says, for all requests.
    RateLimited,
    /// The provider refused: see [`Error::code`], or HTTP 4xx. The same request will be refused
    /// again: what to change depends on the code. Where it is `invalid_grant`, start the grant
    /// again; where it is `invalid_client`, look at the credentials and at how the client
    /// authenticates.
    Provider,
    /// The provider failed: HTTP 5xx. Try again later if [`Error::is_retryable`].
    Server,
    /// The server says that all went well, but the response holds no usable token, or is not the
    /// response that was waited for. A one-time credential is spent. Look at [`Error::raw_body`],
    /// and at what the document says of the response.
    Malformed,
}

impl ErrorKind {
    /// The name used in the output of the command line: `config`, `request`, `transport`,
    /// `timeout`, `tls`, `redirect`, `too_large`, `rate_limited`, `provider`, `server` or
    /// `malformed`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::Request => "request",
            Self::Transport => "transport",
            Self::Timeout => "timeout",
            Self::Tls => "tls",
            Self::Redirect => "redirect",
            Self::TooLarge => "too_large",
            Self::RateLimited => "rate_limited",
            Self::Provider => "provider",
            Self::Server => "server",
            Self::Malformed => "malformed",
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

/// A document that declares no bodies for refusals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum NoBody {}

impl<B> Error<B> {
    pub(crate) fn new(report: Report, body: Option<B>) -> Self {
        Self(Box::new(Inner { report, body }))
    }

    fn report(&self) -> &Report {
        &self.0.report
    }

    /// What kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.report().kind
    }

    /// The short name of the provider, such as `moov`. `None` where no document names one.
    pub fn provider(&self) -> Option<&str> {
        Some(self.report().provider.as_str()).filter(|name| !name.is_empty())
    }

    /// The endpoint of the request. `None` for errors of a client that is being set up.
    pub fn endpoint(&self) -> Option<&EndpointAddress> {
        self.report().endpoint.as_ref()
    }

    /// The host of the endpoint, with its port where the URL names one.
    pub fn host(&self) -> Option<&str> {
        self.endpoint().map(EndpointAddress::host)
    }

    /// The HTTP status of the response, if there was one.
    pub fn status(&self) -> Option<u16> {
        self.report().status
    }

    /// The error code (RFC 6749 section 5.2), from the body or from `WWW-Authenticate`. Where the
    /// provider has codes of its own and its document says which of an RFC one means, it is that:
    /// see [`provider_code`](Self::provider_code).
    pub fn code(&self) -> Option<&ErrorCode> {
        self.report().code.as_ref()
    }

    /// The code as the provider sent it, where [`code`](Self::code) is what its document says that
    /// it means: HubSpot's `BAD_REFRESH_TOKEN`, which means `invalid_grant`.
    pub fn provider_code(&self) -> Option<&str> {
        self.report().provider_code.as_deref()
    }

    /// The description that the server gave, for people who develop against it.
    ///
    /// It is one line without control characters. Where the body has neither RFC 6749's
    /// `error_description` nor a place that the document declares, it comes from usual members such
    /// as `message` or `errors[0].detail`.
    pub fn description(&self) -> Option<&str> {
        self.report().description.as_deref()
    }

    /// A page about the error, as the server gave it; not necessarily a URL.
    pub fn uri(&self) -> Option<&str> {
        self.report().uri.as_deref()
    }

    /// Where a redirect leads that was refused: scheme, host and path, without the query. `None` where
    /// that cannot be shown, which the message says.
    pub fn redirect_target(&self) -> Option<&str> {
        self.report().location.as_deref()
    }

    /// How long the server asks to wait before the next request: by `Retry-After` or, where a limit
    /// of requests is reached, by `RateLimit`, `RateLimit-Reset` or `X-RateLimit-Reset`.
    pub fn retry_after(&self) -> Option<Duration> {
        self.report().retry_after
    }

    /// Whether the same request may succeed later: the request provably never left, or the status
    /// is 408, 429, 502, 503 or 504 and it carries nothing that can be used only once. Where the
    /// provider's document says what its error code means, that decides instead of the status.
    /// Automatic retries go by the same rule.
    pub fn is_retryable(&self) -> bool {
        self.report().retryable
    }

    /// Whether the request may have reached the server. If not, a credential that can be used once
    /// is still good.
    pub fn may_have_been_sent(&self) -> bool {
        self.report().sent
    }

    /// The identifier that the provider gave to the request, for its support.
    pub fn request_id(&self) -> Option<&str> {
        self.report().request_id.as_deref()
    }

    /// The body as the provider's document declares it, without the secrets of the request. What
    /// the server itself issued, such as another token, is still in it.
    pub fn body(&self) -> Option<&B> {
        self.0.body.as_ref()
    }

    /// The bytes of the response body, empty if there is none. **They may hold secrets**, also
    /// those of the request: do not log them where others read along.
    pub fn raw_body(&self) -> &[u8] {
        &self.report().raw_body
    }

    /// The beginning of the response body in one line of at most 1,000 characters, in which the
    /// secrets of the request and whatever else looks like a credential are masked. `None` if there
    /// is no body, or the status is one of success: the body may hold a token then. `SECURITY.md`
    /// says what no mask can find: show it to whoever looks for a cause, and do not log it by
    /// default.
    pub fn masked_body(&self) -> Option<&str> {
        self.report().masked_body.as_deref()
    }

    /// What is wrong with what a user came back with; `None` for errors that are not about a
    /// redirect.
    #[cfg(feature = "authorization")]
    pub fn redirect_problem(&self) -> Option<crate::RedirectProblem> {
        self.report().redirect
    }

    /// What went wrong, without the provider and the endpoint, to stand in a message that names
    /// them already: `invalid_client (HTTP 401): Unknown client`.
    pub fn reason(&self) -> impl fmt::Display + '_ {
        Reason(self.report())
    }

    /// The first refusal, where two client authentications were tried and this is the second.
    pub fn previous(&self) -> Option<&Error> {
        self.report()
            .previous
            .as_ref()
            .map(|previous| &previous.error)
    }

    /// The same error without its typed body, so that errors of different requests can be kept
    /// together.
    #[must_use]
    pub fn without_body(self) -> Error {
        Error::new(self.0.report, None)
    }
}

impl Error {
    /// An error that is known before anything is sent.
    pub(crate) fn local(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self::new(Report::new(kind, message), None)
    }

    pub(crate) fn config(message: impl Into<Cow<'static, str>>) -> Self {
        Self::local(ErrorKind::Config, message)
    }

    pub(crate) fn request(message: impl Into<Cow<'static, str>>) -> Self {
        Self::local(ErrorKind::Request, message)
    }

    /// The source must not show a secret.
    pub(crate) fn with_source(
        self,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        self.with_boxed_source(Box::new(source))
    }

    pub(crate) fn with_boxed_source(
        self,
        source: Box<dyn std::error::Error + Send + Sync>,
    ) -> Self {
        self.0.report.with_source(source).into()
    }

    pub(crate) fn into_report(self) -> Report {
        self.0.report
    }
}

impl From<Report> for Error {
    fn from(report: Report) -> Self {
        Self::new(report, None)
    }
}

impl<B> fmt::Display for Error<B> {
    /// Writes provider, endpoint, status, code and description in one line.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self.report(), formatter)
    }
}

impl<B> fmt::Debug for Error<B> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.report();
        formatter
            .debug_struct("Error")
            .field("kind", &report.kind)
            .field("provider", &report.provider)
            .field("endpoint", &report.endpoint)
            .field("message", &report.message)
            .field("status", &report.status)
            .field("code", &report.code)
            .field("provider_code", &report.provider_code)
            .field("description", &report.description)
            .field("uri", &report.uri)
            .field("redirect_target", &report.location)
            .field("retry_after", &report.retry_after)
            .field("retryable", &report.retryable)
            .field("sent", &report.sent)
            .field("request_id", &report.request_id)
            .field("received", &report.received)
            .field("source", &report.source)
            .field("previous", &self.previous())
            .finish_non_exhaustive()
    }
}

impl<B> std::error::Error for Error<B> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        let source = self.report().source.as_ref()?;
        Some(source.as_ref())
    }
}

#[cfg(test)]
mod tests;
