//! Why somebody could not be signed in or out.

use std::borrow::Cow;
use std::fmt;

use http::{HeaderValue, StatusCode};
use tokensmith_runtime as runtime;

/// What is in a response of a sign-in is for one browser, once.
pub(crate) const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// Why somebody could not be signed in or out.
///
/// `Display` is for those who run the application, and shows no secret. For the person in front of
/// the browser see [`ErrorKind::explanation`].
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    message: Cow<'static, str>,
    source: Option<Source>,
    cookie: Option<HeaderValue>,
}

enum Source {
    Runtime(runtime::Error),
    Other(Box<dyn std::error::Error + Send + Sync>),
}

/// What kind of thing went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The application is set up wrongly. Nobody can sign in.
    Config,
    /// The return path may lead to another host.
    ReturnPath,
    /// The request to begin is one for an image, a frame or a script of a page, and not one that
    /// takes a person to the sign-in.
    Embedded,
    /// The callback has no `state`: it is not the response to a sign-in.
    NoState,
    /// The browser has no cookie for this `state`: it began the sign-in elsewhere, or it has ended
    /// already. This is also what a reload of the callback gives.
    NoSignIn,
    /// The cookie cannot be opened: it was changed, or the key is no longer known.
    Forged,
    /// The sign-in began longer ago than ten minutes.
    Expired,
    /// The sign-in was used already. Only a store on the server can tell.
    Replayed,
    /// The callback is for another provider than the one that the person was sent to, or came in
    /// another way than it was asked for.
    OtherProvider,
    /// The response names another issuer, or none where the provider promises to (RFC 9207).
    Issuer,
    /// The person, or the provider for them, refused: `access_denied`.
    Denied,
    /// The provider refused for another reason; see [`Error::provider_error`].
    Refused,
    /// A parameter of the response is given more than once.
    Repeated,
    /// The response has no code.
    NoCode,
    /// The response has what nobody asked for: a token, or a signed response.
    Unsolicited,
    /// A signed response was asked for (JARM), and the response is not signed, or not by the
    /// provider for this client.
    Unverified,
    /// The provider does not give its keys or metadata, so that its ID token or its signed response
    /// cannot be checked. Try again later.
    Keys,
    /// The provider does not take the authorization request that is pushed to it (RFC 9126); see
    /// [`Error::provider_error`].
    Pushed,
    /// The response is too long, or not text.
    Unreadable,
    /// The code could not be exchanged for a token; see [`Error::provider_error`].
    Exchange,
    /// The ID token is missing or wrong.
    IdToken,
    /// The store failed. Try again later.
    Store,
    /// The browser comes back from a sign-out that it did not begin, or that has ended.
    SignOut,
}

impl ErrorKind {
    /// Returns the status for the response to the browser.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Config => StatusCode::INTERNAL_SERVER_ERROR,
            Self::Store => StatusCode::SERVICE_UNAVAILABLE,
            Self::Keys | Self::Pushed | Self::Exchange | Self::IdToken => StatusCode::BAD_GATEWAY,
            Self::Denied => StatusCode::FORBIDDEN,
            _ => StatusCode::BAD_REQUEST,
        }
    }

    /// Returns a sentence for the person in front of the browser.
    pub const fn explanation(self) -> &'static str {
        match self {
            Self::Config => "Signing in does not work at the moment.",
            Self::Store | Self::Keys => {
                "Signing in does not work at the moment. Please try again later."
            }
            Self::Denied => "You were not signed in, because access was denied.",
            Self::ReturnPath => "The link that you followed is not valid.",
            Self::NoSignIn | Self::Replayed => {
                "This sign-in has ended already, or began in another browser. Please sign in again."
            }
            Self::Expired => "Signing in took too long. Please sign in again.",
            Self::SignOut => "This sign-out has ended already, or began in another browser.",
            Self::Pushed | Self::Refused | Self::Exchange | Self::IdToken => {
                "The provider did not sign you in. Please try again."
            }
            _ => "You were not signed in. Please try again.",
        }
    }
}

impl Error {
    pub(crate) fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            kind,
            message: message.into(),
            source: None,
            cookie: None,
        }))
    }

    pub(crate) fn of_runtime(
        kind: ErrorKind,
        message: &'static str,
        error: runtime::Error,
    ) -> Self {
        let mut new = Self::new(kind, message);
        new.0.source = Some(Source::Runtime(error));
        new
    }

    /// Creates an error of a store. The source must not show a secret.
    pub fn of_store(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        let mut new = Self::new(ErrorKind::Store, "the store of sign-ins failed");
        new.0.source = Some(Source::Other(source.into()));
        new
    }

    pub(crate) fn with_cookie(mut self, cookie: &HeaderValue) -> Self {
        self.0.cookie = Some(cookie.clone());
        self
    }

    /// Returns what kind of thing went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Returns the error of the provider, with its code and description, where there is one.
    pub fn provider_error(&self) -> Option<&runtime::Error> {
        match &self.0.source {
            Some(Source::Runtime(error)) => Some(error),
            _ => None,
        }
    }

    /// Returns the value of a `Set-Cookie` header that deletes the cookie of the sign-in: send it
    /// with the response. `None` if there is nothing to delete.
    pub fn set_cookie(&self) -> Option<&HeaderValue> {
        self.0.cookie.as_ref()
    }

    /// Returns a response for the browser: status, the deletion of the cookie, and the
    /// explanation as plain text.
    pub fn response<B: From<&'static str>>(&self) -> http::Response<B> {
        let mut response = http::Response::new(B::from(self.kind().explanation()));
        *response.status_mut() = self.kind().status();
        let headers = response.headers_mut();
        let text = HeaderValue::from_static("text/plain; charset=utf-8");
        headers.insert(http::header::CONTENT_TYPE, text);
        headers.insert(http::header::CACHE_CONTROL, NO_STORE);
        // The URL of the callback may have the code in it.
        headers.insert(
            http::header::REFERRER_POLICY,
            HeaderValue::from_static("no-referrer"),
        );
        if let Some(cookie) = self.set_cookie() {
            headers.append(http::header::SET_COOKIE, cookie.clone());
        }
        response
    }
}

impl From<runtime::Error> for Error {
    /// An error of the kind `Config`: that a request cannot be made.
    fn from(error: runtime::Error) -> Self {
        Self::of_runtime(ErrorKind::Config, "the request cannot be made", error)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.message)?;
        match &self.0.source {
            None => Ok(()),
            Some(Source::Runtime(error)) => write!(formatter, ": {error}"),
            Some(Source::Other(error)) => write!(formatter, ": {error}"),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Error")
            .field("kind", &self.kind())
            .field("message", &self.0.message)
            .field("provider_error", &self.provider_error())
            .finish_non_exhaustive()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self.0.source.as_ref()? {
            Source::Runtime(error) => Some(error),
            Source::Other(error) => Some(error.as_ref()),
        }
    }
}
