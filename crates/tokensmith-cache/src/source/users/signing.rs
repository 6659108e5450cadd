//! What signing in and out have in common.

use std::future::Future;
use std::sync::Arc;

use futures_channel::oneshot;
use tokensmith_runtime::Secret;

use super::{Inner, UserTokens, Users};
use crate::refresh::{RefreshTokens, Stored, User, limited};
use crate::store::{BeginSection, Saved, Section, StoreError};
use crate::{TokenError, TokenErrorKind};

impl UserTokens {
    /// Drives something to its end, whether or not the caller waits.
    pub(super) async fn driven<V, F>(
        &self,
        work: impl FnOnce(Arc<Users>) -> F + Send + 'static,
    ) -> Result<V, TokenError>
    where
        V: Send + 'static,
        F: Future<Output = Result<V, TokenError>> + Send + 'static,
    {
        let (sender, outcome) = oneshot::channel();
        let users = Arc::clone(&self.0);
        let in_flight = users.context.pending.begin();
        let spawner = users.context.spawner(&*users.grant);
        let work = work(users);
        if let Some(spawner) = spawner {
            spawner.spawn(Box::pin(async move {
                let outcome = work.await;
                drop(in_flight);
                drop(sender.send(outcome));
            }));
        }
        let dropped = "the work was dropped before its end: its runtime was shut down";
        outcome
            .await
            .unwrap_or_else(|_| Err(TokenErrorKind::Dropped.because(dropped)))
            .map_err(|error| error.of(self.0.grant.provider()))
    }
}

/// What the store has of a user who signs in or out.
pub(super) struct Found {
    pub(super) sealed: Option<Vec<u8>>,
    /// Unless somebody else has one. As long as it lasts, nobody begins with another refresh token.
    pub(super) section: Option<Section>,
}

impl Found {
    pub(super) fn open(
        &self,
        refresh_tokens: &RefreshTokens,
        user: &User,
    ) -> Result<Option<Stored>, TokenError> {
        let sealed = self.sealed.as_deref();
        let stored = sealed.map(|sealed| refresh_tokens.open(&user.entry, sealed));
        stored.transpose()
    }
}

impl Users {
    /// Finds what the store has of a user, in a section of its own where nobody else has one: signing in and out wait for
    /// nobody.
    pub(super) async fn find(&self, user: &User) -> Result<Found, StoreError> {
        if let Some(refresh_tokens) = &self.context.refresh_tokens {
            let begin = refresh_tokens
                .store
                .begin(&user.entry, self.context.policy.lease);
            if let Ok(BeginSection::Begun(begun)) =
                limited(&self.context, &*self.grant, begin).await
            {
                return Ok(Found {
                    sealed: begun.value,
                    section: Some(begun.section),
                });
            }
        }
        Ok(Found {
            sealed: self.loaded(user).await?,
            section: None,
        })
    }

    /// Ends the section in which nothing was stored. If that fails, it ends by itself.
    pub(super) async fn leave(&self, user: &User, found: &Found) {
        if let (Some(refresh_tokens), Some(section)) = (&self.context.refresh_tokens, found.section)
        {
            let end = refresh_tokens.store.end(&user.entry, section);
            drop(limited(&self.context, &*self.grant, end).await);
        }
    }

    async fn loaded(&self, user: &User) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(refresh_tokens) = &self.context.refresh_tokens else {
            return Ok(None);
        };
        limited(
            &self.context,
            &*self.grant,
            refresh_tokens.store.load(&user.entry),
        )
        .await
    }

    pub(super) async fn put(
        &self,
        user: &User,
        stored: &Stored,
    ) -> Result<Result<(), StoreError>, TokenError> {
        let refresh_tokens = self.refresh_tokens()?;
        let value = refresh_tokens.seal(&user.entry, stored)?;
        let put = refresh_tokens.store.put(&user.entry, &value);
        Ok(limited(&self.context, &*self.grant, put).await)
    }

    /// Stores something in a section, unless it is over.
    pub(super) async fn save_in(
        &self,
        user: &User,
        section: Section,
        stored: &Stored,
    ) -> Result<Saved, TokenError> {
        let refresh_tokens = self.refresh_tokens()?;
        let value = refresh_tokens.seal(&user.entry, stored)?;
        let save = refresh_tokens.store.save(&user.entry, section, &value);
        let saved = limited(&self.context, &*self.grant, save).await;
        saved.map_err(|error| {
            TokenErrorKind::RefreshTokenStore
                .because("the sign-out cannot be stored")
                .with_source(error)
        })
    }

    /// Spawns work that `drain` waits for.
    pub(super) fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let in_flight = self.context.pending.begin();
        if let Some(spawner) = self.context.spawner(&*self.grant) {
            spawner.spawn(Box::pin(async move {
                work.await;
                drop(in_flight);
            }));
        }
    }

    /// Returns whether the provider has revoked the token: it is not asked where nobody has said how.
    pub(super) async fn revoke(&self, token: &Secret) -> Result<bool, TokenError> {
        let Some(revoked) = self.grant.revoke(token) else {
            return Ok(false);
        };
        let revoked = revoked.await;
        revoked
            .map(|()| true)
            .map_err(|error| TokenError::exchange_failed("cannot revoke the token", error))
    }
}

pub(super) fn user(inner: &Inner) -> Result<&User, TokenError> {
    let none = || TokenErrorKind::Config.because("the source belongs to no user");
    inner.user.as_deref().ok_or_else(none)
}
