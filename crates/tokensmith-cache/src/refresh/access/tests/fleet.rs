//! One machine asks, and all have the token.

use super::*;
use crate::testing::{Hooked, Verdict};

#[tokio::test]
async fn a_fleet_asks_once_per_lifetime() {
    let world = World::default();
    let store = store(&world);
    let fleet: Vec<_> = (0..8).map(|_| machine(&world, store.clone())).collect();
    for lifetime in 1..=3 {
        let asked: Vec<_> = fleet.iter().map(asking).collect();
        world.pass(3 * SECOND).await;
        let mut tokens = Vec::new();
        for asked in asked {
            let token = asked.await.expect("no panic").expect("a token");
            tokens.push(token.access_token().to_owned());
        }
        tokens.dedup();
        assert_eq!((tokens.len(), world.requests()), (1, lifetime));
        world.jump(2 * HOUR);
    }
}

#[tokio::test]
async fn a_token_is_shared_whatever_its_texts_are() {
    let texts = serde_json::json!({
        "access_token": "a\"b\\c",
        "token_type": "DP\"oP",
        "expires_in": 3600,
        "scope": "read write",
        "id_token": "i\"d",
        "instance_url": "https://a.example.com/\"",
    });
    let world = World::default();
    world.provider(|provider| provider.responses.push_back((200, None, texts.to_string())));
    let store = store(&world);
    ask(&world, &machine(&world, store.clone()))
        .await
        .expect("a token");
    let found = ask(&world, &machine(&world, store)).await.expect("found");
    assert_eq!(world.requests(), 1);
    assert_eq!(found.access_token(), "a\"b\\c");
    assert_eq!(found.token_type(), "DP\"oP");
    let scopes: Vec<_> = found.scopes().expect("scopes").collect();
    assert_eq!(scopes, ["read", "write"]);
    assert_eq!(found.id_token(), Some(&"i\"d".into()));
    assert_eq!(
        found.get("instance_url"),
        Some(&"https://a.example.com/\"".into())
    );
}

#[tokio::test]
async fn a_token_from_the_store_ends_when_the_provider_said() {
    let world = World::default();
    let store = store(&world);
    ask(&world, &machine(&world, store.clone()))
        .await
        .expect("a token");
    world.jump(HOUR * 9 / 10);
    let late = machine(&world, store);
    let token = ask(&world, &late)
        .await
        .expect("a token from the store, or a new one");
    let end: u128 = token
        .access_token()
        .rsplit('.')
        .next()
        .and_then(|end| end.parse().ok())
        .expect("a time");
    assert!(world.now().as_millis() < end);
    world.jump(HOUR / 9);
    if let Some(token) = late.cached() {
        assert_ne!(world.requests(), 1, "{token:?} is at its end");
    }
}

/// The machine, or the store, is stopped between the response and the store.
#[tokio::test]
async fn a_token_that_reaches_the_store_late_ends_when_the_provider_said() {
    let world = World::default();
    let store = store(&world);
    let stopped = world.clone();
    let slow = Hooked::new(store.clone(), move |operation, _, _| {
        if operation == "put" {
            stopped.advance_only_the_clock(HOUR / 2);
        }
        Verdict::Done
    });
    let first = machine(&world, slow);
    ask(&world, &first).await.expect("a token");
    let other = machine(&world, store);
    let token = ask(&world, &other).await.expect("a token");
    assert_eq!(world.requests(), 1, "it is in the store");
    world.jump(HOUR / 2);
    assert!(other.cached().is_none(), "{token:?} is at its end");
}

#[tokio::test]
async fn early_refresh_waits_for_no_other_machine() {
    let world = World::default();
    let store = store(&world);
    let fleet: Vec<_> = (0..4).map(|_| machine(&world, store.clone())).collect();
    for source in &fleet {
        ask(&world, source).await.expect("a token");
    }
    world.jump(HOUR * 95 / 100);
    let first = fleet[0].clone();
    let first = asking(&first);
    run_all_tasks().await;
    let start = world.now();
    for source in &fleet[1..] {
        let source = source.clone();
        asking(&source)
            .await
            .expect("no panic")
            .expect("the old token");
    }
    assert_eq!(world.now(), start);
    world.pass(SECOND).await;
    first.await.expect("no panic").expect("a token");
    assert_eq!(world.requests(), 2);
    // The others find the new one in the store.
    world.jump(2 * SECOND);
    for source in &fleet[1..] {
        ask(&world, source).await.expect("a token");
    }
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn a_machine_that_dies_holds_nobody_up_for_long() {
    let world = World::default();
    world.provider(|provider| provider.latency = 5 * SECOND);
    let store = store(&world);
    let (dead, alive) = (machine(&world, store.clone()), machine(&world, store));
    let asked = asking(&dead);
    run_all_tasks().await;
    asked.abort();
    drop(dead);
    let start = world.now();
    ask(&world, &alive).await.expect("a token");
    assert!(
        world.now() - start < 17 * SECOND,
        "{:?}",
        world.now() - start
    );
    assert_eq!(world.requests(), 2);
}

#[tokio::test]
async fn a_machine_that_is_slow_keeps_its_lease() {
    let world = World::default();
    world.provider(|provider| provider.latency = 25 * SECOND);
    let store = store(&world);
    let (one, other) = (machine(&world, store.clone()), machine(&world, store));
    let one = asking(&one);
    run_all_tasks().await;
    ask(&world, &other).await.expect("a token");
    one.await.expect("no panic").expect("a token");
    assert_eq!(world.requests(), 1);
}

#[tokio::test]
async fn a_lease_that_is_lost_in_flight_is_told() {
    let (world, told) = (World::default(), Arc::new(AtomicBool::default()));
    world.provider(|provider| provider.latency = 12 * SECOND);
    let store = store(&world);
    let options = world
        .options()
        .store(store.clone(), Keyring::new("key", [7; 32]));
    let options = options.observer({
        let told = Arc::clone(&told);
        move |event| {
            told.fetch_or(event.kind == EventKind::LeaseLost, Ordering::Relaxed);
        }
    });
    let source = TokenSource::builder(&world.client()).grant(request());
    let source = source.options(options).build().expect("a source");
    let name = source.0.name.clone().expect("a name");
    let asked = asking(&source);
    run_all_tasks().await;
    store.delete(&name).await.expect("deleted");
    world.pass(13 * SECOND).await;
    asked.await.expect("no panic").expect("a token");
    assert!(told.load(Ordering::Relaxed));
    assert_eq!(source.metrics().leases_lost, 1);
}

#[tokio::test]
async fn a_token_that_was_dropped_does_not_come_back_from_the_store() {
    let world = World::default();
    let store = store(&world);
    let (one, other) = (machine(&world, store.clone()), machine(&world, store));
    let refused = ask(&world, &one).await.expect("a token");
    ask(&world, &other).await.expect("a token");
    world.jump(MINUTE);
    assert!(one.invalidate(&refused));
    let new = ask(&world, &one).await.expect("a token");
    assert_ne!(new.access_token(), refused.access_token());
    // The other one is told by the API a little later, and finds the new one.
    assert!(other.invalidate(&refused));
    let found = ask(&world, &other).await.expect("a token");
    assert_eq!(found.access_token(), new.access_token());
    assert_eq!(world.requests(), 2);
}
