//! How fast tokens are that a fleet shares through Redis.

use std::env;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::super::contestant::{build, medians, run as execute};
use super::super::report::Report;
use super::super::tools::remove;

/// How often it is measured.
const ROUNDS: usize = 5;
/// How long Redis may take to start.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let server = find()?;
    let program = build(root, "cache", "shared")?;
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        // Empty each time.
        let redis = Redis::start(server)?;
        rates.push(execute::<2>(&program, &[&redis.url])?);
    }
    let [from_redis, from_memory] = medians(&rates);
    report.text(format!(
        "Sources that share 16000 tokens through Redis on this machine, 64 tasks on two threads; median of\n\
         {ROUNDS}."
    ));
    report.table(
        "redis",
        &[
            "| reads per second | |".to_owned(),
            "|---|---:|".to_owned(),
            format!("| the first, which finds the token in Redis | {from_redis:.0} |"),
            format!("| from then on | {from_memory:.0} |"),
        ],
    );
    report.figure(
        "redis-of-memory",
        format!("{:.0}", from_memory / from_redis),
    );
    Ok(())
}

/// The program that is installed.
pub(super) fn find() -> Result<&'static str, String> {
    let programs = ["redis-server", "valkey-server"];
    let found = programs.into_iter().find(|program| {
        let version = Command::new(program).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    });
    found.ok_or_else(|| "Redis is missing: `cargo xtask setup` installs it".to_owned())
}

/// A Redis that holds nothing yet, on a port of its own.
pub(super) struct Redis {
    process: Child,
    folder: PathBuf,
    pub(super) url: String,
}

impl Redis {
    pub(super) fn start(program: &str) -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        drop(listener);
        let folder = env::temp_dir().join(format!("tokensmith-bench-{}", process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let process = Command::new(program)
            .args(["--bind", "127.0.0.1", "--save", "", "--appendonly", "no"])
            .args(["--port", &address.port().to_string(), "--dir"])
            .arg(&folder)
            .stdout(Stdio::null())
            .spawn()
            .map_err(|error| format!("{program}: {error}"))?;
        let redis = Self {
            process,
            folder,
            url: format!("redis://{address}"),
        };
        let start = Instant::now();
        while TcpStream::connect(address).is_err() {
            if start.elapsed() > PATIENCE {
                return Err(format!("{program} does not start"));
            }
            thread::sleep(Duration::from_millis(10));
        }
        Ok(redis)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = remove(&self.folder);
    }
}
