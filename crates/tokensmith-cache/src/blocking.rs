//! Sources for programs without an asynchronous runtime.

use std::fmt;
use std::time::Duration;

use tokensmith_runtime::{
    BlockingTransport, Client, Provider, Request, TokenResponse, Transport, TransportError,
    blocking,
};

use crate::{SourceBuilder, Token, TokenError, TokenManager};

/// Valid tokens, on the caller's thread. All else is as in [`TokenSource`](crate::TokenSource): one thread asks the provider,
/// the others sleep until the token is there.
#[derive(Clone)]
pub struct TokenSource(crate::TokenSource);

impl TokenSource {
    /// A source that sends this request whenever a token is needed.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the request could not be sent: a parameter is missing, or outside its limits.
    pub fn new<P, T, R>(client: &blocking::Client<P, T>, request: R) -> Result<Self, TokenError>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        Self::build(Self::builder(client).grant(request))
    }

    /// A source that is set up step by step; [`build`](Self::build) is the last one.
    pub fn builder<P, T>(client: &blocking::Client<P, T>) -> SourceBuilder<P, OnThread<T>>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
    {
        let transport = OnThread(client.transport().clone());
        let client = Client::with_settings(transport, client.settings().clone());
        crate::TokenSource::builder(&client)
    }

    /// The source that was set up.
    ///
    /// # Errors
    ///
    /// As for [`SourceBuilder::build`].
    pub fn build<P, T>(builder: SourceBuilder<P, OnThread<T>>) -> Result<Self, TokenError>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
    {
        builder.build().map(Self)
    }

    /// The source that was set up, as one of a manager.
    ///
    /// # Errors
    ///
    /// As for [`SourceBuilder::build_in`].
    pub fn build_in<P, T>(
        builder: SourceBuilder<P, OnThread<T>>,
        manager: &TokenManager,
    ) -> Result<Self, TokenError>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
    {
        builder.build_in(manager).map(Self)
    }

    /// The token, if it is valid and need not be refreshed yet.
    pub fn cached(&self) -> Option<Token> {
        self.0.cached()
    }

    /// A valid token: the one at hand, or a new one.
    ///
    /// # Errors
    ///
    /// See [`TokenErrorKind`](crate::TokenErrorKind).
    pub fn token(&self) -> Result<Token, TokenError> {
        match self.0.cached() {
            Some(token) => Ok(token),
            None => pollster::block_on(self.0.token()),
        }
    }

    /// Drops a token that an API has refused, if it is still the one at hand.
    pub fn invalidate(&self, token: &Token) -> bool {
        self.0.invalidate(token)
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("blocking::TokenSource(..)")
    }
}

/// A blocking transport, used on the thread of whoever drives the refresh. Its own timeouts end a request, not the deadline
/// of the refresh.
#[derive(Debug, Clone)]
pub struct OnThread<T>(T);

impl<T: BlockingTransport + Sync> Transport for OnThread<T> {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.0.send(request)
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration);
    }
}
