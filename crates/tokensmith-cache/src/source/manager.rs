//! Tokens of many tenants.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use tokensmith_runtime::{Client, Request, TokenResponse, Transport};

use super::token_slots::TokenSlots;
use super::{TokenSource, identity};
use crate::refresh::{Context, Drained, Options};
use crate::token::Token;
use crate::{Metrics, TokenError};

/// Valid tokens for as many clients, tenants and scopes as there is room for.
///
/// Every input that changes a token tells it from the others: the URL, the client and how it authenticates, the grant, the
/// scopes in any order, the resources, every other parameter and header, and the subject. What a transport adds, such as a
/// client certificate, does not: have a manager for each.
///
/// When there is no room, the tokens go that are used least; never one that a [`TokenSource`] is made for or that is being
/// asked for. How long the provider asked to wait is remembered of four times as many. The tokens of people are for
/// [`UserTokens`](crate::UserTokens).
pub struct TokenManager {
    slots: TokenSlots,
    context: Arc<Context>,
}

impl TokenManager {
    /// Creates a manager with room for so many tokens.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the operating system gives no random bytes.
    pub fn new(capacity: usize) -> Result<Self, TokenError> {
        Self::with_options(capacity, Options::default())
    }

    /// Creates a manager that keeps, carries or shares tokens otherwise than by default.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_options(capacity: usize, options: Options) -> Result<Self, TokenError> {
        let context = Arc::new(options.context(None));
        Ok(Self {
            slots: TokenSlots::new(capacity, &context)?,
            context,
        })
    }

    /// Returns a valid token by this request: the one at hand, or a new one.
    ///
    /// # Errors
    ///
    /// See [`TokenErrorKind`](crate::TokenErrorKind).
    pub async fn token<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: &R,
    ) -> Result<Token, TokenError>
    where
        P: 'static,
        T: Transport + Clone + Send + Sync + 'static,
        R: Request<Provider = P> + Clone + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        let identity = identity(client.settings(), request)?;
        if let Some(slot) = self.slots.get(&identity)
            && let Some(token) = slot.fresh(self.context.now())
        {
            self.context.counters.hits.add();
            return Ok(token);
        }
        self.source(client, request.clone())?.token().await
    }

    /// Creates a source of the tokens by this request, which reads faster than [`token`](Self::token) does. As long as there
    /// is one, its token stays.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the request could not be sent.
    pub fn source<P, T, R>(
        &self,
        client: &Client<P, T>,
        request: R,
    ) -> Result<TokenSource, TokenError>
    where
        P: 'static,
        T: Transport + Clone + Send + Sync + 'static,
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        TokenSource::builder(client).grant(request).build_in(self)
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.slots.len() == 0
    }

    /// Lets every tenant ask the provider again at once, whatever `Retry-After` it gave, to this machine or to another one that
    /// shares a store. Other machines wait on: see [`TokenSource::clear_wait`].
    pub fn clear_waits(&self) {
        self.context.clear_waits();
        self.slots.clear_waits();
    }

    /// Waits until no request that carries a one-time credential is in flight, or this much time is over, and returns what is
    /// left.
    pub async fn drain(&self, deadline: Duration) -> Drained {
        self.context.drain(deadline).await
    }

    /// What has been counted.
    pub fn metrics(&self) -> Metrics {
        self.context.metrics()
    }

    pub(super) fn context(&self) -> &Arc<Context> {
        &self.context
    }

    pub(super) fn slots(&self) -> &TokenSlots {
        &self.slots
    }
}

impl fmt::Debug for TokenManager {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TokenManager")
            .field("len", &self.len())
            .field("metrics", &self.metrics())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
