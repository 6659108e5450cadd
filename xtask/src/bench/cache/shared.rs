//! How fast tokens are that a fleet shares through Redis.

use std::env;
use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::super::contestant::{build, medians, run as execute};
use super::super::tools::remove;

/// How often it is measured.
const ROUNDS: usize = 5;
/// How long Redis may take to start.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) fn run(root: &Path) -> Result<(), String> {
    let Some(server) = find() else {
        println!(
            "\nwithout a Redis its reads are left out. To install it:\n    apt-get install redis-server"
        );
        return Ok(());
    };
    let program = build(root, "cache", "shared")?;
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        // Empty each time.
        let redis = Redis::start(server)?;
        rates.push(execute::<2>(&program, &[&redis.url])?);
    }
    let [from_redis, from_memory] = medians(&rates);
    println!(
        "\nsources that share 16000 tokens through Redis on this machine, 64 tasks on two threads; median of {ROUNDS}\n"
    );
    println!("| reads per second | |");
    println!("|---|---:|");
    println!("| the first, which finds the token in Redis | {from_redis:.0} |");
    println!("| from then on | {from_memory:.0} |");
    Ok(())
}

/// The program that is there.
pub(super) fn find() -> Option<&'static str> {
    ["redis-server", "valkey-server"]
        .into_iter()
        .find(|program| {
            let version = Command::new(program).arg("--version").output();
            version.is_ok_and(|output| output.status.success())
        })
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
