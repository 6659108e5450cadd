//! The use of a refresh token: an exclusive section around load, send and save.

use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, select};
use tokensmith_runtime::{self as runtime, Error, Secret};

use super::access::{Failure, Refresh, held_elsewhere, panicked, signed_out, superseded};
use super::credential::{Credential, Stored};
use super::fate::{Fate, is_refusal};
use super::grant::Fetched;
use super::refresh_tokens::Origin;
use super::section::Withheld;
use super::token_slot::TokenSlot;
use crate::store::{Begun, Saved, Section, StoreName};
use crate::time::Moment;
use crate::{EventKind, TokenError, TokenErrorKind};

/// Whose refresh token it is, and where it is kept.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) subject: String,
    pub(crate) entry: StoreName,
}

/// How often a refresh token that was changed meanwhile is taken up anew: by somebody else, or because one that was configured
/// was stored first.
const ROUNDS: u32 = 5;

const NOT_SIGNED_IN: &str = "the user has to sign in: there is no refresh token";

/// What became of one section.
enum Round {
    Token(Box<runtime::Token>),
    /// The store has another refresh token: the next section finds it.
    Again,
}

/// The refresh token to use.
struct Usable {
    credential: Credential,
    /// Whether the store has it.
    is_stored: bool,
}

impl Refresh {
    pub(super) async fn by_refresh_token(
        &self,
        user: &User,
        end: Moment,
    ) -> Result<runtime::Token, Failure> {
        self.save_unsaved(user).await?;
        self.require_signed_in(user).await?;
        for _ in 0..ROUNDS {
            let begun = self.begin_section(user, end).await?;
            if let Round::Token(token) = self.use_section(user, begun).await? {
                return Ok(*token);
            }
        }
        Err(Failure::elsewhere(held_elsewhere()))
    }

    /// Ends a refresh for somebody who is not signed in, without a trace in the store: whoever makes subjects up does not fill
    /// it. Where there was a token, a section finds out.
    async fn require_signed_in(&self, user: &User) -> Result<(), Failure> {
        let slot = self.slot.upgrade();
        let is_known = slot.is_none_or(|slot| slot.has_had_token() || slot.seed().is_some());
        if is_known {
            return Ok(());
        }
        let load = self.refresh_tokens()?.store.load(&user.entry);
        let loaded = self.stored(load, "the refresh token cannot be loaded");
        let sealed = loaded.await.map_err(|error| self.fail_closed(error))?;
        let stored = sealed.map(|sealed| self.refresh_tokens()?.open(&user.entry, &sealed));
        match stored.transpose()? {
            Some(Stored::Credential(_)) => Ok(()),
            _ => Err(TokenErrorKind::UserRequired.because(NOT_SIGNED_IN).into()),
        }
    }

    async fn use_section(&self, user: &User, begun: Begun) -> Result<Round, Failure> {
        let section = begun.section;
        let usable = match self.usable(user, &begun) {
            Ok(usable) => usable,
            Err(error) => {
                self.end_section(user, section).await;
                return Err(error.into());
            }
        };
        let credential = usable.credential;
        let rotates = credential.rotates != Some(false);
        let is_in_doubt = begun.unsaved.is_some() && rotates;
        if is_in_doubt {
            match self.give_way(user, &begun).await {
                Ok(true) => return Ok(Round::Again),
                Ok(false) => {}
                Err(error) => {
                    self.end_section(user, section).await;
                    return Err(self.fail_closed(error).into());
                }
            }
        }
        if !usable.is_stored {
            return self.store_first(user, section, &credential).await;
        }
        self.is_loss_told.store(false, Ordering::Relaxed);
        let is_reuse = is_in_doubt || (credential.is_doubtful && rotates);
        let (sent, when) = self.send(user, section, &credential, is_reuse).await;
        let may_have_been_sent = match &sent {
            Ok(Some(fetched)) => fetched.as_ref().err().is_none_or(Error::may_have_been_sent),
            Ok(None) => when.is_some(),
            Err(_) => false,
        };
        if may_have_been_sent && let Some(slot) = self.slot.upgrade() {
            slot.spend_seed(&credential.refresh_token);
        }
        match sent {
            Ok(Some(Ok(token))) => self.keep(user, section, &credential, token).await,
            Ok(Some(Err(error))) if is_refusal(&error) => {
                self.end_section(user, section).await;
                self.refused(user, credential.refresh_token, error).await
            }
            Ok(Some(Err(error))) => {
                let left = match (Fate::of(&error), when) {
                    (Fate::Lost, Some(sent)) => Some(credential.lost(sent)),
                    (Fate::Doubtful, _) => Some(credential.doubtful()),
                    // The confirmation took the place of the earlier holder's record.
                    (Fate::Unused, Some(_)) if is_in_doubt => Some(credential.doubtful()),
                    (Fate::Lost | Fate::Unused, _) => None,
                };
                self.give_up(user, section, left).await;
                Err(TokenError::exchange_failed("cannot refresh the token", error).into())
            }
            Ok(None) => {
                let left = when.map(|sent| credential.lost(sent));
                self.give_up(user, section, left).await;
                Err(panicked().into())
            }
            Err(Withheld::SectionLost) => {
                self.context.counters.sections_lost.add();
                self.tell(EventKind::SectionLost, None);
                Ok(Round::Again)
            }
            Err(Withheld::SectionOld) => {
                self.context.counters.sections_lost.add();
                self.tell(EventKind::SectionLost, None);
                self.end_unsent(user, section, is_in_doubt).await;
                Ok(Round::Again)
            }
            Err(Withheld::StoreFailed(error)) => {
                self.end_unsent(user, section, is_in_doubt).await;
                Err(self.fail_closed(error).into())
            }
            Err(Withheld::Superseded) => {
                self.end_unsent(user, section, is_in_doubt).await;
                Err(Failure::elsewhere(superseded()))
            }
        }
    }

    /// Ends a section in which nothing was sent, so that nobody has to suspect it. But if an
    /// earlier one may have sent, the confirmation may have taken the place of its record: then it
    /// stays, and ends by itself, for the next holder to find.
    async fn end_unsent(&self, user: &User, section: Section, is_in_doubt: bool) {
        if !is_in_doubt {
            self.end_section(user, section).await;
        }
    }

    /// Stores a refresh token that was configured before it is sent: whatever happens then, nobody begins with it again.
    async fn store_first(
        &self,
        user: &User,
        section: Section,
        credential: &Credential,
    ) -> Result<Round, Failure> {
        match self.save(user, section, credential).await {
            Ok(_) => Ok(Round::Again),
            Err(error) => {
                self.end_section(user, section).await;
                Err(self.fail_closed(error).into())
            }
        }
    }

    /// Ends a section that brought no token. If the refresh token may have been used, that is noted with it.
    async fn give_up(&self, user: &User, section: Section, left: Option<Credential>) {
        let Some(left) = left.filter(|left| left.rotates != Some(false)) else {
            return self.end_section(user, section).await;
        };
        if let Err(failed) = self.save(user, section, &left).await {
            self.save_later(user, Origin::Refresh(section), left, &failed);
        }
    }

    /// The refresh token to use: the stored one, or the one to begin with.
    fn usable(&self, user: &User, begun: &Begun) -> Result<Usable, TokenError> {
        let sealed = begun.value.as_deref();
        let stored = sealed.map(|sealed| self.refresh_tokens()?.open(&user.entry, sealed));
        let stored = stored.transpose()?;
        let slot = self.slot.upgrade();
        let is_refused = |token: &Secret| {
            let slot = slot.as_deref();
            slot.is_some_and(|slot| slot.is_refused(token))
        };
        let grace = self.context.policy.grace_period;
        let is_good = |credential: &&Credential| {
            !is_refused(&credential.refresh_token)
                && credential.may_be_sent(grace, self.context.time_of_day())
        };
        let stored = stored.as_ref();
        let seed = slot.as_deref().and_then(|slot| new_seed(slot, stored));
        let rotation = self.context.rotation;
        let credential = stored.and_then(Stored::credential).cloned();
        let credential = credential.map(|credential| credential.or_reusable(rotation));
        if let Some(good) = credential.as_ref().filter(is_good) {
            return Ok(Usable {
                credential: good.clone(),
                is_stored: true,
            });
        }
        if let Some(seed) = seed.filter(|seed| !is_refused(seed)) {
            return Ok(Usable {
                credential: Credential::of_seed(seed, stored),
                is_stored: false,
            });
        }
        Err(TokenErrorKind::UserRequired.because(match credential {
            None => NOT_SIGNED_IN,
            Some(stored) if is_refused(&stored.refresh_token) => {
                "the user has to sign in again: the provider refused the refresh token"
            }
            Some(_) => {
                "the user has to sign in again: the response to the last refresh was lost, and the provider may have \
                 replaced the refresh token"
            }
        }))
    }

    /// Sends the request, once the section was confirmed immediately before; the section is extended meanwhile. Returns what
    /// came of it, `None` if that was a panic, and when it was sent.
    async fn send(
        &self,
        user: &User,
        section: Section,
        credential: &Credential,
        is_reuse: bool,
    ) -> (Result<Option<Fetched>, Withheld>, Option<SystemTime>) {
        let checked = Mutex::new(Ok(None));
        let outcome = &checked;
        let may_send = move || -> BoxFuture<'_, bool> {
            Box::pin(async move {
                let found = self.check_section(user, section).await;
                let is_fine = found.is_ok();
                if is_fine && is_reuse {
                    self.context.counters.reuse_suspected.add();
                    self.tell(EventKind::ReuseSuspected, None);
                }
                self.note_sending();
                let mut outcome = outcome.lock().unwrap_or_else(PoisonError::into_inner);
                *outcome = found.map(|()| Some(self.context.time_of_day()));
                is_fine
            })
        };
        let Some(request) = self.grant.refresh(&credential.refresh_token, &may_send) else {
            return (Err(Withheld::Superseded), None);
        };
        let request = AssertUnwindSafe(request).catch_unwind();
        let extend = pin!(self.extend(user, section));
        let fetched = match select(request, extend).await {
            Either::Left((fetched, _)) => fetched.ok(),
            Either::Right((never, _)) => match never {},
        };
        let checked = checked.into_inner();
        match checked.unwrap_or_else(PoisonError::into_inner) {
            Ok(sent) => (Ok(fetched), sent),
            Err(_) if matches!(fetched, Some(Ok(_))) => (Ok(fetched), None),
            Err(reason) => (Err(reason), None),
        }
    }

    /// Saves the new refresh token. Unless somebody has signed in or out meanwhile, the access token counts, saved or not.
    async fn keep(
        &self,
        user: &User,
        section: Section,
        used: &Credential,
        token: runtime::Token,
    ) -> Result<Round, Failure> {
        let next = used.next(token.refresh_token.as_ref());
        match self.save(user, section, &next).await {
            Ok(Saved::Saved) => Ok(Round::Token(Box::new(token))),
            Ok(Saved::Lost(stored)) => {
                if self.lost(user, &next, stored).await {
                    return Err(signed_out().into());
                }
                Ok(Round::Again)
            }
            Err(error) => {
                self.save_later(user, Origin::Refresh(section), next, &error);
                Ok(Round::Token(Box::new(token)))
            }
        }
    }

    /// The provider refused the refresh token. That is final only if the store has no other one.
    async fn refused(
        &self,
        user: &User,
        refresh_token: Secret,
        error: Error,
    ) -> Result<Round, Failure> {
        let load = self.refresh_tokens()?.store.load(&user.entry);
        let loaded = self
            .stored(load, "the refresh token cannot be loaded")
            .await;
        let stored = match loaded.map_err(|error| self.fail_closed(error))? {
            Some(sealed) => Some(self.refresh_tokens()?.open(&user.entry, &sealed)?),
            None => None,
        };
        self.context.counters.refused.add();
        let slot = self.slot.upgrade();
        if let Some(slot) = &slot {
            slot.set_refused(refresh_token.clone());
        }
        let is_other = |other: &Secret| *other != refresh_token;
        let stored = stored.as_ref();
        let seed = slot.and_then(|slot| new_seed(&slot, stored));
        let credential = stored.and_then(Stored::credential);
        let mut others = credential
            .map(|stored| stored.refresh_token.clone())
            .into_iter()
            .chain(seed);
        if others.any(|other| is_other(&other)) {
            return Ok(Round::Again);
        }
        let error = TokenErrorKind::UserRequired
            .because("the user has to sign in again: the provider refused the refresh token")
            .with_source(error);
        Err(error.into())
    }
}

/// The refresh token to begin with, unless what is stored excludes it. Then nobody begins with it any more, whatever is stored
/// later: nothing, for example, once the user has signed out.
fn new_seed(slot: &TokenSlot, stored: Option<&Stored>) -> Option<Secret> {
    let seed = slot.seed()?;
    let Some(stored) = stored else {
        return Some(seed);
    };
    slot.set_stored();
    if stored.excludes(&seed) {
        slot.spend_seed(&seed);
        return None;
    }
    Some(seed)
}
