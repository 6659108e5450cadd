//! Signing out: what is deleted, revoked, and done later.

use std::sync::Arc;
use std::time::SystemTime;

use tokensmith_runtime::Secret;

use super::{Inner, UserTokens, Users};
use crate::refresh::{Seeds, Stored, User, limited, pause, waits};
use crate::store::StoreError;
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
}

impl Users {
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
}
