//! A client in a process of its own, which makes exchanges when it is told to.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// What the environment could make of a client's way to the server.
const PROXIES: [&str; 6] = [
    "HTTP_PROXY",
    "http_proxy",
    "HTTPS_PROXY",
    "https_proxy",
    "ALL_PROXY",
    "all_proxy",
];

/// A running client.
pub(super) struct Contestant {
    process: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

/// What one exchange costs, on the average of a turn.
#[derive(Clone, Copy)]
pub(super) struct Cost {
    /// Nanoseconds.
    pub(super) cpu: f64,
    pub(super) allocations: f64,
    pub(super) bytes: f64,
}

impl Contestant {
    pub(super) fn start(program: &Path, server: &str) -> Result<Self, String> {
        let mut command = Command::new(program);
        command
            .arg(server)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        for proxy in PROXIES {
            command.env_remove(proxy);
        }
        let mut process = command
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let (Some(input), Some(output)) = (process.stdin.take(), process.stdout.take()) else {
            return Err(format!("{command:?} has no pipes"));
        };
        Ok(Self {
            process,
            input,
            output: BufReader::new(output),
        })
    }

    /// Has it make a number of exchanges.
    pub(super) fn turn(&mut self, exchanges: u32) -> Result<Cost, String> {
        let mut line = String::new();
        writeln!(self.input, "{exchanges}")
            .and_then(|()| self.output.read_line(&mut line))
            .map_err(|error| error.to_string())?;
        let sums: Vec<f64> = line
            .split_whitespace()
            .filter_map(|sum| sum.parse().ok())
            .collect();
        let [cpu, allocations, bytes] = sums[..] else {
            return Err("a client gave up: see its message above".to_owned());
        };
        let each = |sum: f64| sum / f64::from(exchanges);
        Ok(Cost {
            cpu: each(cpu),
            allocations: each(allocations),
            bytes: each(bytes),
        })
    }
}

impl Drop for Contestant {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
