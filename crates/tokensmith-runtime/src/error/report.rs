//! What went wrong, before it is given the type of a request's error body.

use std::borrow::Cow;
use std::error::Error as StdError;
use std::io;
use std::time::Duration;

use crate::error::mask::{Mask, visible};
use crate::error::transport_error::{TransportError, TransportErrorKind};
use crate::{EndpointAddress, Error, ErrorCode, ErrorKind};

mod display;

pub(crate) use display::Reason;

/// Everything that an [`Error`] says without knowing the type of its body. Text of the server has
/// been masked.
pub(crate) struct Report {
    pub(crate) kind: ErrorKind,
    /// The provider's short name; empty where it is not known.
    pub(crate) provider: String,
    pub(crate) endpoint: Option<EndpointAddress>,
    /// What happened, in our words.
    pub(crate) message: Option<Cow<'static, str>>,
    /// What became of the connection, where there is no response.
    pub(crate) transport: Option<TransportErrorKind>,
    pub(crate) status: Option<u16>,
    pub(crate) code: Option<ErrorCode>,
    /// The code as the provider has it, where `code` is what it means.
    pub(crate) provider_code: Option<String>,
    /// Whether kind and code are what the document says of the provider's own code.
    pub(crate) is_mapped: bool,
    /// Whether the document lists the provider's code. Then `code` and `provider_code` are words of
    /// the document and of RFCs, and hold no secret.
    pub(crate) has_listed_code: bool,
    pub(crate) description: Option<String>,
    pub(crate) uri: Option<String>,
    /// Where a redirect leads.
    pub(crate) location: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    pub(crate) retryable: bool,
    pub(crate) sent: bool,
    pub(crate) request_id: Option<String>,
    /// What kind of body the response has.
    pub(crate) received: Option<String>,
    pub(crate) raw_body: Vec<u8>,
    /// What may be shown of it.
    pub(crate) masked_body: Option<String>,
    /// The innermost cause, in words.
    pub(crate) cause: Option<String>,
    pub(crate) source: Option<Box<dyn StdError + Send + Sync>>,
    pub(crate) previous: Option<Previous>,
    /// What is wrong with a redirect, where the error is about one.
    #[cfg(feature = "authorization")]
    pub(crate) redirect: Option<crate::RedirectProblem>,
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

    /// A response that holds no token.
    pub(crate) fn responded(kind: ErrorKind, status: u16) -> Self {
        Self {
            status: Some(status),
            sent: true,
            ..Self::bare(kind)
        }
    }

    fn bare(kind: ErrorKind) -> Self {
        Self {
            kind,
            provider: String::new(),
            endpoint: None,
            message: None,
            transport: None,
            status: None,
            code: None,
            provider_code: None,
            is_mapped: false,
            has_listed_code: false,
            description: None,
            uri: None,
            location: None,
            retry_after: None,
            retryable: false,
            sent: false,
            request_id: None,
            received: None,
            raw_body: Vec::new(),
            masked_body: None,
            cause: None,
            source: None,
            previous: None,
            #[cfg(feature = "authorization")]
            redirect: None,
        }
    }

    /// Names the provider and the endpoint, also for the refusal that came before.
    pub(crate) fn at(mut self, provider: &str, endpoint: Option<EndpointAddress>) -> Self {
        self.previous = self.previous.map(|previous| Previous {
            error: previous
                .error
                .into_report()
                .at(provider, endpoint.clone())
                .into(),
            ..previous
        });
        provider.clone_into(&mut self.provider);
        self.endpoint = endpoint;
        self
    }

    /// Masks what the server said.
    pub(crate) fn mask(&mut self, mask: &Mask) {
        if !self.has_listed_code {
            if let Some(code) = self.code.take() {
                self.code = Some(ErrorCode::from(mask.line(code.as_str())));
            }
            if let Some(code) = &mut self.provider_code {
                *code = mask.line(code);
            }
        }
        let texts = [&mut self.description, &mut self.uri, &mut self.location];
        for text in texts.into_iter().flatten() {
            *text = mask.line(text);
        }
        // The body of a success may hold a token, in a place and of a look that nobody expects.
        let is_success = matches!(self.status, Some(200..=299));
        self.masked_body = (!is_success).then(|| mask.body(&self.raw_body)).flatten();
        // It may look like a credential.
        if let Some(id) = &mut self.request_id {
            mask.secrets_in(id);
            *id = visible(id);
        }
    }

    pub(crate) fn with_source(mut self, source: Box<dyn StdError + Send + Sync>) -> Self {
        self.cause = innermost(source.as_ref());
        self.source = Some(source);
        self
    }
}

impl From<TransportError> for Report {
    fn from(error: TransportError) -> Self {
        let kind = match error.kind() {
            TransportErrorKind::Resolve
            | TransportErrorKind::Connect
            | TransportErrorKind::Other => ErrorKind::Transport,
            TransportErrorKind::Timeout => ErrorKind::Timeout,
            TransportErrorKind::Tls => ErrorKind::Tls,
            TransportErrorKind::TooLarge => ErrorKind::TooLarge,
        };
        let cause = error.source().and_then(innermost);
        Self {
            sent: error.may_have_been_sent(),
            transport: Some(error.kind()),
            cause,
            source: Some(Box::new(error)),
            ..Self::bare(kind)
        }
    }
}

/// The cause behind all others, in words; those in between say the same more generally.
fn innermost(error: &(dyn StdError + 'static)) -> Option<String> {
    let last = std::iter::successors(Some(error), |&error| error.source()).last()?;
    let text = match last.downcast_ref::<io::Error>() {
        // The kind is the same on every system, and has no number.
        Some(error) if error.raw_os_error().is_some() => error.kind().to_string(),
        _ => last.to_string(),
    };
    // What getaddrinfo says stands behind what was called.
    let text = text
        .strip_prefix("failed to lookup address information: ")
        .unwrap_or(&text);
    Some(text.to_owned())
}
