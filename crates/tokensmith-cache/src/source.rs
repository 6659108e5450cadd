//! What users hold: sources of valid tokens.

pub mod blocking;
mod builder;
mod connector;
mod manager;
mod token_slots;
mod users;

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{Either, select};
use http::HeaderName;
use tokensmith_runtime::{Client, Request, TokenResponse, Transport};

pub use self::builder::SourceBuilder;
pub(crate) use self::builder::identity;
pub use self::connector::{Connectors, LoadedConnector, Reload};
pub use self::manager::TokenManager;
pub use self::users::{SignOut, UserTokens, UserTokensBuilder};
use crate::refresh::{
    Attempt, Context, Drained, Grant, Outcome, Refresh, TokenOrAttempt, TokenSlot, User, pause,
};
use crate::store::StoreName;
use crate::time::{AtomicMoment, Moment};
use crate::token::Token;
use crate::token::TokenHeader;
use crate::{Metrics, TokenError, TokenErrorKind};

/// Valid tokens, for as long as the provider gives them.
///
/// Cheap to clone; clones share the token. The first caller asks the provider, all others wait for the same response; from then
/// on [`token`](Self::token) is a read. A caller that gives up harms nobody.
#[derive(Clone)]
pub struct TokenSource(pub(crate) Arc<Inner>);

#[derive(Clone)]
pub(crate) struct Inner {
    pub(crate) context: Arc<Context>,
    pub(crate) slot: Arc<TokenSlot>,
    pub(crate) grant: Arc<dyn Grant>,
    pub(crate) user: Option<Arc<User>>,
    pub(crate) name: Option<StoreName>,
}

/// How often a token that has expired when it arrives is asked for again.
const TRIES: u32 = 4;

/// How often whoever waits looks for themselves: another one may have been woken for all, and have given up.
const LOOK: Duration = Duration::from_secs(1);

impl TokenSource {
    /// Creates a source that sends this request whenever a token is needed. For the tokens of people see [`UserTokens`].
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

    /// Creates a source that is set up step by step.
    pub fn builder<P, T>(client: &Client<P, T>) -> SourceBuilder<P, T>
    where
        P: 'static,
        T: Transport + Clone + Send + Sync + 'static,
    {
        SourceBuilder::new(client)
    }

    pub(crate) fn of(inner: Inner) -> Self {
        Self(Arc::new(inner))
    }

    /// Returns the token, if it is valid and need not be refreshed yet: a read without lock, allocation or wait.
    pub fn cached(&self) -> Option<Token> {
        let token = self.0.slot.fresh(self.0.context.now());
        if token.is_some() {
            self.0.context.counters.hits.add();
        }
        token
    }

    /// Returns a valid token: the one at hand, or a new one.
    ///
    /// As long as the token at hand is valid, it is returned at once, while it is refreshed behind the scenes; also when the
    /// provider fails. Without a way to do so ([`Transport::spawner`]), one caller waits for the new token.
    ///
    /// # Errors
    ///
    /// See [`TokenErrorKind`].
    pub async fn token(&self) -> Result<Token, TokenError> {
        match self.cached() {
            Some(token) => Ok(token),
            None => {
                let refreshed = self.0.refreshed().await;
                refreshed.map_err(|error| error.of(self.0.grant.provider()))
            }
        }
    }

    /// Drops a token that an API has refused, if it is still the one at hand: the next call asks for a new one.
    ///
    /// `false` if it was replaced in the meantime, so that the one at hand is worth a try; or if it is too young
    /// ([`Policy::with_min_age`](crate::Policy::with_min_age)): an API that refuses a new token will refuse the next one.
    pub fn invalidate(&self, token: &Token) -> bool {
        let context = &self.0.context;
        let youngest = context.policy.min_age;
        self.0.slot.invalidate(token, context.now(), youngest)
    }

    /// Lets the next call ask the provider, whatever failed before and whatever `Retry-After` it gave. Also for the machines
    /// that share a store, whose token is deleted there.
    ///
    /// # Errors
    ///
    /// Of the kind `store` if the shared store fails.
    pub async fn clear_wait(&self) -> Result<(), TokenError> {
        self.0.slot.clear_wait();
        self.0.delete_shared().await
    }

    /// Waits until no request that carries a one-time credential is in flight and all new refresh tokens are saved, or this
    /// much time is over, and returns what is left. Call it before the runtime is shut down. Of a source of a manager or of a
    /// user, it waits for all of them.
    pub async fn drain(&self, deadline: Duration) -> Drained {
        self.0.context.drain(deadline).await
    }

    /// Where requests carry the token: a header, or a parameter of the query.
    pub fn header(&self) -> &TokenHeader {
        &self.0.context.header
    }

    /// The name of the header that carries the token, unless the [query](TokenHeader::query) does.
    pub fn header_name(&self) -> &HeaderName {
        self.0.context.header.name()
    }

    /// The name of the token in the shared store, if there is one. By it the token can be deleted there without its source.
    pub fn store_name(&self) -> Option<&StoreName> {
        self.0.name.as_ref()
    }

    /// What has been counted; of a source of a manager or of a user, what has been counted there.
    pub fn metrics(&self) -> Metrics {
        self.0.context.metrics()
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
        let mut last = None;
        for _ in 0..TRIES {
            let now = self.context.now();
            let token = Token::new(self.slot.load());
            if token.kept().is_fresh(now) {
                return Ok(token);
            }
            if token.kept().is_valid(now) {
                match self.refresh_early(token, now).await? {
                    Some(token) => return Ok(token),
                    None => continue,
                }
            }
            self.context.counters.misses.add();
            let attempt = match self.token_or_attempt(now, false)? {
                TokenOrAttempt::Token(token) => return Ok(token),
                TokenOrAttempt::NewAttempt(attempt, _) => attempt,
                TokenOrAttempt::Attempt(attempt) => {
                    self.context.counters.waits.add();
                    attempt
                }
            };
            match self.outcome(&attempt).await? {
                Ok(kept) if kept.is_valid(self.context.now()) => return Ok(kept.into()),
                // It expired while it was waited for, or nobody had driven the refresh for long.
                Ok(_) => last = None,
                Err(failure) if failure.elsewhere => last = Some(failure.error),
                Err(_) if self.is_left_behind(&attempt, now) => self.slot.clear_wait(),
                Err(failure) => return Err(failure.error),
            }
        }
        let expired = "the tokens had expired before they could be used: the provider sent expired tokens, or \
                       this process was stopped for longer than they live";
        Err(last.unwrap_or_else(|| TokenErrorKind::Expired.because(expired)))
    }

    /// The outcome of a refresh. One that must not be dropped may take longer than whoever waits.
    async fn outcome(&self, attempt: &Attempt) -> Result<Outcome, TokenError> {
        let can_outlast = self.user.is_some() || self.grant.is_one_time();
        let end = self.context.now().after(self.context.policy.deadline());
        loop {
            let look = Box::pin(pause(&self.context, &*self.grant, LOOK));
            if let Either::Left((outcome, _)) = select(attempt.outcome(), look).await {
                return Ok(outcome);
            }
            if can_outlast && self.context.now() >= end {
                return Err(TokenErrorKind::Deadline.because(
                    "the refresh takes longer than its deadline; it goes on behind the scenes",
                ));
            }
        }
    }

    /// Refreshes a token that is still valid, unless somebody does. `None` if it expired meanwhile and
    /// the refresh is still under way.
    async fn refresh_early(&self, token: Token, now: Moment) -> Result<Option<Token>, TokenError> {
        let Some(early) = self.slot.refresh_early() else {
            return Ok(Some(token));
        };
        let attempt = match self.token_or_attempt(now, true) {
            Ok(TokenOrAttempt::Token(new)) => return Ok(Some(new)),
            Ok(TokenOrAttempt::Attempt(attempt) | TokenOrAttempt::NewAttempt(attempt, _)) => {
                attempt
            }
            Err(_) => return Ok(Some(token)),
        };
        if let Some(spawner) = self.context.spawner(&*self.grant) {
            spawner.spawn(Box::pin(attempt.outcome().map(move |_| drop(early))));
            return Ok(Some(token));
        }
        // Nobody else can do it; but not for longer than the token at hand is valid.
        let left = token.kept().remaining(now);
        let patience = Box::pin(pause(&self.context, &*self.grant, left / 2));
        match select(attempt.outcome(), patience).await {
            Either::Left((Ok(kept), _)) => Ok(Some(kept.into())),
            _ if token.kept().is_valid(self.context.now()) => Ok(Some(token)),
            Either::Left((Err(failure), _)) if !failure.elsewhere => Err(failure.error),
            _ => Ok(None),
        }
    }

    fn token_or_attempt(&self, now: Moment, has_valid: bool) -> Result<TokenOrAttempt, TokenError> {
        let mut next = self.slot.token_or_attempt(now, |generation| {
            self.refresh(generation, has_valid).begin()
        })?;
        if let TokenOrAttempt::NewAttempt(_, work) = &mut next
            && let Some(work) = work.take()
            && let Some(spawner) = self.context.spawner(&*self.grant)
        {
            spawner.spawn(work);
        }
        Ok(next)
    }

    /// What a refresh works with that belongs to this generation of the slot.
    fn refresh(&self, generation: u64, has_valid: bool) -> Refresh {
        Refresh {
            context: Arc::clone(&self.context),
            slot: Arc::downgrade(&self.slot),
            generation,
            grant: Arc::clone(&self.grant),
            user: self.user.clone(),
            name: self.name.clone(),
            known: self.slot.load().version(),
            has_valid,
            sent: AtomicMoment::default(),
            is_loss_told: AtomicBool::default(),
        }
    }

    /// Whether a refresh had begun so long before somebody came to wait for it that its failure says nothing.
    fn is_left_behind(&self, attempt: &Attempt, came: Moment) -> bool {
        attempt.started().after(self.context.policy.deadline()) <= came
    }

    /// Deletes the token in the shared store, and the wait.
    pub(crate) async fn delete_shared(&self) -> Result<(), TokenError> {
        let shared = self.context.store.as_ref().zip(self.name.as_ref());
        let Some((shared, name)) = shared else {
            return Ok(());
        };
        let session = shared.session(name, &self.context, &*self.grant);
        session.delete().await.map_err(|error| {
            TokenErrorKind::Store
                .because("the access token in the shared store cannot be deleted")
                .with_source(error)
        })
    }
}

#[cfg(all(test, shuttle))]
mod interleavings;
#[cfg(test)]
mod tests;
