//! One token: at hand for readers, refreshed by one at a time.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};

use arc_swap::Guard;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};

use crate::TokenError;
use crate::clock::Moment;
use crate::flight::Outcome;
use crate::options::Context;
use crate::rotation::Rotation;
use crate::sync::{ArcSwap, AtomicBool, Mutex, MutexGuard};
use crate::token::{Kept, Token};

/// What holds one token, and the refresh of it that is under way.
pub(crate) struct Slot {
    current: ArcSwap<Kept>,
    /// Whether somebody refreshes a token that is still valid.
    leading: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    flight: Option<Flight>,
    trouble: Option<Box<Trouble>>,
    rotation: Option<Box<Rotation>>,
}

/// A refresh under way. Whoever waits for it drives it; as long as nobody does, it rests here.
#[derive(Clone)]
pub(crate) struct Flight {
    outcome: Shared<BoxFuture<'static, Outcome>>,
    started: Moment,
}

/// What there is for whoever wants a token.
pub(crate) enum Joined {
    Token(Token),
    Flight(Flight),
    NewFlight(Flight),
}

/// Why there was no token the last time, and until when nobody asks again.
struct Trouble {
    error: TokenError,
    until: Moment,
    failures: u32,
}

impl Slot {
    pub(crate) fn new() -> Self {
        Self {
            current: ArcSwap::new(Arc::new(Kept::gone(None))),
            leading: AtomicBool::new(false),
            state: Mutex::default(),
        }
    }

    /// What is there, valid or not: no lock, no allocation.
    pub(crate) fn load(&self) -> Guard<Arc<Kept>> {
        self.current.load()
    }

    /// The token, if it is valid and too young to be refreshed.
    pub(crate) fn fresh(&self, now: Moment) -> Option<Token> {
        let kept = self.current.load();
        kept.is_fresh(now).then(|| Token::new(kept))
    }

    /// Makes the caller the one who refreshes a token that is still valid, unless somebody does already.
    pub(crate) fn lead(self: &Arc<Self>) -> Option<Lead> {
        let taken = self.leading.swap(true, Ordering::AcqRel);
        (!taken).then(|| Lead(Arc::clone(self)))
    }

    /// The refresh under way, or else a new one, unless the last one failed a moment ago, or has ended well since the caller
    /// looked.
    pub(crate) fn join(
        &self,
        now: Moment,
        start: impl FnOnce() -> BoxFuture<'static, Outcome>,
    ) -> Result<Joined, TokenError> {
        let mut state = self.state();
        if let Some(flight) = &state.flight {
            return Ok(Joined::Flight(flight.clone()));
        }
        if let Some(token) = self.fresh(now) {
            return Ok(Joined::Token(token));
        }
        if let Some(trouble) = &state.trouble
            && now < trouble.until
        {
            let left = now.until(trouble.until);
            return Err(trouble.error.clone().with_retry_after(left));
        }
        let flight = Flight {
            outcome: start().shared(),
            started: now,
        };
        state.flight = Some(flight.clone());
        Ok(Joined::NewFlight(flight))
    }

    /// Ends the refresh under way.
    pub(crate) fn settle(&self, outcome: &Outcome, context: &Context) {
        let now = context.now();
        let mut state = self.state();
        state.flight = None;
        match outcome {
            Ok(kept) => {
                state.trouble = None;
                self.current.store(Arc::clone(kept));
            }
            Err(failure) => {
                let before = state.trouble.as_ref().map_or(0, |trouble| trouble.failures);
                let failures = before + u32::from(!failure.elsewhere);
                let until = now.after(failure.cool_down(&context.policy, failures));
                self.current.load().put_off(until);
                state.trouble = Some(Box::new(Trouble {
                    error: failure.error.clone(),
                    until: if failure.elsewhere { now } else { until },
                    failures,
                }));
            }
        }
    }

    /// Lets the next one ask at once.
    pub(crate) fn forgive(&self) {
        if let Some(trouble) = &mut self.state().trouble {
            trouble.until = Moment::default();
        }
    }

    /// Drops a token, if it is the one that is there.
    pub(crate) fn invalidate(&self, token: &Token) -> bool {
        let _state = self.state();
        let current = self.current.load();
        let is_current =
            Arc::ptr_eq(&current, token.kept()) || current.access_token() == token.access_token();
        if is_current {
            self.current.store(Arc::new(Kept::gone(current.version())));
        }
        is_current
    }

    /// What is known of the refresh token.
    pub(crate) fn rotation<T>(&self, change: impl FnOnce(&mut Rotation) -> T) -> T {
        let mut state = self.state();
        change(state.rotation.get_or_insert_default())
    }

    /// Whether losing it would lose more than a copy.
    pub(crate) fn is_precious(&self) -> bool {
        let state = self.state();
        state.flight.is_some() || state.rotation.is_some()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    pub(crate) fn outcome(&self) -> Shared<BoxFuture<'static, Outcome>> {
        self.outcome.clone()
    }

    pub(crate) fn started(&self) -> Moment {
        self.started
    }
}

/// The right to refresh a token that is still valid; it ends when it is dropped, whatever became of the refresh.
pub(crate) struct Lead(Arc<Slot>);

impl Drop for Lead {
    fn drop(&mut self) {
        self.0.leading.store(false, Ordering::Release);
    }
}

#[cfg(all(test, shuttle))]
mod interleavings;
