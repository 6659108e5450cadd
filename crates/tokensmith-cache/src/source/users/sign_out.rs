//! Signing out: what is deleted, revoked, and done later.

use std::sync::Arc;
use std::time::SystemTime;

use tokensmith_runtime::Secret;

use super::{Inner, UserTokens, Users};
use crate::refresh::{
    Beginning, ConfiguredTokens, Seen, Stored, Unsaved, User, limited, pause, waits,
};
use crate::store::{Saved, StoreError};
use crate::{EventKind, TokenError, TokenErrorKind};

/// What was done when a user signed out, and what could not be. The user counts as signed out here all the same, until the next sign-in: there
/// are no tokens on this machine, and what could not be deleted is deleted as soon as its store is back. If the process ends
/// before, the user has to be signed out again. A sign-in on another machine that comes before it is deleted counts.
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
    /// Whether the provider has confirmed that a token is revoked. If it is `false` and
    /// [`revocation`](Self::revocation) is `None`, the provider was not asked: no token was found, or
    /// [`UserTokensBuilder::revoke`](crate::UserTokensBuilder::revoke) is not set.
    pub is_revoked: bool,
}

impl SignOut {
    fn of(self, provider: &Arc<str>) -> Self {
        let of = |error: TokenError| error.of(provider);
        Self {
            refresh_token: self.refresh_token.map(of),
            access_token: self.access_token.map(of),
            revocation: self.revocation.map(of),
            is_revoked: self.is_revoked,
        }
    }

    /// Whether nothing is left to be done.
    pub fn is_complete(&self) -> bool {
        self.refresh_token.is_none() && self.access_token.is_none() && self.revocation.is_none()
    }
}

impl UserTokens {
    /// Signs a user out: deletes the tokens in memory, in the shared store and in the store of refresh tokens, and revokes the
    /// refresh token at the provider, where that is set up. A refresh that was not sent yet is cancelled; one that was sent is
    /// driven to its end, and what comes of it is revoked.
    ///
    /// Returns what was done, and what could not be.
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
}

impl Users {
    async fn signed_out(self: &Arc<Self>, inner: &Inner) -> SignOut {
        let mut left = SignOut::default();
        let (Some(user), Ok(refresh_tokens)) = (&inner.user, self.refresh_tokens()) else {
            return left;
        };
        let turn = inner.slot.turn().await;
        // Before the slot is reset: a refresh that begins after that finds it.
        let number = refresh_tokens.note_sign_out(&user.entry);
        let now = self.context.time_of_day();
        let access_token = Secret::from(inner.slot.load().access_token());
        let seeds = ConfiguredTokens::of(&inner.slot.sign_out());
        // Before the store is asked: whoever is about to store a sign-in looks for it in a section, which this ends.
        let unsaved = refresh_tokens
            .take_unsaved_sign_in(&user.entry)
            .or_else(|| refresh_tokens.unsaved_of(&user.entry));
        let (deleted, stored, seen) = self.delete(user, now, &seeds).await;
        if let (Ok(()), Some(unsaved)) = (&deleted, &unsaved) {
            refresh_tokens.forget_unsaved(&user.entry, unsaved);
        }
        left.refresh_token = deleted.err();
        left.access_token = inner.delete_shared().await.err();
        // Whoever asked meanwhile was refused, and for a while: the next one looks anew.
        inner.slot.reset();
        if left.refresh_token.is_some() || left.access_token.is_some() {
            let late = LateSignOut {
                number,
                at: now,
                seen: Seen::new(
                    seen,
                    unsaved
                        .as_ref()
                        .map(Unsaved::beginnings)
                        .unwrap_or_default(),
                    now,
                ),
                seeds,
            };
            let (users, inner) = (Arc::clone(self), inner.clone());
            self.spawn(async move { users.sign_out_later(inner, late).await });
        } else {
            refresh_tokens.forget_sign_out(&user.entry);
        }
        drop(turn);
        let stored = stored.map(|stored| stored.and_then(|stored| stored.credential().cloned()));
        let revoked = match (unsaved.map(|unsaved| unsaved.credential), stored) {
            (Some(credential), _) | (None, Ok(Some(credential))) => {
                self.revoke(&credential.refresh_token).await
            }
            (None, Ok(None)) if access_token.is_empty() => Ok(false),
            (None, Ok(None)) => self.revoke(&access_token).await,
            (None, Err(error)) => Err(error),
        };
        match revoked {
            Ok(is_revoked) => left.is_revoked = is_revoked,
            Err(error) => left.revocation = Some(error),
        }
        self.context
            .tell(EventKind::SignedOut, Some(&user.subject), None);
        left
    }

    /// Deletes the refresh token, and leaves behind which ones are not to be begun with again. Returns what was there, and with
    /// what that began, as far as the store could be read.
    async fn delete(
        &self,
        user: &User,
        now: SystemTime,
        seeds: &ConfiguredTokens,
    ) -> (
        Result<(), TokenError>,
        Result<Option<Stored>, TokenError>,
        Option<Beginning>,
    ) {
        let found = self.find(user).await;
        let (refresh_tokens, found) = match (self.refresh_tokens(), found) {
            (Ok(refresh_tokens), Ok(found)) => (refresh_tokens, found),
            (Err(error), _) => return (Err(error.clone()), Err(error), None),
            (_, Err(error)) => {
                let not_loaded = "the refresh token cannot be loaded, and is not revoked";
                let not_loaded = because(not_loaded)(error.clone());
                return (Err(because(NOT_DELETED)(error)), Err(not_loaded), None);
            }
        };
        let stored = found.open(refresh_tokens, user);
        let seen = stored
            .as_ref()
            .ok()
            .map(|stored| Beginning::of(stored.as_ref()));
        let signed_out = |stored: &Result<Option<Stored>, TokenError>| {
            let before = stored.as_ref().ok().and_then(Option::as_ref);
            Stored::SignedOut(now, seeds.clone()).after(before)
        };
        let put = async |signed_out: &Stored| {
            let put = self.put(user, signed_out).await;
            put.and_then(|put| put.map_err(because(NOT_DELETED)))
        };
        let known = signed_out(&stored);
        let (deleted, stored) = if known.seeds().is_empty() {
            let delete = refresh_tokens.store.delete(&user.entry);
            match limited(&self.context, &*self.grant, delete).await {
                // A refresh may have saved another one since.
                Ok(Some(deleted)) => {
                    let stored = refresh_tokens.open(&user.entry, &deleted).map(Some);
                    let known = signed_out(&stored);
                    match known.seeds().is_empty() {
                        true => (Ok(()), stored),
                        false => (put(&known).await, stored),
                    }
                }
                Ok(None) => (Ok(()), stored),
                Err(error) => (Err(because(NOT_DELETED)(error)), stored),
            }
        } else {
            // In one step: there is no moment at which nothing is stored, and somebody begins again.
            (put(&known).await, stored)
        };
        if deleted.is_err() {
            self.leave(user, &found).await;
        }
        (deleted, stored, seen)
    }

    /// Carries out in the stores what a sign-out could not, as soon as they are back, unless the user signs in before.
    async fn sign_out_later(&self, inner: Inner, late: LateSignOut) {
        let (Some(user), Ok(refresh_tokens)) = (&inner.user, self.refresh_tokens()) else {
            return;
        };
        // A save whose outcome is lost leaves no refresh token in the store for the next try to find.
        let mut to_revoke = None;
        for wait in waits(&self.context.policy) {
            pause(&self.context, &*self.grant, wait).await;
            let _turn = inner.slot.turn().await;
            if refresh_tokens.sign_out_of(&user.entry) != Some(late.number) {
                return;
            }
            let Ok(found) = self.find(user).await else {
                continue;
            };
            // Whoever has the section is done with it soon.
            let Some(section) = found.section else {
                continue;
            };
            let stored = found.open(refresh_tokens, user).unwrap_or_default();
            let is_signed_in = Beginning::of(stored.as_ref()).is_sign_in()
                && late.seen.is_outdated_by(stored.as_ref());
            if is_signed_in {
                self.leave(user, &found).await;
                refresh_tokens.forget_sign_out(&user.entry);
                return;
            }
            if let Some(credential) = stored.as_ref().and_then(Stored::credential) {
                to_revoke = Some(credential.clone());
            }
            let unsaved = refresh_tokens.unsaved_of(&user.entry);
            let signed_out = Stored::SignedOut(late.at, late.seeds.clone()).after(stored.as_ref());
            if found.sealed.is_none() && signed_out.seeds().is_empty() {
                // There is nothing to delete, and nothing to leave behind.
                self.leave(user, &found).await;
            } else {
                // Saved in the section: a sign-in that comes meanwhile ends it.
                let saved = self.save_in(user, section, &signed_out).await;
                if !matches!(saved, Ok(Saved::Saved)) {
                    self.leave(user, &found).await;
                    continue;
                }
            }
            if let Some(unsaved) = unsaved {
                refresh_tokens.forget_unsaved(&user.entry, &unsaved);
                to_revoke = Some(unsaved.credential);
            }
            if let Some(credential) = to_revoke.take() {
                drop(self.revoke(&credential.refresh_token).await);
            }
            // Last: the next round finds in the store what this one has left there.
            if inner.delete_shared().await.is_err() {
                continue;
            }
            refresh_tokens.forget_sign_out(&user.entry);
            return;
        }
    }
}

/// A sign-out that the stores have not taken yet.
struct LateSignOut {
    number: u64,
    at: SystemTime,
    seen: Seen,
    seeds: ConfiguredTokens,
}

const NOT_DELETED: &str = "the refresh token cannot be deleted";

fn because(because: &'static str) -> impl Fn(StoreError) -> TokenError {
    move |error| {
        TokenErrorKind::RefreshTokenStore
            .because(because)
            .with_source(error)
    }
}
