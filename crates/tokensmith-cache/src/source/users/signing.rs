//! Signing in and out: what wins over everything that is under way.

use std::future::Future;
use std::sync::Arc;

use futures_channel::oneshot;
use tokensmith_runtime::{self as runtime, Client, Request, Secret, TokenResponse, Transport};

use super::{Inner, UserTokens, Users};
use crate::refresh::{AsToken, Credential, limited};
use crate::store::Begin;
use crate::time::Moment;
use crate::token::{Kept, Token};
use crate::{EventKind, TokenError, TokenErrorKind};

/// What could not be done when a user signed out. The user counts as signed out here all the same.
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "what could not be done has to be done again"]
pub struct SignOut {
    /// Why the refresh token could not be deleted: sign out again later, or it is used again.
    pub refresh_token: Option<TokenError>,
    /// Why the access token in the shared store could not be deleted: other machines get it from there until it expires.
    pub access_token: Option<TokenError>,
    /// Why the tokens were not revoked at the provider.
    pub revocation: Option<TokenError>,
}

impl SignOut {
    fn of(self, provider: &Arc<str>) -> Self {
        let of = |error: TokenError| error.of(provider);
        Self {
            refresh_token: self.refresh_token.map(of),
            access_token: self.access_token.map(of),
            revocation: self.revocation.map(of),
        }
    }

    /// Whether all was done.
    pub fn is_complete(&self) -> bool {
        self.refresh_token.is_none() && self.access_token.is_none() && self.revocation.is_none()
    }
}

impl UserTokens {
    /// Signs a user in with what the provider returned, by a code exchange for example: the access token, and the refresh token
    /// if one came. It ends waits and refusals, and wins over everything that is under way: a refresh that was not sent yet is
    /// cancelled, and what comes of one that was sent is dropped.
    ///
    /// # Errors
    ///
    /// Of the kind `refresh_token_store` or `store` if the tokens could not be stored: sign the user in again with the same
    /// response. Of the kind `config` if the subject is empty.
    pub async fn sign_in<R: TokenResponse>(
        &self,
        subject: &str,
        response: &R,
    ) -> Result<Token, TokenError> {
        let token = as_token(response)?;
        let inner = self.0.inner(subject)?;
        let came = self.0.context.now();
        self.driven(move |users| async move { users.signed_in(&inner, token, came).await })
            .await
    }

    /// Sends a request with a code, drives it to its end whoever waits for it, and signs the user in with the response.
    ///
    /// # Errors
    ///
    /// Of the kind `exchange` if the provider refuses, else as for [`sign_in`](Self::sign_in).
    pub async fn sign_in_by<P, T, R>(
        &self,
        subject: &str,
        client: &Client<P, T>,
        request: R,
    ) -> Result<Token, TokenError>
    where
        P: 'static,
        T: Transport + Clone + Send + Sync + 'static,
        R: Request<Provider = P> + Send + Sync + 'static,
        R::Response: TokenResponse,
    {
        let inner = self.0.inner(subject)?;
        let client = client.clone();
        self.driven(move |users| async move {
            // When the response came is known when it is read: later, if the process was stopped meanwhile.
            let sent = users.context.now();
            let fetched = client.send(AsToken(&request)).await;
            let token =
                fetched.map_err(|error| TokenError::exchange_failed("cannot sign in", error))?;
            users.signed_in(&inner, token, sent).await
        })
        .await
    }

    /// Signs a user out: deletes the tokens in memory, in the shared store and in the store of refresh tokens, and revokes the
    /// refresh token at the provider, where that is set up. A refresh that was not sent yet is cancelled; one that was sent is
    /// driven to its end, and what comes of it is revoked.
    ///
    /// Returns what could not be done.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if the subject is empty.
    pub async fn sign_out(&self, subject: &str) -> Result<SignOut, TokenError> {
        let inner = self.0.inner(subject)?;
        self.driven(move |users| async move {
            let left = users.signed_out(&inner).await;
            Ok(left.of(users.grant.provider()))
        })
        .await
    }

    /// Drives something to its end, whether or not the caller waits.
    async fn driven<V, F>(
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

impl Users {
    async fn signed_in(
        &self,
        inner: &Inner,
        token: runtime::Token,
        came: Moment,
    ) -> Result<Token, TokenError> {
        let Some(user) = &inner.user else {
            return Err(TokenErrorKind::Config.because("the source belongs to no user"));
        };
        let context = &self.context;
        let kept = Kept::new(&token, &context.header, &context.policy, came, None)?;
        let _turn = inner.slot.turn().await;
        let generation = inner.slot.reset();
        let vault = self.vault()?;
        let stored = match &token.refresh_token {
            Some(refresh_token) => {
                let credential = Credential::new(refresh_token.clone());
                let value = vault.seal(&user.entry, &credential)?;
                let put = vault.store.put(&user.entry, &value);
                limited(context, &*self.grant, put).await
            }
            None => limited(context, &*self.grant, vault.store.delete(&user.entry)).await,
        };
        stored.map_err(|error| {
            TokenErrorKind::RefreshTokenStore
                .because("the refresh token cannot be stored: sign the user in again")
                .with_source(error)
        })?;
        vault.drop_unsaved(&user.entry);
        inner.delete_shared().await?;
        let kept = Arc::new(self.share(inner, &token, kept).await);
        inner.slot.install(generation, Arc::clone(&kept));
        context.tell(EventKind::SignedIn, Some(&user.subject), None);
        Ok(kept.into())
    }

    /// Puts an access token into the shared store, where there is one that works.
    async fn share(&self, inner: &Inner, token: &runtime::Token, kept: Kept) -> Kept {
        let context = &self.context;
        let shared = context.store.as_ref().zip(inner.name.as_ref());
        let Some((shared, name)) = shared else {
            return kept;
        };
        let session = shared.session(name, context, &*self.grant);
        let Some(Begin::Leased(version)) = session.begin(None, context.policy.lease).await else {
            return kept;
        };
        let remaining = kept.remaining(context.now());
        session.put(version, &Kept::seal(token), remaining).await;
        kept.with_version(version)
    }

    async fn signed_out(&self, inner: &Inner) -> SignOut {
        let mut left = SignOut::default();
        let (Some(user), Ok(vault)) = (&inner.user, self.vault()) else {
            return left;
        };
        let failed = |because: &'static str| {
            move |error| {
                TokenErrorKind::RefreshTokenStore
                    .because(because)
                    .with_source(error)
            }
        };
        let _turn = inner.slot.turn().await;
        let access_token = Secret::from(inner.slot.load().access_token());
        inner.slot.reset();
        let unsaved = vault.unsaved_of(&user.entry);
        let load = limited(&self.context, &*self.grant, vault.store.load(&user.entry)).await;
        let delete = vault.store.delete(&user.entry);
        let deleted = limited(&self.context, &*self.grant, delete).await;
        if deleted.is_ok() {
            vault.drop_unsaved(&user.entry);
        }
        left.refresh_token = deleted
            .map_err(failed("the refresh token cannot be deleted"))
            .err();
        left.access_token = inner.delete_shared().await.err();
        // A refresh that began before the deletion may have left a token here.
        inner.slot.reset();
        let stored = load
            .map_err(failed(
                "the refresh token cannot be loaded, and is not revoked",
            ))
            .and_then(|sealed| {
                sealed
                    .map(|sealed| vault.open(&user.entry, &sealed))
                    .transpose()
            });
        left.revocation = match (unsaved.map(|unsaved| unsaved.credential), stored) {
            (Some(credential), _) | (None, Ok(Some(credential))) => {
                self.revoke(&credential.refresh_token).await.err()
            }
            (None, Ok(None)) if access_token.is_empty() => None,
            (None, Ok(None)) => self.revoke(&access_token).await.err(),
            (None, Err(error)) => Some(error),
        };
        self.context
            .tell(EventKind::SignedOut, Some(&user.subject), None);
        left
    }

    async fn revoke(&self, token: &Secret) -> Result<(), TokenError> {
        let Some(revoked) = self.grant.revoke(token) else {
            return Ok(());
        };
        revoked
            .await
            .map_err(|error| TokenError::exchange_failed("cannot revoke the token", error))
    }
}

/// A token response of any type as the one that the cache keeps.
fn as_token<R: TokenResponse>(response: &R) -> Result<runtime::Token, TokenError> {
    let token = serde_json::from_value(serde_json::json!({ "access_token": "" }));
    let mut token: runtime::Token = token.map_err(|error| {
        TokenErrorKind::Config
            .because("the response cannot be kept")
            .with_source(error)
    })?;
    token.access_token = response.access_token().clone();
    token.refresh_token = response
        .refresh_token()
        .filter(|token| !token.is_empty())
        .cloned();
    token.metadata = response.metadata().clone();
    Ok(token)
}
