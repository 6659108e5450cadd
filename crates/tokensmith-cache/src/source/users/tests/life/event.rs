//! What can happen in a user's life.

use std::time::Duration;

use proptest::prelude::*;

use super::{MACHINES, OPERATIONS, SUBJECTS};
use crate::testing::Fault;

/// What can happen.
#[derive(Debug, Clone)]
pub(super) enum Event {
    /// A user signs in, on one of the machines.
    SignIn(usize, usize),
    /// A user signs in by a code, on one of the machines.
    SignInBy(usize, usize),
    SignOut(usize, usize),
    /// Somebody wants a token of a user, on one of the machines.
    Ask(usize, usize),
    /// All who wait give up.
    GiveUp,
    /// The access tokens expire.
    Expire,
    Pass(Duration),
    /// Responses are lost from now on, or not any more.
    LoseResponses(bool),
    /// The provider fails after it has replaced a refresh token from now on, or not any more.
    FailLate(bool),
    /// Refreshes that begin from now on take so much longer.
    Delay(Duration),
    /// The shared store of access tokens loses all that it holds: tokens, leases and waits.
    Evict,
    /// There is a refresh token to begin with in the configuration of one machine or of all: a new one, or the last one that
    /// was in any.
    Configure(usize, Option<usize>, bool),
    /// An operation of the store fails from now on, for one machine or for all.
    Break(Option<usize>, &'static str, Fault),
    /// The store is down for all for a time, while a machine asks for a token; the other one is the first to ask afterwards.
    Outage(usize, usize, Duration),
    /// Somebody sets the clock of the store, forward or back, while a machine asks for a token; the other one asks then.
    SetClock(usize, usize, bool, Duration),
    /// The store works again for one machine or for all, and those that were stopped in an operation go on.
    Mend(Option<usize>),
    /// A machine is killed, whatever it does, and started again.
    Kill(usize),
    /// A machine is killed at an operation of the store, before it or after it was done and before
    /// the machine knows, and started again.
    KillAt(&'static str, Point, usize, usize),
    /// A machine is killed while its request is on the way to the provider, or the response back.
    KillInFlight(Point, usize, usize),
    /// A machine is shut down after it has drained, and started again.
    Restart(usize),
}

/// When a machine is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Point {
    Before,
    After,
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    let (subject, machine) = (|| 0..SUBJECTS.len(), || 0..MACHINES);
    let operation = || prop::sample::select(OPERATIONS.to_vec());
    let point = || prop::sample::select(vec![Point::Before, Point::After]);
    let fault = prop::sample::select(vec![
        Fault::Refuses,
        Fault::Hangs,
        Fault::LosesOutcome,
        Fault::Stops,
        Fault::StopsAfter,
    ]);
    let whose = || prop::option::of(0..MACHINES);
    prop_oneof![
        2 => (subject(), machine()).prop_map(|(user, machine)| Event::SignIn(user, machine)),
        1 => (subject(), machine()).prop_map(|(user, machine)| Event::SignInBy(user, machine)),
        1 => (subject(), machine()).prop_map(|(user, machine)| Event::SignOut(user, machine)),
        6 => (subject(), machine()).prop_map(|(user, machine)| Event::Ask(user, machine)),
        1 => Just(Event::GiveUp),
        3 => Just(Event::Expire),
        4 => (1_u64..20_000).prop_map(|time| Event::Pass(Duration::from_millis(time))),
        1 => any::<bool>().prop_map(Event::LoseResponses),
        1 => any::<bool>().prop_map(Event::FailLate),
        2 => (0_u64..30).prop_map(|delay| Event::Delay(Duration::from_secs(delay))),
        1 => Just(Event::Evict),
        2 => (subject(), whose(), any::<bool>())
            .prop_map(|(user, whose, is_new)| Event::Configure(user, whose, is_new)),
        2 => (whose(), operation(), fault)
            .prop_map(|(machine, operation, fault)| Event::Break(machine, operation, fault)),
        1 => (subject(), machine(), 1_u64..100).prop_map(|(user, machine, time)| {
            Event::Outage(user, machine, Duration::from_secs(time))
        }),
        1 => (subject(), machine(), any::<bool>(), 1_u64..4000).prop_map(
            |(user, machine, is_set_forward, by)| {
                Event::SetClock(user, machine, is_set_forward, Duration::from_secs(by))
            }
        ),
        1 => whose().prop_map(Event::Mend),
        2 => Just(Event::Mend(None)),
        1 => machine().prop_map(Event::Kill),
        2 => (operation(), point(), subject(), machine()).prop_map(
            |(operation, point, user, machine)| Event::KillAt(operation, point, user, machine)
        ),
        1 => (point(), subject(), machine())
            .prop_map(|(point, user, machine)| Event::KillInFlight(point, user, machine)),
        1 => machine().prop_map(Event::Restart),
    ]
}
