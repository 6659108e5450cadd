//! Signing in and out: what wins over everything that is under way.

use std::future::Future;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use futures_channel::oneshot;
use tokensmith_runtime::{
    self as runtime, Client, Metadata, Request, Secret, TokenResponse, Transport,
};

use super::{Inner, UserTokens, Users};
use crate::refresh::{AsToken, Credential, Origin, Seeds, Stored, User, limited, pause, waits};
use crate::store::{Begin, StoreError};
use crate::time::Moment;
use crate::token::{Kept, Token};
use crate::{EventKind, TokenError, TokenErrorKind};

/// What could not be done when a user signed out. The user counts as signed out here all the same, until the next sign-in: there
/// are no tokens on this machine, and what could not be deleted is deleted as soon as its store is back. If the process ends
/// before, the user has to be signed out again.
#[derive(Debug, Default)]
#[non_exhaustive]
#[must_use = "what could not be done has to be done again"]
pub struct SignOut {
    /// Why the refresh token could not be deleted: other machines use it until it is.
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
    /// If no refresh token came, the one from before is deleted, since it may belong to another account. The user has to sign in
    /// again when the access token expires.
    ///
    /// # Errors
    ///
    /// Of the kind `refresh_token_store` or `store` if the tokens could not be stored: call it again with the same response. That
    /// does no harm if the tokens were stored all the same and have been used since. Of the kind `config` if the subject is empty.
    pub async fn sign_in<R: TokenResponse>(
        &self,
        subject: &str,
        response: &R,
    ) -> Result<Token, TokenError> {
        let token = as_token(response)?;
        let inner = self.0.inner(subject)?;
        // It may be the second try with the same response.
        let came = self.0.context.now().before(age(&token.metadata));
        self.driven(move |users| async move { users.signed_in(&inner, token, came).await })
            .await
    }

    /// Sends a request with a code, drives it to its end whoever waits for it, and signs the user in with the response.
    ///
    /// A code is good for one response. If a store fails, the tokens are kept in memory and stored behind the scenes, and the
    /// access token is returned: see [`drain`](Self::drain). If the user signs out meanwhile, the tokens are revoked.
    ///
    /// # Errors
    ///
    /// Of the kind `exchange` if the provider refuses, `user_required` if the user has signed out meanwhile, `config` if the
    /// subject is empty.
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
            let sign_outs = inner.slot.sign_outs();
            let fetched = client.send(AsToken(&request)).await;
            let token =
                fetched.map_err(|error| TokenError::exchange_failed("cannot sign in", error))?;
            users
                .signed_in_by_code(&inner, token, sent, sign_outs)
                .await
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
        let user = user(inner)?;
        let context = &self.context;
        let kept = Kept::new(&token, &context.header, &context.policy, came, None)?;
        let _turn = inner.slot.turn().await;
        let generation = inner.slot.reset();
        let vault = self.vault()?;
        // Before the rest: if this fails, nothing has happened.
        inner.delete_shared().await?;
        let unsaved = vault.unsaved_of(&user.entry);
        let stored = signed_in(&token);
        let failed = |error: StoreError| not_stored().with_source(error);
        if let Some(credential) = stored.credential()
            && let Some(sealed) = self.loaded(user).await.map_err(failed)?
            && let Ok(Stored::Credential(found)) = vault.open(&user.entry, &sealed)
            && found.is_of_the_same_sign_in(credential)
        {
            // An earlier call has stored it, and somebody may have used it since.
        } else {
            self.put(user, &stored).await?.map_err(failed)?;
        }
        if let Some(unsaved) = unsaved {
            vault.forget_unsaved(&user.entry, &unsaved);
        }
        // Somebody may have put one there by the refresh token from before.
        inner.delete_shared().await?;
        vault.forget_sign_out(&user.entry);
        Ok(self.install(inner, user, &token, kept, generation).await.0)
    }

    /// Signs in with a response that there is only once: what a store does not take is kept in memory.
    async fn signed_in_by_code(
        &self,
        inner: &Inner,
        token: runtime::Token,
        sent: Moment,
        sign_outs: u64,
    ) -> Result<Token, TokenError> {
        let user = user(inner)?;
        let context = &self.context;
        let vault = self.vault()?;
        let _turn = inner.slot.turn().await;
        if inner.slot.sign_outs() != sign_outs {
            let newest = token.refresh_token.as_ref().unwrap_or(&token.access_token);
            // Where this fails, nobody has it all the same.
            drop(self.revoke(newest).await);
            return Err(TokenErrorKind::UserRequired
                .because("the user has signed out while the code was exchanged"));
        }
        let kept = Kept::new(&token, &context.header, &context.policy, sent, None)?;
        let generation = inner.slot.reset();
        let before = vault.unsaved_of(&user.entry);
        let stored = signed_in(&token);
        let mut put = self.put(user, &stored).await?;
        if put.is_err() {
            put = self.put(user, &stored).await?;
        }
        if let (Err(error), None) = (&put, stored.credential()) {
            return Err(not_stored().with_source(error.clone()));
        }
        if let Some(before) = before {
            vault.forget_unsaved(&user.entry, &before);
        }
        vault.forget_sign_out(&user.entry);
        let deleted = inner.delete_shared().await;
        let (kept, generation) = self.install(inner, user, &token, kept, generation).await;
        if let (Err(error), Some(credential)) = (put, stored.credential()) {
            let (credential, error) = (credential.clone(), not_stored().with_source(error));
            let later = inner.refresh(generation, false);
            later.save_later(user, Origin::SignIn, credential, &error);
        }
        if deleted.is_err() {
            self.spawn(delete_shared_later(inner.clone()));
        }
        Ok(kept)
    }

    /// Puts the access token of a user who has signed in into the shared store and into the slot.
    async fn install(
        &self,
        inner: &Inner,
        user: &User,
        token: &runtime::Token,
        kept: Kept,
        generation: u64,
    ) -> (Token, u64) {
        let kept = Arc::new(self.share(inner, token, kept).await);
        let generation = inner.slot.install(generation, Arc::clone(&kept));
        self.context
            .tell(EventKind::SignedIn, Some(&user.subject), None);
        (kept.into(), generation)
    }

    async fn loaded(&self, user: &User) -> Result<Option<Vec<u8>>, StoreError> {
        let Some(vault) = &self.context.vault else {
            return Ok(None);
        };
        limited(&self.context, &*self.grant, vault.store.load(&user.entry)).await
    }

    async fn put(
        &self,
        user: &User,
        stored: &Stored,
    ) -> Result<Result<(), StoreError>, TokenError> {
        let vault = self.vault()?;
        let value = vault.seal(&user.entry, stored)?;
        let put = vault.store.put(&user.entry, &value);
        Ok(limited(&self.context, &*self.grant, put).await)
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

    async fn signed_out(self: &Arc<Self>, inner: &Inner) -> SignOut {
        let mut left = SignOut::default();
        let (Some(user), Ok(vault)) = (&inner.user, self.vault()) else {
            return left;
        };
        let turn = inner.slot.turn().await;
        let now = SystemTime::now();
        let access_token = Secret::from(inner.slot.load().access_token());
        let seeds = Seeds::of(&inner.slot.sign_out());
        let unsaved = vault.unsaved_of(&user.entry);
        let (deleted, stored) = self.delete(user, now, &seeds).await;
        if let (Ok(()), Some(unsaved)) = (&deleted, &unsaved) {
            vault.forget_unsaved(&user.entry, unsaved);
        }
        left.refresh_token = deleted.err();
        left.access_token = inner.delete_shared().await.err();
        // A refresh that began before the deletion may have left a token here.
        inner.slot.reset();
        if left.refresh_token.is_some() || left.access_token.is_some() {
            let sign_out = vault.note_sign_out(&user.entry);
            let (users, inner) = (Arc::clone(self), inner.clone());
            self.spawn(async move {
                users.sign_out_later(inner, sign_out, now, seeds).await;
            });
        } else {
            vault.forget_sign_out(&user.entry);
        }
        drop(turn);
        let stored = stored.map(|stored| stored.and_then(|stored| stored.credential().cloned()));
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

    /// Deletes the refresh token, and leaves behind which ones are not to be begun with again. Returns what was there.
    async fn delete(
        &self,
        user: &User,
        now: SystemTime,
        seeds: &Seeds,
    ) -> (Result<(), TokenError>, Result<Option<Stored>, TokenError>) {
        let vault = match self.vault() {
            Ok(vault) => vault,
            Err(error) => return (Err(error.clone()), Err(error)),
        };
        let because = |because: &'static str| {
            move |error: StoreError| {
                TokenErrorKind::RefreshTokenStore
                    .because(because)
                    .with_source(error)
            }
        };
        let open = |found: Result<Option<Vec<u8>>, StoreError>| {
            let not_loaded = "the refresh token cannot be loaded, and is not revoked";
            let sealed = found.map_err(because(not_loaded))?;
            let stored = sealed.map(|sealed| vault.open(&user.entry, &sealed));
            stored.transpose()
        };
        let with_seeds = |stored: &Result<Option<Stored>, TokenError>| {
            let stored = stored.as_ref().ok().and_then(Option::as_ref);
            let others = stored.map(Stored::seeds).unwrap_or_default();
            seeds.clone().and(others)
        };
        let not_deleted = "the refresh token cannot be deleted";
        let put = async |seeds: Seeds| {
            let put = self.put(user, &Stored::SignedOut(now, seeds)).await;
            put.and_then(|put| put.map_err(because(not_deleted)))
        };
        let loaded = self.loaded(user).await;
        let stored = open(loaded.clone());
        let known = with_seeds(&stored);
        if !known.is_empty() {
            // In one step: there is no moment at which nothing is stored, and somebody begins again.
            return (put(known).await, stored);
        }
        let delete = vault.store.delete(&user.entry);
        match limited(&self.context, &*self.grant, delete).await {
            // A refresh may have saved another one since.
            Ok(Some(deleted)) => {
                let stored = open(Ok(Some(deleted)));
                let known = with_seeds(&stored);
                match known.is_empty() {
                    true => (Ok(()), stored),
                    false => (put(known).await, stored),
                }
            }
            Ok(None) => (Ok(()), stored),
            Err(error) => (Err(because(not_deleted)(error)), stored),
        }
    }

    /// Deletes in the stores what a sign-out could not, as soon as they are back, unless the user signs in before.
    async fn sign_out_later(&self, inner: Inner, sign_out: u64, at: SystemTime, seeds: Seeds) {
        let (Some(user), Ok(vault)) = (&inner.user, self.vault()) else {
            return;
        };
        for wait in waits(&self.context.policy) {
            pause(&self.context, &*self.grant, wait).await;
            let _turn = inner.slot.turn().await;
            if vault.sign_out_of(&user.entry) != Some(sign_out) {
                return;
            }
            let Ok(loaded) = self.loaded(user).await else {
                continue;
            };
            let stored = loaded.and_then(|sealed| vault.open(&user.entry, &sealed).ok());
            let is_signed_in =
                stored.is_some_and(|stored| stored.is_later_than(at) && !stored.is_signed_out());
            if is_signed_in {
                vault.forget_sign_out(&user.entry);
                return;
            }
            let unsaved = vault.unsaved_of(&user.entry);
            let (deleted, stored) = self.delete(user, at, &seeds).await;
            if deleted.is_err() || inner.delete_shared().await.is_err() {
                continue;
            }
            if let Some(unsaved) = unsaved {
                vault.forget_unsaved(&user.entry, &unsaved);
                drop(self.revoke(&unsaved.credential.refresh_token).await);
            } else if let Ok(Some(Stored::Credential(credential))) = stored {
                drop(self.revoke(&credential.refresh_token).await);
            }
            vault.forget_sign_out(&user.entry);
            return;
        }
    }

    /// Spawns work that `drain` waits for.
    fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) {
        let in_flight = self.context.pending.begin();
        if let Some(spawner) = self.context.spawner(&*self.grant) {
            spawner.spawn(Box::pin(async move {
                work.await;
                drop(in_flight);
            }));
        }
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

fn user(inner: &Inner) -> Result<&User, TokenError> {
    let none = || TokenErrorKind::Config.because("the source belongs to no user");
    inner.user.as_deref().ok_or_else(none)
}

/// What is stored of a user who signs in.
fn signed_in(token: &runtime::Token) -> Stored {
    let now = SystemTime::now();
    match &token.refresh_token {
        None => Stored::SignedIn(now),
        Some(refresh_token) => {
            let (refresh_token, access_token) = (refresh_token.clone(), &token.access_token);
            Stored::Credential(Credential::of_sign_in(refresh_token, access_token, now))
        }
    }
}

fn not_stored() -> TokenError {
    TokenErrorKind::RefreshTokenStore
        .because("the refresh token cannot be stored: sign the user in again")
}

/// Deletes the token from before in the shared store, as soon as that is back.
async fn delete_shared_later(inner: Inner) {
    for wait in waits(&inner.context.policy) {
        pause(&inner.context, &*inner.grant, wait).await;
        if inner.delete_shared().await.is_ok() {
            return;
        }
    }
}

/// How long ago the response came, as far as it says when the token expires.
fn age(metadata: &Metadata) -> Duration {
    let (Some(lifetime), Some(end)) = (metadata.expires_in, metadata.expires_at) else {
        return Duration::ZERO;
    };
    let left = end.duration_since(SystemTime::now()).unwrap_or_default();
    lifetime.saturating_sub(left)
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
