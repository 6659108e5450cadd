//! Processes that use the refresh tokens of 2,000 users, which a provider takes once: callers give up,
//! processes are killed and stopped, Redis restarts, the disk of PostgreSQL is full. The provider counts.
//!
//! A user's tokens may be revoked in two of the four cases that `SECURITY.md` names, for nobody can know
//! then whether a refresh token was used: the process that used it was *killed* before it had saved the
//! next one, or it was *stopped* for longer than its section lasts between the check of the section and
//! the save. Both are counted, and held against what the processes wrote down. In the other two, which do
//! not happen here, a process is cut off from a store that others reach, or its runtime is dropped.

use std::collections::HashMap;
use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokensmith_cache::PostgresStore;
use tokensmith_tests::example;
use tokensmith_tests::postgres::Postgres;
use tokensmith_tests::redis::Redis;
use tokensmith_tests::rotating_provider::{Revocation, RotatingProvider};
use tokensmith_tests::strict_server::Server;

const SECOND: Duration = Duration::from_secs(1);

/// How long a section lasts, and how long a process is stopped.
const LEASE: Duration = Duration::from_secs(2);
const STOPPED: Duration = Duration::from_secs(4);

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

/// What all processes share.
struct World {
    /// Where refresh tokens are.
    store: Value,
    /// Where access tokens are. It has leases of its own.
    redis: Option<String>,
    provider: RotatingProvider,
    server: Server,
    folder: TempDir,
    users: usize,
    lets_everybody_in: bool,
}

impl World {
    fn new(users: usize, store: Value) -> Self {
        let provider = RotatingProvider::new(3 * SECOND, SECOND / 50);
        Self {
            store,
            redis: None,
            server: provider.start(),
            provider,
            folder: tempfile::tempdir().expect("a folder"),
            users,
            lets_everybody_in: false,
        }
    }

    fn start(&self, sign_in: (usize, usize), seconds: u64) -> Member {
        let name = self.folder.path().join(format!("{}.log", sign_in.0));
        // Whoever takes the place of another one signs nobody in.
        let log = if sign_in.0 == sign_in.1 {
            self.folder.path().join(format!("next-{}.log", sign_in.0))
        } else {
            name
        };
        let settings = json!({
            "store": self.store,
            "redis": self.redis,
            "provider": self.server.url(),
            "log": log,
            "users": self.users,
            "sign_in": [sign_in.0, sign_in.1],
            "seconds": seconds,
            "lease": LEASE.as_secs_f64(),
            "lets_everybody_in": self.lets_everybody_in,
        });
        Member::start(&settings, log)
    }

    /// Starts processes of which each signs in its part of the users.
    fn start_all(&self, count: usize, seconds: u64) -> Vec<Member> {
        let part = self.users / count;
        let members =
            (0..count).map(|index| self.start((index * part, (index + 1) * part), seconds));
        let mut members: Vec<_> = members.collect();
        members.iter_mut().for_each(Member::go);
        members
    }
}

/// A process, and what was done to it.
struct Member {
    child: Child,
    output: BufReader<ChildStdout>,
    log: PathBuf,
    was_killed: bool,
    /// From when to when it was stopped, in microseconds since 1970.
    stopped: Option<(u128, u128)>,
}

impl Member {
    fn start(settings: &Value, log: PathBuf) -> Self {
        let mut child = Command::new(example::path("users_member"))
            .arg(settings.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a member of the fleet");
        let output = BufReader::new(child.stdout.take().expect("its output"));
        Self {
            child,
            output,
            log,
            was_killed: false,
            stopped: None,
        }
    }

    /// Waits until its users are signed in, and lets it begin.
    fn go(&mut self) {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "ready");
        let orders = self.child.stdin.as_mut().expect("its input");
        writeln!(orders).expect("a process that reads");
    }

    fn name(&self) -> String {
        self.child.id().to_string()
    }

    fn kill(&mut self) {
        self.child.kill().expect("a process of ours");
        self.child.wait().expect("it ends");
        self.was_killed = true;
    }

    fn stop(&mut self) {
        let from = now();
        self.signal("-STOP");
        sleep(STOPPED);
        let to = now();
        self.signal("-CONT");
        self.stopped = Some((from, to));
    }

    fn signal(&self, signal: &str) {
        let status = Command::new("kill").args([signal, &self.name()]).status();
        assert!(status.expect("a program").success());
    }

    /// Waits for its end; returns its counts, unless it was killed.
    fn counts(&mut self) -> Option<Value> {
        if self.was_killed {
            return None;
        }
        let mut text = String::new();
        self.output.read_to_string(&mut text).expect("its output");
        assert!(self.child.wait().expect("it ends").success());
        Some(serde_json::from_str(&text).expect("counts"))
    }

    fn lines(&self) -> Vec<Line> {
        let text = fs::read_to_string(&self.log).unwrap_or_default();
        // The last line of a process that was killed may be cut off.
        text.lines().filter_map(Line::parse).collect()
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// What a process wrote down.
struct Line {
    at: u128,
    what: What,
}

#[derive(PartialEq, Eq)]
enum What {
    Sent { user: usize, number: usize },
    Done { user: usize },
}

impl Line {
    fn parse(line: &str) -> Option<Self> {
        let words: Vec<_> = line.split(' ').collect();
        let what = match words[1..] {
            ["sent", user, number] => What::Sent {
                user: user.parse().ok()?,
                number: number.parse().ok()?,
            },
            ["done", user] => What::Done {
                user: user.parse().ok()?,
            },
            _ => return None,
        };
        Some(Self {
            at: words[0].parse().ok()?,
            what,
        })
    }
}

#[derive(Debug, Default)]
struct Causes {
    killed: usize,
    stopped: usize,
    unexplained: Vec<Revocation>,
}

/// Finds the cause of each revocation in what was done to the two processes and what they wrote down.
fn causes(revocations: Vec<Revocation>, members: &[Member]) -> Causes {
    let members: HashMap<_, _> = members
        .iter()
        .map(|member| (member.name(), (member, member.lines())))
        .collect();
    let mut causes = Causes::default();
    for revocation in revocations {
        let Revocation {
            user,
            number,
            first,
            second,
        } = &revocation;
        let (killed, lines) = &members[&first.process];
        let used = sent(lines, *user, *number, first.at);
        let is_saved_before = |time| {
            let later = &lines[used.unwrap_or(lines.len())..];
            let done = What::Done { user: *user };
            later.iter().any(|line| line.what == done && line.at < time)
        };
        let is_killed = killed.was_killed && used.is_some() && !is_saved_before(u128::MAX);
        // It used the token first, and was stopped before it had saved the next one.
        let is_stopped_after = killed.stopped.is_some_and(|(from, to)| {
            let used = used.map(|used| &lines[used]);
            used.is_some_and(|used| used.at <= to) && second.at >= from && !is_saved_before(from)
        });
        // It had checked the section, was stopped, and then used what somebody else had used meanwhile.
        let (late, lines) = &members[&second.process];
        let is_stopped_before = late.stopped.is_some_and(|(from, to)| {
            let at_once = to + SECOND.as_micros();
            sent(lines, *user, *number, second.at).is_some() && (from..at_once).contains(&second.at)
        });
        if is_killed {
            causes.killed += 1;
        } else if is_stopped_after || is_stopped_before {
            causes.stopped += 1;
        } else {
            causes.unexplained.push(revocation);
        }
    }
    causes
}

/// Where a process wrote down that it sends this refresh token, which arrived at this time.
fn sent(lines: &[Line], user: usize, number: usize, arrived: u128) -> Option<usize> {
    lines
        .iter()
        .rposition(|line| line.what == What::Sent { user, number } && line.at <= arrived)
}

fn now() -> u128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_micros()
}

fn sum(counts: &[Value], name: &str) -> u64 {
    counts
        .iter()
        .map(|counts| counts[name].as_u64().expect("a count"))
        .sum()
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

    let counts: Vec<_> = members.iter_mut().filter_map(Member::counts).collect();
    assert_eq!(world.provider.complaints(), Vec::<String>::new());
    let revocations = world.provider.revocations();
    let causes = causes(revocations, &members);
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
    let counts: Vec<_> = members.iter_mut().filter_map(Member::counts).collect();
    assert_eq!(world.provider.complaints(), Vec::<String>::new());
    let causes = causes(world.provider.revocations(), &members);
    println!("{} refreshes; {causes:?}", world.provider.granted());
    assert_eq!(causes.unexplained, []);
    for (name, expected) in [("foreign", 0), ("expired", 0), ("unsaved", 0)] {
        assert_eq!(sum(&counts, name), expected, "{name}: {counts:?}");
    }
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
