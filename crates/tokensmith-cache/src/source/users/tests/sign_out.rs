//! Signing out.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use super::*;
use crate::testing::{Hooked, Verdict};
use crate::{RefreshTokenStore, StoreError, TokenStore};

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

/// A machine that shares access tokens and revokes refresh tokens.
fn sharing(world: &World, store: &Faulty, shared: impl TokenStore + 'static) -> UserTokens {
    let users = builder(world).revoke(|token| {
        TokenRequest::new(&REVOCATION, &REVOKE).secret_parameter("token", token.clone())
    });
    let users = users.options(world.options().store(shared, keyring()));
    let users = users.refresh_tokens(store.clone(), keyring());
    users.build().expect("users")
}

/// A shared store that deletes nothing for as long as it is told so.
fn undeletable(world: &World) -> (Hooked, Arc<AtomicBool>) {
    let is_broken = Arc::new(AtomicBool::new(true));
    let hook = Arc::clone(&is_broken);
    let store = MemoryStore::with_clock(world.clone());
    let store = Hooked::new(store, move |operation, _, _| {
        match operation == "delete" && hook.load(Ordering::SeqCst) {
            true => Verdict::Fails(StoreError::new("broken")),
            false => Verdict::Done,
        }
    });
    (store, is_broken)
}

async fn left_by_signing_out(world: &World, users: &UserTokens) -> SignOut {
    let signing_out = signing_out(users);
    world.pass(SECOND).await;
    signing_out.await.expect("no panic").expect("a subject")
}

#[tokio::test]
async fn nobody_gets_the_shared_token_while_a_sign_out_is_under_way() {
    let world = rotating();
    let store = store(&world);
    let users = sharing(&world, &store, MemoryStore::with_clock(world.clone()));
    sign_in(&users, "refresh-0").await;
    store.fail("delete", Fault::Stops);
    let signing_out = signing_out(&users);
    run_all_tasks().await;
    let error = users.token("ada").await.expect_err("signing out");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    store.mend();
    store.resume();
    world.pass(SECOND).await;
    let left = signing_out.await.expect("no panic").expect("a subject");
    assert!(left.is_complete(), "{left:?}");
    assert!(used(&world).is_empty());
}

#[tokio::test]
async fn what_could_not_be_done_is_said() {
    let world = rotating();
    let store = store(&world);
    let (shared, is_broken) = undeletable(&world);
    is_broken.store(false, Ordering::SeqCst);
    let users = sharing(&world, &store, shared);
    sign_in(&users, "refresh-0").await;
    let said = |left: &SignOut| {
        [&left.refresh_token, &left.access_token, &left.revocation]
            .map(|error| error.as_ref().map(|error| error.kind()))
    };

    store.fail("delete", Fault::Refuses);
    let left = left_by_signing_out(&world, &users).await;
    let not_stored = Some(TokenErrorKind::RefreshTokenStore);
    assert_eq!(said(&left), [not_stored, None, None]);
    assert!(!left.is_complete());

    // Nobody knows then which refresh token to revoke.
    for operation in ["begin", "load"] {
        store.fail(operation, Fault::Refuses);
    }
    let left = left_by_signing_out(&world, &users).await;
    assert_eq!(said(&left), [not_stored, None, not_stored]);
    store.mend();

    sign_in(&users, "refresh-0").await;
    is_broken.store(true, Ordering::SeqCst);
    let left = left_by_signing_out(&world, &users).await;
    assert_eq!(said(&left), [None, Some(TokenErrorKind::Store), None]);
    assert!(!left.is_complete());
    is_broken.store(false, Ordering::SeqCst);

    world.pass(MINUTE).await;
    sign_in(&users, "refresh-0").await;
    world.provider(|provider| provider.responses.push_back((400, None, String::new())));
    let left = left_by_signing_out(&world, &users).await;
    assert_eq!(said(&left), [None, None, Some(TokenErrorKind::Exchange)]);
    assert!(!left.is_complete());

    let left = left_by_signing_out(&world, &users).await;
    assert!(left.is_complete(), "{left:?}");
}

#[tokio::test]
async fn only_what_the_provider_has_confirmed_counts_as_revoked() {
    let world = rotating();
    let store = store(&world);
    let users = revoking(&world, &store);
    sign_in(&users, "refresh-0").await;
    assert!(left_by_signing_out(&world, &users).await.is_revoked);
    let left = left_by_signing_out(&world, &users).await;
    assert!(left.is_complete() && !left.is_revoked, "{left:?}");

    sign_in(&users, "refresh-0").await;
    world.provider(|provider| provider.responses.push_back((400, None, String::new())));
    let left = left_by_signing_out(&world, &users).await;
    assert!(left.revocation.is_some() && !left.is_revoked, "{left:?}");

    // Nobody has said how to revoke.
    let users = builder(&world).refresh_tokens(store.clone(), keyring());
    let users = users.build().expect("users");
    sign_in(&users, "refresh-0").await;
    let left = left_by_signing_out(&world, &users).await;
    assert!(left.is_complete() && !left.is_revoked, "{left:?}");
}

#[tokio::test]
async fn tokens_are_deleted_by_their_names_without_their_client() {
    let world = rotating();
    let store = store(&world);
    let shared = MemoryStore::with_clock(world.clone());
    let users = sharing(&world, &store, shared.clone());
    sign_in(&users, "refresh-0").await;
    let entry = users.refresh_token_name("ada").expect("a subject");
    let source = users.source("ada").expect("a subject");
    let name = source.store_name().expect("a shared store").clone();
    let deleted = RefreshTokenStore::delete(&store, &entry).await;
    assert!(deleted.expect("a store that works").is_some());
    let deleted = TokenStore::delete(&shared, &name).await;
    deleted.expect("a store that works");
    let error = sharing(&world, &store, shared).token("ada").await;
    let error = error.expect_err("nothing is stored");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
}

/// The sign-out is carried out in one store, and only later in the other one.
#[tokio::test]
async fn what_was_refreshed_before_a_late_sign_out_is_revoked() {
    let world = rotating();
    let store = store(&world);
    let mine = store.another();
    let (shared, is_broken) = undeletable(&world);
    let users = sharing(&world, &mine, shared);
    is_broken.store(false, Ordering::SeqCst);
    sign_in(&users, "refresh-0").await;
    is_broken.store(true, Ordering::SeqCst);
    for operation in ["delete", "save"] {
        mine.fail(operation, Fault::Refuses);
    }
    let left = left_by_signing_out(&world, &users).await;
    assert!(left.refresh_token.is_some() && left.access_token.is_some());
    token(&world, &machine(&world, &store))
        .await
        .expect("a token");
    let newest = newest(&world);
    assert_eq!(stored_token(&users, &store).as_ref(), Some(&newest));
    mine.mend();
    world.pass(MINUTE).await;
    assert!(stored(&users, &store).is_some_and(|stored| stored.is_signed_out()));
    is_broken.store(false, Ordering::SeqCst);
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(revoked(&world), ["refresh-0".to_owned(), newest]);
}

/// The next try finds what the one before has left in the store, and no refresh token.
#[tokio::test]
async fn a_late_sign_out_revokes_also_if_the_outcome_of_its_save_is_lost() {
    let world = rotating();
    let store = store(&world);
    let users = revoking(&world, &store);
    sign_in(&users, "refresh-0").await;
    for operation in ["begin", "load", "delete"] {
        store.fail(operation, Fault::Refuses);
    }
    let left = left_by_signing_out(&world, &users).await;
    assert!(left.refresh_token.is_some() && left.revocation.is_some());
    store.mend();
    store.fail("save", Fault::LosesOutcome);
    while !store.has_failed("save") {
        world.pass(SECOND / 100).await;
    }
    assert!(stored(&users, &store).is_some_and(|stored| stored.is_signed_out()));
    store.mend();
    world.pass(MINUTE).await;
    assert!(users.drain(Duration::ZERO).await.is_complete());
    assert_eq!(revoked(&world), ["refresh-0"]);
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
