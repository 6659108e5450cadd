//! Sources for programs without an asynchronous runtime.

use std::fmt;
use std::time::Duration;

use futures_channel::oneshot;
use tokensmith_runtime::{
    BlockingTransport, Client, Provider, Request, Secret, Spawner, TokenResponse, Transport,
    TransportError, TransportErrorKind, blocking,
};

use crate::refresh::Drained;
use crate::{
    SignOut, SourceBuilder, StoreName, Token, TokenError, TokenManager, UserTokensBuilder, time,
};

/// Valid tokens, on the caller's thread. All else is as in [`TokenSource`](crate::TokenSource): one thread asks the provider,
/// the others sleep until the token is there.
///
/// Stores that need a tokio runtime are refused when the source is built.
#[derive(Clone)]
pub struct TokenSource(crate::TokenSource);

impl TokenSource {
    /// Creates a source that sends this request whenever a token is needed.
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

    /// Creates a source that is set up step by step; [`build`](Self::build) is the last one.
    pub fn builder<P, T>(client: &blocking::Client<P, T>) -> SourceBuilder<P, OnThread<T>>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
    {
        crate::TokenSource::builder(&on_threads(client))
    }

    /// Creates the source that was set up.
    ///
    /// # Errors
    ///
    /// As for [`SourceBuilder::build`], and of the kind `config` if the store needs a tokio runtime.
    pub fn build<P, T>(builder: SourceBuilder<P, OnThread<T>>) -> Result<Self, TokenError>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
    {
        builder.build()?.blocking()
    }

    /// Creates the source that was set up, as one of a manager.
    ///
    /// # Errors
    ///
    /// As for [`SourceBuilder::build_in`], and of the kind `config` if the store needs a tokio runtime.
    pub fn build_in<P, T>(
        builder: SourceBuilder<P, OnThread<T>>,
        manager: &TokenManager,
    ) -> Result<Self, TokenError>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
    {
        builder.build_in(manager)?.blocking()
    }

    /// Returns the token, if it is valid and need not be refreshed yet.
    pub fn cached(&self) -> Option<Token> {
        self.0.cached()
    }

    /// Returns a valid token: the one at hand, or a new one.
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

    /// Drops a token that an API has refused: [`TokenSource::invalidate`](crate::TokenSource::invalidate).
    pub fn invalidate(&self, token: &Token) -> bool {
        self.0.invalidate(token)
    }

    /// Lets the next call ask the provider: [`TokenSource::clear_wait`](crate::TokenSource::clear_wait).
    ///
    /// # Errors
    ///
    /// Of the kind `store` if the shared store fails.
    pub fn clear_wait(&self) -> Result<(), TokenError> {
        pollster::block_on(self.0.clear_wait())
    }

    /// The name of the token in the shared store: [`TokenSource::store_name`](crate::TokenSource::store_name).
    pub fn store_name(&self) -> Option<&StoreName> {
        self.0.store_name()
    }

    /// Waits for what is in flight: [`TokenSource::drain`](crate::TokenSource::drain).
    pub fn drain(&self, deadline: Duration) -> Drained {
        pollster::block_on(self.0.drain(deadline))
    }
}

impl crate::TokenSource {
    /// The same source for threads, if its stores can do without a runtime.
    fn blocking(self) -> Result<TokenSource, TokenError> {
        self.0.context.check_blocking()?;
        Ok(TokenSource(self))
    }
}

/// Valid tokens of users, on the caller's thread; see [`UserTokens`](crate::UserTokens).
#[derive(Debug, Clone)]
pub struct UserTokens(crate::UserTokens);

impl UserTokens {
    /// Creates the tokens of users, to be set up step by step; [`build`](Self::build) is the last one.
    pub fn builder<P, T, R>(
        client: &blocking::Client<P, T>,
        refresh: impl Fn(&Secret) -> R + Send + Sync + 'static,
    ) -> UserTokensBuilder<P, OnThread<T>>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        crate::UserTokens::builder(&on_threads(client), refresh)
    }

    /// Creates the tokens of users that were set up.
    ///
    /// # Errors
    ///
    /// As for [`UserTokensBuilder::build`], and of the kind `config` if a store needs a tokio runtime.
    pub fn build<P, T>(builder: UserTokensBuilder<P, OnThread<T>>) -> Result<Self, TokenError>
    where
        P: Provider + 'static,
        T: BlockingTransport + Clone + Send + Sync + 'static,
    {
        let users = builder.build()?;
        users.context().check_blocking()?;
        Ok(Self(users))
    }

    /// Returns a valid token of a user: [`UserTokens::token`](crate::UserTokens::token).
    ///
    /// # Errors
    ///
    /// See [`TokenErrorKind`](crate::TokenErrorKind).
    pub fn token(&self, subject: &str) -> Result<Token, TokenError> {
        pollster::block_on(self.0.token(subject))
    }

    /// Creates the source of a user's tokens: [`UserTokens::source`](crate::UserTokens::source).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub fn source(&self, subject: &str) -> Result<TokenSource, TokenError> {
        self.0.source(subject)?.blocking()
    }

    /// Creates a source with a refresh token to begin with: [`UserTokens::source_with`](crate::UserTokens::source_with).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub fn source_with(
        &self,
        subject: &str,
        refresh_token: impl Into<Secret>,
    ) -> Result<TokenSource, TokenError> {
        self.0.source_with(subject, refresh_token)?.blocking()
    }

    /// Returns the name of a user's entry: [`UserTokens::refresh_token_name`](crate::UserTokens::refresh_token_name).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub fn refresh_token_name(&self, subject: &str) -> Result<StoreName, TokenError> {
        self.0.refresh_token_name(subject)
    }

    /// Signs a user in: [`UserTokens::sign_in`](crate::UserTokens::sign_in).
    ///
    /// # Errors
    ///
    /// As for [`UserTokens::sign_in`](crate::UserTokens::sign_in).
    pub fn sign_in<R: TokenResponse>(
        &self,
        subject: &str,
        response: &R,
    ) -> Result<Token, TokenError> {
        pollster::block_on(self.0.sign_in(subject, response))
    }

    /// Signs a user out: [`UserTokens::sign_out`](crate::UserTokens::sign_out).
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub fn sign_out(&self, subject: &str) -> Result<SignOut, TokenError> {
        pollster::block_on(self.0.sign_out(subject))
    }

    /// Waits for what is in flight: [`UserTokens::drain`](crate::UserTokens::drain).
    pub fn drain(&self, deadline: Duration) -> Drained {
        pollster::block_on(self.0.drain(deadline))
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("blocking::TokenSource(..)")
    }
}

fn on_threads<P: Provider, T: BlockingTransport + Clone>(
    client: &blocking::Client<P, T>,
) -> Client<P, OnThread<T>> {
    let transport = OnThread(client.transport().clone());
    Client::with_settings(transport, client.settings().clone())
}

/// A blocking transport, each request on a thread of its own: the thread that waits for the token can do something else
/// meanwhile, such as giving up, or extending a lease.
#[derive(Debug, Clone)]
pub struct OnThread<T>(T);

impl<T: BlockingTransport + Clone + Send + Sync + 'static> Transport for OnThread<T> {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (sender, response) = oneshot::channel();
        let transport = self.0.clone();
        let thread = std::thread::Builder::new().name("tokensmith".to_owned());
        // Nobody may wait for the response any more.
        let spawned = thread.spawn(move || drop(sender.send(transport.send(request))));
        if let Err(error) = spawned {
            return Err(TransportError::new(TransportErrorKind::Other, false, error));
        }
        let gone = "the transport has panicked";
        let gone = TransportError::new(TransportErrorKind::Other, true, gone);
        response.await.unwrap_or(Err(gone))
    }

    async fn sleep(&self, duration: Duration) {
        time::sleep(duration).await;
    }

    fn spawner(&self) -> Option<Spawner> {
        Some(Spawner::threads())
    }
}
