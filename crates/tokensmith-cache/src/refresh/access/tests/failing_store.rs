//! A store that fails, as a whole or in parts.

use std::sync::atomic::AtomicUsize;

use super::*;
use crate::testing::{Hooked, Verdict};

#[tokio::test]
async fn without_the_store_tokens_are_served_all_the_same() {
    for (is_slow, is_full) in [(false, false), (true, false), (false, true), (true, true)] {
        let world = World::default();
        // Down, slow or full.
        let broken = Hooked::new(store(&world), move |operation, _, _| match operation {
            "begin" if is_full => Verdict::Done,
            _ if is_slow => Verdict::Hangs,
            _ => Verdict::Fails(StoreError::new("down")),
        });
        let source = machine(&world, broken);
        let start = world.now();
        ask(&world, &source).await.expect("a token");
        assert!(
            world.now() - start < 2 * SECOND,
            "slow: {is_slow}, full: {is_full}"
        );
        assert!(source.metrics().store_failures > 0);
        world.jump(HOUR / 2);
        assert!(source.cached().is_some());
        assert_eq!(world.requests(), 1);
    }
}

/// One of three parts.
fn part(name: &StoreName) -> u8 {
    name.as_str().as_bytes().last().map_or(0, |digit| digit % 3)
}

#[tokio::test]
async fn what_fails_for_one_tenant_says_nothing_of_the_others() {
    let world = World::default();
    world.provider(|provider| provider.latency = Duration::ZERO);
    // How often each part was asked. One is down, and one cannot read one of its values.
    let asked: Arc<[AtomicUsize; 3]> = Arc::default();
    let parts = Hooked::new(store(&world), {
        let asked = Arc::clone(&asked);
        move |_, name, _| {
            asked[usize::from(part(name))].fetch_add(1, Ordering::SeqCst);
            match part(name) {
                0 => Verdict::Fails(StoreError::new("the node is down")),
                1 => Verdict::Fails(StoreError::of_one_entry("the value is none of ours")),
                _ => Verdict::Done,
            }
        }
    });
    let options = world
        .options()
        .store(parts.in_parts(part), Keyring::new("key", [7; 32]));
    let manager = crate::TokenManager::with_options(100, options).expect("a manager");
    for tenant in 0..60 {
        let request = request().parameter("tenant", tenant.to_string());
        manager
            .token(&world.client(), &request)
            .await
            .expect("a token");
    }
    assert_eq!(world.requests(), 60);
    let [down, unreadable, good] = &*asked;
    assert_eq!(down.load(Ordering::SeqCst), 1, "then it is left alone");
    let unreadable = unreadable.load(Ordering::SeqCst);
    assert!(
        unreadable > 5,
        "a bad value stops nobody else: {unreadable}"
    );
    assert!(good.load(Ordering::SeqCst) > 10);
    let failures = manager.metrics().store_failures;
    assert_eq!(failures, 1 + unreadable as u64);
}
