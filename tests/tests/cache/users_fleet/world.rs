//! A fleet: processes that share stores and a provider, and what is done to them.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde_json::{Value, json};
use tempfile::TempDir;
use tokensmith_tests::example;
use tokensmith_tests::rotating_provider::RotatingProvider;
use tokensmith_tests::strict_server::Server;

use super::SECOND;
use super::causes::Line;

/// How long a section lasts, and how long a process is stopped.
pub(super) const LEASE: Duration = Duration::from_secs(2);
const STOPPED: Duration = Duration::from_secs(4);

/// What all processes share.
pub(super) struct World {
    /// Where refresh tokens are.
    pub(super) store: Value,
    /// Where access tokens are. It has leases of its own.
    pub(super) redis: Option<String>,
    pub(super) provider: RotatingProvider,
    pub(super) server: Server,
    pub(super) folder: TempDir,
    pub(super) users: usize,
    pub(super) lets_everybody_in: bool,
}

impl World {
    pub(super) fn new(users: usize, store: Value) -> Self {
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

    pub(super) fn start(&self, sign_in: (usize, usize), seconds: u64) -> Member {
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
    pub(super) fn start_all(&self, count: usize, seconds: u64) -> Vec<Member> {
        let part = self.users / count;
        let members =
            (0..count).map(|index| self.start((index * part, (index + 1) * part), seconds));
        let mut members: Vec<_> = members.collect();
        // Nobody asks for a user who is not signed in yet.
        members.iter_mut().for_each(Member::wait);
        members.iter_mut().for_each(Member::begin);
        members
    }
}

/// A process, and what was done to it.
pub(super) struct Member {
    child: Child,
    output: BufReader<ChildStdout>,
    log: PathBuf,
    pub(super) was_killed: bool,
    /// From when to when it was stopped, in microseconds since 1970.
    pub(super) stopped: Option<(u128, u128)>,
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
    pub(super) fn go(&mut self) {
        self.wait();
        self.begin();
    }

    fn wait(&mut self) {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("a line");
        assert_eq!(line.trim(), "ready");
    }

    fn begin(&mut self) {
        let orders = self.child.stdin.as_mut().expect("its input");
        writeln!(orders).expect("a process that reads");
    }

    pub(super) fn name(&self) -> String {
        self.child.id().to_string()
    }

    pub(super) fn kill(&mut self) {
        self.child.kill().expect("a process of ours");
        self.child.wait().expect("it ends");
        self.was_killed = true;
    }

    pub(super) fn stop(&mut self) {
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
    pub(super) fn counts(&mut self) -> Option<Value> {
        if self.was_killed {
            return None;
        }
        let mut text = String::new();
        self.output.read_to_string(&mut text).expect("its output");
        assert!(self.child.wait().expect("it ends").success());
        Some(serde_json::from_str(&text).expect("counts"))
    }

    pub(super) fn lines(&self) -> Vec<Line> {
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

fn now() -> u128 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_micros()
}
