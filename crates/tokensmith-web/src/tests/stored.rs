//! Sign-ins that are kept on the server.

use std::sync::Arc;
use std::time::Duration;

use pollster::block_on;

use super::world::{Browser, World};
use crate::{Error, ErrorKind, MemorySignInStore, SignInStore, StoreFuture};

fn world() -> World {
    let mut world = World::new();
    world.sign_in = world.sign_in.store(MemorySignInStore::default());
    world
}

#[test]
fn a_sign_in_is_used_once_whoever_kept_the_cookie() {
    let world = world();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/account");
    let callback = browser.callback(&world.response(&state));
    let returned = world.receive(&callback).expect("a code");
    assert_eq!(returned.return_to, "/account");
    let error = world.receive(&callback).expect_err("used");
    assert_eq!(error.kind(), ErrorKind::Replayed);
}

/// With a cookie alone, only the provider can tell.
#[test]
fn a_cookie_that_was_kept_opens_again_until_the_provider_refuses_the_code() {
    let world = World::new();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let callback = browser.callback(&world.response(&state));
    assert!(world.receive(&callback).is_ok());
    assert!(world.receive(&callback).is_ok());
}

#[test]
fn a_failed_response_uses_the_sign_in_up() {
    let world = world();
    let mut browser = Browser::default();
    let state = world.begin(&mut browser, "/");
    let wrong = browser.callback(&format!("code=c0de&state={state}&iss=https://evil.example"));
    assert_eq!(
        world.receive(&wrong).expect_err("mixed up").kind(),
        ErrorKind::Issuer
    );
    let right = browser.callback(&world.response(&state));
    assert_eq!(
        world.receive(&right).expect_err("used").kind(),
        ErrorKind::Replayed
    );
}

#[test]
fn the_browser_is_still_the_one_that_began() {
    let world = world();
    let (mut victim, mut attacker) = (Browser::default(), Browser::default());
    let state = world.begin(&mut attacker, "/");
    world.begin(&mut victim, "/");
    let callback = victim.callback(&world.response(&state));
    assert_eq!(
        world.receive(&callback).expect_err("no cookie").kind(),
        ErrorKind::NoSignIn
    );
    // The name of the attacker's cookie with the value of the victim's own.
    let name = attacker.cookies()[0]
        .split('=')
        .next()
        .expect("a name")
        .to_owned();
    let value = victim.cookies()[0]
        .split_once('=')
        .expect("a pair")
        .1
        .to_owned();
    let mixed = Browser(vec![format!("{name}={value}")]);
    let callback = mixed.callback(&world.response(&state));
    assert_eq!(
        world.receive(&callback).expect_err("another").kind(),
        ErrorKind::NoSignIn
    );
}

/// A store that fails, or shows what it was given.
#[derive(Default)]
struct Odd {
    fails: bool,
    values: std::sync::Mutex<Vec<(String, Vec<u8>)>>,
}

impl SignInStore for Arc<Odd> {
    fn put(&self, name: String, value: Vec<u8>, lifetime: Duration) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            assert_eq!(lifetime, Duration::from_secs(600));
            self.values.lock().expect("no panic").push((name, value));
            match self.fails {
                true => Err(Error::of_store("the disk is full")),
                false => Ok(()),
            }
        })
    }

    fn take(&self, _name: String) -> StoreFuture<'_, Option<Vec<u8>>> {
        Box::pin(async { Ok(None) })
    }
}

#[test]
fn a_store_sees_no_secret_and_its_failure_is_said() {
    let store = Arc::new(Odd {
        fails: true,
        ..Odd::default()
    });
    let mut world = World::new();
    world.sign_in = world.sign_in.store(Arc::clone(&store));
    let error = world
        .begun(&mut Browser::default(), "/canary")
        .expect_err("it fails");
    assert_eq!(error.kind(), ErrorKind::Store);
    assert!(error.to_string().contains("the disk is full"));
    let values = store.values.lock().expect("no panic");
    let (name, value) = &values[0];
    assert!(name.starts_with("__Host-sign-in-"));
    assert!(!String::from_utf8_lossy(value).contains("canary"));
}

#[test]
fn entries_in_memory_end() {
    let store = MemorySignInStore::default();
    block_on(async {
        store
            .put("a".to_owned(), vec![1], Duration::ZERO)
            .await
            .expect("kept");
        assert_eq!(store.take("a".to_owned()).await.expect("a response"), None);
        store
            .put("b".to_owned(), vec![1], Duration::from_secs(600))
            .await
            .expect("kept");
        assert_eq!(
            store.take("b".to_owned()).await.expect("a response"),
            Some(vec![1])
        );
        assert_eq!(store.take("b".to_owned()).await.expect("a response"), None);
    });
}

#[test]
fn whoever_fills_the_memory_pushes_out_the_oldest_and_stops_nobody() {
    let store = MemorySignInStore::with_capacity(3);
    let put = |name: &str, seconds| {
        let lifetime = Duration::from_secs(seconds);
        block_on(store.put(name.to_owned(), vec![1], lifetime)).expect("kept");
    };
    let has = |name: &str| {
        let value = block_on(store.take(name.to_owned())).expect("a response");
        value.is_some()
    };
    for name in ["a", "b", "c", "d"] {
        put(name, 600);
    }
    assert!(!has("a") && has("b") && has("c"));
    // What was taken, or put again, leaves room and keeps its own place.
    put("e", 600);
    put("d", 600);
    put("f", 600);
    put("g", 600);
    assert!(!has("e") && has("d") && has("f") && has("g"));
}
