//! One machine at a time, whatever becomes of the store and its clock.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::reuse::{Line, Provider};
use super::*;
use crate::testing::StoreClock;

/// A machine whose request is under way, and takes so long.
async fn sending(
    world: &World,
    store: &Faulty,
    latency: Duration,
) -> (UserTokens, JoinHandle<Result<Token, TokenError>>) {
    let users = signed_in(world, store).await;
    world.provider(|provider| provider.latency = latency);
    let asked = asking(&users);
    run_all_tasks().await;
    assert_eq!(world.requests(), 1, "it was sent");
    (users, asked)
}

/// Another machine asks too. Both get their tokens within this time, and nothing is sent twice.
async fn both_get_tokens(
    world: &World,
    asked: JoinHandle<Result<Token, TokenError>>,
    other: &UserTokens,
    time: Duration,
) {
    let other_asked = asking(other);
    world.pass(time).await;
    asked.await.expect("no panic").expect("a token");
    other_asked.await.expect("no panic").expect("a token");
    assert_eq!(used(world), ["refresh-0", "refresh-1"]);
    assert_eq!(other.metrics().reuse_suspected, 0);
}

#[tokio::test]
async fn machines_use_a_refresh_token_one_after_the_other() {
    let world = rotating();
    let store = store(&world);
    drop(signed_in(&world, &store).await);
    let asked: Vec<_> = (0..5).map(|_| asking(&machine(&world, &store))).collect();
    world.pass(20 * SECOND).await;
    for asked in asked {
        asked.await.expect("no panic").expect("a token");
    }
    let expected: Vec<_> = (0..5).map(|number| format!("refresh-{number}")).collect();
    assert_eq!(used(&world), expected);
}

#[tokio::test]
async fn a_store_that_fails_costs_an_error_that_can_be_retried_and_no_request() {
    for fault in [Fault::Refuses, Fault::Hangs, Fault::LosesOutcome] {
        for operation in ["begin", "confirm"] {
            let world = rotating();
            let store = store(&world);
            let users = signed_in(&world, &store).await;
            store.fail(operation, fault);
            let error = token(&world, &users).await.expect_err("no token");
            assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore, "{error}");
            assert!(error.is_retryable());
            assert_eq!(world.requests(), 0, "{operation} {fault:?}");
            assert_eq!(users.metrics().failed_closed, 1);
            store.mend();
            world.jump(MINUTE);
            token(&world, &users).await.expect("a token");
            assert_eq!(used(&world), ["refresh-0"]);
        }
    }
}

#[tokio::test]
async fn a_holder_that_was_stopped_past_its_lease_sends_nothing() {
    let world = rotating();
    let store = store(&world);
    let stopped = signed_in(&world, &store).await;
    // Stopped between the beginning of the section and its confirmation.
    store.fail("confirm", Fault::Stops);
    let asked = asking(&stopped);
    run_all_tasks().await;
    store.mend();
    let other = machine(&world, &store);
    let policy_lease = Duration::from_secs(10);
    world.advance_only_the_clock(policy_lease + SECOND);
    let asked_other = tokio::spawn({
        let other = other.clone();
        async move { other.token("ada").await }
    });
    run_all_tasks().await;
    store.resume();
    world.pass(30 * SECOND).await;
    asked_other.await.expect("no panic").expect("a token");
    drop(asked.await.expect("no panic"));
    assert_eq!(world.requests(), used(&world).len());
    let mut distinct = used(&world);
    distinct.sort();
    distinct.dedup();
    assert_eq!(distinct.len(), used(&world).len(), "{:?}", used(&world));
}

#[tokio::test]
async fn a_save_that_fails_is_made_up_for_behind_the_scenes() {
    for fault in [Fault::Refuses, Fault::Hangs, Fault::LosesOutcome] {
        let world = rotating();
        let store = store(&world);
        let users = signed_in(&world, &store).await;
        store.fail("save", fault);
        token(&world, &users).await.expect("the token is good");
        let metrics = users.metrics();
        assert_eq!((metrics.unsaved, metrics.save_failures), (1, 1));
        let left = users.drain(Duration::ZERO).await;
        assert_eq!(left.unsaved, 1);
        // Nothing else is sent before it is saved.
        world.jump(2 * HOUR);
        let error = token(&world, &users).await.expect_err("not saved");
        assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore);
        assert_eq!(world.requests(), 1);
        store.mend();
        world.pass(2 * MINUTE).await;
        assert_eq!(users.metrics().unsaved, 0, "{fault:?}");
        assert!(users.drain(Duration::ZERO).await.is_complete());
        // A new process finds it.
        let users = machine(&world, &store);
        token(&world, &users).await.expect("a token");
        assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    }
}

#[tokio::test]
async fn whoever_could_not_save_for_longer_than_the_lease_saves_before_others_send() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    store.fail("save", Fault::Hangs);
    token(&world, &users).await.expect("the token is good");
    store.fail("confirm", Fault::Hangs);
    world.pass(20 * SECOND).await;
    // The store is back, and another machine is there first.
    let other = machine(&world, &store.another());
    store.mend();
    token(&world, &other).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    assert_eq!(other.metrics().reuse_suspected, 0);
    assert_eq!(other.metrics().sections_lost, 0, "it was waited for");
    assert_eq!(users.metrics().unsaved, 0);
}

#[tokio::test]
async fn a_clock_of_the_store_that_is_set_has_nobody_send_a_refresh_token_twice() {
    for is_set_forward in [true, false] {
        let world = rotating();
        let clock = StoreClock::new(&world);
        let store = Faulty::new(MemoryRefreshTokenStore::with_clock(clock.clone()));
        let (one, asked) = sending(&world, &store, 8 * SECOND).await;
        clock.set(is_set_forward, HOUR);
        let other = machine(&world, &store);
        both_get_tokens(&world, asked, &other, 25 * SECOND).await;
        assert_eq!(one.metrics().sections_lost, 0);
    }
}

#[tokio::test]
async fn a_request_in_flight_outlives_an_outage_that_is_longer_than_its_section() {
    let world = rotating();
    let store = store(&world);
    let (_one, asked) = sending(&world, &store, 40 * SECOND).await;
    store.fail("confirm", Fault::Refuses);
    world.pass(25 * SECOND).await;
    // The store is back, and another machine is there first.
    store.mend();
    world.provider(|provider| provider.latency = SECOND);
    let other = machine(&world, &store.another());
    both_get_tokens(&world, asked, &other, 30 * SECOND).await;
}

#[tokio::test]
async fn whoever_may_still_save_is_waited_for_while_the_store_works() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    store.fail("save", Fault::Hangs);
    token(&world, &users).await.expect("the token is good");
    store.fail("confirm", Fault::Hangs);
    world.pass(20 * SECOND).await;
    // Another machine is there first, and waits. Then the store fails for all for most of that time.
    let theirs = store.another();
    let other = machine(&world, &theirs);
    let asked = asking(&other);
    world.pass(SECOND).await;
    theirs.fail("load", Fault::Refuses);
    world.pass(3 * SECOND + SECOND / 2).await;
    theirs.mend();
    store.mend();
    world.pass(4 * SECOND).await;
    let error = asked
        .await
        .expect("no panic")
        .expect_err("the store failed");
    assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore);
    assert!(error.is_retryable());
    token(&world, &other).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    assert_eq!(other.metrics().reuse_suspected, 0);
}

/// A machine is killed after it has sent. The next one waits, and its confirmation is recorded
/// while it does not know that: what the store knew of the first one must not go with it.
#[tokio::test]
async fn a_suspicion_outlives_a_confirmation_whose_outcome_is_lost() {
    let world = World::default();
    let shared = store(&world);
    let provider: Arc<Mutex<Provider>> = Arc::default();
    let line = Line::new(&world, 0, &provider);
    let refresh_token = line.provider().sign_in(0);
    let killed = machine_on(&line, &shared.another(), world.options());
    sign_in(&killed, &refresh_token).await;
    world.jump(HOUR);
    asking(&killed);
    run_all_tasks().await;
    line.kill();

    let theirs = shared.another();
    let next = machine_on(&line, &theirs, world.options());
    theirs.fail("confirm", Fault::LosesOutcome);
    let error = token(&world, &next).await.expect_err("not confirmed");
    assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore, "{error}");
    assert_eq!(next.metrics().reuse_suspected, 0, "nothing was sent");
    theirs.mend();
    world.pass(MINUTE).await;
    token(&world, &next).await.expect("it had not arrived");
    assert_eq!(next.metrics().reuse_suspected, 1);
    // Whoever comes then has nothing to suspect.
    world.jump(HOUR);
    token(&world, &next).await.expect("a token");
    assert_eq!(next.metrics().reuse_suspected, 1);
}
