//! One refresh, from asking the store to keeping the new token.

use std::future::{Future, poll_fn};
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Either, select};

use crate::clock::Moment;
use crate::grant::Grant;
use crate::options::Context;
use crate::policy::{Policy, random};
use crate::rotation::OldRefreshTokenStore;
use crate::shared::Session;
use crate::slot::Slot;
use crate::store::{Begin, StoreName, Version};
use crate::token::Kept;
use crate::{TokenError, TokenErrorKind};

/// The new token, for all who waited; or why there is none.
pub(crate) type Outcome = Result<Arc<Kept>, Failure>;

#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) error: TokenError,
    /// Whether nothing was tried, since another machine is at it.
    pub(crate) elsewhere: bool,
}

/// How soon to look again whether another machine has the token.
const FIRST_LOOK: Duration = Duration::from_millis(20);
const LAST_LOOK: Duration = Duration::from_millis(320);

impl Failure {
    /// How long nobody asks again.
    pub(crate) fn cool_down(&self, policy: &Policy, failures: u32) -> Duration {
        match self.error.kind() {
            TokenErrorKind::CoolingDown => self.error.retry_after().unwrap_or_default(),
            _ => policy.cool_down(failures, self.error.retry_after()),
        }
    }
}

impl From<TokenError> for Failure {
    fn from(error: TokenError) -> Self {
        Self {
            error,
            elsewhere: false,
        }
    }
}

/// What one refresh works with.
pub(crate) struct Plan {
    pub(crate) context: Arc<Context>,
    pub(crate) slot: Weak<Slot>,
    pub(crate) grant: Arc<dyn Grant>,
    pub(crate) refresh_tokens: Option<Arc<dyn OldRefreshTokenStore>>,
    pub(crate) name: Option<StoreName>,
    /// What the store has that is not wanted any more.
    pub(crate) known: Option<Version>,
    /// Whether there is a token that can be used meanwhile.
    pub(crate) has_valid: bool,
}

impl Plan {
    /// The whole refresh. It ends in the slot, for whoever comes later, and is given to all who wait.
    pub(crate) fn fly(self) -> BoxFuture<'static, Outcome> {
        Box::pin(async move {
            let obtained = AssertUnwindSafe(self.obtain()).catch_unwind().await;
            let outcome = obtained.unwrap_or_else(|_| {
                let panicked = TokenErrorKind::Panicked;
                Err(panicked
                    .because("what asked for the token has panicked")
                    .into())
            });
            let counters = &self.context.counters;
            match &outcome {
                Ok(_) => counters.refreshes.add(),
                Err(failure) if !failure.elsewhere => counters.failures.add(),
                Err(_) => {}
            }
            if let Some(slot) = self.slot.upgrade() {
                slot.settle(&outcome, &self.context);
            }
            outcome
        })
    }

    /// From the store, or else from the provider.
    async fn obtain(&self) -> Outcome {
        let end = self.context.now().after(self.context.policy.deadline());
        let shared = self.context.store.as_ref().zip(self.name.as_ref());
        let Some((shared, name)) = shared else {
            return self.fetch(None, end).await;
        };
        let session = Session {
            shared,
            name,
            context: &self.context,
            grant: &*self.grant,
        };
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
                    let opened = shared.keyring().open(name, &stored.value);
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
                Some(Begin::CoolingDown(rest)) => {
                    let error = TokenErrorKind::CoolingDown.because(
                        "the provider is not to be asked now, as another machine was told",
                    );
                    return Err(error.with_retry_after(rest).into());
                }
                Some(Begin::Held(_)) if self.has_valid => {
                    let error = TokenErrorKind::CoolingDown.because("another machine refreshes it");
                    return Err(Failure {
                        error: error.with_retry_after(Duration::from_secs(1)),
                        elsewhere: true,
                    });
                }
                Some(Begin::Held(rest)) => {
                    let pause = look.mul_f64(1.0 + random() / 2.0).min(rest);
                    self.grant.sleep(pause.min(now.until(end))).await;
                    look = (look * 2).min(LAST_LOOK);
                }
            }
        }
    }

    /// From the provider. A lease is renewed meanwhile, and ended.
    async fn fetch(&self, lease: Option<(&Session<'_>, Version)>, end: Moment) -> Outcome {
        let policy = &self.context.policy;
        let (fetched, came) = {
            let mut fetch = pin!(dated(self.ask(), || self.context.now()));
            loop {
                let left = self.context.now().until(end);
                if left.is_zero() {
                    break (Err(late()), end);
                }
                let pause = if lease.is_some() {
                    left.min(policy.lease / 3)
                } else {
                    left
                };
                match select(fetch.as_mut(), self.grant.sleep(pause)).await {
                    Either::Left((fetched, _)) => break fetched,
                    Either::Right(((), _)) => {
                        if let Some((session, version)) = lease {
                            session.renew(version, policy.lease).await;
                        }
                    }
                }
            }
        };
        let version = lease.map(|(_, version)| version).or(self.known);
        let header = &self.context.header;
        let kept = fetched.and_then(|token| {
            let kept = Kept::new(&token, header, policy, came, version)?;
            let remaining = kept.remaining(self.context.now());
            if remaining.is_zero() {
                return Err(expired());
            }
            Ok((kept, Kept::seal(&token), remaining))
        });
        match kept {
            Ok((kept, plain, remaining)) => {
                if let Some((session, version)) = lease {
                    session.put(version, &plain, remaining).await;
                }
                Ok(Arc::new(kept))
            }
            Err(error) => {
                let failure = Failure::from(error);
                if let Some((session, version)) = lease {
                    session.fail(version, failure.cool_down(policy, 1)).await;
                }
                Err(failure)
            }
        }
    }
}

/// A future that gives its outcome with the time before which that cannot have been there: when it was polled last. An answer
/// that was there for an hour until somebody looked is an hour old.
async fn dated<T>(future: impl Future<Output = T>, now: impl Fn() -> Moment) -> (T, Moment) {
    let mut future = pin!(future);
    let mut polled = now();
    poll_fn(move |context| {
        let before = std::mem::replace(&mut polled, now());
        future
            .as_mut()
            .poll(context)
            .map(|outcome| (outcome, before))
    })
    .await
}

fn expired() -> TokenError {
    TokenErrorKind::Expired.because("the provider has sent a token that is at its end already")
}

fn late() -> TokenError {
    TokenErrorKind::Deadline.because("the refresh took longer than its deadline")
}

#[cfg(test)]
mod tests;
