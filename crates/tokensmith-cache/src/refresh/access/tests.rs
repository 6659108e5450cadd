//! Machines that share a store.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::spawn;

use crate::store::{Begin, StoreError, StoreFuture, StoreName, Version};
use crate::testing::{HOUR, MINUTE, SECOND, World, ask, request, run_all_tasks};
use crate::{
    Clock as _, EventKind, Keyring, MemoryStore, Policy, TokenErrorKind, TokenSource, TokenStore,
};

fn machine(world: &World, store: impl TokenStore + 'static) -> TokenSource {
    with_key(world, store, Keyring::new("key", [7; 32]))
}

fn with_key(world: &World, store: impl TokenStore + 'static, keyring: Keyring) -> TokenSource {
    let options = world.options().store(store, keyring);
    let builder = TokenSource::builder(&world.client()).grant(request());
    builder
        .options(options.policy(Policy::default()))
        .build()
        .expect("a source")
}

fn store(world: &World) -> MemoryStore {
    MemoryStore::with_clock(world.clone())
}

#[tokio::test]
async fn a_fleet_asks_once_per_lifetime() {
    let world = World::default();
    let store = store(&world);
    let fleet: Vec<_> = (0..8).map(|_| machine(&world, store.clone())).collect();
    for lifetime in 1..=3 {
        let asked: Vec<_> = fleet
            .iter()
            .cloned()
            .map(|source| spawn(async move { source.token().await }))
            .collect();
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
    let first = spawn(async move { first.token().await });
    run_all_tasks().await;
    let start = world.now();
    for source in &fleet[1..] {
        let source = source.clone();
        spawn(async move { source.token().await })
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
    let asked = spawn({
        let dead = dead.clone();
        async move { dead.token().await }
    });
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
    let one = spawn(async move { one.token().await });
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
    let asked = spawn({
        let source = source.clone();
        async move { source.token().await }
    });
    run_all_tasks().await;
    store.delete(&name).await.expect("deleted");
    world.pass(13 * SECOND).await;
    asked.await.expect("no panic").expect("a token");
    assert!(told.load(Ordering::Relaxed));
    assert_eq!(source.metrics().leases_lost, 1);
}

#[tokio::test]
async fn all_machines_wait_as_long_as_the_provider_says() {
    let world = World::default();
    world.provider(|provider| {
        provider
            .responses
            .push_back((429, Some(300), String::new()))
    });
    let store = store(&world);
    let (one, other) = (machine(&world, store.clone()), machine(&world, store));
    ask(&world, &one).await.expect_err("no token");
    let error = ask(&world, &other).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::CoolingDown);
    assert!(error.retry_after().expect("a wait") > 290 * SECOND);
    world.jump(4 * MINUTE);
    ask(&world, &other).await.expect_err("no token");
    assert_eq!(world.requests(), 1);
    world.jump(2 * MINUTE);
    ask(&world, &other).await.expect("a token");
}

#[tokio::test]
async fn a_wait_in_the_store_ends_where_the_policy_says() {
    let world = World::default();
    let store = store(&world);
    let one = machine(&world, store.clone());
    let name = one.0.name.clone().expect("a name");
    let Begin::Leased(lease) = store.begin(&name, None, MINUTE).await.expect("begun") else {
        panic!("no lease");
    };
    store.fail(&name, lease, 24 * HOUR).await.expect("failed");
    let error = ask(&world, &one).await.expect_err("no token");
    assert_eq!(error.kind(), TokenErrorKind::CoolingDown);
    assert!(error.retry_after().expect("a wait") <= HOUR, "{error}");
    world.jump(HOUR + SECOND);
    ask(&world, &one).await.expect("a token");
}

#[tokio::test]
async fn an_operator_clears_the_waits_of_other_machines_too() {
    let world = World::default();
    world.provider(|provider| {
        let response = (429, Some(300), String::new());
        provider.responses.push_back(response);
    });
    let store = store(&world);
    let options = || {
        let keyring = Keyring::new("key", [7; 32]);
        world.options().store(store.clone(), keyring)
    };
    let managers =
        [(), ()].map(|()| crate::TokenManager::with_options(1, options()).expect("a manager"));
    let [one, other] = [0, 1].map(|index| {
        let source = TokenSource::builder(&world.client()).grant(request());
        source.build_in(&managers[index]).expect("a source")
    });
    ask(&world, &one).await.expect_err("no token");
    ask(&world, &other).await.expect_err("no token");
    managers[1].clear_waits();
    ask(&world, &other).await.expect("a token");
    assert_eq!(world.requests(), 2);
    // Once: a wait that the provider asks for now counts.
    let refused = other.token().await.expect("at hand");
    world.jump(MINUTE);
    assert!(other.invalidate(&refused));
    ask(&world, &other)
        .await
        .expect_err("the wait of the other");
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

#[tokio::test]
async fn what_cannot_be_read_is_replaced() {
    let world = World::default();
    let store = store(&world);
    ask(&world, &machine(&world, store.clone()))
        .await
        .expect("a token");
    let keyring = Keyring::new("other", [8; 32]).with_naming_key([7; 32]);
    ask(&world, &with_key(&world, store.clone(), keyring))
        .await
        .expect("a token");
    assert_eq!(world.requests(), 2);
}

/// A store that is down, slow or full.
#[derive(Clone)]
struct Broken {
    store: MemoryStore,
    is_slow: Arc<AtomicBool>,
    is_full: Arc<AtomicBool>,
}

impl Broken {
    fn fail<T: Send + 'static>(&self) -> StoreFuture<'static, T> {
        if self.is_slow.load(Ordering::SeqCst) {
            return Box::pin(std::future::pending());
        }
        Box::pin(std::future::ready(Err(StoreError::new("down"))))
    }
}

impl TokenStore for Broken {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        known: Option<Version>,
        lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        if self.is_full.load(Ordering::SeqCst) {
            return self.store.begin(name, known, lease);
        }
        self.fail()
    }

    fn renew<'a>(
        &'a self,
        _name: &'a StoreName,
        _lease: Version,
        _duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.fail()
    }

    fn put<'a>(
        &'a self,
        _name: &'a StoreName,
        _version: Version,
        _value: &'a [u8],
        _lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        self.fail()
    }

    fn fail<'a>(
        &'a self,
        _name: &'a StoreName,
        _lease: Version,
        _cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.fail()
    }

    fn delete<'a>(&'a self, _name: &'a StoreName) -> StoreFuture<'a, ()> {
        self.fail()
    }
}

#[tokio::test]
async fn without_the_store_tokens_are_served_all_the_same() {
    for (is_slow, is_full) in [(false, false), (true, false), (false, true), (true, true)] {
        let world = World::default();
        let broken = Broken {
            store: store(&world),
            is_slow: Arc::new(is_slow.into()),
            is_full: Arc::new(is_full.into()),
        };
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

#[tokio::test]
async fn what_leaves_the_process_cannot_be_read() {
    /// Keeps what it is given.
    #[derive(Clone)]
    struct Spy(MemoryStore, Arc<std::sync::Mutex<Vec<u8>>>);

    impl TokenStore for Spy {
        fn begin<'a>(
            &'a self,
            name: &'a StoreName,
            known: Option<Version>,
            lease: Duration,
        ) -> StoreFuture<'a, Begin> {
            self.0.begin(name, known, lease)
        }
        fn renew<'a>(
            &'a self,
            name: &'a StoreName,
            lease: Version,
            duration: Duration,
        ) -> StoreFuture<'a, bool> {
            self.0.renew(name, lease, duration)
        }
        fn put<'a>(
            &'a self,
            name: &'a StoreName,
            version: Version,
            value: &'a [u8],
            lifetime: Duration,
        ) -> StoreFuture<'a, bool> {
            let mut seen = self.1.lock().expect("no panic");
            seen.extend_from_slice(name.as_str().as_bytes());
            seen.extend_from_slice(value);
            self.0.put(name, version, value, lifetime)
        }
        fn fail<'a>(
            &'a self,
            name: &'a StoreName,
            lease: Version,
            cool_down: Duration,
        ) -> StoreFuture<'a, ()> {
            self.0.fail(name, lease, cool_down)
        }
        fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
            self.0.delete(name)
        }
    }

    let world = World::default();
    let spy = Spy(store(&world), Arc::default());
    let token = ask(&world, &machine(&world, spy.clone()))
        .await
        .expect("a token");
    let seen = spy.1.lock().expect("no panic").clone();
    assert!(!seen.is_empty());
    for secret in [
        token.access_token(),
        "S3cret-canary",
        "client",
        "auth.example.com",
    ] {
        assert!(
            !seen
                .windows(secret.len())
                .any(|part| part == secret.as_bytes()),
            "{secret}"
        );
    }
}

/// A store in parts, of which one is down, and that cannot read one of its values.
#[derive(Clone)]
struct InParts {
    store: MemoryStore,
    /// How often each part was asked.
    asked: Arc<[std::sync::atomic::AtomicUsize; 3]>,
}

impl InParts {
    fn outcome<T: Send + 'static>(
        &self,
        name: &StoreName,
        good: StoreFuture<'static, T>,
    ) -> StoreFuture<'static, T> {
        self.asked[usize::from(self.part(name))].fetch_add(1, Ordering::SeqCst);
        let error = match self.part(name) {
            0 => StoreError::new("the node is down"),
            1 => StoreError::of_one_entry("the value is none of ours"),
            _ => return good,
        };
        Box::pin(std::future::ready(Err(error)))
    }
}

impl TokenStore for InParts {
    fn begin<'a>(
        &'a self,
        name: &'a StoreName,
        _known: Option<Version>,
        _lease: Duration,
    ) -> StoreFuture<'a, Begin> {
        self.outcome(
            name,
            Box::pin(std::future::ready(Ok(Begin::Leased(Version(1))))),
        )
    }

    fn renew<'a>(
        &'a self,
        name: &'a StoreName,
        _lease: Version,
        _duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.outcome(name, Box::pin(std::future::ready(Ok(true))))
    }

    fn put<'a>(
        &'a self,
        name: &'a StoreName,
        _version: Version,
        _value: &'a [u8],
        _lifetime: Duration,
    ) -> StoreFuture<'a, bool> {
        self.outcome(name, Box::pin(std::future::ready(Ok(true))))
    }

    fn fail<'a>(
        &'a self,
        name: &'a StoreName,
        _lease: Version,
        _cool_down: Duration,
    ) -> StoreFuture<'a, ()> {
        self.outcome(name, Box::pin(std::future::ready(Ok(()))))
    }

    fn delete<'a>(&'a self, name: &'a StoreName) -> StoreFuture<'a, ()> {
        self.store.delete(name)
    }

    fn part(&self, name: &StoreName) -> u8 {
        name.as_str().as_bytes().last().map_or(0, |digit| digit % 3)
    }
}

#[tokio::test]
async fn what_fails_for_one_tenant_says_nothing_of_the_others() {
    let world = World::default();
    world.provider(|provider| provider.latency = Duration::ZERO);
    let parts = InParts {
        store: store(&world),
        asked: Arc::default(),
    };
    let options = world
        .options()
        .store(parts.clone(), Keyring::new("key", [7; 32]));
    let manager = crate::TokenManager::with_options(100, options).expect("a manager");
    for tenant in 0..60 {
        let request = request().parameter("tenant", tenant.to_string());
        manager
            .token(&world.client(), &request)
            .await
            .expect("a token");
    }
    assert_eq!(world.requests(), 60);
    let [down, unreadable, good] = &*parts.asked;
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
