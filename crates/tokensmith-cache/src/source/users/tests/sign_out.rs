//! Signing out.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn signing_out_leaves_nothing_anywhere() {
    let world = rotating();
    let store = store(&world);
    let shared = MemoryStore::with_clock(world.clone());
    let machine = || {
        let options = world.options().store(shared.clone(), keyring());
        let users = builder(&world).options(options);
        let users = users.refresh_tokens(store.clone(), keyring());
        users.build().expect("users")
    };
    let users = machine();
    sign_in(&users, "refresh-0").await;
    let other = machine().token("ada").await;
    other.expect("from the shared store");
    sign_out(&users).await;
    for users in [users, machine()] {
        let error = users.token("ada").await.expect_err("signed out");
        assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    }
    assert_eq!(world.requests(), 0);
}

#[tokio::test]
async fn a_refresh_that_was_sent_ends_and_its_tokens_are_revoked() {
    let world = rotating();
    let users = revoking(&world, &store(&world));
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    let asked = asking(&users);
    run_all_tasks().await;
    let left = signing_out(&users);
    world.pass(SECOND).await;
    let left = left.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    let error = asked.await.expect("no panic").expect_err("signed out");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    assert!(users.drain(MINUTE).await.is_complete());
    assert_eq!(revoked(&world), ["refresh-0".to_owned(), newest(&world)]);
    users.token("ada").await.expect_err("signed out");
}

/// A machine that could not save its new refresh token, whose user then signs out on another machine, which does not know of
/// it.
async fn signed_out_elsewhere_before_the_save(world: &World, store: &Faulty) -> UserTokens {
    let users = revoking(world, store);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    store.fail("save", Fault::Refuses);
    token(world, &users).await.expect("a token");
    let left = signing_out(&revoking(world, store));
    world.pass(SECOND).await;
    let left = left.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    users
}

#[tokio::test]
async fn a_token_that_could_not_be_saved_before_the_sign_out_is_revoked() {
    let world = rotating();
    let store = store(&world);
    let users = signed_out_elsewhere_before_the_save(&world, &store).await;
    store.mend();
    world.pass(MINUTE).await;
    let newest = newest(&world);
    assert!(revoked(&world).contains(&newest), "{:?}", revoked(&world));
    users.token("ada").await.expect_err("signed out");
}

#[tokio::test]
async fn what_could_not_be_done_is_said() {
    let world = rotating();
    let store = store(&world);
    let users = signed_in(&world, &store).await;
    store.fail("delete", Fault::Refuses);
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.refresh_token.is_some() && !left.is_complete());
    store.mend();
    let left = users.sign_out("ada").await.expect("a subject");
    assert!(left.is_complete());
}

#[tokio::test]
async fn what_was_saved_just_before_it_was_deleted_is_revoked() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let users = revoking(&world, &mine);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    // The section is another machine's, whose request is in flight.
    let other = machine(&world, &store);
    let other = asking(&other);
    run_all_tasks().await;
    mine.fail("delete", Fault::Stops);
    let left = signing_out(&users);
    run_all_tasks().await;
    mine.mend();
    world.pass(SECOND / 5).await;
    other.await.expect("no panic").expect("a token");
    mine.resume();
    world.pass(SECOND).await;
    let left = left.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    assert_eq!(revoked(&world), ["refresh-1"]);
}

#[tokio::test]
async fn a_sign_out_that_the_store_does_not_know_yet_counts_all_the_same() {
    for (is_signed_in_again, is_signed_in_elsewhere) in
        [(false, false), (true, false), (false, true)]
    {
        let world = rotating();
        let store = store(&world);
        let mine = store.another();
        let users = revoking(&world, &mine);
        sign_in(&users, "refresh-0").await;
        world.jump(HOUR);
        for operation in ["delete", "save"] {
            mine.fail(operation, Fault::Refuses);
        }
        let signing_out = signing_out(&users);
        world.pass(SECOND).await;
        let left = signing_out.await.expect("no panic").expect("a subject");
        assert!(left.refresh_token.is_some());
        let other = machine(&world, &store);
        if is_signed_in_again {
            sign_in(&users, "refresh-9").await;
        } else if is_signed_in_elsewhere {
            sign_in(&other, "refresh-9").await;
        }
        mine.mend();
        if !is_signed_in_again {
            let error = users.token("ada").await.expect_err("signed out");
            assert_eq!(error.kind(), TokenErrorKind::UserRequired);
        }
        world.pass(MINUTE).await;
        assert!(users.drain(Duration::ZERO).await.is_complete());
        let is_signed_in = is_signed_in_again || is_signed_in_elsewhere;
        let expected = is_signed_in.then_some("refresh-9");
        assert_eq!(stored_token(&users, &store).as_deref(), expected);
        assert!(used(&world).is_empty());
        world.provider(|provider| provider.refresh_token = "refresh-9".to_owned());
        world.jump(2 * HOUR);
        let outcome = token(&world, &users).await;
        assert_eq!(outcome.is_ok(), is_signed_in, "{outcome:?}");
    }
}

#[tokio::test]
async fn drain_waits_until_a_token_that_was_saved_late_is_revoked() {
    let world = rotating();
    let store = store(&world);
    let users = signed_out_elsewhere_before_the_save(&world, &store).await;
    store.mend();
    let mut is_revoking = false;
    for _ in 0..1000 {
        world.pass(SECOND / 100).await;
        let busy = world.provider(|provider| provider.busy["client"]);
        is_revoking = busy > 0 && users.metrics().unsaved == 0;
        if is_revoking {
            break;
        }
    }
    assert!(is_revoking, "it is not revoked at all");
    let left = users.drain(Duration::ZERO).await;
    assert_eq!((left.in_flight, left.unsaved), (1, 0));
    world.pass(SECOND).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(revoked(&world).last(), Some(&newest(&world)));
}

/// A refresh that waits for another machine's, or for its store, is not sent once the user has
/// signed out, or in again.
#[tokio::test]
async fn a_refresh_that_was_not_sent_yet_is_cancelled() {
    for signs_in_again in [false, true] {
        let world = rotating();
        let store = store(&world);
        let mine = store.another();
        let users = revoking(&world, &mine);
        sign_in(&users, "refresh-0").await;
        world.jump(HOUR);
        mine.fail("confirm", Fault::Stops);
        let asked = asking(&users);
        run_all_tasks().await;
        if signs_in_again {
            sign_in(&users, "refresh-9").await;
        } else {
            sign_out_and_revoke(&world, &users).await;
        }
        mine.mend();
        mine.resume();
        world.pass(SECOND).await;
        let asked = asked.await.expect("no panic");
        assert_eq!(asked.is_ok(), signs_in_again, "{asked:?}");
        assert_eq!(used(&world), Vec::<String>::new(), "nothing was sent");
        let expected = if signs_in_again {
            vec![]
        } else {
            vec!["refresh-0"]
        };
        assert_eq!(revoked(&world), expected);
    }
}
