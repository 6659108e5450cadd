//! A shared store of access tokens that does not delete.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::*;
use crate::StoreError;
use crate::testing::{Hooked, Verdict};

/// A machine whose shared store fails to delete while there is a refresh token, and what mends it.
fn deletes_nothing(world: &World, store: &Faulty) -> (UserTokens, Arc<AtomicBool>) {
    let fails = Arc::new(AtomicBool::new(true));
    let entry = entry(&machine(world, store));
    let shared = Hooked::new(MemoryStore::with_clock(world.clone()), {
        let (refresh_tokens, fails) = (store.clone(), Arc::clone(&fails));
        move |operation, _, _| {
            if operation != "delete" || !fails.load(Ordering::Relaxed) {
                return Verdict::Done;
            }
            let found = refresh_tokens.store.load(&entry).now_or_never();
            match found.expect("no wait").expect("no fault") {
                Some(_) => Verdict::Fails(StoreError::new("broken")),
                None => Verdict::Done,
            }
        }
    });
    let users = builder(world).options(world.options().store(shared, keyring()));
    let users = users.refresh_tokens(store.clone(), keyring());
    (users.build().expect("users"), fails)
}

#[tokio::test]
async fn a_sign_in_that_is_tried_again_brings_no_spent_refresh_token_back() {
    let world = rotating();
    let store = store(&world);
    let (users, fails) = deletes_nothing(&world, &store);
    let mut response = response("refresh-0");
    response.metadata.expires_in = Some(HOUR);
    let error = users.sign_in("ada", &response).await;
    let error = error.expect_err("the shared store fails");
    assert_eq!(error.kind(), TokenErrorKind::Store);
    token(&world, &users).await.expect("a token");
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-1"));
    fails.store(false, Ordering::Relaxed);
    users.sign_in("ada", &response).await.expect("signed in");
    world.jump(2 * HOUR);
    token(&world, &users).await.expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
    // A new sign-in is another one, also where the provider gives the same refresh token.
    response.access_token = "another".into();
    users.sign_in("ada", &response).await.expect("signed in");
    assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-0"));
}

#[tokio::test]
async fn a_refresh_that_counts_no_more_gives_its_lease_back() {
    let world = rotating();
    let store = store(&world);
    let (users, fails) = deletes_nothing(&world, &store);
    fails.store(false, Ordering::Relaxed);
    sign_in(&users, "refresh-0").await;
    world.jump(HOUR);
    // Longer than a part of the store that has failed is done without.
    world.provider(|provider| provider.latency = 5 * SECOND);
    let asked = asking(&users);
    run_all_tasks().await;
    world.provider(|provider| provider.latency = SECOND / 10);
    fails.store(true, Ordering::Relaxed);
    let error = users.sign_in("ada", &response("refresh-0")).await;
    error.expect_err("the shared store fails");
    fails.store(false, Ordering::Relaxed);
    world.pass(6 * SECOND).await;
    // It was tried anew, without a wait for the lease.
    assert!(asked.is_finished());
    asked.await.expect("no panic").expect("a token");
    assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
}

/// The tokens of the account from before are on all machines, in the shared store and in memory.
#[tokio::test]
async fn another_account_under_the_same_subject_gets_its_own_tokens() {
    for signs_out_before in [true, false] {
        let world = rotating();
        let store = store(&world);
        let shared = MemoryStore::with_clock(world.clone());
        let machine = || {
            let options = world.options().store(shared.clone(), keyring());
            let users = builder(&world).options(options);
            let users = users.refresh_tokens(store.clone(), keyring());
            users.build().expect("users")
        };
        let (users, other) = (machine(), machine());
        sign_in(&users, "of the first account").await;
        let first = other.token("ada").await.expect("from the shared store");
        if signs_out_before {
            let left = users.sign_out("ada").await.expect("a subject");
            assert!(left.is_complete());
        }
        let mut second = response("refresh-0");
        second.access_token = "of the second account".into();
        let signed_in = users.sign_in("ada", &second).await;
        signed_in.expect("signed in");
        for users in [&users, &machine()] {
            let token = users.token("ada").await.expect("at hand or shared");
            assert_eq!(token.access_token(), "of the second account");
        }
        // Another machine has the old one in memory until it expires.
        let kept = other.token("ada").await.expect("at hand");
        assert_eq!(kept.access_token(), first.access_token());
        world.jump(2 * HOUR);
        token(&world, &other).await.expect("a token");
        assert_eq!(used(&world), ["refresh-0"], "never the first account's");
    }
}
