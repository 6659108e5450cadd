//! What stores of refresh tokens do when what they stand on fails: an error, in bounded time, and nothing half done.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use tokensmith_cache::{
    Begin, BeginSection, FileStore, PostgresStore, RedisStore, RefreshTokenStore, Saved, Section,
    SqliteStore, StoreError, TokenStore,
};
use tokensmith_tests::postgres::Postgres;
use tokensmith_tests::redis::Redis;
use tokensmith_tests::small_disk::SmallDisk;

use crate::refresh_token_store::{begin, migrated, name, runtime};

const LONG: Duration = Duration::from_secs(60);

/// How long an operation may take when nothing works.
const LIMIT: Duration = Duration::from_secs(6);

/// Tries everything that writes: each operation has to say that it failed.
async fn expect_all_to_fail(store: &dyn RefreshTokenStore, section: Section) {
    let start = Instant::now();
    let name = name(1);
    let errors: [(&str, Option<StoreError>); 6] = [
        ("begin", store.begin(&self::name(2), LONG).await.err()),
        ("confirm", store.confirm(&name, section, LONG).await.err()),
        ("save", store.save(&name, section, b"new").await.err()),
        ("end", store.end(&name, section).await.err()),
        ("put", store.put(&name, b"new").await.err()),
        ("delete", store.delete(&name).await.err()),
    ];
    for (operation, error) in errors {
        assert!(error.is_some(), "{operation} did not fail");
    }
    assert!(start.elapsed() < 6 * LIMIT, "{:?}", start.elapsed());
}

/// Everything is as it was before it failed, and works again.
async fn expect_to_go_on(store: &dyn RefreshTokenStore, section: Section) {
    let name = name(1);
    let value = store.load(&name).await.expect("a value");
    assert_eq!(value.as_deref(), Some(&b"old"[..]));
    let saved = store.save(&name, section, b"new").await;
    assert_eq!(saved.expect("an outcome"), Saved::Saved);
    begin(store, &name).await;
}

async fn prepared(store: &dyn RefreshTokenStore) -> Section {
    store.put(&name(1), b"old").await.expect("an outcome");
    begin(store, &name(1)).await
}

fn database_of(url: &str) -> &str {
    url.rsplit('/').next().expect("a name")
}

#[test]
fn a_postgresql_that_is_full_or_read_only_fails() {
    let postgres = Postgres::shared();
    let url = postgres.database();
    let database = database_of(&url);
    let full = "CREATE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
        CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON tokensmith_refresh_tokens
            EXECUTE FUNCTION fail()";
    runtime().block_on(async {
        let store = migrated(&url).await;
        let section = prepared(&store).await;
        postgres.execute(database, full);
        expect_all_to_fail(&store, section).await;
        let error = store.put(&name(1), b"new").await.expect_err("a full disk");
        let message = "PostgreSQL: no space left on device (SQLSTATE 53100)";
        assert_eq!(error.to_string(), message);
        postgres.execute(
            database,
            "DROP TRIGGER full_disk ON tokensmith_refresh_tokens",
        );
        expect_to_go_on(&store, section).await;

        let read_only = format!("ALTER DATABASE {database} SET default_transaction_read_only");
        postgres.execute("postgres", &format!("{read_only} = on"));
        let store = PostgresStore::new(&url).expect("a store");
        let error = store.put(&name(1), b"new").await.expect_err("read-only");
        assert!(error.to_string().contains("SQLSTATE 25006"), "{error}");
    });
}

#[test]
fn a_postgresql_that_has_died_fails_and_comes_back() {
    let mut postgres = Postgres::start();
    let url = postgres.database();
    runtime().block_on(async {
        let store = migrated(&url).await;
        let section = prepared(&store).await;
        postgres.kill();
        expect_all_to_fail(&store, section).await;
        store.load(&name(1)).await.expect_err("there is no server");
        postgres.restart();
        expect_to_go_on(&store, section).await;
    });
}

/// Somebody locks the table for longer than an operation may take. What comes too late leaves nothing behind.
#[test]
fn a_postgresql_that_is_blocked_fails_in_time() {
    let postgres = Postgres::shared();
    let url = postgres.database();
    runtime().block_on(async {
        let store = migrated(&url).await;
        let section = prepared(&store).await;
        std::thread::scope(|scope| {
            let lock = "BEGIN; LOCK TABLE tokensmith_refresh_tokens; SELECT pg_sleep(5); COMMIT";
            let blocker = scope.spawn(|| postgres.execute(database_of(&url), lock));
            std::thread::sleep(Duration::from_millis(500));
            let start = Instant::now();
            let entry = name(2);
            let begun = join_all((0..4).map(|_| store.begin(&entry, LONG)));
            let begun = tokio::task::block_in_place(|| pollster::block_on(begun));
            assert!(begun.iter().all(Result::is_err), "{begun:?}");
            assert!(
                start.elapsed() < Duration::from_secs(4),
                "{:?}",
                start.elapsed()
            );
            blocker.join().expect("no panic");
        });
        tokio::time::sleep(Duration::from_millis(500)).await;
        begin(&store, &name(2)).await;
        expect_to_go_on(&store, section).await;
    });
}

#[test]
fn postgresql_is_migrated_once_by_all_at_the_same_time() {
    let postgres = Postgres::shared();
    let url = postgres.database();
    let database = database_of(&url);
    runtime().block_on(async {
        let stores: Vec<_> = (0..8)
            .map(|_| PostgresStore::new(&url).expect("a store"))
            .collect();
        for migrated in join_all(stores.iter().map(PostgresStore::migrate)).await {
            migrated.expect("a schema");
        }
        let versions = postgres.execute(database, "SELECT version FROM tokensmith_schema");
        assert_eq!(versions, "1");
        prepared(&stores[0]).await;
        stores[1].migrate().await.expect("a schema");

        postgres.execute(database, "INSERT INTO tokensmith_schema (version) VALUES (7)");
        let error = stores[2].migrate().await.expect_err("a newer schema");
        let message = "the schema in this database has version 7, and this program knows version 1: update the program";
        assert_eq!(error.to_string(), message);
    });
}

#[test]
fn a_postgresql_that_may_lose_commits_is_refused() {
    let postgres = Postgres::shared();
    let url = postgres.database();
    let off = format!(
        "ALTER DATABASE {} SET synchronous_commit = off",
        database_of(&url)
    );
    postgres.execute("postgres", &off);
    runtime().block_on(async {
        let store = PostgresStore::new(&url).expect("a store");
        let error = store.migrate().await.expect_err("commits are not durable");
        assert!(
            error.to_string().contains("synchronous_commit = on"),
            "{error}"
        );
    });
}

#[test]
fn a_sqlite_that_is_full_locked_or_newer_fails() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tokens.sqlite");
    let other = |statements: &str| {
        let connection = rusqlite::Connection::open(&path).expect("a database");
        connection.execute_batch(statements).expect("an outcome");
        connection
    };
    runtime().block_on(async {
        let store = SqliteStore::open(&path).expect("a store");
        let section = prepared(&store).await;
        other(
            "CREATE TRIGGER full_i BEFORE INSERT ON tokensmith_refresh_tokens
                BEGIN SELECT raise(ABORT, 'disk full'); END;
            CREATE TRIGGER full_u BEFORE UPDATE ON tokensmith_refresh_tokens
                BEGIN SELECT raise(ABORT, 'disk full'); END",
        );
        expect_all_to_fail(&store, section).await;
        other("DROP TRIGGER full_i; DROP TRIGGER full_u");
        expect_to_go_on(&store, section).await;

        let lock = other("BEGIN EXCLUSIVE");
        let start = Instant::now();
        let error = store.put(&name(1), b"new").await.expect_err("it is locked");
        assert!(error.to_string().contains("locked"), "{error}");
        assert!(start.elapsed() < LIMIT, "{:?}", start.elapsed());
        drop(lock);
        store.put(&name(1), b"new").await.expect("an outcome");

        other("INSERT INTO tokensmith_schema (version) VALUES (7)");
        let error = SqliteStore::open(&path).expect_err("a newer schema");
        assert!(error.to_string().contains("update the program"), "{error}");
        fs::write(&path, "this is not a database, however long it may be").expect("a file");
        SqliteStore::open(&path).expect_err("a damaged file");
        SqliteStore::open(folder.path()).expect_err("a folder");
    });
}

#[test]
fn processes_open_a_new_sqlite_at_the_same_time() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("tokens.sqlite");
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8)
            .map(|_| scope.spawn(|| SqliteStore::open(&path).map(drop)))
            .collect();
        for thread in threads {
            thread.join().expect("no panic").expect("a store");
        }
    });
}

/// Whatever the disk does, a file cannot be written.
#[test]
fn files_that_cannot_be_written_fail() {
    let folder = tempfile::tempdir().expect("a folder");
    let folder = folder.path().join("tokens");
    runtime().block_on(async {
        let store = FileStore::new(&folder).expect("a store");
        let section = prepared(&store).await;
        let next = folder.join("00/next");
        fs::create_dir(&next).expect("a folder");
        expect_all_to_fail(&store, section).await;
        fs::remove_dir(&next).expect("a folder");
        expect_to_go_on(&store, section).await;

        // A damaged copy of an access token can be replaced; a damaged refresh token must not be.
        let file = folder.join(format!("00/{}.refresh", name(1).as_str()));
        let content = fs::read(&file).expect("a file");
        fs::write(&file, &content[..content.len() / 2]).expect("a file");
        for outcome in [
            store.load(&name(1)).await.map(drop),
            RefreshTokenStore::begin(&store, &name(1), LONG)
                .await
                .map(drop),
            RefreshTokenStore::put(&store, &name(1), b"new").await,
        ] {
            let error = outcome.expect_err("a damaged file").to_string();
            assert!(
                error.contains("damaged") && !error.contains("old"),
                "{error}"
            );
        }
    });
}

/// The disk is full in fact, and not only by what a store says.
#[test]
fn stores_on_a_disk_that_is_full_fail_and_go_on_when_there_is_room() {
    let disk = SmallDisk::new(1024);
    let files = FileStore::new(disk.path().join("tokens")).expect("a store");
    let sqlite = SqliteStore::open(disk.path().join("tokens.sqlite")).expect("a store");
    let stores: [&dyn RefreshTokenStore; 2] = [&files, &sqlite];
    runtime().block_on(async {
        for store in stores {
            let section = prepared(store).await;
            disk.fill();
            expect_all_to_fail(store, section).await;
            disk.clear();
            expect_to_go_on(store, section).await;
        }
    });
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_may_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = tempfile::tempdir().expect("a folder");
    for mode in [0o777, 0o775, 0o1777, 0o702] {
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).expect("a folder");
        let error = FileStore::new(folder.path()).expect_err("others may write");
        let message = format!(
            "others may write to {} (mode {:o}): run `chmod go-w` on it, or choose another folder",
            folder.path().display(),
            mode & 0o777
        );
        assert_eq!(error.to_string(), message);
    }
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).expect("a folder");
    FileStore::new(folder.path()).expect("a store");
}

/// Puts other numbers in the place of those that a file has at `"end"`.
fn plant(file: &Path) {
    let content = fs::read_to_string(file).expect("a file");
    let mut content: serde_json::Value = serde_json::from_str(&content).expect("JSON");
    fn set(value: &mut serde_json::Value) {
        match value {
            serde_json::Value::Object(members) => {
                for (name, member) in members {
                    if name == "end" {
                        member["secs"] = 4_000_000_000_u64.into();
                    } else {
                        set(member);
                    }
                }
            }
            serde_json::Value::Array(members) => members.iter_mut().for_each(set),
            _ => {}
        }
    }
    set(&mut content);
    fs::write(file, content.to_string()).expect("a file");
}

#[test]
fn a_planted_lease_blocks_for_no_longer_than_a_lease() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = FileStore::new(folder.path()).expect("a store");
    let short = Duration::from_secs(1);
    runtime().block_on(async {
        let lease = TokenStore::begin(&store, &name(1), None, short).await;
        assert!(matches!(lease, Ok(Begin::Leased(_))), "{lease:?}");
        plant(&folder.path().join("00").join(name(1).as_str()));
        let held = TokenStore::begin(&store, &name(1), None, short).await;
        assert!(
            matches!(held, Ok(Begin::Held(rest)) if rest <= short),
            "{held:?}"
        );
        tokio::time::sleep(short + short / 10).await;
        let lease = TokenStore::begin(&store, &name(1), None, short).await;
        assert!(matches!(lease, Ok(Begin::Leased(_))), "{lease:?}");

        begin(&store, &name(2)).await;
        plant(
            &folder
                .path()
                .join(format!("00/{}.refresh", name(2).as_str())),
        );
        match RefreshTokenStore::begin(&store, &name(2), short).await {
            Ok(BeginSection::Held { remaining, .. }) => {
                assert!(remaining <= Duration::from_secs(300), "{remaining:?}");
            }
            other => panic!("{other:?}"),
        }
    });
}

#[test]
fn a_redis_that_is_full_fails_and_one_that_evicts_uses_nothing_twice() {
    let redis = Redis::start();
    runtime().block_on(async {
        let store = RedisStore::new(&redis.url()).expect("a store");
        let section = prepared(&store).await;
        let client = redis::Client::open(redis.url()).expect("a URL");
        let mut connection = client
            .get_multiplexed_async_connection()
            .await
            .expect("a connection");
        let mut run = async |line: &str| {
            let mut words = line.split(' ');
            let mut command = redis::cmd(words.next().expect("a command"));
            for word in words {
                command.arg(word);
            }
            let outcome: redis::Value = command.query_async(&mut connection).await.expect("done");
            outcome
        };
        run("CONFIG SET maxmemory 1").await;
        for policy in ["noeviction", "volatile-ttl"] {
            // It may throw out what has an end. Nothing of a refresh token has one.
            run(&format!("CONFIG SET maxmemory-policy {policy}")).await;
            let name = name(1);
            let confirmed = store.confirm(&name, section, LONG).await;
            confirmed.expect_err("there is no memory");
            let saved = store.save(&name, section, b"new").await;
            saved.expect_err("there is no memory");
            let put = RefreshTokenStore::put(&store, &name, b"new").await;
            put.expect_err("there is no memory");
            let begun = RefreshTokenStore::begin(&store, &self::name(2), LONG).await;
            begun.expect_err("there is no memory");
        }
        run("CONFIG SET maxmemory 0").await;
        expect_to_go_on(&store, section).await;
        // To sign out needs none.
        run("CONFIG SET maxmemory 1").await;
        let deleted = RefreshTokenStore::delete(&store, &name(1)).await;
        deleted.expect("an outcome");
        run("CONFIG SET maxmemory 0").await;
        assert_eq!(store.load(&name(1)).await.expect("an outcome"), None);

        let section = begin(&store, &name(3)).await;
        let confirmed = store.confirm(&name(3), section, LONG).await;
        assert!(confirmed.expect("an outcome"));
        // As an eviction does under `allkeys-lru`.
        run(&format!("DEL {{tokensmith:{}}}:refresh", name(3).as_str())).await;
        let confirmed = store.confirm(&name(3), section, LONG).await;
        assert!(!confirmed.expect("an outcome"));
        let saved = store.save(&name(3), section, b"new").await;
        assert_eq!(saved.expect("an outcome"), Saved::Lost(None));
        let next = begin(&store, &name(3)).await;
        assert!(next > section);
    });
}
