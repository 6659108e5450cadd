//! A refresh: the shared store, else the provider; then the slot.

mod failure;

use std::future::ready;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_channel::oneshot;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, select};
use tokensmith_runtime::{self as runtime, Work};
use zeroize::Zeroizing;

use super::grant::Grant;
use super::options::{Context, pause};
use super::shared_store::Session;
use super::token_slot::TokenSlot;
use super::user::User;
use crate::store::{Begin, StoreName, Version};
use crate::time::{AtomicMoment, Moment, random};
use crate::token::Kept;
use crate::{EventKind, TokenError, TokenErrorKind};
pub(crate) use failure::Failure;
use failure::{dropped, expired};
pub(super) use failure::{held_elsewhere, late, panicked, signed_out, superseded};

/// The new token, for all who waited; or why there is none.
pub(crate) type Outcome = Result<Arc<Kept>, Failure>;

/// How soon to look again whether another machine is done.
pub(super) const FIRST_LOOK: Duration = Duration::from_millis(20);
pub(super) const LAST_LOOK: Duration = Duration::from_millis(320);

/// What one refresh works with.
pub(crate) struct Refresh {
    pub(crate) context: Arc<Context>,
    pub(crate) slot: Weak<TokenSlot>,
    /// The one of the slot when the refresh began.
    pub(crate) generation: u64,
    pub(crate) grant: Arc<dyn Grant>,
    /// Whose refresh token is used; `None` for the grant that needs none.
    pub(crate) user: Option<Arc<User>>,
    pub(crate) name: Option<StoreName>,
    /// What the store has that is not wanted any more.
    pub(crate) known: Option<Version>,
    /// Whether there is a token that can be used meanwhile.
    pub(crate) has_valid: bool,
    /// When the request was sent last: the token that it brings is this old at most.
    pub(crate) sent: AtomicMoment,
    /// Whether somebody was told that the section was lost in flight.
    pub(crate) is_loss_told: AtomicBool,
}

impl Refresh {
    /// The outcome, for all who wait. If something can be used only once, it does not depend on them: the work that comes with it
    /// drives the refresh to its end.
    pub(crate) fn begin(self) -> (BoxFuture<'static, Outcome>, Option<Work>) {
        if self.user.is_none() && !self.grant.is_one_time() {
            return (Box::pin(async move { self.run().await }), None);
        }
        let (sender, outcome) = oneshot::channel();
        let in_flight = self.context.pending.begin();
        let unfinished = Unfinished(Some((
            Arc::clone(&self.context),
            Weak::clone(&self.slot),
            self.generation,
        )));
        let work = Box::pin(async move {
            let outcome = self.run().await;
            unfinished.finish();
            drop(in_flight);
            // Nobody may wait for it any more.
            drop(sender.send(outcome));
        });
        let outcome = outcome.map(|outcome| outcome.unwrap_or_else(|_| Err(dropped().into())));
        (Box::pin(outcome), Some(work))
    }

    /// The whole refresh. It ends in the slot, for whoever comes later.
    async fn run(&self) -> Outcome {
        self.tell(EventKind::RefreshBegun, None);
        let obtained = AssertUnwindSafe(self.obtain()).catch_unwind().await;
        let mut outcome = obtained.unwrap_or_else(|_| Err(panicked().into()));
        let counters = &self.context.counters;
        match &outcome {
            Ok(_) => {
                counters.refreshes.add();
                self.tell(EventKind::RefreshDone, None);
            }
            Err(failure) if !failure.elsewhere => {
                counters.failures.add();
                self.tell(EventKind::RefreshFailed, Some(&failure.error));
            }
            Err(_) => {}
        }
        let slot = self.slot.upgrade();
        if slot.is_some_and(|slot| !slot.end(self.generation, &mut outcome, &self.context)) {
            return Err(Failure::elsewhere(superseded()));
        }
        outcome
    }

    pub(super) fn tell(&self, kind: EventKind, error: Option<&TokenError>) {
        let subject = self.user.as_ref().map(|user| user.subject.as_str());
        let error = error.map(|error| error.clone().of(self.grant.provider()));
        self.context.tell(kind, subject, error.as_ref());
    }

    pub(super) async fn pause(&self, duration: Duration) {
        pause(&self.context, &*self.grant, duration).await;
    }

    /// Whether the user has signed in or out since this began. A slot makes room for another user only after that, since it is
    /// kept during a refresh.
    pub(super) fn is_superseded(&self) -> bool {
        match self.slot.upgrade() {
            Some(slot) => slot.generation() != self.generation,
            None => self.user.is_some(),
        }
    }

    /// From the store, or else from the provider.
    async fn obtain(&self) -> Outcome {
        if let (Some(user), Some(refresh_tokens)) = (&self.user, &self.context.refresh_tokens)
            && refresh_tokens.sign_out_of(&user.entry).is_some()
        {
            return Err(signed_out().into());
        }
        let end = self.context.now().after(self.context.policy.deadline());
        let shared = self.context.store.as_ref().zip(self.name.as_ref());
        let Some((shared, name)) = shared else {
            return self.fetch(None, end).await;
        };
        let session = shared.session(name, &self.context, &*self.grant);
        let (mut known, mut look) = (self.known, FIRST_LOOK);
        loop {
            let now = self.context.now();
            if now >= end {
                return Err(late().into());
            }
            match session.begin(known, self.context.policy.lease).await {
                None => return self.fetch(None, end).await,
                Some(Begin::Leased(lease)) => {
                    return self.fetch(Some((&session, lease)), end).await;
                }
                Some(Begin::Found(stored)) => {
                    let Context { policy, header, .. } = &*self.context;
                    let opened = shared
                        .keyring()
                        .open(name.as_str().as_bytes(), &stored.value);
                    let kept = opened.and_then(|plain| {
                        let (version, remaining) = (stored.version, stored.remaining);
                        Kept::open(&plain, header, policy, now, version, remaining)
                    });
                    match kept {
                        Some(kept) => {
                            self.context.counters.shared.add();
                            return Ok(Arc::new(kept));
                        }
                        // Sealed with a key that is unknown here, or damaged.
                        None => known = Some(stored.version),
                    }
                }
                Some(Begin::CoolingDown(_)) if self.has_waited(now) => {
                    return self.fetch(None, end).await;
                }
                Some(Begin::CoolingDown(rest)) => {
                    let error = TokenErrorKind::CoolingDown
                        .because("the provider asked another machine to wait");
                    return Err(error.with_retry_after(rest).into());
                }
                Some(Begin::Held(_)) if self.has_valid => {
                    return Err(Failure::elsewhere(held_elsewhere()));
                }
                Some(Begin::Held(rest)) => {
                    let pause = look.mul_f64(1.0 + random() / 2.0).min(rest);
                    self.pause(pause.min(now.until(end))).await;
                    look = (look * 2).min(LAST_LOOK);
                }
            }
        }
    }

    /// From the provider. A lease is renewed meanwhile, and ended.
    async fn fetch(&self, lease: Option<(&Session<'_>, Version)>, end: Moment) -> Outcome {
        let policy = &self.context.policy;
        let mut kept = self.obtained(lease, end).await;
        let can_ask_again = self.user.is_some() || !self.grant.is_one_time();
        if can_ask_again && kept.as_ref().is_err_and(|failure| failure.is_held_up) {
            let end = self.context.now().after(policy.deadline());
            kept = self.obtained(lease, end).await;
        }
        match kept {
            Ok((kept, plain)) => {
                match lease {
                    Some((session, version)) if self.is_superseded() => {
                        session.fail(version, Duration::ZERO).await;
                    }
                    Some((session, version)) => session.put(version, &plain, &kept).await,
                    None => {}
                }
                Ok(Arc::new(kept))
            }
            Err(failure) => {
                if let Some((session, version)) = lease {
                    session
                        .fail(version, failure.cool_down_elsewhere(policy))
                        .await;
                }
                Err(failure)
            }
        }
    }

    /// A token that is valid, and what of it goes to the store.
    async fn obtained(
        &self,
        lease: Option<(&Session<'_>, Version)>,
        end: Moment,
    ) -> Result<(Kept, Zeroizing<Vec<u8>>), Failure> {
        let (fetched, sent) = self.ask(lease, end).await;
        let token = fetched?;
        let version = lease.map(|(_, version)| version).or(self.known);
        let Context { policy, header, .. } = &*self.context;
        let kept = Kept::new(&token, header, policy, sent, version)?;
        let now = self.context.now();
        if kept.remaining(now).is_zero() {
            return Err(expired(token.metadata.expires_in, sent.until(now)));
        }
        Ok((kept, Kept::seal(&token)))
    }

    /// Asks the provider, and tells when the request was sent. What can be used only once is not given up halfway.
    ///
    /// How old the response is by the time it is read nobody knows: the process may have been stopped meanwhile.
    async fn ask(
        &self,
        lease: Option<(&Session<'_>, Version)>,
        end: Moment,
    ) -> (Result<runtime::Token, Failure>, Moment) {
        let is_driven_to_its_end = self.user.is_some() || self.grant.is_one_time();
        let third = self.context.policy.lease / 3;
        self.note_sending();
        let mut fetch = pin!(self.exchange(end));
        let mut is_lost = false;
        loop {
            let left = self.context.now().until(end);
            if left.is_zero() && !is_driven_to_its_end {
                return (Err(late().into()), end);
            }
            let pause = match lease {
                Some(_) if is_driven_to_its_end => third,
                Some(_) => left.min(third),
                None if is_driven_to_its_end => return (fetch.await, self.sent.load()),
                None => left,
            };
            match select(fetch.as_mut(), Box::pin(self.pause(pause))).await {
                Either::Left((fetched, _)) => return (fetched, self.sent.load()),
                Either::Right(((), _)) => {
                    if let Some((session, version)) = lease
                        && !is_lost
                    {
                        is_lost =
                            session.renew(version, self.context.policy.lease).await == Some(false);
                        if is_lost {
                            self.context.counters.leases_lost.add();
                            self.tell(EventKind::LeaseLost, None);
                        }
                    }
                }
            }
        }
    }

    /// Whether a wait that another machine was told counts no more here.
    fn has_waited(&self, now: Moment) -> bool {
        let slot = self.slot.upgrade();
        slot.is_some_and(|slot| slot.has_waited(now, &self.context))
    }

    pub(super) fn note_sending(&self) {
        self.sent.store(self.context.now());
    }

    async fn exchange(&self, end: Moment) -> Result<runtime::Token, Failure> {
        if let Some(user) = &self.user {
            return self.by_refresh_token(user, end).await;
        }
        let may_send = || -> BoxFuture<'_, bool> {
            self.note_sending();
            Box::pin(ready(true))
        };
        let Some(full) = self.grant.full(&may_send) else {
            let spent = "the code was used: the user has to sign in again";
            return Err(TokenErrorKind::UserRequired.because(spent).into());
        };
        full.await
            .map_err(|error| TokenError::exchange_failed("cannot get a token", error).into())
    }
}

/// Ends a refresh in its slot that was dropped before its end: with its runtime, for example.
struct Unfinished(Option<(Arc<Context>, Weak<TokenSlot>, u64)>);

impl Unfinished {
    fn finish(mut self) {
        self.0 = None;
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some((context, slot, generation)) = self.0.take()
            && let Some(slot) = slot.upgrade()
        {
            slot.end(generation, &mut Err(dropped().into()), &context);
        }
    }
}

#[cfg(test)]
mod tests;
