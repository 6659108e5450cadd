//! Signing in: what wins over everything that is under way.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokensmith_runtime::{self as runtime, Client, Metadata, Request, TokenResponse, Transport};

use super::signing::user;
use super::{Inner, UserTokens, Users};
use crate::refresh::{
    AsToken, Beginning, ConfiguredTokens, Credential, Origin, Seen, Stored, Unsaved, User, pause,
    waits,
};
use crate::store::{Begin, StoreError};
use crate::time::Moment;
use crate::token::{Kept, Token};
use crate::{EventKind, TokenError, TokenErrorKind};

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
    /// A sign-out on this machine counts, also while the code is exchanged. One on another machine is undone if it comes
    /// while the code is exchanged. While the tokens wait to be stored behind the scenes, another sign-in or sign-out counts
    /// if this machine could read the store before and finds something else there now.
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
        let refresh_tokens = self.refresh_tokens()?;
        // Before the rest: if this fails, nothing has happened.
        inner.delete_shared().await?;
        let unsaved = refresh_tokens.unsaved_of(&user.entry);
        let stored = signed_in(&token, self.context.time_of_day());
        let (tried, _) = self.store_sign_in(user, &stored).await?;
        tried.map_err(|error| not_stored().with_source(error))?;
        if let Some(unsaved) = unsaved {
            refresh_tokens.forget_unsaved(&user.entry, &unsaved);
        }
        // Somebody may have put one there by the refresh token from before.
        inner.delete_shared().await?;
        refresh_tokens.forget_sign_out(&user.entry);
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
        let refresh_tokens = self.refresh_tokens()?;
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
        let before = refresh_tokens.unsaved_of(&user.entry);
        let now = self.context.time_of_day();
        let stored = signed_in(&token, now);
        let (mut put, mut seen) = self.store_sign_in(user, &stored).await?;
        if put.is_err() {
            let again = self.store_sign_in(user, &stored).await?;
            (put, seen) = (again.0, seen.or(again.1));
        }
        if let (Err(error), None) = (&put, stored.credential()) {
            return Err(not_stored().with_source(error.clone()));
        }
        let unsaved = before.as_ref().map(Unsaved::beginnings);
        if let (Ok(()), Some(before)) = (&put, &before) {
            refresh_tokens.forget_unsaved(&user.entry, before);
        }
        refresh_tokens.forget_sign_out(&user.entry);
        let deleted = inner.delete_shared().await;
        let (kept, generation) = self.install(inner, user, &token, kept, generation).await;
        if let (Err(error), Some(credential)) = (put, stored.credential()) {
            let (credential, error) = (credential.clone(), not_stored().with_source(error));
            let later = inner.refresh(generation, false);
            later.save_later(
                user,
                Origin::SignIn(Seen::new(seen, unsaved.unwrap_or_default(), now)),
                credential,
                &error,
            );
        }
        if deleted.is_err() {
            self.spawn(delete_shared_later(inner.clone()));
        }
        Ok(kept)
    }

    /// Stores what came of a sign-in in the place of what is stored, unless an earlier call has. Returns what was there, as far
    /// as the store could be read.
    async fn store_sign_in(
        &self,
        user: &User,
        stored: &Stored,
    ) -> Result<(Result<(), StoreError>, Option<Beginning>), TokenError> {
        let found = match self.find(user).await {
            Ok(found) => found,
            Err(error) => return Ok((Err(error), None)),
        };
        // What cannot be read is replaced.
        let before = found.open(self.refresh_tokens()?, user).unwrap_or_default();
        let seen = Some(Beginning::of(before.as_ref()));
        let credential_before = before.as_ref().and_then(Stored::credential);
        if let (Some(credential), Some(before)) = (stored.credential(), credential_before)
            && before.is_of_the_same_sign_in(credential)
        {
            // Somebody may have used it since.
            self.leave(user, &found).await;
            return Ok((Ok(()), seen));
        }
        let put = self
            .put(user, &stored.clone().after(before.as_ref()))
            .await?;
        if put.is_err() {
            self.leave(user, &found).await;
        }
        Ok((put, seen))
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
        session.put(version, &Kept::seal(token), &kept).await;
        kept.with_version(version)
    }
}

/// What is stored of a user who signs in.
fn signed_in(token: &runtime::Token, now: SystemTime) -> Stored {
    match &token.refresh_token {
        None => Stored::SignedIn(now, ConfiguredTokens::default()),
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
