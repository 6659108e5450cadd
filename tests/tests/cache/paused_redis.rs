//! A real Redis that is stopped in the middle of a refresh: the refresh token is sent once, the
//! error can be retried, and all goes on when Redis does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokensmith_cache::{
    BeginSection, RedisStore, RefreshTokenStore, Saved, Section, StoreFuture, StoreName,
    TokenErrorKind, UserTokens,
};
use tokensmith_tests::redis::Redis;
use tokensmith_tests::rotating_provider::RotatingProvider;
use tokio::time::sleep;

use crate::refresh_token_store::runtime;
use crate::users::{client, code, machine};

const SECOND: Duration = Duration::from_secs(1);

/// How long an access token lives: longer than it takes to try to save twice.
const LIFETIME: Duration = Duration::from_secs(5);

/// How long it may take until all goes on.
const PATIENCE: Duration = Duration::from_secs(60);

/// Redis, which is stopped when it is asked for one of the operations.
struct Pauses {
    store: RedisStore,
    redis: Arc<Redis>,
    operation: &'static str,
    is_armed: Arc<AtomicBool>,
}

impl Pauses {
    fn before(&self, operation: &str) -> &RedisStore {
        if operation == self.operation && self.is_armed.swap(false, Ordering::SeqCst) {
            self.redis.pause();
        }
        &self.store
    }
}

impl RefreshTokenStore for Pauses {
    fn load<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        self.before("load").load(entry)
    }

    fn begin<'a>(
        &'a self,
        entry: &'a StoreName,
        duration: Duration,
    ) -> StoreFuture<'a, BeginSection> {
        RefreshTokenStore::begin(self.before("begin"), entry, duration)
    }

    fn confirm<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        duration: Duration,
    ) -> StoreFuture<'a, bool> {
        self.before("confirm").confirm(entry, section, duration)
    }

    fn save<'a>(
        &'a self,
        entry: &'a StoreName,
        section: Section,
        value: &'a [u8],
    ) -> StoreFuture<'a, Saved> {
        self.before("save").save(entry, section, value)
    }

    fn end<'a>(&'a self, entry: &'a StoreName, section: Section) -> StoreFuture<'a, ()> {
        self.before("end").end(entry, section)
    }

    fn put<'a>(&'a self, entry: &'a StoreName, value: &'a [u8]) -> StoreFuture<'a, ()> {
        RefreshTokenStore::put(self.before("put"), entry, value)
    }

    fn delete<'a>(&'a self, entry: &'a StoreName) -> StoreFuture<'a, Option<Vec<u8>>> {
        RefreshTokenStore::delete(self.before("delete"), entry)
    }

    fn needs_tokio(&self) -> bool {
        RefreshTokenStore::needs_tokio(&self.store)
    }
}

/// Fails closed, with an error that can be retried.
#[track_caller]
fn assert_failed_closed(outcome: Result<tokensmith_cache::Token, tokensmith_cache::TokenError>) {
    let error = outcome.expect_err("Redis is stopped");
    assert_eq!(error.kind(), TokenErrorKind::RefreshTokenStore, "{error}");
    assert!(error.is_retryable(), "{error}");
}

/// Retries until there is a token.
async fn retry(users: &UserTokens) {
    let start = Instant::now();
    while let Err(error) = users.token("0").await {
        assert!(error.is_retryable(), "{error}");
        assert!(start.elapsed() < PATIENCE, "{error}");
        sleep(SECOND / 20).await;
    }
}

async fn stop_at(operation: &'static str) {
    let redis = Arc::new(Redis::start());
    let provider = RotatingProvider::new(LIFETIME, SECOND / 50);
    let server = provider.start();
    let store = || RedisStore::new(&redis.url()).expect("a store");
    let is_armed = Arc::new(AtomicBool::new(false));
    let pauses = Pauses {
        store: store(),
        redis: Arc::clone(&redis),
        operation,
        is_armed: Arc::clone(&is_armed),
    };
    let (first, other) = (machine(&server, pauses), machine(&server, store()));
    let signed_in = first.sign_in_by("0", &client(&server), code(0)).await;
    signed_in.expect("signed in");
    // The access token expires.
    sleep(LIFETIME).await;

    is_armed.store(true, Ordering::SeqCst);
    let asked = first.token("0").await;
    assert!(!is_armed.load(Ordering::SeqCst), "{operation} was reached");
    let sent = provider.granted();
    if operation == "save" {
        asked.expect("the token is good, saved or not");
        assert_eq!((sent, first.metrics().unsaved), (1, 1));
    } else {
        assert_failed_closed(asked);
        assert_eq!(sent, 0, "{operation}");
    }
    assert_failed_closed(other.token("0").await);
    assert_eq!(provider.granted(), sent, "{operation}");

    redis.resume();
    for _ in 0..2 {
        for machine in [&first, &other] {
            retry(machine).await;
            let left = machine.drain(PATIENCE).await;
            assert!(left.is_complete(), "{operation}: {left:?}");
        }
        sleep(LIFETIME).await;
    }
    assert!(provider.granted() >= sent + 2, "{operation}");
    assert_eq!(provider.revocations(), [], "{operation}");
    assert_eq!(provider.complaints(), Vec::<String>::new(), "{operation}");
}

#[test]
fn a_redis_that_is_stopped_costs_an_error_and_no_second_use() {
    std::thread::scope(|scope| {
        let tests = ["begin", "confirm", "save"]
            .map(|operation| scope.spawn(move || runtime().block_on(stop_at(operation))));
        for test in tests {
            test.join().expect("no panic");
        }
    });
}
