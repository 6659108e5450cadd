//! The exclusive section around a refresh token: its begin, its extension, its end.

use std::convert::Infallible;
use std::sync::atomic::Ordering;

use super::access::{FIRST_LOOK, Failure, LAST_LOOK, Refresh, held_elsewhere, late, superseded};
use super::user::User;
use crate::store::{BeginSection, Begun, Section};
use crate::time::{Moment, random};
use crate::{EventKind, TokenError};

/// Why a request was not sent.
pub(super) enum Withheld {
    SectionLost,
    /// The section was confirmed, so long ago that it may have ended since.
    SectionOld,
    StoreFailed(TokenError),
    Superseded,
}

impl Refresh {
    /// Waits for its turn. If the store fails, nothing is sent.
    pub(super) async fn begin_section(&self, user: &User, end: Moment) -> Result<Begun, Failure> {
        let mut look = FIRST_LOOK;
        loop {
            if self.is_superseded() {
                return Err(Failure::elsewhere(superseded()));
            }
            let duration = self.context.policy.section();
            let begin = self.refresh_tokens()?.store.begin(&user.entry, duration);
            let begun = self.stored(begin, "a section cannot be begun").await;
            match begun.map_err(|error| self.fail_closed(error))? {
                BeginSection::Begun(begun) => return Ok(begun),
                BeginSection::Held { .. } if self.has_valid => {
                    return Err(Failure::elsewhere(held_elsewhere()));
                }
                BeginSection::Held { remaining, .. } => {
                    let left = self.context.now().until(end);
                    if left.is_zero() {
                        return Err(late().into());
                    }
                    let pause = look.mul_f64(1.0 + random() / 2.0).min(remaining);
                    self.pause(pause.min(left)).await;
                    look = (look * 2).min(LAST_LOOK);
                }
            }
        }
    }

    /// Waits for whoever sent the refresh token: they may have the next one, and no store to save it in. Where it fails meanwhile,
    /// they cannot save, and the wait was for nothing. Returns whether they have saved, or somebody has signed in or out: that
    /// has ended the section.
    pub(super) async fn give_way(&self, user: &User, begun: &Begun) -> Result<bool, TokenError> {
        let end = self.context.now().after(self.context.policy.late_save());
        loop {
            let left = self.context.now().until(end);
            if left.is_zero() {
                return Ok(false);
            }
            self.pause(left.min(LAST_LOOK)).await;
            let load = self.refresh_tokens()?.store.load(&user.entry);
            let loaded = self.stored(load, "the refresh token cannot be loaded");
            if loaded.await? != begun.value {
                return Ok(true);
            }
        }
    }

    /// Extends a section for as long as its request is in flight.
    pub(super) async fn extend(&self, user: &User, section: Section) -> Infallible {
        loop {
            self.pause(self.context.policy.lease / 3).await;
            // Whatever it says: the request is on its way.
            let confirmed = self.confirm(user, section).await;
            if matches!(confirmed, Ok(false)) {
                self.note_loss_in_flight();
            }
        }
    }

    /// Tells it once for each section.
    pub(super) fn note_loss_in_flight(&self) {
        if !self.is_loss_told.swap(true, Ordering::Relaxed) {
            self.context.counters.sections_lost.add();
            self.tell(EventKind::SectionLostInFlight, None);
        }
    }

    pub(super) async fn check_section(
        &self,
        user: &User,
        section: Section,
    ) -> Result<(), Withheld> {
        if self.is_superseded() {
            return Err(Withheld::Superseded);
        }
        let asked = self.context.now();
        match self.confirm(user, section).await {
            Ok(true) if self.is_superseded() => Err(Withheld::Superseded),
            Ok(true) if asked.until(self.context.now()) >= self.context.policy.lease => {
                Err(Withheld::SectionOld)
            }
            Ok(true) => Ok(()),
            Ok(false) => Err(Withheld::SectionLost),
            Err(error) => Err(Withheld::StoreFailed(error)),
        }
    }

    pub(super) async fn confirm(&self, user: &User, section: Section) -> Result<bool, TokenError> {
        let lease = self.context.policy.lease;
        let confirm = self
            .refresh_tokens()?
            .store
            .confirm(&user.entry, section, lease);
        self.stored(confirm, "the section cannot be confirmed")
            .await
    }

    /// Ends a section whose credential stays as it is. If that fails, the next one has to wait for the deadline.
    pub(super) async fn end_section(&self, user: &User, section: Section) {
        if let Ok(refresh_tokens) = self.refresh_tokens() {
            let end = refresh_tokens.store.end(&user.entry, section);
            drop(self.stored(end, "the section cannot be ended").await);
        }
    }
}
