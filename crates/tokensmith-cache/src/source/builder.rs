//! Setting up a source of tokens that belong to no user.

use std::fmt;
use std::sync::Arc;

use tokensmith_runtime::protocol::{self, Settings};
use tokensmith_runtime::{Client, Request, TokenResponse, Transport};
use zeroize::Zeroizing;

use super::{Inner, TokenManager, TokenSource};
use crate::refresh::{Context, Grant as _, Options, Remembered, Requests, TokenSlot};
use crate::{TokenError, TokenErrorKind, TokenHeader};

/// Sets a [`TokenSource`] up. The tokens of people, and whatever is asked for by a refresh token, are for
/// [`UserTokens`](crate::UserTokens).
pub struct SourceBuilder<P, T> {
    pub(super) requests: Requests<P, T>,
    pub(super) identity: Result<Zeroizing<Vec<u8>>, TokenError>,
    subject: Option<String>,
    /// Another one than the options'.
    pub(super) header: Option<TokenHeader>,
    /// Where the document says that requests carry the token.
    declared: Result<Option<TokenHeader>, TokenError>,
    options: Options,
}

impl<P: 'static, T: Transport + Clone + Send + Sync + 'static> SourceBuilder<P, T> {
    pub(super) fn new(client: &Client<P, T>) -> Self {
        Self {
            requests: Requests::new(client.clone()),
            identity: Ok(Zeroizing::default()),
            subject: None,
            header: None,
            declared: Ok(None),
            options: Options::default(),
        }
    }

    /// Sets the request that asks for a token. One that carries a refresh token is refused when the
    /// source is built, whatever else is set and in whatever order. The compiler cannot refuse it:
    /// whether it does is data where the document is read when the program runs. A source of a
    /// user's tokens cannot be written without a subject:
    /// [`UserTokens::source`](crate::UserTokens::source) takes it, and nothing else has refresh
    /// tokens.
    #[must_use]
    pub fn grant<R>(mut self, request: R) -> Self
    where
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        self.identity = identity_of_no_user(self.requests.client.settings(), &request);
        self.declared = TokenHeader::declared(request.endpoint());
        self.requests.set_full(request);
        self
    }

    /// Names whom the tokens are for, where requests that are the same get tokens that are not.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// Sets how tokens are kept, carried and shared. A source of a manager has the manager's.
    #[must_use]
    pub fn options(mut self, options: Options) -> Self {
        self.options = options;
        self
    }

    /// Creates the source.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if there is no request, it could not be sent, it carries a refresh token, or it carries a one-time
    /// credential over a transport that cannot drive it to its end.
    pub fn build(mut self) -> Result<TokenSource, TokenError> {
        let options = std::mem::take(&mut self.options);
        let declared = self.declared()?;
        let options = match self.header.take() {
            Some(header) => options.header(header),
            None => options.header_unless_set(declared),
        };
        let context = Arc::new(options.context(None));
        let identity = self.identity()?;
        let slot = Arc::new(TokenSlot::new(Remembered::default()));
        self.finish(context, slot, &identity)
    }

    /// Creates a source of a manager: all that are set up alike share one token.
    ///
    /// # Errors
    ///
    /// As for [`build`](Self::build).
    pub fn build_in(mut self, manager: &TokenManager) -> Result<TokenSource, TokenError> {
        if let Some(place) = self.declared()?
            && !manager.context().has_own_header
        {
            return Err(TokenErrorKind::Config.because(format!(
                "the provider takes its tokens in {place}, and the manager puts them in the header `authorization` as \
                 `Bearer {{token}}`: set the place by `Options::header` of the manager"
            )));
        }
        let identity = self.identity()?;
        let slot = manager.slots().slot(&identity);
        self.finish(Arc::clone(manager.context()), slot, &identity)
    }

    fn declared(&mut self) -> Result<Option<TokenHeader>, TokenError> {
        std::mem::replace(&mut self.declared, Ok(None))
    }

    fn identity(&mut self) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        let none = Ok(Zeroizing::default());
        let mut identity = std::mem::replace(&mut self.identity, none)?;
        if identity.is_empty() {
            return Err(
                TokenErrorKind::Config.because("the source has no request: give it one by `grant`")
            );
        }
        if let Some(subject) = &self.subject {
            identity.extend_from_slice(b"subject");
            identity.extend_from_slice(subject.as_bytes());
        }
        Ok(identity)
    }

    fn finish(
        self,
        context: Arc<Context>,
        slot: Arc<TokenSlot>,
        identity: &[u8],
    ) -> Result<TokenSource, TokenError> {
        if self.requests.is_one_time() {
            check_spawner(&context, &self.requests)?;
        }
        Ok(TokenSource::of(Inner {
            name: context.store.as_ref().map(|shared| shared.name(identity)),
            context,
            slot,
            grant: Arc::new(self.requests),
            user: None,
        }))
    }
}

impl<P, T> fmt::Debug for SourceBuilder<P, T> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SourceBuilder")
            .field("subject", &self.subject)
            .finish_non_exhaustive()
    }
}

/// Something has to drive what must not be dropped.
pub(super) fn check_spawner<P: 'static, T: Transport + Send + Sync + 'static>(
    context: &Context,
    requests: &Requests<P, T>,
) -> Result<(), TokenError> {
    if context.spawner(requests).is_none() {
        return Err(TokenErrorKind::Config.because(
            "the transport cannot drive a request to its end that nobody waits for, and this one carries a credential that can \
             be used once: set `Options::spawn`, or implement `Transport::spawner`",
        ));
    }
    Ok(())
}

/// What tells the token of a request from others that belongs to no user.
pub(super) fn identity_of_no_user<R: Request>(
    settings: &Settings,
    request: &R,
) -> Result<Zeroizing<Vec<u8>>, TokenError> {
    let carries_refresh_token = request.operation().grant_type() == Some("refresh_token")
        || protocol::has_parameter(request, "refresh_token");
    if carries_refresh_token {
        return Err(TokenErrorKind::Config.because(
            "a refresh token belongs to a user, and is used once: use `UserTokens` instead of a source of this request",
        ));
    }
    identity(settings, request)
}

/// What tells the token of a request from others.
pub(crate) fn identity<R: Request>(
    settings: &Settings,
    request: &R,
) -> Result<Zeroizing<Vec<u8>>, TokenError> {
    protocol::identity(settings, request).map_err(|error| {
        TokenErrorKind::Config
            .because("the request for a token could not be sent")
            .with_source(error)
    })
}
