//! Tokens of many tenants.

use std::fmt;
use std::sync::Arc;

use quick_cache::sync::Cache;
use quick_cache::{DefaultHashBuilder, Lifecycle, UnitWeighter};
use ring::hmac;
use ring::rand::{SecureRandom as _, SystemRandom};
use tokensmith_runtime::{Client, Request, TokenResponse, Transport};

use crate::options::{Context, Options};
use crate::slot::Slot;
use crate::source::TokenSource;
use crate::token::Token;
use crate::{Metrics, TokenError, TokenErrorKind};

/// Valid tokens for as many clients, users and scopes as there is room for.
///
/// Every input that changes a token tells it from the others: the URL, the client and how it authenticates, the grant, the
/// scopes in any order, the resources, every other parameter and header, and the subject. What a transport adds, such as a
/// client certificate, does not: have a manager for each.
///
/// When there is no room, the tokens go that are used least; never one that a [`TokenSource`] is made for or that is being
/// asked for, and never a refresh token.
pub struct TokenManager {
    slots: Cache<Key, Arc<Slot>, UnitWeighter, DefaultHashBuilder, Keep>,
    context: Arc<Context>,
    /// Makes names from which nobody can learn the secrets in them.
    key: hmac::Key,
}

/// A keyed hash of all that decides which token it is. Nobody can look for two that are alike without the key, and a million
/// have two alike by chance once in 10^26 times.
type Key = [u8; 16];

impl TokenManager {
    /// A manager with room for so many tokens.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the operating system gives no random bytes.
    pub fn new(capacity: usize) -> Result<Self, TokenError> {
        Self::with_options(capacity, Options::default())
    }

    /// A manager that keeps, carries or shares tokens otherwise than by default.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_options(capacity: usize, options: Options) -> Result<Self, TokenError> {
        let mut key = [0; 32];
        SystemRandom::new().fill(&mut key).map_err(|_| {
            TokenErrorKind::Config.because("the operating system gives no random bytes")
        })?;
        Ok(Self {
            slots: Cache::with(
                capacity,
                capacity as u64,
                UnitWeighter,
                DefaultHashBuilder::default(),
                Keep,
            ),
            context: Arc::new(options.context()),
            key: hmac::Key::new(hmac::HMAC_SHA256, &key),
        })
    }

    /// A valid token by this request: the one at hand, or a new one.
    ///
    /// # Errors
    ///
    /// See [`TokenErrorKind`].
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
        let identity = crate::source::identity(client.settings(), request)?;
        let key = self.name(&identity);
        if let Some(slot) = self.slots.get(&key)
            && let Some(token) = slot.fresh(self.context.now())
        {
            self.context.counters.hits.add();
            return Ok(token);
        }
        self.source(client, request.clone())?.token().await
    }

    /// A source of the tokens by this request, which reads faster than [`token`](Self::token) does. As long as there is one,
    /// its token stays.
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
        self.slots.is_empty()
    }

    /// What has been counted.
    pub fn metrics(&self) -> Metrics {
        self.context.counters.read()
    }

    pub(crate) fn context(&self) -> &Arc<Context> {
        &self.context
    }

    /// The slot of an identity, made if there is none.
    pub(crate) fn slot(&self, identity: &[u8]) -> Arc<Slot> {
        let made = || Ok::<_, std::convert::Infallible>(Arc::new(Slot::new()));
        match self.slots.get_or_insert_with(&self.name(identity), made) {
            Ok(slot) => slot,
            Err(never) => match never {},
        }
    }

    fn name(&self, identity: &[u8]) -> Key {
        let mut name = Key::default();
        let tag = hmac::sign(&self.key, identity);
        name.iter_mut()
            .zip(tag.as_ref())
            .for_each(|(byte, other)| *byte = *other);
        name
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

/// Keeps what is in use.
#[derive(Debug, Clone, Copy)]
struct Keep;

impl Lifecycle<Key, Arc<Slot>> for Keep {
    type RequestState = ();

    fn is_pinned(&self, _key: &Key, slot: &Arc<Slot>) -> bool {
        Arc::strong_count(slot) > 1 || slot.is_precious()
    }

    fn on_evict(&self, _state: &mut Self::RequestState, _key: Key, _slot: Arc<Slot>) {}
}

#[cfg(test)]
mod tests;
