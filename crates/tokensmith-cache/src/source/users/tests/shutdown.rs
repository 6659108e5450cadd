//! What drives a request whose caller has gone, and what becomes of it when that ends.

use std::time::Duration;

use tokensmith_runtime::{Client, Credentials, Retry, Transport, TransportError};
use tokio::runtime::{Builder, Runtime};

use super::*;
use crate::Options;

/// A transport without a spawner.
#[derive(Clone)]
struct Plain(World);

impl Transport for Plain {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.0.send(request).await
    }

    async fn sleep(&self, duration: Duration) {
        self.0.sleep(duration).await;
    }
}

fn plain(world: &World) -> Client<Any, Plain> {
    let credentials = Credentials::new("client", "S3cret-canary");
    let client = Client::with_transport(
        Plain(world.clone()),
        "https://auth.example.com",
        credentials,
    );
    client.expect("a client").retry(Retry::never())
}

/// A machine whose work is driven by `Options::spawn` alone.
fn spawning(world: &World, store: &Faulty) -> UserTokens {
    let options = world.options().spawn(|work| drop(tokio::spawn(work)));
    let users = UserTokens::builder(&plain(world), refresh).options(options);
    let users = users.refresh_tokens(store.clone(), keyring());
    users.build().expect("users")
}

fn a_runtime() -> Runtime {
    let runtime = Builder::new_current_thread().build();
    runtime.expect("a runtime")
}

/// Signs in, and asks for a token; the caller gives up when the request has left.
async fn send_and_give_up(world: &World, users: &UserTokens) {
    sign_in(users, "refresh-0").await;
    world.jump(HOUR);
    let asked = asking(users);
    run_all_tasks().await;
    assert_eq!(world.requests(), 1, "it was sent");
    asked.abort();
}

/// Asks for a token on another runtime, long after the lease.
fn go_on(world: &World, users: &UserTokens) {
    a_runtime().block_on(async {
        assert!(users.drain(Duration::ZERO).await.is_complete());
        world.jump(HOUR);
        token(world, users).await.expect("a token");
    });
}

#[tokio::test]
async fn a_transport_that_cannot_drive_a_request_to_its_end_is_refused() {
    let client = plain(&rotating());
    let error = UserTokens::builder(&client, refresh).build();
    let error = error.expect_err("no spawner");
    assert!(error.to_string().contains("Options::spawn"), "{error}");
    let options = Options::default().spawn(|work| drop(tokio::spawn(work)));
    let users = UserTokens::builder(&client, refresh).options(options);
    users.build().expect("users");
}

#[test]
fn drain_waits_for_what_is_in_flight() {
    for machine in [machine, spawning] {
        let world = rotating();
        let store = store(&world);
        let users = machine(&world, &store);
        let first = a_runtime();
        first.block_on(async {
            send_and_give_up(&world, &users).await;
            let left = users.drain(Duration::ZERO).await;
            assert_eq!((left.in_flight, left.unsaved), (1, 0));
            let draining = tokio::spawn({
                let users = users.clone();
                async move { users.drain(MINUTE).await }
            });
            run_all_tasks().await;
            assert!(!draining.is_finished(), "it is in flight");
            world.pass(SECOND).await;
            assert!(draining.await.expect("no panic").is_complete());
        });
        // The end of the process.
        drop(first);
        assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-1"));
        let next = machine(&world, &store);
        go_on(&world, &next);
        assert_eq!(used(&world), ["refresh-0", "refresh-1"]);
        assert_eq!(next.metrics().reuse_suspected, 0);
    }
}

/// One of the five cases in which a refresh token is sent twice.
#[test]
fn a_runtime_that_is_dropped_before_drain_ends_the_refresh_and_blocks_nothing() {
    for machine in [machine, spawning] {
        let world = rotating();
        let store = store(&world);
        let users = machine(&world, &store);
        let first = a_runtime();
        first.block_on(send_and_give_up(&world, &users));
        drop(first);
        assert_eq!(stored_token(&users, &store).as_deref(), Some("refresh-0"));
        go_on(&world, &users);
        assert_eq!(used(&world), ["refresh-0", "refresh-0"]);
        assert_eq!(users.metrics().reuse_suspected, 1, "and it is told");
    }
}
