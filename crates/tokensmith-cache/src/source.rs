//! A source of valid tokens.

use std::fmt;
use std::sync::Arc;

use futures_util::FutureExt as _;
use http::HeaderName;
use tokensmith_runtime::protocol::{self, Settings};
use tokensmith_runtime::{Client, Request, Secret, TokenResponse, Transport};
use zeroize::Zeroizing;

use crate::clock::Moment;
use crate::flight::Plan;
use crate::grant::{Grant, Requests};
use crate::options::{Context, Options};
use crate::rotation::OldRefreshTokenStore;
use crate::slot::{Flight, Joined, Slot};
use crate::store::StoreName;
use crate::token::Token;
use crate::{Metrics, TokenError, TokenErrorKind, TokenHeader, TokenManager};

/// Valid tokens, for as long as the provider gives them.
///
/// Cheap to clone; clones share the token. The first caller asks the provider, all others wait for the same answer; from then
/// on [`token`](Self::token) is a read. A caller that gives up harms nobody: another one goes on where it stopped.
#[derive(Clone)]
pub struct TokenSource(Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) context: Arc<Context>,
    pub(crate) slot: Arc<Slot>,
    pub(crate) grant: Arc<dyn Grant>,
    pub(crate) refresh_tokens: Option<Arc<dyn OldRefreshTokenStore>>,
    pub(crate) name: Option<StoreName>,
}

/// How often a token that is at its end when it arrives is asked for again.
const TRIES: u32 = 3;

impl TokenSource {
    /// A source that sends this request whenever a token is needed.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the request could not be sent: a parameter is missing, or outside its limits.
    pub fn new<P, T, R>(client: &Client<P, T>, request: R) -> Result<Self, TokenError>
    where
        P: 'static,
        T: Transport + Clone + Send + Sync + 'static,
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        Self::builder(client).grant(request).build()
    }

    /// A source that is set up step by step.
    pub fn builder<P, T>(client: &Client<P, T>) -> SourceBuilder<P, T>
    where
        P: 'static,
        T: Transport + Clone + Send + Sync + 'static,
    {
        SourceBuilder {
            requests: Requests::new(client.clone()),
            identity: Ok(Zeroizing::default()),
            is_stable: true,
            subject: None,
            refresh_token: None,
            refresh_tokens: None,
            header: None,
            options: Options::default(),
        }
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// The token, if it is valid and need not be refreshed yet: a read without lock, allocation or wait.
    pub fn cached(&self) -> Option<Token> {
        self.0.slot.fresh(self.0.context.now())
    }

    /// A valid token: the one at hand, or a new one.
    ///
    /// Inside the time for its refresh, one caller waits for the new token, and the others get the old one; as long as that is
    /// valid, it is also what they get when the provider fails.
    ///
    /// # Errors
    ///
    /// See [`TokenErrorKind`].
    pub async fn token(&self) -> Result<Token, TokenError> {
        match self.cached() {
            Some(token) => Ok(token),
            None => self.0.refreshed().await,
        }
    }

    /// Drops a token that an API has refused, if it is still the one at hand: the next call asks for a new one.
    ///
    /// `false` if it was replaced in the meantime: then the one at hand is worth a try.
    pub fn invalidate(&self, token: &Token) -> bool {
        self.0.slot.invalidate(token)
    }

    /// The name of the header that carries the token.
    pub fn header_name(&self) -> &HeaderName {
        self.0.context.header.name()
    }

    /// What has been counted; of a source of a manager, what has been counted there.
    pub fn metrics(&self) -> Metrics {
        self.0.context.counters.read()
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("TokenSource(..)")
    }
}

impl Inner {
    /// A valid token where the one at hand has to be refreshed, or there is none.
    pub(crate) async fn refreshed(&self) -> Result<Token, TokenError> {
        for _ in 0..TRIES {
            let now = self.context.now();
            let token = Token::new(self.slot.load());
            if token.kept().is_fresh(now) {
                return Ok(token);
            }
            if token.kept().is_valid(now) {
                return self.refresh_early(token, now).await;
            }
            self.context.counters.misses.add();
            let flight = match self.join(now, false)? {
                Joined::Token(token) => return Ok(token),
                Joined::NewFlight(flight) => flight,
                Joined::Flight(flight) => {
                    self.context.counters.waits.add();
                    flight
                }
            };
            match flight.outcome().await {
                Ok(kept) if kept.is_valid(self.context.now()) => return Ok(kept.into()),
                // It ended while it was waited for, or nobody had driven the refresh for long.
                Ok(_) => {}
                Err(failure) if failure.elsewhere => {}
                Err(_) if self.is_left_behind(&flight, now) => self.slot.forgive(),
                Err(failure) => return Err(failure.error),
            }
        }
        Err(TokenErrorKind::Expired.because("every token that came was at its end already"))
    }

    /// Refreshes a token that is still valid, unless somebody does.
    async fn refresh_early(&self, token: Token, now: Moment) -> Result<Token, TokenError> {
        let Some(lead) = self.slot.lead() else {
            return Ok(token);
        };
        let flight = match self.join(now, true) {
            Ok(Joined::Token(new)) => return Ok(new),
            Ok(Joined::Flight(flight) | Joined::NewFlight(flight)) => flight,
            Err(_) => return Ok(token),
        };
        if let Some(spawn) = &self.context.spawn {
            spawn(Box::pin(flight.outcome().map(move |_| drop(lead))));
            return Ok(token);
        }
        match flight.outcome().await {
            Ok(kept) => Ok(kept.into()),
            Err(_) if token.kept().is_valid(self.context.now()) => Ok(token),
            Err(failure) => Err(failure.error),
        }
    }

    fn join(&self, now: Moment, has_valid: bool) -> Result<Joined, TokenError> {
        self.slot.join(now, || {
            let plan = Plan {
                context: Arc::clone(&self.context),
                slot: Arc::downgrade(&self.slot),
                grant: Arc::clone(&self.grant),
                refresh_tokens: self.refresh_tokens.clone(),
                name: self.name.clone(),
                known: self.slot.load().version(),
                has_valid,
            };
            plan.fly()
        })
    }

    /// Whether a refresh had begun so long before somebody joined it that its failure says nothing.
    fn is_left_behind(&self, flight: &Flight, joined: Moment) -> bool {
        flight.started().after(self.context.policy.deadline()) <= joined
    }
}

/// Sets a [`TokenSource`] up.
pub struct SourceBuilder<P, T> {
    pub(crate) requests: Requests<P, T>,
    pub(crate) identity: Result<Zeroizing<Vec<u8>>, TokenError>,
    /// Whether the identity is the same in the next process.
    pub(crate) is_stable: bool,
    subject: Option<String>,
    pub(crate) refresh_token: Option<Secret>,
    /// Another one than the options'.
    pub(crate) header: Option<TokenHeader>,
    refresh_tokens: Option<Arc<dyn OldRefreshTokenStore>>,
    options: Options,
}

impl<P: 'static, T: Transport + Clone + Send + Sync + 'static> SourceBuilder<P, T> {
    /// Sets the request that asks for a token without a refresh token.
    #[must_use]
    pub fn grant<R>(mut self, request: R) -> Self
    where
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        self.identity = identity(self.requests.client.settings(), &request);
        self.requests.set_full(request);
        self
    }

    /// Sets the request that asks for a token by a refresh token, such as `|token| RefreshToken::new(token)`. It comes before
    /// the other grant, where there is a refresh token.
    #[must_use]
    pub fn refresh<R>(mut self, make: impl Fn(&Secret) -> R + Send + Sync + 'static) -> Self
    where
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        if self.requests.full.is_none() {
            let request = make(&Secret::from("refresh_token"));
            self.identity = identity(self.requests.client.settings(), &request);
            self.is_stable = false;
        }
        self.requests.set_refresh(make);
        self
    }

    /// Sets the refresh token to begin with. A provider that rotates them takes it once: see
    /// [`refresh_tokens`](Self::refresh_tokens).
    #[must_use]
    pub fn refresh_token(mut self, token: impl Into<Secret>) -> Self {
        self.refresh_token = Some(token.into());
        self
    }

    /// Sets where the refresh token is kept. Each new one is safe there before it is used.
    #[must_use]
    pub fn refresh_tokens(mut self, store: impl OldRefreshTokenStore + 'static) -> Self {
        self.refresh_tokens = Some(Arc::new(store));
        self
    }

    /// Names whom the tokens are for. Where tokens are shared and only a refresh token tells the users apart, it has to be
    /// set: refresh tokens change.
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

    /// The source.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if there is no request, one of them could not be sent, or the subject is missing.
    pub fn build(mut self) -> Result<TokenSource, TokenError> {
        let mut options = std::mem::take(&mut self.options);
        if let Some(header) = self.header.take() {
            options = options.header(header);
        }
        let context = Arc::new(options.context());
        let is_shared = context.store.is_some();
        let identity = self.identity(is_shared)?;
        let slot = Arc::new(Slot::new());
        Ok(self.finish(context, slot, &identity))
    }

    /// A source of a manager: all that are set up alike share one token.
    ///
    /// # Errors
    ///
    /// As for [`build`](Self::build).
    pub fn build_in(mut self, manager: &TokenManager) -> Result<TokenSource, TokenError> {
        let identity = self.identity(true)?;
        let slot = manager.slot(&identity);
        Ok(self.finish(Arc::clone(manager.context()), slot, &identity))
    }

    fn identity(&mut self, is_shared: bool) -> Result<Zeroizing<Vec<u8>>, TokenError> {
        let none = Ok(Zeroizing::default());
        let mut identity = std::mem::replace(&mut self.identity, none)?;
        if identity.is_empty() {
            return Err(TokenErrorKind::Config
                .because("the source has no request: give it one by `grant` or `refresh`"));
        }
        if is_shared && !self.is_stable && self.subject.is_none() {
            return Err(TokenErrorKind::Config.because(
                "nothing tells the users of these refresh tokens apart: name the user by `subject`",
            ));
        }
        if let Some(subject) = &self.subject {
            identity.extend_from_slice(b"subject");
            identity.extend_from_slice(subject.as_bytes());
        }
        Ok(identity)
    }

    fn finish(self, context: Arc<Context>, slot: Arc<Slot>, identity: &[u8]) -> TokenSource {
        if let Some(token) = self.refresh_token {
            slot.rotation(|rotation| {
                rotation.current.get_or_insert(token);
            });
        }
        TokenSource::of(Inner {
            name: context.store.as_ref().map(|shared| shared.name(identity)),
            context,
            slot,
            grant: Arc::new(self.requests),
            refresh_tokens: self.refresh_tokens,
        })
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

#[cfg(test)]
mod tests;
