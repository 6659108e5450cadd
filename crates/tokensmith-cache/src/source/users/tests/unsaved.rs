//! Which refresh token is kept where several cannot be stored, whatever the order of their responses.

use std::time::Duration;

use super::*;
use crate::testing::CODE;

/// Signs in by a code whose exchange returns this refresh token.
fn exchange(
    world: &World,
    users: &UserTokens,
    refresh_token: &str,
) -> JoinHandle<Result<Token, TokenError>> {
    respond_with(world, refresh_token);
    let (users, client) = (users.clone(), world.client());
    let code = TokenRequest::new(&TOKEN, &CODE).secret_parameter("code", "c");
    tokio::spawn(async move { users.sign_in_by("ada", &client, code).await })
}

/// The next response has this refresh token.
fn respond_with(world: &World, refresh_token: &str) {
    let body = serde_json::json!({
        "access_token": "a", "refresh_token": refresh_token, "expires_in": 3600,
    });
    let response = (200, None, body.to_string());
    world.provider(|provider| provider.responses.push_back(response));
}

/// A machine whose request takes this long.
async fn sending_for(
    world: &World,
    store: &Faulty,
    latency: Duration,
) -> (UserTokens, JoinHandle<Result<Token, TokenError>>) {
    let users = signed_in(world, store).await;
    world.provider(|provider| provider.latency = latency);
    let asked = asking(&users);
    run_all_tasks().await;
    assert_eq!(world.requests(), 1, "it was sent");
    world.provider(|provider| provider.latency = SECOND / 10);
    (users, asked)
}

/// The response to a refresh comes before or after the user signs in, and neither can be saved.
#[tokio::test]
async fn a_sign_in_is_not_replaced_by_a_refresh_that_was_sent_before_it() {
    for latency in [SECOND / 10, 5 * SECOND] {
        let world = rotating();
        let store = store(&world);
        let mine = store.another();
        let (users, asked) = sending_for(&world, &mine, latency).await;
        for operation in ["put", "save"] {
            mine.fail(operation, Fault::Refuses);
        }
        world.pass(SECOND).await;
        let signing_in = exchange(&world, &users, "of the sign-in");
        world.pass(SECOND).await;
        signing_in.await.expect("no panic").expect("signed in");
        assert_eq!(users.metrics().unsaved, 1);
        world.pass(5 * SECOND).await;
        asked.await.expect("no panic").expect("a token");
        assert_eq!(
            users.token("ada").await.expect("signed in").access_token(),
            "a"
        );
        // Another machine does not send the refresh token that is stored: it was used.
        let other = machine(&world, &store);
        let other_asked = asking(&other);
        world.pass(20 * SECOND).await;
        assert_eq!(used(&world), ["refresh-0"], "{latency:?}");
        mine.mend();
        world.provider(|provider| provider.refresh_token = "of+the+sign-in".to_owned());
        world.pass(MINUTE).await;
        drop(other_asked.await.expect("no panic"));
        token(&world, &other).await.expect("a token");
        assert_eq!(used(&world), ["refresh-0", "of+the+sign-in"], "{latency:?}");
        assert_eq!(users.metrics().unsaved, 0);
        assert_eq!(stored_token(&users, &store), Some(newest(&world)));
    }
}

#[tokio::test]
async fn a_refresh_is_not_replaced_by_one_from_before_the_sign_in() {
    let world = rotating();
    let store = store(&world);
    let (users, asked) = sending_for(&world, &store, 2 * HOUR).await;
    sign_in(&users, "refresh-9").await;
    world.provider(|provider| provider.refresh_token = "refresh-9".to_owned());
    world.jump(HOUR);
    store.fail("save", Fault::Refuses);
    token(&world, &users).await.expect("a token");
    assert_eq!(users.metrics().unsaved, 1);
    respond_with(&world, "of the first sign-in");
    world.pass(HOUR).await;
    drop(asked.await.expect("no panic"));
    store.mend();
    world.pass(MINUTE).await;
    assert_eq!(users.metrics().unsaved, 0);
    assert_eq!(stored_token(&users, &store), Some(newest(&world)));
}

/// A machine with a sign-in by a code that was not stored at first, and is on the way to the store.
async fn storing_late(world: &World, store: &Faulty) -> UserTokens {
    let users = revoking(world, store);
    sign_in(&users, "refresh-8").await;
    for operation in ["put", "begin"] {
        store.fail(operation, Fault::Refuses);
    }
    let signing_in = exchange(world, &users, "refresh-0");
    world.pass(SECOND).await;
    signing_in.await.expect("no panic").expect("signed in");
    store.mend();
    for operation in ["put", "delete"] {
        store.fail(operation, Fault::Refuses);
    }
    store.fail("save", Fault::Stops);
    while !store.has_failed("save") {
        world.pass(SECOND / 100).await;
    }
    world.provider(|provider| provider.latency = Duration::ZERO);
    users
}

/// What is on the way arrives, and the store works again.
async fn arrive(world: &World, users: &UserTokens, store: &Faulty) {
    store.mend();
    store.resume();
    run_all_tasks().await;
    assert_eq!(stored_token(users, store).as_deref(), Some("refresh-0"));
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
}

#[tokio::test]
async fn a_sign_in_is_not_outdated_by_an_earlier_one_that_is_stored_late() {
    let world = rotating();
    let store = store(&world);
    let users = storing_late(&world, &store).await;
    let signing_in = exchange(&world, &users, "refresh-9");
    run_all_tasks().await;
    signing_in.await.expect("no panic").expect("signed in");
    assert_eq!(users.metrics().unsaved, 1);
    arrive(&world, &users, &store).await;
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-9"));
}

#[tokio::test]
async fn a_sign_out_is_not_outdated_by_an_earlier_sign_in_that_is_stored_late() {
    let world = rotating();
    let store = store(&world);
    let users = storing_late(&world, &store).await;
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.refresh_token.is_some());
    arrive(&world, &users, &store).await;
    assert_eq!(stored_token(&users, &store), None);
    assert!(revoked(&world).contains(&"refresh-0".to_owned()));
}
