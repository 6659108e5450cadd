//! Refresh tokens that are bound to a key (RFC 9449), at a provider that detects reuse.

use std::sync::{Arc, Mutex};

use tokensmith_runtime::DpopKey;

use super::reuse::{Line, Provider};
use super::*;

/// The provider asks for a nonce before it looks at anything else (RFC 9449 section 8): the same
/// refresh token in the next request is used for the first time.
#[tokio::test]
async fn a_request_that_is_repeated_with_a_nonce_uses_its_refresh_token_once() {
    let world = World::default();
    let store = store(&world);
    let provider: Arc<Mutex<Provider>> = Arc::default();
    let key = DpopKey::generate().expect("a key");
    let line = Line::new(&world, 0, &provider).with_key(key);
    line.provider().asks_for_nonce = true;
    let refresh_token = line.provider().sign_in(0);
    let users = machine_on(&line, &store, world.options());
    sign_in(&users, &refresh_token).await;
    for _ in 0..2 {
        world.jump(HOUR);
        token(&world, &users).await.expect("a token");
    }
    assert_eq!(line.provider().asked_for_nonce, 1);
    assert_eq!(line.provider().reused, Vec::<String>::new());
    assert_eq!(users.metrics().reuse_suspected, 0);
    assert_eq!(users.metrics().refreshes, 2);
}
