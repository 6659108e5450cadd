//! A store that fails, as a whole or in parts.

use super::*;

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
