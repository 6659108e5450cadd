//! A real Redis, or Valkey, on a free port of the loopback interface.

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
    child: Child,
}

impl Redis {
    /// Starts one.
    ///
    /// # Panics
    ///
    /// With the command that installs it, when there is none.
    pub fn start() -> Self {
        let program = program();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        drop(listener);
        let folder = TempDir::new().expect("a folder");
        let child = spawn(program, port, &folder);
        Self {
            program,
            port,
            folder,
            child,
        }
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
        self.child = spawn(self.program, self.port, &self.folder);
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

fn spawn(program: &str, port: u16, folder: &TempDir) -> Child {
    let child = Command::new(program)
        .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
        .args(["--port", &port.to_string(), "--dir"])
        .arg(folder.path())
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

/// Finds the server; as root on Debian, installs it.
fn program() -> &'static str {
    let find = || {
        ["redis-server", "valkey-server"]
            .into_iter()
            .find(|program| {
                let version = Command::new(program).arg("--version").output();
                version.is_ok_and(|output| output.status.success())
            })
    };
    let install = || {
        let apt = |arguments: &[&str]| {
            let output = Command::new("apt-get").args(arguments).output();
            output.is_ok_and(|output| output.status.success())
        };
        apt(&["update"])
            && apt(&[
                "install",
                "--yes",
                "--no-install-recommends",
                "redis-server",
            ])
    };
    find()
        .or_else(|| install().then(find).flatten())
        .expect("the tests need a Redis: sudo apt-get install -y redis-server")
}
