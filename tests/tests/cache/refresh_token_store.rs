//! The contract of refresh token stores, held against all of them.

use std::time::{Duration, Instant};

use tokensmith_cache::testing::{check_store, check_stores};
use tokensmith_cache::{
    BeginSection, FileStore, MemoryRefreshTokenStore, PostgresStore, RedisStore, RefreshTokenStore,
    Saved, Section, SqliteStore, StoreName,
};
use tokensmith_tests::postgres::Postgres;
use tokensmith_tests::redis::Redis;
use tokio::runtime::Runtime;

const LONG: Duration = Duration::from_secs(60);

pub(crate) fn runtime() -> Runtime {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
}

pub(crate) fn name(number: u64) -> StoreName {
    StoreName::new(format!("{number:064x}"))
}

pub(crate) async fn migrated(url: &str) -> PostgresStore {
    let store = PostgresStore::new(url).expect("a store");
    store.migrate().await.expect("a schema");
    store
}

pub(crate) async fn begin(store: &dyn RefreshTokenStore, name: &StoreName) -> Section {
    match store.begin(name, LONG).await.expect("an outcome") {
        BeginSection::Begun(begun) => begun.section,
        other => panic!("{other:?}"),
    }
}

#[test]
fn memory_keeps_the_contract() {
    let store = MemoryRefreshTokenStore::new();
    let checked = runtime().block_on(check_store(&store));
    checked.expect("no rule is broken");
}

#[test]
fn files_keep_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || FileStore::new(folder.path().join("tokens")).expect("a store");
    let checked = runtime().block_on(check_stores(&open(), &open()));
    checked.expect("no rule is broken");
}

#[test]
fn sqlite_keeps_the_contract() {
    let folder = tempfile::tempdir().expect("a folder");
    let open = || SqliteStore::open(folder.path().join("tokens.sqlite")).expect("a store");
    let checked = runtime().block_on(check_stores(&open(), &open()));
    checked.expect("no rule is broken");
}

#[test]
fn redis_keeps_the_contract() {
    let redis = Redis::start();
    runtime().block_on(async {
        let open = || RedisStore::new(&redis.url()).expect("a store");
        let checked = check_stores(&open(), &open()).await;
        checked.expect("no rule is broken");
    });
}

#[test]
fn a_cluster_keeps_the_contract() {
    let cluster = Redis::start_cluster();
    runtime().block_on(async {
        let client = redis::cluster::ClusterClient::new([cluster.url()]).expect("a client");
        let connection = client.get_async_connection().await.expect("a connection");
        let store = RedisStore::with_connection(connection).with_prefix("app");
        check_store(&store).await.expect("no rule is broken");
    });
}

#[test]
fn postgresql_keeps_the_contract() {
    let url = Postgres::shared().database();
    runtime().block_on(async {
        let (one, other) = (migrated(&url).await, migrated(&url).await);
        let checked = check_stores(&one, &other).await;
        checked.expect("no rule is broken");
    });
}

/// Whoever waits for it: on a thread without a runtime, and on a runtime of its own.
#[test]
fn a_store_works_off_its_runtime() {
    let url = Postgres::shared().database();
    let redis = Redis::start();
    let runtime = runtime();
    let (postgres, redis) = runtime.block_on(async {
        let redis = RedisStore::new(&redis.url()).expect("a store");
        (migrated(&url).await, redis)
    });
    for store in [&postgres as &dyn RefreshTokenStore, &redis] {
        pollster::block_on(async {
            let section = begin(store, &name(1)).await;
            let saved = store.save(&name(1), section, b"value").await;
            assert_eq!(saved.expect("an outcome"), Saved::Saved);
        });
    }
    drop(runtime);
    for store in [&postgres as &dyn RefreshTokenStore, &redis] {
        let error = pollster::block_on(store.load(&name(1))).expect_err("nobody drives it");
        assert!(error.to_string().contains("runtime"), "{error}");
    }
}

#[test]
fn a_store_without_a_runtime_is_an_error() {
    let errors = [
        RedisStore::new("redis://127.0.0.1:1").map(drop),
        PostgresStore::new("postgres://app@127.0.0.1:1/app").map(drop),
    ];
    for error in errors {
        let error = error.expect_err("there is no runtime").to_string();
        assert!(error.contains("needs a tokio runtime"), "{error}");
    }
}

#[test]
fn an_invalid_url_is_an_error_that_does_not_show_it() {
    runtime().block_on(async {
        for url in [
            "",
            "http://user:hunter2@host",
            "postgres://user:hunter2@host:port/",
        ] {
            for error in [
                RedisStore::new(url).map(drop),
                PostgresStore::new(url).map(drop),
            ] {
                // An empty string of `key=value` pairs is valid: everything is left to the environment.
                if let Err(error) = error {
                    assert!(!error.to_string().contains("hunter2"), "{error}");
                }
            }
        }
    });
}

/// It was sent, and nobody waits for it any more.
#[test]
fn a_begin_that_is_given_up_leaves_no_section() {
    use futures_util::FutureExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    let redis = Redis::start();
    let url = Postgres::shared().database();
    runtime().block_on(async {
        let stores: [Box<dyn RefreshTokenStore>; 4] = [
            Box::new(FileStore::new(folder.path().join("tokens")).expect("a store")),
            Box::new(SqliteStore::open(folder.path().join("tokens.sqlite")).expect("a store")),
            Box::new(RedisStore::new(&redis.url()).expect("a store")),
            Box::new(migrated(&url).await),
        ];
        for (index, store) in stores.iter().enumerate() {
            for _ in 0..20 {
                drop(store.begin(&name(1), LONG).now_or_never());
            }
            let start = Instant::now();
            loop {
                match store.begin(&name(1), LONG).await.expect("an outcome") {
                    BeginSection::Begun(begun) => {
                        store
                            .end(&name(1), begun.section)
                            .await
                            .expect("an outcome");
                        break;
                    }
                    BeginSection::Held { .. } => {
                        assert!(start.elapsed() < LONG / 6, "store {index} holds a section");
                        tokio::time::sleep(Duration::from_millis(10)).await;
                    }
                }
            }
        }
    });
}

fn database_of(url: &str) -> &str {
    url.rsplit('/').next().expect("a name")
}

/// What a command of Redis returns for the entry.
fn of_entry<T: redis::FromRedisValue>(
    redis: &Redis,
    command: &str,
    entry: &StoreName,
    rest: &[&str],
) -> T {
    let client = redis::Client::open(redis.url()).expect("a client");
    let mut connection = client.get_connection().expect("a connection");
    let mut command = redis::cmd(command);
    command.arg(format!("{{tokensmith:{}}}:refresh", entry.as_str()));
    command.arg(rest);
    command.query(&mut connection).expect("a response")
}

#[test]
fn redis_forgets_who_is_not_signed_in() {
    let redis = Redis::start();
    runtime().block_on(async {
        let store = RedisStore::new(&redis.url()).expect("a store");
        let entry = name(1);
        let lives = || of_entry::<i64>(&redis, "PTTL", &entry, &[]);
        let is_temporary = || (1..=3_600_000).contains(&lives());
        store.put(&entry, b"value").await.expect("an outcome");
        assert_eq!(lives(), -1);
        store.delete(&entry).await.expect("an outcome");
        assert!(is_temporary(), "{}", lives());
        let section = begin(&store, &entry).await;
        assert_eq!(lives(), -1, "somebody is signed in, perhaps");
        store.end(&entry, section).await.expect("an outcome");
        assert!(is_temporary(), "{}", lives());
        let section = begin(&store, &entry).await;
        store
            .save(&entry, section, b"value")
            .await
            .expect("an outcome");
        assert_eq!(lives(), -1);
        store.delete(&entry).await.expect("an outcome");
        store.put(&entry, b"value").await.expect("an outcome");
        assert_eq!(lives(), -1);
        let section = begin(&store, &entry).await;
        store.end(&entry, section).await.expect("an outcome");
        assert_eq!(lives(), -1);
    });
}

#[test]
fn databases_forget_who_is_not_signed_in() {
    let postgres = Postgres::shared();
    let url = postgres.database();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tokens.sqlite");
    let age = "UPDATE tokensmith_refresh_tokens SET last_section = last_section - 7200000000
        WHERE name LIKE '%1' OR name LIKE '%2'";
    let rest = "SELECT count(*) FROM tokensmith_refresh_tokens";
    async fn prepare(store: &dyn RefreshTokenStore) {
        for number in 1..=4 {
            let section = begin(store, &name(number)).await;
            let saved = store.save(&name(number), section, b"value").await;
            assert_eq!(saved.expect("an outcome"), Saved::Saved);
        }
        // The first one long ago, the third one a moment ago.
        for number in [1, 3] {
            store.delete(&name(number)).await.expect("an outcome");
        }
    }
    runtime().block_on(async {
        let store = migrated(&url).await;
        prepare(&store).await;
        postgres.execute(database_of(&url), age);
        store.migrate().await.expect("a schema");
        assert_eq!(postgres.execute(database_of(&url), rest), "3");

        let store = SqliteStore::open(&path).expect("a store");
        prepare(&store).await;
        let connection = rusqlite::Connection::open(&path).expect("a connection");
        connection.execute(age, []).expect("two rows");
        SqliteStore::open(&path).expect("a store");
        let rest: u64 = connection
            .query_row(rest, [], |row| row.get(0))
            .expect("a number");
        assert_eq!(rest, 3);
    });
}

/// The clock of the server was set back while somebody had a section.
#[test]
fn a_section_from_the_future_holds_nobody_up_for_long() {
    const LONGEST: Duration = Duration::from_secs(5 * 60);
    let (postgres, redis) = (Postgres::shared(), Redis::start());
    let url = postgres.database();
    runtime().block_on(async {
        let entry = name(1);
        let stores: [Box<dyn RefreshTokenStore>; 2] = [
            Box::new(migrated(&url).await),
            Box::new(RedisStore::new(&redis.url()).expect("a store")),
        ];
        for store in &stores {
            begin(&**store, &entry).await;
        }
        let set = "UPDATE tokensmith_refresh_tokens SET section_ends = now() + interval '1 hour'";
        postgres.execute(database_of(&url), set);
        let later = std::time::SystemTime::now() + 12 * LONGEST;
        let later = later.duration_since(std::time::UNIX_EPOCH);
        let later = later.expect("a time").as_millis().to_string();
        of_entry::<i64>(&redis, "HSET", &entry, &["ends", &later]);
        for store in &stores {
            let mut last = LONGEST;
            for _ in 0..2 {
                let held = store.begin(&entry, LONG).await.expect("an outcome");
                let BeginSection::Held { remaining, .. } = held else {
                    panic!("{held:?}");
                };
                assert!(remaining <= last, "{remaining:?}");
                // It comes to an end: the time that is left falls.
                last = remaining - Duration::from_millis(5);
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    });
}

/// What was not done must not look done, whatever kept it from being done.
#[test]
fn postgresql_says_that_nothing_was_written() {
    let postgres = Postgres::shared();
    let url = postgres.database();
    let skip =
        "CREATE FUNCTION skip() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
        CREATE TRIGGER skip BEFORE INSERT OR UPDATE ON tokensmith_refresh_tokens
            FOR EACH ROW EXECUTE FUNCTION skip()";
    runtime().block_on(async {
        let store = migrated(&url).await;
        store.put(&name(1), b"value").await.expect("an outcome");
        postgres.execute(database_of(&url), skip);
        for entry in [name(1), name(2)] {
            store.put(&entry, b"new").await.expect_err("not written");
        }
        store.delete(&name(1)).await.expect_err("not deleted");
        let nothing = store.delete(&name(2)).await.expect("an outcome");
        assert_eq!(nothing, None);
        let value = store.load(&name(1)).await.expect("an outcome");
        assert_eq!(value.as_deref(), Some(&b"value"[..]));
    });
}
