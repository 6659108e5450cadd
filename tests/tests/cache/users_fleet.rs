//! Processes that use the refresh tokens of 2,000 users, which a provider takes once: callers give
//! up, processes are killed and stopped, Redis restarts, is full and is stopped, PostgreSQL reports a
//! full disk, and a disk is full. The provider counts.
//!
//! A user's tokens may be revoked in two of the five cases that `SECURITY.md` names, for nobody can
//! know then whether a refresh token was used: the process that used it was *killed* before it had
//! saved the next one, or it was *stopped* for longer than its section lasts between the check of
//! the section and the save. Each is proven by what the provider and the processes wrote down, and
//! there are few of them. In the other three, which do not happen here, a process is cut off from a
//! store that others reach, its runtime is dropped, or the provider fails after it has used a
//! refresh token.

mod causes;
mod world;

use std::thread::sleep;
use std::time::Duration;

use serde_json::{Value, json};
use tokensmith_cache::PostgresStore;
use tokensmith_tests::postgres::Postgres;
use tokensmith_tests::redis::Redis;
use tokensmith_tests::small_disk::SmallDisk;

use self::causes::{causes, signed_out_by_us};
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

    fn report_full_disk(&self, is_full: bool) {
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

/// How many requests of one process are in flight at once, at most: those of its tasks, and of the
/// calls that they have given up.
const IN_FLIGHT: usize = 40;

/// Waits for all. Nobody is signed out but by the provider, and the provider has revoked tokens for
/// the two causes only.
fn settle(world: &World, mut members: Vec<Member>) -> Vec<Value> {
    let counts: Vec<_> = members.iter_mut().filter_map(Member::counts).collect();
    assert_eq!(world.provider.complaints(), Vec::<String>::new());
    let revocations = world.provider.revocations();
    let causes = causes(&revocations, &members);
    println!(
        "{} refreshes, {} calls of which {} were given up and {} failed; {causes:?}",
        world.provider.granted(),
        sum(&counts, "tokens") + sum(&counts, "cancelled"),
        sum(&counts, "cancelled"),
        sum(&counts, "failed"),
    );
    assert_eq!(causes.unexplained, []);
    let killed = members.iter().filter(|member| member.was_killed).count();
    let stopped = members.iter().filter(|member| member.stopped.is_some());
    assert!(causes.killed <= killed * IN_FLIGHT, "{causes:?}");
    assert!(causes.stopped <= stopped.count() * IN_FLIGHT, "{causes:?}");
    assert!(signed_out_by_us(&revocations, &members).is_empty());
    for (name, expected) in [("foreign", 0), ("expired", 0), ("unsaved", 0)] {
        assert_eq!(sum(&counts, name), expected, "{name}: {counts:?}");
    }
    // Much less than a machine does that has nothing else to do.
    assert!(world.provider.granted() > 100, "{counts:?}");
    assert!(sum(&counts, "tokens") > 100, "{counts:?}");
    counts
}

/// Kills the first process, and starts another one in its place.
fn replace_first(world: &World, members: &mut Vec<Member>, seconds: u64) {
    members[0].kill();
    let mut next = world.start((0, 0), seconds);
    next.go();
    members.push(next);
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
    replace_first(&world, &mut members, 20);
    sleep(2 * SECOND);
    members[1].stop();
    sleep(SECOND);
    databases.redis.kill();
    sleep(SECOND);
    databases.redis.restart();
    sleep(2 * SECOND);
    databases.report_full_disk(true);
    sleep(2 * SECOND);
    databases.report_full_disk(false);
    sleep(2 * SECOND);
    members[2].kill();

    settle(&world, members);
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
    replace_first(&world, &mut members, 20);
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

    settle(&world, members);
    assert_eq!(redis.keys("*:refresh"), 2000);
}

/// The files are on a disk that is full for a while.
#[test]
fn processes_that_share_files_sign_nobody_out() {
    let disk = SmallDisk::new(4096);
    let world = World::new(100, json!({ "files": disk.path().join("tokens") }));
    let mut members = world.start_all(2, 15);
    sleep(2 * SECOND);
    replace_first(&world, &mut members, 11);
    sleep(SECOND);
    disk.fill();
    sleep(2 * SECOND);
    disk.clear();
    members[1].stop();
    let counts = settle(&world, members);
    assert!(sum(&counts, "failed") > 0, "the disk was full: {counts:?}");
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
    let causes = causes(&world.provider.revocations(), &members);
    assert_eq!((causes.killed, causes.stopped), (0, 0));
    assert!(!causes.unexplained.is_empty(), "{counts:?}");
}
