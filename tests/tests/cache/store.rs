//! What every store has to do, held against all of them.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use redis::cluster::ClusterClient;
use tokensmith_cache::{
    Begin, FileStore, MemoryStore, RedisStore, StoreName, Stored, TokenStore, Version,
};
use tokensmith_tests::redis::Redis;

use crate::lossy::Lossy;

const SECOND: Duration = Duration::from_secs(1);
const LONG: Duration = Duration::from_secs(60);
const VALUE: &[u8] = b"\0\xff:binary:\r\n";

/// A name that no other test has.
fn name() -> StoreName {
    static NEXT: AtomicU64 = AtomicU64::new(0);
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970");
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    StoreName::new(format!("{:032x}{number:032x}", now.as_nanos()))
}

/// Runs a test over every store.
fn over_all<F: Future<Output = ()>>(test: impl Fn(Box<dyn TokenStore>) -> F) {
    let redis = Redis::start();
    let folder = tempfile::tempdir().expect("a folder");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let folder = folder.path().join("tokens");
        let stores: [Box<dyn TokenStore>; 3] = [
            Box::new(MemoryStore::new()),
            Box::new(FileStore::new(folder).expect("a store")),
            Box::new(RedisStore::new(&redis.url()).expect("a store")),
        ];
        futures_util::future::join_all(stores.map(test)).await;
    });
}

async fn lease(store: &dyn TokenStore, name: &StoreName, known: Option<Version>) -> Version {
    match store.begin(name, known, LONG).await.expect("a response") {
        Begin::Leased(version) => version,
        other => panic!("{other:?}"),
    }
}

async fn found(store: &dyn TokenStore, name: &StoreName, known: Option<Version>) -> Stored {
    match store.begin(name, known, LONG).await.expect("a response") {
        Begin::Found(stored) => stored,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_deleted_token_stays_away_from_refreshes_under_way() {
    over_all(|store| async move {
        let name = name();
        let first = lease(&*store, &name, None).await;
        let put = store.put(&name, first, VALUE, LONG).await;
        assert!(put.expect("a response"));
        let under_way = lease(&*store, &name, Some(first)).await;
        store.delete(&name).await.expect("a response");
        let put = store.put(&name, under_way, VALUE, LONG).await;
        assert!(!put.expect("a response"), "it is older than the deletion");
        let next = lease(&*store, &name, None).await;
        assert!(next > under_way);
        let put = store.put(&name, next, VALUE, LONG).await;
        assert!(put.expect("a response"));
        assert_eq!(found(&*store, &name, None).await.version, next);
    });
}

#[test]
fn a_value_is_found_by_all_who_do_not_know_it() {
    over_all(async |store| {
        let name = name();
        let version = lease(&*store, &name, None).await;
        assert!(
            store
                .put(&name, version, VALUE, LONG)
                .await
                .expect("a response")
        );
        let stored = found(&*store, &name, None).await;
        assert_eq!((stored.version, stored.value.as_slice()), (version, VALUE));
        assert!(stored.remaining <= LONG && stored.remaining > LONG - 5 * SECOND);
        let next = lease(&*store, &name, Some(version)).await;
        assert!(next > version);
        // Who does not know it still finds it.
        assert_eq!(found(&*store, &name, Some(next)).await.version, version);
        assert!(
            store
                .put(&name, next, b"next", LONG)
                .await
                .expect("a response")
        );
        assert_eq!(found(&*store, &name, Some(version)).await.value, b"next");
    });
}

#[test]
fn one_has_the_lease() {
    over_all(async |store| {
        let name = name();
        let asked = (0..50).map(|_| store.begin(&name, None, LONG));
        let responses = futures_util::future::join_all(asked).await;
        let leased = responses
            .iter()
            .filter(|response| matches!(response, Ok(Begin::Leased(_))))
            .count();
        let held = responses
            .iter()
            .filter(|response| matches!(response, Ok(Begin::Held(rest)) if *rest <= LONG))
            .count();
        assert_eq!((leased, held), (1, 49), "{responses:?}");
    });
}

#[test]
fn a_lease_ends_unless_it_is_renewed() {
    over_all(async |store| {
        let name = name();
        let short = SECOND / 5;
        let Ok(Begin::Leased(first)) = store.begin(&name, None, short).await else {
            panic!("no lease");
        };
        assert!(store.renew(&name, first, SECOND).await.expect("a response"));
        tokio::time::sleep(2 * short).await;
        let held = store.begin(&name, None, short).await.expect("a response");
        assert!(matches!(held, Begin::Held(_)), "{held:?}");
        tokio::time::sleep(SECOND).await;
        let second = lease(&*store, &name, None).await;
        assert!(second > first);
        assert!(!store.renew(&name, first, LONG).await.expect("a response"));
        // The first is not dead, but late: what it brings is good as long as there is nothing later.
        assert!(
            store
                .put(&name, first, b"late", LONG)
                .await
                .expect("a response")
        );
        assert!(
            store
                .put(&name, second, b"second", LONG)
                .await
                .expect("a response")
        );
        assert!(
            !store
                .put(&name, first, b"too late", LONG)
                .await
                .expect("a response")
        );
        assert_eq!(found(&*store, &name, None).await.value, b"second");
    });
}

#[test]
fn after_a_failure_nobody_asks_for_a_while() {
    over_all(async |store| {
        let name = name();
        let first = lease(&*store, &name, None).await;
        store.fail(&name, first, SECOND).await.expect("a response");
        // It has no lease any more: this says nothing.
        store.fail(&name, first, LONG).await.expect("a response");
        match store.begin(&name, None, LONG).await.expect("a response") {
            Begin::CoolingDown(rest) => assert!(rest <= SECOND && rest > SECOND / 2, "{rest:?}"),
            other => panic!("{other:?}"),
        }
        tokio::time::sleep(SECOND + SECOND / 10).await;
        let second = lease(&*store, &name, None).await;
        // A failure of one that has no lease any more ends nobody else's.
        store
            .fail(&name, first, Duration::ZERO)
            .await
            .expect("a response");
        assert!(store.renew(&name, second, LONG).await.expect("a response"));
    });
}

#[test]
fn a_value_dies() {
    over_all(async |store| {
        let name = name();
        let version = lease(&*store, &name, None).await;
        store
            .put(&name, version, VALUE, SECOND / 5)
            .await
            .expect("a response");
        tokio::time::sleep(SECOND / 2).await;
        assert!(lease(&*store, &name, None).await > version);
    });
}

/// A machine, or the store, was stopped between the lease and the token.
#[test]
fn a_value_that_comes_late_lives_no_longer() {
    over_all(async |store| {
        let name = name();
        let version = lease(&*store, &name, None).await;
        tokio::time::sleep(SECOND / 2).await;
        let put = store.put(&name, version, VALUE, LONG).await;
        assert!(put.expect("a response"));
        let left = found(&*store, &name, None).await.remaining;
        assert!(left <= LONG - SECOND / 2, "{left:?}");

        let next = lease(&*store, &name, Some(version)).await;
        tokio::time::sleep(SECOND / 2).await;
        let put = store.put(&name, next, VALUE, SECOND / 2).await;
        assert!(!put.expect("a response"), "it has ended");
        assert_eq!(found(&*store, &name, None).await.version, version);
    });
}

#[test]
fn names_keep_apart() {
    over_all(async |store| {
        let (one, other) = (name(), name());
        let version = lease(&*store, &one, None).await;
        store
            .put(&one, version, VALUE, LONG)
            .await
            .expect("a response");
        lease(&*store, &other, None).await;
    });
}

#[test]
fn versions_rise_even_where_all_was_lost() {
    let mut redis = Redis::start();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = RedisStore::new(&redis.url()).expect("a store");
        let name = name();
        let before = lease(&store, &name, None).await;
        redis.kill();
        store
            .begin(&name, None, LONG)
            .await
            .expect_err("there is no Redis");
        redis.restart();
        let mut outcome = store.begin(&name, None, LONG).await;
        for _ in 0..50 {
            if outcome.is_ok() {
                break;
            }
            tokio::time::sleep(SECOND / 10).await;
            outcome = store.begin(&name, None, LONG).await;
        }
        match outcome.expect("it is back") {
            Begin::Leased(after) => assert!(after > before),
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_program_starts_without_its_redis() {
    let mut redis = Redis::start();
    redis.kill();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = RedisStore::new(&redis.url()).expect("a store");
        let name = name();
        for _ in 0..3 {
            store
                .begin(&name, None, LONG)
                .await
                .expect_err("there is no Redis");
        }
        redis.restart();
        // The first may still be told of the last failure; it tries again by itself.
        lease(&store, &name, None).await;
    });
}

#[test]
fn a_cluster_has_all_of_a_token_on_one_machine() {
    let cluster = Redis::start_cluster();
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let client = ClusterClient::new([cluster.url()]).expect("a client");
        let connection = client.get_async_connection().await.expect("a connection");
        let store = RedisStore::with_connection(connection).with_prefix("app");
        for name in [name(), name()] {
            let version = lease(&store, &name, None).await;
            assert!(store.renew(&name, version, LONG).await.expect("a response"));
            let put = store.put(&name, version, VALUE, LONG).await;
            assert!(put.expect("a response"));
            assert_eq!(found(&store, &name, None).await.value, VALUE);
            let next = lease(&store, &name, Some(version)).await;
            store.fail(&name, next, LONG).await.expect("a response");
            let begun = store.begin(&name, Some(version), LONG).await;
            assert!(matches!(begun, Ok(Begin::CoolingDown(_))), "{begun:?}");
        }
    });
}

#[test]
fn an_response_of_redis_that_is_lost_is_given_again() {
    let redis = Redis::start();
    let way = Lossy::start(redis.port());
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(async {
        let store = RedisStore::new(&format!("redis://127.0.0.1:{}", way.port())).expect("a store");
        // Redis knows the scripts from here on: each is one message.
        let other = name();
        let version = lease(&store, &other, None).await;
        assert!(
            store
                .renew(&other, version, LONG)
                .await
                .expect("a response")
        );
        store
            .put(&other, version, VALUE, LONG)
            .await
            .expect("a response");
        store.fail(&other, version, LONG).await.expect("a response");

        let name = name();
        way.lose_next();
        let version = lease(&store, &name, None).await;
        way.lose_next();
        assert!(store.renew(&name, version, LONG).await.expect("a response"));
        let held = store.begin(&name, None, LONG).await.expect("a response");
        assert!(matches!(held, Begin::Held(_)), "{held:?}");
        way.lose_next();
        assert!(
            store
                .put(&name, version, VALUE, LONG)
                .await
                .expect("a response")
        );
        way.lose_next();
        assert_eq!(found(&store, &name, None).await.value, VALUE);
        let next = lease(&store, &name, Some(version)).await;
        way.lose_next();
        store.fail(&name, next, LONG).await.expect("a response");
        let begun = store.begin(&name, Some(version), LONG).await;
        assert!(matches!(begun, Ok(Begin::CoolingDown(_))), "{begun:?}");
        assert_eq!(way.lost(), 5);
    });
}

#[test]
fn processes_of_one_machine_share_files() {
    let folder = tempfile::tempdir().expect("a folder");
    let name = name();
    // Each with a store of its own: they agree by the files alone.
    let versions: HashSet<_> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(|| {
                    let store = FileStore::new(folder.path()).expect("a store");
                    let runtime = tokio::runtime::Builder::new_current_thread().build();
                    runtime.expect("a runtime").block_on(async {
                        let mut versions = Vec::new();
                        for _ in 0..50 {
                            let response = store.begin(&name, None, LONG).await;
                            if let Begin::Leased(version) = response.expect("a response") {
                                versions.push(version);
                                store
                                    .fail(&name, version, Duration::ZERO)
                                    .await
                                    .expect("a response");
                            }
                        }
                        versions
                    })
                })
            })
            .collect();
        let versions: Vec<_> = threads
            .into_iter()
            .flat_map(|thread| thread.join().expect("no panic"))
            .collect();
        let distinct: HashSet<_> = versions.iter().copied().collect();
        assert_eq!(distinct.len(), versions.len(), "no lease was given twice");
        distinct
    });
    assert!(!versions.is_empty());
}

/// It was sent, and nobody waits for it any more.
#[test]
fn a_begin_that_is_given_up_leaves_no_lease() {
    use futures_util::FutureExt as _;

    over_all(|store| async move {
        let name = name();
        for _ in 0..20 {
            // What is done at once was not given up.
            if store.begin(&name, None, LONG).now_or_never().is_some() {
                return;
            }
        }
        let start = std::time::Instant::now();
        loop {
            match store.begin(&name, None, LONG).await.expect("a response") {
                Begin::Leased(_) => break,
                // What was given up may ask for a moment's rest.
                Begin::Held(_) | Begin::CoolingDown(_) => {
                    assert!(start.elapsed() < LONG / 6, "a lease is left behind");
                    tokio::time::sleep(Duration::from_millis(10)).await;
                }
                other => panic!("{other:?}"),
            }
        }
    });
}

/// Whatever node a cluster has a key on, keys that are together on it are in one part of the store or in few.
#[test]
fn the_parts_of_a_store_are_runs_of_the_hash_slots_of_a_cluster() {
    let redis = Redis::start_cluster();
    let client = redis::Client::open(redis.url()).expect("a client");
    let mut connection = client.get_connection().expect("a connection");
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    let store = runtime.block_on(async { RedisStore::new(&redis.url()).expect("a store") });
    let mut parts = HashSet::new();
    for _ in 0..64 {
        let name = name();
        let slot: u16 = redis::cmd("CLUSTER")
            .arg("KEYSLOT")
            .arg(format!("{{tokensmith:{}}}:token", name.as_str()))
            .query(&mut connection)
            .expect("a slot");
        assert_eq!(u16::from(store.part(&name)), slot / 64);
        parts.insert(store.part(&name));
    }
    assert!(parts.len() > 16, "{parts:?}");
}
