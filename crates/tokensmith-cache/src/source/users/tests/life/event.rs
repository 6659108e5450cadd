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
    /// There is a new refresh token to begin with in the configuration of all machines.
    Configure(usize),
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
    /// A machine is killed after an operation of the store was done and before it knows, and started again.
    KillAfter(&'static str, usize, usize),
    /// A machine is shut down after it has drained, and started again.
    Restart(usize),
}

pub(super) fn event() -> impl Strategy<Value = Event> {
    let (subject, machine) = (|| 0..SUBJECTS.len(), || 0..MACHINES);
    let operation = prop::sample::select(OPERATIONS.to_vec());
    let fault = prop::sample::select(vec![
        Fault::Refuses,
        Fault::Hangs,
        Fault::LosesOutcome,
        Fault::Stops,
        Fault::StopsAfter,
    ]);
    let whose = || prop::option::of(0..MACHINES);
    let killed = prop::sample::select(vec!["begin", "confirm", "save", "put"]);
    prop_oneof![
        2 => (subject(), machine()).prop_map(|(user, machine)| Event::SignIn(user, machine)),
        1 => (subject(), machine()).prop_map(|(user, machine)| Event::SignOut(user, machine)),
        6 => (subject(), machine()).prop_map(|(user, machine)| Event::Ask(user, machine)),
        1 => Just(Event::GiveUp),
        3 => Just(Event::Expire),
        4 => (1_u64..20_000).prop_map(|time| Event::Pass(Duration::from_millis(time))),
        1 => any::<bool>().prop_map(Event::LoseResponses),
        1 => subject().prop_map(Event::Configure),
        2 => (whose(), operation, fault)
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
        1 => (killed, subject(), machine())
            .prop_map(|(operation, user, machine)| Event::KillAfter(operation, user, machine)),
        1 => machine().prop_map(Event::Restart),
    ]
}
