//! A real Redis, or Valkey, on a free port of the loopback interface.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server; it stops when it is dropped.
pub struct Redis {
    program: &'static str,
    port: u16,
    folder: TempDir,
    kind: Kind,
    child: Child,
}

/// What a server is started as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// It keeps nothing on disk.
    Forgetful,
    /// It writes each change to the disk before it responds.
    Durable,
    /// It is a node of a cluster.
    Node,
}

impl Redis {
    /// Starts one that keeps nothing on disk.
    ///
    /// # Panics
    ///
    /// If Redis is not installed, with the command that installs it.
    pub fn start() -> Self {
        Self::new(Kind::Forgetful)
    }

    /// Starts one that has after [`kill`](Self::kill) and [`restart`](Self::restart) what it had
    /// before.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start).
    pub fn start_durable() -> Self {
        Self::new(Kind::Durable)
    }

    /// Starts one that is a cluster by itself: it refuses what several machines could not do.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start), and when it does not take all the slots.
    pub fn start_cluster() -> Self {
        Self::start_nodes(1).remove(0)
    }

    /// Starts a cluster of so many nodes, each with an equal part of the slots. A node that is down
    /// takes its slots along, and the others go on.
    ///
    /// # Panics
    ///
    /// As [`start_cluster`](Self::start_cluster), and when the nodes do not find each other.
    pub fn start_nodes(count: usize) -> Vec<Self> {
        let nodes: Vec<_> = (0..count).map(|_| Self::new(Kind::Node)).collect();
        let slots: Vec<_> = (0..16384).map(|slot| slot.to_string()).collect();
        for (node, slots) in nodes.iter().zip(slots.chunks(slots.len().div_ceil(count))) {
            // A line may have 64 KiB.
            for slots in slots.chunks(4096) {
                node.ask(&format!("CLUSTER ADDSLOTS {}", slots.join(" ")), "+OK");
            }
        }
        for node in &nodes[1..] {
            let meet = format!("CLUSTER MEET 127.0.0.1 {}", node.port);
            nodes[0].ask(&meet, "+OK");
        }
        let start = Instant::now();
        for node in &nodes {
            loop {
                let info = node.ask("CLUSTER INFO", "$");
                let all = ["cluster_state:ok", "cluster_slots_ok:16384"];
                if all.iter().all(|line| info.contains(line)) {
                    break;
                }
                assert!(
                    start.elapsed() < PATIENCE,
                    "the cluster is not ready: {info}"
                );
                thread::sleep(Duration::from_millis(10));
            }
        }
        nodes
    }

    fn new(kind: Kind) -> Self {
        let program = program();
        let port = port();
        let folder = TempDir::new().expect("a folder");
        let child = spawn(program, port, &folder, kind);
        Self {
            program,
            port,
            folder,
            kind,
            child,
        }
    }

    fn ask(&self, command: &str, expected: &str) -> String {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("a connection");
        stream
            .write_all(format!("{command}\r\nQUIT\r\n").as_bytes())
            .expect("a command that is sent");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("a response");
        assert!(response.starts_with(expected), "{response}");
        response
    }

    /// Its URL.
    pub fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    /// The port that it listens on, at 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Ends it at once, as by `kill -9`: all that is not on disk is lost.
    pub fn kill(&mut self) {
        self.child.kill().expect("a process of ours");
        self.child.wait().expect("it ends");
    }

    /// Starts it again, after [`kill`](Self::kill), on the same port.
    pub fn restart(&mut self) {
        self.child = spawn(self.program, self.port, &self.folder, self.kind);
        // It takes connections before it has read what is on disk.
        let start = Instant::now();
        while !self.ask("PING", "").starts_with("+PONG") {
            assert!(start.elapsed() < PATIENCE, "it does not come back");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Stops it, as by `kill -STOP`: it takes connections and commands, and says nothing.
    pub fn pause(&self) {
        self.signal("-STOP");
    }

    /// Lets it go on, after [`pause`](Self::pause): first with what came meanwhile.
    pub fn resume(&self) {
        self.signal("-CONT");
    }

    /// How many keys match a pattern.
    pub fn keys(&self, pattern: &str) -> usize {
        let keys = self.ask(&format!("KEYS {pattern}"), "*");
        let count = keys.trim_start_matches('*').lines().next();
        count
            .and_then(|count| count.parse().ok())
            .expect("a number")
    }

    /// Has no memory left for new values, or has some again.
    pub fn fill(&self, is_full: bool) {
        let most = if is_full { "1" } else { "0" };
        self.ask(&format!("CONFIG SET maxmemory {most}"), "+OK");
    }

    fn signal(&self, signal: &str) {
        let process = self.child.id().to_string();
        let status = Command::new("kill").args([signal, &process]).status();
        assert!(status.expect("a program").success());
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

/// A free one, which leaves room for the second port of a cluster: ten thousand above.
fn port() -> u16 {
    loop {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        if port < u16::MAX - 10_000 {
            return port;
        }
    }
}

fn spawn(program: &str, port: u16, folder: &TempDir, kind: Kind) -> Child {
    let yes_if = |is_so| if is_so { "yes" } else { "no" };
    let child = Command::new(program)
        .args(["--bind", "127.0.0.1", "--save", ""])
        .args(["--appendonly", yes_if(kind == Kind::Durable)])
        .args(["--appendfsync", "always"])
        .args(["--port", &port.to_string(), "--dir"])
        .arg(folder.path())
        .args(["--cluster-enabled", yes_if(kind == Kind::Node)])
        .args(["--cluster-require-full-coverage", "no"])
        .stdout(Stdio::null())
        .spawn()
        .expect("a program that was found");
    let start = Instant::now();
    while TcpStream::connect(("127.0.0.1", port)).is_err() {
        assert!(start.elapsed() < PATIENCE, "{program} does not start");
        thread::sleep(Duration::from_millis(10));
    }
    child
}

/// Finds the server.
fn program() -> &'static str {
    ["redis-server", "valkey-server"]
        .into_iter()
        .find(|program| {
            let version = Command::new(program).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        })
        .expect("redis-server is missing; install it with `cargo xtask setup`")
}
