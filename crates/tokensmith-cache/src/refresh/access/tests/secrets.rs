//! What the store knows of the tokens.

use super::*;

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
