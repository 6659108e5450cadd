//! Signing in by a code, which is good once.

use std::time::Duration;

use super::*;
use crate::BeginSection;
use crate::testing::CODE;

/// Signs in by a code whose exchange returns this refresh token.
fn exchange(world: &World, users: &UserTokens) -> JoinHandle<Result<Token, TokenError>> {
    world.provider(|provider| {
        let body = r#"{"access_token":"a","refresh_token":"refresh-0","expires_in":3600}"#;
        provider.responses.push_back((200, None, body.to_owned()));
    });
    let (users, client) = (users.clone(), world.client());
    let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
    tokio::spawn(async move { users.sign_in_by("ada", &client, code).await })
}

#[tokio::test]
async fn signing_in_is_not_cut_off_by_a_caller_that_gives_up() {
    let world = rotating();
    let users = machine(&world, &store(&world));
    let signing_in = exchange(&world, &users);
    run_all_tasks().await;
    signing_in.abort();
    world.pass(SECOND).await;
    let token = users.token("ada").await.expect("signed in");
    assert_eq!(token.access_token(), "a");
}

#[tokio::test]
async fn a_second_consent_replaces_what_is_stored() {
    let world = rotating();
    let store = store(&world);
    let users = machine(&world, &store);
    sign_in(&users, "of the first consent").await;
    let signing_in = exchange(&world, &users);
    world.pass(SECOND).await;
    signing_in.await.expect("no panic").expect("signed in");
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-0"));
    world.jump(2 * HOUR);
    token(&world, &machine(&world, &store))
        .await
        .expect("a token");
    assert_eq!(used(&world), ["refresh-0"]);
}

#[tokio::test]
async fn a_code_is_good_once_and_its_tokens_outlive_a_store_that_fails() {
    for fault in [Fault::Refuses, Fault::Hangs, Fault::LosesOutcome] {
        let world = rotating();
        let store = store(&world);
        let users = machine(&world, &store);
        for operation in ["load", "put", "begin"] {
            store.fail(operation, fault);
        }
        let signed_in = exchange(&world, &users);
        world.pass(5 * SECOND).await;
        let signed_in = signed_in.await.expect("no panic").expect("signed in");
        assert_eq!(signed_in.access_token(), "a");
        assert_eq!(users.metrics().unsaved, 1, "{fault:?}");
        assert!(!users.drain(Duration::ZERO).await.is_complete());
        store.mend();
        world.pass(MINUTE).await;
        assert!(users.drain(Duration::ZERO).await.is_complete());
        world.jump(HOUR);
        token(&world, &machine(&world, &store))
            .await
            .expect("a token");
        assert_eq!(used(&world), ["refresh-0"], "{fault:?}");
    }
}

#[tokio::test]
async fn a_sign_in_that_is_stored_late_gives_way_to_a_later_one() {
    let world = rotating();
    let store = store(&world);
    let (cut_off, mine) = (machine(&world, &store), store.another());
    let users = machine(&world, &mine);
    for operation in ["put", "begin"] {
        mine.fail(operation, Fault::Refuses);
    }
    let signed_in = exchange(&world, &users);
    world.pass(SECOND).await;
    signed_in.await.expect("no panic").expect("signed in");
    sign_in(&cut_off, "refresh-9").await;
    mine.mend();
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-9"));
}

#[tokio::test]
async fn signing_out_wins_over_a_code_exchange_that_is_under_way() {
    let world = rotating();
    let users = revoking(&world, &store(&world));
    let signing_in = exchange(&world, &users);
    run_all_tasks().await;
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    world.pass(SECOND).await;
    let error = signing_in.await.expect("no panic").expect_err("signed out");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    users.token("ada").await.expect_err("signed out");
    assert_eq!(revoked(&world), ["refresh-0"]);
}

#[tokio::test]
async fn a_code_loses_no_token_that_a_refresh_could_not_save_meanwhile() {
    a_refresh_while_signing_in_cannot_save(exchange).await;
}

#[tokio::test]
async fn a_sign_in_that_is_stored_late_waits_for_a_holder_that_goes_on() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let users = machine(&world, &mine);
    sign_in(&machine(&world, &store), "refresh-9").await;
    // Another machine's request is in flight, and its section ends meanwhile.
    let entry = entry(&users);
    let begin = || {
        let begun = store.store.begin(&entry, Duration::ZERO).now_or_never();
        begun.expect("no wait").expect("no fault")
    };
    let BeginSection::Begun(holder) = begin() else {
        panic!("nobody has it");
    };
    let confirm = || {
        let confirmed = store.store.confirm(&entry, holder.section, SECOND);
        let confirmed = confirmed.now_or_never().expect("no wait");
        assert!(confirmed.expect("no fault"));
    };
    confirm();
    for operation in ["put", "begin"] {
        mine.fail(operation, Fault::Refuses);
    }
    let signed_in = exchange(&world, &users);
    world.pass(2 * SECOND).await;
    signed_in.await.expect("no panic").expect("signed in");
    mine.mend();
    mine.fail("begin", Fault::StopsAfter);
    while matches!(begin(), BeginSection::Begun(_)) {
        world.pass(SECOND / 100).await;
    }
    // It takes its section back before the sign-in is saved.
    confirm();
    mine.mend();
    mine.resume();
    run_all_tasks().await;
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-9"));
    assert_eq!(users.metrics().unsaved, 1, "there is no other copy");
    world.pass(MINUTE).await;
    assert_eq!(users.metrics().unsaved, 0);
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-0"));
}

/// The section of a save that failed is ended: the next try does not wait for its deadline.
#[tokio::test]
async fn a_sign_in_is_stored_at_the_next_try_after_its_save_failed() {
    let world = rotating();
    let store = store(&world);
    let users = machine(&world, &store);
    for operation in ["put", "begin"] {
        store.fail(operation, Fault::Refuses);
    }
    let signed_in = exchange(&world, &users);
    world.pass(SECOND).await;
    signed_in.await.expect("no panic").expect("signed in");
    store.mend();
    store.fail("save", Fault::Refuses);
    while !store.has_failed("save") {
        world.pass(SECOND / 100).await;
    }
    store.mend();
    world.pass(4 * SECOND).await;
    assert_eq!(users.metrics().unsaved, 0);
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-0"));
}

/// A machine that cannot write to the store signs a user in, whom another machine signs out later.
#[tokio::test]
async fn a_sign_in_that_is_stored_late_gives_way_to_a_later_sign_out_on_another_machine() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let (other, users) = (machine(&world, &store), revoking(&world, &mine));
    sign_in(&other, "refresh-9").await;
    for operation in ["put", "begin"] {
        mine.fail(operation, Fault::Refuses);
    }
    let signed_in = exchange(&world, &users);
    world.pass(SECOND).await;
    signed_in.await.expect("no panic").expect("signed in");
    sign_out(&other).await;
    mine.mend();
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(stored_token(&users, &store), None);
    assert_eq!(revoked(&world), ["refresh-0"]);
}

/// Nothing is left in the store of a user who has signed out. So a machine that could not read it cannot know, and the user is
/// signed in.
#[tokio::test]
async fn a_sign_in_that_is_stored_late_wins_over_a_sign_out_if_the_store_could_not_be_read() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let (other, users) = (machine(&world, &store), machine(&world, &mine));
    sign_in(&other, "refresh-9").await;
    for operation in ["load", "put", "begin"] {
        mine.fail(operation, Fault::Refuses);
    }
    let signed_in = exchange(&world, &users);
    world.pass(SECOND).await;
    signed_in.await.expect("no panic").expect("signed in");
    sign_out(&other).await;
    mine.mend();
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-0"));
    // A sign-out on the machine of the sign-in counts, whatever the store has.
    sign_out(&users).await;
    assert_eq!(stored_token(&users, &store), None);
}
