//! Saving refresh tokens, and what follows when that fails.

use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use super::access::Refresh;
use super::credential::{Credential, Seen, Stored};
use super::options::limited;
use super::refresh_tokens::{Origin, RefreshTokens, Unsaved};
use super::user::User;
use crate::store::{BeginSection, Saved, Section, StoreError};
use crate::time::AtomicMoment;
use crate::{EventKind, Policy, TokenError, TokenErrorKind};

/// How soon a refresh token that could not be saved is saved again. The time doubles, up to a third of the lease: see
/// [`Policy::late_save`](crate::Policy::late_save).
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// How long to wait before each try to do what a store did not, for as long as it takes.
pub(crate) fn waits(policy: &Policy) -> impl Iterator<Item = Duration> {
    let longest = policy.lease / 3;
    std::iter::successors(Some(FIRST_PAUSE), move |pause| {
        Some((2 * *pause).min(longest))
    })
}

impl Refresh {
    pub(super) fn refresh_tokens(&self) -> Result<&RefreshTokens, TokenError> {
        let none = || TokenErrorKind::Config.because("there is no store of refresh tokens");
        self.context.refresh_tokens.as_ref().ok_or_else(none)
    }

    /// The outcome of an operation of the store, within its time.
    pub(super) async fn stored<T>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>> + Unpin,
        failed: &'static str,
    ) -> Result<T, TokenError> {
        let outcome = limited(&self.context, &*self.grant, operation).await;
        outcome.map_err(|error| {
            TokenErrorKind::RefreshTokenStore
                .because(failed)
                .with_source(error)
        })
    }

    pub(super) fn fail_closed(&self, error: TokenError) -> TokenError {
        self.context.counters.failed_closed.add();
        self.tell(EventKind::FailedClosed, Some(&error));
        error
    }

    /// Saves a credential; once more at once if that fails.
    pub(super) async fn save(
        &self,
        user: &User,
        section: Section,
        credential: &Credential,
    ) -> Result<Saved, TokenError> {
        let stored = Stored::Credential(credential.clone());
        self.save_stored(user, section, &stored).await
    }

    async fn save_stored(
        &self,
        user: &User,
        section: Section,
        stored: &Stored,
    ) -> Result<Saved, TokenError> {
        let refresh_tokens = self.refresh_tokens()?;
        let value = refresh_tokens.seal(&user.entry, stored)?;
        let failed = "the new refresh token cannot be saved";
        let save = refresh_tokens.store.save(&user.entry, section, &value);
        if let Ok(saved) = self.stored(save, failed).await {
            return Ok(saved);
        }
        let save = refresh_tokens.store.save(&user.entry, section, &value);
        self.stored(save, failed).await
    }

    /// Saves what an earlier refresh could not: before that nothing else is sent.
    pub(super) async fn save_unsaved(&self, user: &User) -> Result<(), TokenError> {
        let refresh_tokens = self.refresh_tokens()?;
        let Some(unsaved) = refresh_tokens.unsaved_of(&user.entry) else {
            return Ok(());
        };
        match self.save_again(user, &unsaved).await {
            Ok(saved) => {
                self.saved_late(user, &unsaved, saved).await;
                Ok(())
            }
            Err(error) => Err(self.fail_closed(error)),
        }
    }

    /// Keeps a credential in memory, and saves it again and again behind the scenes, unless a newer one waits to be saved.
    pub(crate) fn save_later(
        &self,
        user: &User,
        origin: Origin,
        credential: Credential,
        error: &TokenError,
    ) {
        let Some(refresh_tokens) = &self.context.refresh_tokens else {
            return;
        };
        let unsaved = Unsaved {
            origin,
            credential,
            generation: self.generation,
            inherited: None,
        };
        if !refresh_tokens.remember_unsaved(&user.entry, unsaved.clone()) {
            self.note_loss_in_flight();
            return;
        }
        self.context.counters.save_failures.add();
        if let (Some(spawner), Some(user)) = (self.context.spawner(&*self.grant), &self.user) {
            let (again, user) = (self.again(), Arc::clone(user));
            spawner.spawn(Box::pin(async move {
                again.keep_saving(&user, unsaved).await;
            }));
        }
        self.tell(EventKind::SaveFailed, Some(error));
    }

    async fn keep_saving(&self, user: &User, unsaved: Unsaved) {
        for wait in waits(&self.context.policy) {
            self.pause(wait).await;
            let Some(unsaved) = self.still_unsaved(user, &unsaved) else {
                return;
            };
            if let Ok(saved) = self.save_again(user, &unsaved).await {
                self.saved_late(user, &unsaved, saved).await;
                return;
            }
            if let Some(section) = unsaved.section() {
                // As long as it lasts nobody else uses the refresh token that is stored.
                drop(self.confirm(user, section).await);
            }
        }
    }

    /// The same tokens, with the section that they have inherited since.
    fn still_unsaved(&self, user: &User, unsaved: &Unsaved) -> Option<Unsaved> {
        let kept = self.refresh_tokens().ok()?.unsaved_of(&user.entry)?;
        kept.is_same(unsaved).then_some(kept)
    }

    async fn save_again(&self, user: &User, unsaved: &Unsaved) -> Result<Saved, TokenError> {
        match &unsaved.origin {
            Origin::Refresh(section) => self.save(user, *section, &unsaved.credential).await,
            Origin::SignIn(seen) => self.save_sign_in(user, unsaved, seen).await,
        }
    }

    /// Saves the refresh token of a user who has signed in, unless the store knows of a later sign-in or sign-out.
    async fn save_sign_in(
        &self,
        user: &User,
        unsaved: &Unsaved,
        seen: &Seen,
    ) -> Result<Saved, TokenError> {
        let refresh_tokens = self.refresh_tokens()?;
        let (section, value) = self.section_to_save_in(user, unsaved).await?;
        let open = |value: &Option<Vec<u8>>| {
            let sealed = value.as_deref();
            sealed.and_then(|sealed| refresh_tokens.open(&user.entry, sealed).ok())
        };
        let stored = open(&value);
        let is_stored = stored
            .as_ref()
            .and_then(Stored::credential)
            .is_some_and(|stored| stored.is_of_the_same_sign_in(&unsaved.credential));
        // A sign-out takes it away before it asks the store. So either this is seen here, or that sign-out ends the section.
        let is_unsaved = self.still_unsaved(user, unsaved).is_some();
        let is_outdated = seen.is_outdated_by(stored.as_ref());
        if is_stored || is_outdated || !is_unsaved {
            self.end_section(user, section).await;
            return Ok(match is_stored {
                true => Saved::Saved,
                false => Saved::Lost(value),
            });
        }
        let credential = Stored::Credential(unsaved.credential.clone()).after(stored.as_ref());
        let saved = self.save_stored(user, section, &credential).await;
        if saved.is_err() && unsaved.inherited != Some(section) {
            // The next try begins another one.
            self.end_section(user, section).await;
        }
        match saved? {
            Saved::Lost(value)
                if value.is_some() && !seen.is_outdated_by(open(&value).as_ref()) =>
            {
                Err(TokenErrorKind::RefreshTokenStore
                    .because("another machine has used an older refresh token"))
            }
            saved => Ok(saved),
        }
    }

    /// A section of its own, or else the inherited one as long as it lasts; with what is stored.
    async fn section_to_save_in(
        &self,
        user: &User,
        unsaved: &Unsaved,
    ) -> Result<(Section, Option<Vec<u8>>), TokenError> {
        let store = &self.refresh_tokens()?.store;
        let begin = store.begin(&user.entry, self.context.policy.section());
        match self.stored(begin, "a section cannot be begun").await? {
            BeginSection::Begun(begun) => Ok((begun.section, begun.value)),
            BeginSection::Held { section, .. } if unsaved.inherited == Some(section) => {
                let load = store.load(&user.entry);
                let loaded = self.stored(load, "the refresh token cannot be loaded");
                Ok((section, loaded.await?))
            }
            BeginSection::Held { .. } => Err(TokenErrorKind::RefreshTokenStore
                .because("another machine uses an older refresh token")),
        }
    }

    async fn saved_late(&self, user: &User, unsaved: &Unsaved, saved: Saved) {
        let _in_flight = self.context.pending.begin();
        let is_first = self
            .refresh_tokens()
            .is_ok_and(|refresh_tokens| refresh_tokens.forget_unsaved(&user.entry, unsaved));
        match saved {
            Saved::Saved if is_first => self.tell(EventKind::SavedLate, None),
            Saved::Saved => {}
            // Signed out, or signed in anew: the access token that came with it counts no more.
            Saved::Lost(stored) => {
                if let Some(slot) = self.slot.upgrade() {
                    slot.discard(self.generation);
                }
                if is_first {
                    self.lost(user, &unsaved.credential, stored).await;
                }
            }
        }
    }

    /// Another value counts than this credential. Where that is because the user has signed out, it is revoked. Returns whether
    /// it is so.
    pub(super) async fn lost(
        &self,
        user: &User,
        credential: &Credential,
        stored: Option<Vec<u8>>,
    ) -> bool {
        let is_signed_out = stored.is_none_or(|sealed| {
            let stored = self
                .refresh_tokens()
                .and_then(|refresh_tokens| refresh_tokens.open(&user.entry, &sealed));
            stored.is_ok_and(|stored| stored.is_signed_out())
        });
        if is_signed_out {
            self.revoke(credential).await;
        } else {
            self.note_loss_in_flight();
        }
        is_signed_out
    }

    /// Revokes a refresh token that came after its user had signed out. Where this fails, nobody has it all the same.
    pub(super) async fn revoke(&self, credential: &Credential) {
        if let Some(revoked) = self.grant.revoke(&credential.refresh_token) {
            drop(revoked.await);
        }
    }

    fn again(&self) -> Self {
        Self {
            context: Arc::clone(&self.context),
            slot: std::sync::Weak::clone(&self.slot),
            generation: self.generation,
            grant: Arc::clone(&self.grant),
            user: self.user.clone(),
            name: self.name.clone(),
            known: self.known,
            has_valid: self.has_valid,
            sent: AtomicMoment::default(),
            is_loss_told: AtomicBool::default(),
        }
    }
}
