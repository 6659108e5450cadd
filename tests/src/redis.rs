//! A real Redis, or Valkey, on a free port of the loopback interface.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// How long it may take to start.
const PATIENCE: Duration = Duration::from_secs(20);

/// A running server that keeps nothing on disk; it stops when it is dropped.
pub struct Redis {
    program: &'static str,
    port: u16,
    folder: TempDir,
    is_cluster: bool,
    child: Child,
}

impl Redis {
    /// Starts one.
    ///
    /// # Panics
    ///
    /// If Redis is not installed, with the command that installs it.
    pub fn start() -> Self {
        Self::new(false)
    }

    /// Starts one that is a cluster by itself: it refuses what several machines could not do.
    ///
    /// # Panics
    ///
    /// As [`start`](Self::start), and when it does not take all the slots.
    pub fn start_cluster() -> Self {
        let cluster = Self::new(true);
        let slots: Vec<_> = (0..16384).map(|slot| slot.to_string()).collect();
        // A line may have 64 KiB.
        for slots in slots.chunks(4096) {
            cluster.ask(&format!("CLUSTER ADDSLOTS {}", slots.join(" ")), "+OK");
        }
        let start = Instant::now();
        while !cluster
            .ask("CLUSTER INFO", "$")
            .contains("cluster_state:ok")
        {
            assert!(start.elapsed() < PATIENCE, "the cluster is not ready");
            thread::sleep(Duration::from_millis(10));
        }
        cluster
    }

    fn new(is_cluster: bool) -> Self {
        let program = program();
        let port = port();
        let folder = TempDir::new().expect("a folder");
        let child = spawn(program, port, &folder, is_cluster);
        Self {
            program,
            port,
            folder,
            is_cluster,
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

    /// Ends it at once, as by `kill -9`: all that it holds is lost.
    pub fn kill(&mut self) {
        self.child.kill().expect("a process of ours");
        self.child.wait().expect("it ends");
    }

    /// Starts it again, after [`kill`](Self::kill), on the same port.
    pub fn restart(&mut self) {
        self.child = spawn(self.program, self.port, &self.folder, self.is_cluster);
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

fn spawn(program: &str, port: u16, folder: &TempDir, is_cluster: bool) -> Child {
    let child = Command::new(program)
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(["--port", &port.to_string(), "--dir"])
        .arg(folder.path())
        .args(["--cluster-enabled", if is_cluster { "yes" } else { "no" }])
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
