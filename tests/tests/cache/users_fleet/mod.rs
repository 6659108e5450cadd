//! Processes that use the refresh tokens of 2,000 users, which a provider takes once: callers give
//! up, processes are killed and stopped, Redis restarts, is full and is stopped, the disk of
//! PostgreSQL is full. The provider counts.
//!
//! A user's tokens may be revoked in two of the four cases that `SECURITY.md` names, for nobody can
//! know then whether a refresh token was used: the process that used it was *killed* before it had
//! saved the next one, or it was *stopped* for longer than its section lasts between the check of
//! the section and the save. Both are counted, and held against what the processes wrote down. In
//! the other two, which do not happen here, a process is cut off from a store that others reach, or
//! its runtime is dropped.

mod causes;
mod world;

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use tokensmith_cache::PostgresStore;
use tokensmith_tests::postgres::Postgres;
use tokensmith_tests::redis::Redis;

use self::causes::{Causes, causes};
use self::world::{LEASE, Member, World};

const SECOND: Duration = Duration::from_secs(1);

/// The databases that a fleet of machines shares.
struct Databases {
    postgres: Postgres,
    database: String,
    redis: Redis,
}

impl Databases {
    fn start() -> Self {
        let postgres = Postgres::start();
        let database = postgres.database();
        crate::refresh_token_store::runtime().block_on(async {
            let store = PostgresStore::new(&database).expect("a store");
            store.migrate().await.expect("a schema");
        });
        Self {
            postgres,
            database,
            redis: Redis::start(),
        }
    }

    fn store(&self) -> Value {
        json!({ "postgres": self.database })
    }

    fn execute(&self, statement: &str) -> String {
        let database = self.database.rsplit('/').next().expect("a name");
        self.postgres.execute(database, statement)
    }

    fn fill_disk(&self, is_full: bool) {
        self.execute(if is_full {
            "CREATE OR REPLACE FUNCTION fail() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = 'disk_full'; END $$;
            CREATE TRIGGER full_disk BEFORE INSERT OR UPDATE ON tokensmith_refresh_tokens
                EXECUTE FUNCTION fail()"
        } else {
            "DROP TRIGGER full_disk ON tokensmith_refresh_tokens"
        });
    }
}

fn sum(counts: &[Value], name: &str) -> u64 {
    counts
        .iter()
        .map(|counts| counts[name].as_u64().expect("a count"))
        .sum()
}

/// Waits for all, and finds the cause of each revocation.
fn settle(world: &World, mut members: Vec<Member>) -> (Vec<Value>, Causes) {
    let counts: Vec<_> = members.iter_mut().filter_map(Member::counts).collect();
    assert_eq!(world.provider.complaints(), Vec::<String>::new());
    let causes = causes(world.provider.revocations(), &members);
    println!(
        "{} refreshes, {} calls of which {} were given up and {} failed; {causes:?}",
        world.provider.granted(),
        sum(&counts, "tokens") + sum(&counts, "cancelled"),
        sum(&counts, "cancelled"),
        sum(&counts, "failed"),
    );
    assert_eq!(causes.unexplained, []);
    for (name, expected) in [("foreign", 0), ("expired", 0), ("unsaved", 0)] {
        assert_eq!(sum(&counts, name), expected, "{name}: {counts:?}");
    }
    (counts, causes)
}

#[test]
fn nobody_is_signed_out_but_by_a_process_that_was_killed_or_stopped() {
    let mut databases = Databases::start();
    let world = World {
        redis: Some(databases.redis.url().to_owned()),
        ..World::new(2000, databases.store())
    };
    let mut members = world.start_all(4, 24);

    sleep(3 * SECOND);
    members[0].kill();
    let mut next = world.start((0, 0), 20);
    next.go();
    members.push(next);
    sleep(2 * SECOND);
    members[1].stop();
    sleep(SECOND);
    databases.redis.kill();
    sleep(SECOND);
    databases.redis.restart();
    sleep(2 * SECOND);
    databases.fill_disk(true);
    sleep(2 * SECOND);
    databases.fill_disk(false);
    sleep(2 * SECOND);
    members[2].kill();

    let (counts, causes) = settle(&world, members);
    // Much less than a machine does that has nothing else to do.
    assert!(world.provider.granted() > 300, "{counts:?}");
    assert!(sum(&counts, "tokens") > 100, "{counts:?}");
    // Whoever is signed out was signed out by the provider.
    if causes.killed + causes.stopped == 0 {
        assert_eq!(sum(&counts, "signed_out"), 0, "{counts:?}");
    }
    let in_the_clear = "SELECT count(*) FROM tokensmith_refresh_tokens
        WHERE encode(value, 'escape') ~ 'r\\.[0-9]+\\.[0-9]+'";
    assert_eq!(databases.execute(in_the_clear), "0");
}

/// With all tokens in a Redis that writes each change to the disk.
#[test]
fn nobody_is_signed_out_of_a_redis_but_by_a_process_that_was_killed_or_stopped() {
    let mut redis = Redis::start_durable();
    let world = World {
        redis: Some(redis.url()),
        ..World::new(2000, json!({ "redis": redis.url() }))
    };
    let mut members = world.start_all(4, 24);

    sleep(2 * SECOND);
    members[0].kill();
    let mut next = world.start((0, 0), 20);
    next.go();
    members.push(next);
    sleep(SECOND);
    members[1].stop();
    sleep(SECOND);
    redis.kill();
    sleep(SECOND);
    redis.restart();
    sleep(2 * SECOND);
    redis.fill(true);
    sleep(2 * SECOND);
    redis.fill(false);
    sleep(SECOND);
    redis.pause();
    sleep(LEASE + SECOND);
    redis.resume();
    sleep(2 * SECOND);
    members[2].kill();

    let (counts, causes) = settle(&world, members);
    assert!(world.provider.granted() > 300, "{counts:?}");
    assert!(sum(&counts, "tokens") > 100, "{counts:?}");
    if causes.killed + causes.stopped == 0 {
        assert_eq!(sum(&counts, "signed_out"), 0, "{counts:?}");
    }
    assert_eq!(redis.keys("*:refresh"), 2000);
}

#[test]
fn processes_that_share_files_sign_nobody_out() {
    let folder = tempfile::tempdir().expect("a folder");
    let tokens = folder.path().join("tokens");
    let world = World::new(100, json!({ "files": tokens }));
    let mut members = world.start_all(2, 9);
    sleep(2 * SECOND);
    members[0].kill();
    let mut next = world.start((0, 0), 6);
    next.go();
    members.push(next);
    sleep(SECOND);
    members[1].stop();
    let (counts, _) = settle(&world, members);
    assert!(world.provider.granted() > 100, "{counts:?}");
}

/// What the tests above would find if sections excluded nobody.
#[test]
fn a_fleet_without_sections_signs_users_out() {
    let databases = Databases::start();
    let world = World {
        lets_everybody_in: true,
        // Without Redis, whose leases would hide it.
        ..World::new(40, databases.store())
    };
    let mut members = world.start_all(2, 6);
    let counts: Vec<_> = members.iter_mut().filter_map(Member::counts).collect();
    let causes = causes(world.provider.revocations(), &members);
    assert_eq!((causes.killed, causes.stopped), (0, 0));
    assert!(!causes.unexplained.is_empty(), "{counts:?}");
}
