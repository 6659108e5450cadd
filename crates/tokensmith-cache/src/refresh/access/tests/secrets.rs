//! What the store knows of the tokens.

use std::sync::Mutex;

use super::*;
use crate::testing::{Hooked, Verdict};

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
    let world = World::default();
    let seen: Arc<Mutex<Vec<u8>>> = Arc::default();
    let spy = Hooked::new(store(&world), {
        let seen = Arc::clone(&seen);
        move |operation, name, value| {
            if operation == "put" {
                let mut seen = seen.lock().expect("no panic");
                seen.extend_from_slice(name.as_str().as_bytes());
                seen.extend_from_slice(value);
            }
            Verdict::Done
        }
    });
    let token = ask(&world, &machine(&world, spy)).await.expect("a token");
    let seen = seen.lock().expect("no panic").clone();
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
