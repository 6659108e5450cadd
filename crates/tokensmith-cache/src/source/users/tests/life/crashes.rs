//! Lives in which a machine is killed at each point, one after the other: which refresh token comes
//! twice then.

use super::event::Point;
use super::*;

/// Signs a user in, lets the access token expire, and has this happen; then the other machine asks.
fn live(grace_period: Duration, event: Event) -> (Reuse, usize) {
    let events = vec![
        Event::SignIn(0, 0),
        Event::Expire,
        event,
        Event::Ask(0, 1),
        Event::Pass(30 * SECOND),
    ];
    play(grace_period, events)
}

const KILLED: Reuse = Reuse {
    killed: 1,
    cut_off: 0,
    failed: 0,
};

#[test]
fn a_kill_at_an_operation_of_the_store_costs_a_sign_in_only_between_sending_and_saving() {
    for operation in OPERATIONS {
        for point in [Point::Before, Point::After] {
            let (reuse, _) = live(Duration::ZERO, Event::KillAt(operation, point, 0, 0));
            let expected = match (operation, point) {
                ("save", Point::Before) => KILLED,
                _ => Reuse::default(),
            };
            assert_eq!(reuse, expected, "{operation} {point:?}");
        }
    }
}

/// The lives above do what they are about: the operation is under way when the machine is killed.
#[tokio::test]
async fn each_operation_is_met() {
    for operation in OPERATIONS {
        let mut life = Life::new(Duration::ZERO, [Duration::ZERO; MACHINES]);
        life.happen(Event::SignIn(0, 0)).await;
        life.happen(Event::Expire).await;
        if operation == "load" {
            // Whoever has had a token asks for a section at once.
            life.happen(Event::Restart(0)).await;
        }
        let store = life.machines[0].store.clone();
        life.happen(Event::KillAt(operation, Point::After, 0, 0))
            .await;
        assert!(store.has_failed(operation), "{operation}");
        life.end().await;
    }
}

#[test]
fn a_kill_in_flight_costs_a_sign_in_only_once_the_provider_has_the_request() {
    let none = Reuse::default();
    for (point, expected) in [(Point::Before, none), (Point::After, KILLED)] {
        let (reuse, _) = live(Duration::ZERO, Event::KillInFlight(point, 0, 0));
        assert_eq!(reuse, expected, "{point:?}");
    }
}

/// The next machine comes after the lease and the wait for whoever may still save, 15 seconds, and
/// looks now and then only.
#[test]
fn a_grace_period_that_is_longer_than_the_lease_and_the_wait_forgives_a_kill() {
    for (grace_period, expected) in [
        (SECOND, (KILLED, 0)),
        (14 * SECOND, (KILLED, 0)),
        (20 * SECOND, (Reuse::default(), 1)),
        (MINUTE, (Reuse::default(), 1)),
    ] {
        let lived = live(grace_period, Event::KillInFlight(Point::After, 0, 0));
        assert_eq!(lived, expected, "{grace_period:?}");
    }
}

/// A machine that cannot save for longer than its lease, in a store that another one reaches.
#[test]
fn a_machine_that_is_cut_off_costs_a_sign_in() {
    let cut_off = |operation| Event::Break(Some(0), operation, Fault::Refuses);
    let events = vec![
        Event::SignIn(0, 0),
        Event::Expire,
        cut_off("save"),
        Event::Ask(0, 0),
        Event::Pass(SECOND),
        cut_off("confirm"),
        Event::Expire,
        Event::Ask(0, 1),
        Event::Pass(30 * SECOND),
    ];
    let (reuse, _) = play(Duration::ZERO, events);
    let expected = Reuse {
        cut_off: 1,
        ..Reuse::default()
    };
    assert_eq!(reuse, expected);
}

/// The provider replaces the refresh token, and fails before it has written its response.
#[test]
fn a_provider_that_fails_after_it_has_used_a_refresh_token_costs_a_sign_in() {
    let events = || {
        vec![
            Event::SignIn(0, 0),
            Event::Expire,
            Event::FailLate(true),
            Event::Ask(0, 0),
            Event::Pass(SECOND),
            Event::FailLate(false),
            Event::Pass(4 * SECOND),
            Event::Ask(0, 1),
            Event::Pass(30 * SECOND),
        ]
    };
    let expected = Reuse {
        failed: 1,
        ..Reuse::default()
    };
    assert_eq!(play(Duration::ZERO, events()), (expected, 0));
    // Whoever asks again soon is within the grace period of a provider that has one.
    assert_eq!(play(20 * SECOND, events()), (Reuse::default(), 1));
}

/// Each operation fails on one machine, from before the response of a refresh to after a sign-in
/// by a code that comes first.
#[test]
fn a_refresh_that_ends_after_a_sign_in_by_a_code_does_not_undo_it() {
    for operations in [
        &["put"][..],
        &["save"],
        &["put", "save"],
        &["begin", "put", "save"],
    ] {
        let broken = |operation| Event::Break(Some(0), operation, Fault::Refuses);
        let mut events = vec![
            Event::SignIn(0, 0),
            Event::Expire,
            Event::Delay(5 * SECOND),
            Event::Ask(0, 0),
        ];
        events.extend(operations.iter().copied().map(broken));
        events.extend([
            Event::SignInBy(0, 0),
            Event::Pass(8 * SECOND),
            Event::Delay(Duration::ZERO),
            Event::Mend(None),
            Event::Ask(0, 1),
            Event::Pass(30 * SECOND),
        ]);
        assert_eq!(play(Duration::ZERO, events), (Reuse::default(), 0));
    }
}
