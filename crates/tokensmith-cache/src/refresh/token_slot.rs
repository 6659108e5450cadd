//! One token: at hand for readers, refreshed by one at a time.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use arc_swap::Guard;
use futures_util::FutureExt as _;
use futures_util::future::{BoxFuture, Shared};
use tokensmith_runtime::{Secret, Work};

use super::access::Outcome;
use super::options::Context;
use crate::time::Moment;
use crate::token::sync::{ArcSwap, AtomicBool, Mutex, MutexGuard};
use crate::token::{Kept, Token};
use crate::{TokenError, TokenErrorKind};

/// What holds one token, and the refresh of it that is under way.
pub(crate) struct TokenSlot {
    current: ArcSwap<Kept>,
    /// Who signs the user in or out.
    turn: futures_util::lock::Mutex<()>,
    /// Whether somebody refreshes a token that is still valid.
    is_refreshed_early: AtomicBool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    attempt: Option<Attempt>,
    /// What has to outlive the slot.
    memory: Remembered,
    /// The refresh token to begin with, if the store has none that can be used; and the last one that was sent.
    seed: Option<Secret>,
    sent_seed: Option<Secret>,
    /// Whether the store has something for the user: what there is to begin with is a copy that may go.
    is_stored: bool,
    /// How often the user has signed out.
    sign_outs: u64,
    /// Since when another machine's wait is kept, and the last time that all waits were cleared and this one with them.
    waits_since: Option<Moment>,
    cleared: u64,
    /// Rises when the user signs in or out: what was begun before counts no more.
    generation: u64,
}

/// Generations rise over all slots: what is kept in memory of a user may be older than the slot.
fn next_generation() -> u64 {
    static LAST: AtomicU64 = AtomicU64::new(0);
    LAST.fetch_add(1, Ordering::Relaxed)
}

/// What outlives an eviction: why there was no token the last time, and which refresh token the provider refused.
#[derive(Default, Clone)]
pub(crate) struct Remembered {
    trouble: Option<Box<Trouble>>,
    refused: Option<Secret>,
}

/// A refresh under way. Whoever waits for it drives it, unless it is driven to its end by work of its own.
#[derive(Clone)]
pub(crate) struct Attempt {
    outcome: Shared<BoxFuture<'static, Outcome>>,
    started: Moment,
}

/// What there is for whoever wants a token.
pub(crate) enum TokenOrAttempt {
    Token(Token),
    /// A refresh that was under way already.
    Attempt(Attempt),
    /// A new one, and the work that drives it, to be spawned.
    NewAttempt(Attempt, Option<Work>),
}

/// Why there was no token the last time, and until when nobody asks again.
#[derive(Clone)]
struct Trouble {
    error: TokenError,
    until: Moment,
    failures: u32,
}

impl Remembered {
    pub(crate) fn is_empty(&self) -> bool {
        self.trouble.is_none() && self.refused.is_none()
    }
}

impl TokenSlot {
    pub(crate) fn new(memory: Remembered) -> Self {
        Self {
            current: ArcSwap::new(Arc::new(Kept::gone(None))),
            turn: futures_util::lock::Mutex::new(()),
            is_refreshed_early: AtomicBool::new(false),
            state: Mutex::new(State {
                memory,
                generation: next_generation(),
                ..State::default()
            }),
        }
    }

    /// What is there, valid or not: no lock, no allocation.
    pub(crate) fn load(&self) -> Guard<Arc<Kept>> {
        self.current.load()
    }

    /// Whether there is a token, valid or not.
    pub(crate) fn has_had_token(&self) -> bool {
        !self.load().access_token().is_empty()
    }

    /// The token, if it is valid and too young to be refreshed.
    pub(crate) fn fresh(&self, now: Moment) -> Option<Token> {
        let kept = self.current.load();
        kept.is_fresh(now).then(|| Token::new(kept))
    }

    /// Makes the caller the one who refreshes a token that is still valid, unless somebody does already.
    pub(crate) fn refresh_early(self: &Arc<Self>) -> Option<EarlyRefresh> {
        let is_under_way = self.is_refreshed_early.swap(true, Ordering::AcqRel);
        (!is_under_way).then(|| EarlyRefresh(Arc::clone(self)))
    }

    /// The refresh under way, or else a new one, unless the last one failed a moment ago, or has ended well since the caller
    /// looked.
    pub(crate) fn token_or_attempt(
        &self,
        now: Moment,
        start: impl FnOnce(u64) -> (BoxFuture<'static, Outcome>, Option<Work>),
    ) -> Result<TokenOrAttempt, TokenError> {
        let mut state = self.state();
        if let Some(attempt) = &state.attempt {
            return Ok(TokenOrAttempt::Attempt(attempt.clone()));
        }
        if let Some(token) = self.fresh(now) {
            return Ok(TokenOrAttempt::Token(token));
        }
        if let Some(trouble) = &state.memory.trouble
            && now < trouble.until
        {
            let left = now.until(trouble.until);
            return Err(trouble.error.clone().with_retry_after(left));
        }
        let (outcome, work) = start(state.generation);
        let attempt = Attempt {
            outcome: outcome.shared(),
            started: now,
        };
        state.attempt = Some(attempt.clone());
        Ok(TokenOrAttempt::NewAttempt(attempt, work))
    }

    /// Ends a refresh, and has its error say how long nobody asks again. `false`, and nothing changes, if the user has signed in
    /// or out since it began.
    pub(crate) fn end(&self, generation: u64, outcome: &mut Outcome, context: &Context) -> bool {
        let now = context.now();
        let mut state = self.state();
        if state.generation != generation {
            return false;
        }
        state.attempt = None;
        let waits = outcome
            .as_ref()
            .is_err_and(|failure| failure.error.kind() == TokenErrorKind::CoolingDown);
        if !waits {
            state.waits_since = None;
        }
        let memory = &mut state.memory;
        match outcome {
            Ok(kept) => {
                memory.trouble = None;
                self.current.store(Arc::clone(kept));
            }
            Err(failure) => {
                let before = memory
                    .trouble
                    .as_ref()
                    .map_or(0, |trouble| trouble.failures);
                // Where the user has to sign in, the store is looked at again soon, however often that was in vain.
                let counts =
                    !failure.elsewhere && failure.error.kind() != TokenErrorKind::UserRequired;
                let failures = if counts { before + 1 } else { before.min(1) };
                let wait = failure.cool_down(&context.policy, failures);
                let until = now.after(wait);
                self.current.load().put_off(until);
                if !failure.elsewhere {
                    failure.error = failure.error.clone().with_retry_after(wait);
                }
                memory.trouble = Some(Box::new(Trouble {
                    error: failure.error.clone(),
                    until: if failure.elsewhere { now } else { until },
                    failures,
                }));
            }
        }
        true
    }

    /// Lets the next one ask at once, whatever failed before.
    pub(crate) fn clear_wait(&self) {
        self.state().memory.trouble = None;
    }

    /// Whether a wait that another machine was told is over here: somebody has cleared all waits, or it was kept for as long as
    /// a provider may have anybody wait.
    pub(crate) fn has_waited(&self, now: Moment, context: &Context) -> bool {
        let longest = context.policy.longest_wait;
        let (cleared, when) = context.waits_cleared();
        let mut state = self.state();
        if state.cleared != cleared {
            state.cleared = cleared;
            if when.until(now) < longest {
                return true;
            }
        }
        state.waits_since.get_or_insert(now).until(now) >= longest
    }

    /// Drops a token, if it is the one that is there and is this old at least.
    pub(crate) fn invalidate(&self, token: &Token, now: Moment, youngest: Duration) -> bool {
        let _state = self.state();
        let current = self.current.load();
        let is_current =
            Arc::ptr_eq(&current, token.kept()) || current.access_token() == token.access_token();
        let is_dropped = is_current && current.age(now) >= youngest;
        if is_dropped {
            self.current.store(Arc::new(Kept::gone(current.version())));
        }
        is_dropped
    }

    /// Waits until nobody else signs the user in or out.
    pub(crate) async fn turn(&self) -> futures_util::lock::MutexGuard<'_, ()> {
        self.turn.lock().await
    }

    /// Begins anew without a token: the user signs in or out. Nothing that is under way counts any more.
    pub(crate) fn reset(&self) -> u64 {
        let mut state = self.state();
        let generation = next_generation();
        *state = State {
            generation,
            sent_seed: state.seed.take().or(state.sent_seed.take()),
            sign_outs: state.sign_outs,
            cleared: state.cleared,
            ..State::default()
        };
        self.current.store(Arc::new(Kept::gone(None)));
        generation
    }

    /// Begins anew, and tells what refresh tokens there were to begin with: the user signs out.
    pub(crate) fn sign_out(&self) -> Vec<Secret> {
        let mut state = self.state();
        state.sign_outs += 1;
        let seeds = [state.seed.clone(), state.sent_seed.clone()];
        drop(state);
        self.reset();
        seeds.into_iter().flatten().collect()
    }

    /// How often the user has signed out.
    pub(crate) fn sign_outs(&self) -> u64 {
        self.state().sign_outs
    }

    /// Puts the token of a user here who has signed in, unless something has happened since the slot was reset. Returns the
    /// generation of which it is.
    pub(crate) fn install(&self, generation: u64, token: Arc<Kept>) -> u64 {
        let mut state = self.state();
        if state.generation != generation {
            return generation;
        }
        state.generation = next_generation();
        state.attempt = None;
        state.memory = Remembered::default();
        self.current.store(token);
        state.generation
    }

    /// Drops the token that a refresh has left here, if nothing has happened since.
    pub(crate) fn discard(&self, generation: u64) {
        let mut state = self.state();
        if state.generation == generation {
            state.generation = next_generation();
            state.attempt = None;
            self.current.store(Arc::new(Kept::gone(None)));
        }
    }

    pub(crate) fn generation(&self) -> u64 {
        self.state().generation
    }

    /// Sets the refresh token to begin with. What failed before says nothing of it.
    pub(crate) fn set_seed(&self, seed: Secret) {
        let mut state = self.state();
        let is_known = [&state.seed, &state.sent_seed].contains(&&Some(seed.clone()));
        if !is_known {
            state.seed = Some(seed);
            state.memory.trouble = None;
        }
    }

    /// The refresh token was sent, or the store excludes it: nothing begins with it any more.
    pub(crate) fn spend_seed(&self, refresh_token: &Secret) {
        let mut state = self.state();
        if state.seed.as_ref() == Some(refresh_token) {
            state.sent_seed = state.seed.take();
        }
    }

    /// The store has something for the user.
    pub(crate) fn set_stored(&self) {
        self.state().is_stored = true;
    }

    pub(crate) fn seed(&self) -> Option<Secret> {
        self.state().seed.clone()
    }

    pub(crate) fn is_refused(&self, refresh_token: &Secret) -> bool {
        self.state().memory.refused.as_ref() == Some(refresh_token)
    }

    pub(crate) fn set_refused(&self, refresh_token: Secret) {
        self.state().memory.refused = Some(refresh_token);
    }

    /// Whether losing it would lose more than a copy.
    pub(crate) fn is_in_use(&self) -> bool {
        let state = self.state();
        state.attempt.is_some() || (state.seed.is_some() && !state.is_stored)
    }

    /// What has to outlive the slot.
    pub(crate) fn remembered(&self) -> Remembered {
        self.state().memory.clone()
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Attempt {
    pub(crate) fn outcome(&self) -> Shared<BoxFuture<'static, Outcome>> {
        self.outcome.clone()
    }

    pub(crate) fn started(&self) -> Moment {
        self.started
    }
}

/// The right to refresh a token that is still valid; it ends when it is dropped, whatever became of the refresh.
pub(crate) struct EarlyRefresh(Arc<TokenSlot>);

impl Drop for EarlyRefresh {
    fn drop(&mut self) {
        self.0.is_refreshed_early.store(false, Ordering::Release);
    }
}
