//! Which of several sign-ins and sign-outs counts, whatever is stopped in between, and whatever the
//! clocks of the machines say.

use std::time::Duration;

use super::*;
use crate::testing::{CODE, StoreClock};

/// Signs in by a code whose tokens the store does not take: they are in memory.
async fn signed_in_in_memory(world: &World, store: &Faulty) -> UserTokens {
    let users = revoking(world, store);
    for operation in ["put", "begin"] {
        store.fail(operation, Fault::Refuses);
    }
    world.provider(|provider| {
        let body = r#"{"access_token":"a","refresh_token":"refresh-0","expires_in":3600}"#;
        provider.responses.push_back((200, None, body.to_owned()));
    });
    let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
    let signing_in = {
        let (users, client) = (users.clone(), world.client());
        tokio::spawn(async move { users.sign_in_by("ada", &client, code).await })
    };
    world.pass(SECOND).await;
    signing_in.await.expect("no panic").expect("signed in");
    assert_eq!(users.metrics().unsaved, 1);
    users
}

/// Signs the user out while the store does not delete: that is made up for later.
async fn signed_out_in_memory(world: &World, store: &Faulty) -> UserTokens {
    sign_out_in_memory(world, store, revoking(world, store)).await
}

async fn sign_out_in_memory(world: &World, store: &Faulty, users: UserTokens) -> UserTokens {
    sign_in(&users, "refresh-0").await;
    for operation in ["put", "delete", "save"] {
        store.fail(operation, Fault::Refuses);
    }
    let signing_out = signing_out(&users);
    world.pass(SECOND).await;
    let left = signing_out.await.expect("no panic").expect("a subject");
    assert!(left.refresh_token.is_some());
    users
}

/// Has the machine stop after one of these operations, as soon as it comes to it.
async fn stop_after(world: &World, store: &Faulty, operations: &[&'static str]) {
    store.mend();
    for operation in operations {
        store.fail(operation, Fault::StopsAfter);
    }
    let is_stopped = || {
        operations
            .iter()
            .any(|operation| store.has_failed(operation))
    };
    for _ in 0..1000 {
        if is_stopped() {
            break;
        }
        // Nobody waits for a store for longer than half a second.
        world.pass(SECOND / 100).await;
    }
    assert!(is_stopped(), "{operations:?}");
    store.mend();
}

#[tokio::test]
async fn a_configured_token_is_not_used_again_after_a_sign_in_and_a_sign_out_elsewhere() {
    for has_refresh_token in [true, false] {
        let world = rotating();
        let store = store(&world);
        let configured = machine(&world, &store);
        let source = configured.source_with("ada", "refresh-0");
        ask(&world, &source.expect("a source"))
            .await
            .expect("a token");
        // A machine that was not given it.
        let other = machine(&world, &store);
        let mut response = response("refresh-9");
        response.refresh_token = response.refresh_token.filter(|_| has_refresh_token);
        other.sign_in("ada", &response).await.expect("signed in");
        sign_out(&other).await;
        let restarted = machine(&world, &store);
        let source = restarted.source_with("ada", "refresh-0");
        let error = ask(&world, &source.expect("a source"))
            .await
            .expect_err("it was used");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired, "{error}");
        assert_eq!(used(&world), ["refresh-0"]);
    }
}

/// A machine sends a configured refresh token and is killed, while a sign-out waits for its store.
#[tokio::test]
async fn a_configured_token_that_was_sent_before_a_kill_is_not_sent_after_a_late_sign_out() {
    let world = rotating();
    let store = store(&world);
    let theirs = store.another();
    let other = signed_out_in_memory(&world, &theirs).await;
    store.store.delete(&entry(&other)).await.expect("no fault");
    let mine = store.another();
    let killed = machine(&world, &mine);
    let source = killed.source_with("ada", "refresh-0").expect("a source");
    // Nothing comes of what it has sent.
    world.provider(|provider| provider.is_silent = true);
    drop(crate::testing::asking(&source));
    world.pass(SECOND / 20).await;
    assert_eq!(used(&world), ["refresh-0"], "it was sent");
    for operation in ["confirm", "save"] {
        mine.fail(operation, Fault::Hangs);
    }
    theirs.mend();
    world.pass(MINUTE).await;
    world.provider(|provider| provider.is_silent = false);
    assert!(stored(&other, &store).is_some_and(|stored| stored.is_signed_out()));
    let restarted = machine(&world, &store);
    let source = restarted.source_with("ada", "refresh-0").expect("a source");
    let error = ask(&world, &source).await.expect_err("it was sent");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired, "{error}");
    assert_eq!(used(&world), ["refresh-0"]);
}

#[tokio::test]
async fn a_sign_out_is_not_undone_by_a_sign_in_that_is_about_to_be_stored() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let users = signed_in_in_memory(&world, &mine).await;
    // The section of the sign-in is begun, and the sign-out is carried out before it is saved.
    mine.forget();
    stop_after(&world, &mine, &["begin"]).await;
    sign_out_and_revoke(&world, &users).await;
    mine.resume();
    world.pass(MINUTE).await;
    assert_eq!(stored_token(&users, &store), None);
    assert_eq!(revoked(&world), ["refresh-0"]);
    assert!(users.drain(Duration::ZERO).await.is_complete());
}

#[tokio::test]
async fn a_sign_in_is_not_deleted_by_a_sign_out_that_is_about_to_be_carried_out() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let users = signed_out_in_memory(&world, &mine).await;
    // It has seen the sign-in of before.
    mine.forget();
    stop_after(&world, &mine, &["load", "begin"]).await;
    sign_in(&machine(&world, &store), "refresh-9").await;
    mine.resume();
    world.pass(MINUTE).await;
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-9"));
    assert!(users.drain(Duration::ZERO).await.is_complete());
}

/// A machine signs a user in whom another one has signed out before, whose clock is ahead.
#[tokio::test]
async fn the_clocks_of_machines_do_not_decide_where_the_store_was_read() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let clock = StoreClock::new(&world);
    let ahead = machine_with(&world, &TOKEN, &mine, Options::default().clock(clock));
    let ahead = sign_out_in_memory(&world, &mine, ahead).await;
    sign_in(&machine(&world, &store), "refresh-9").await;
    mine.mend();
    world.pass(MINUTE).await;
    assert_eq!(stored_token(&ahead, &store).as_deref(), Some("refresh-9"));
    assert!(ahead.drain(Duration::ZERO).await.is_complete());
}
