//! How soon a mock is there, and how many tokens it gives in a second, beside another mock.
//!
//! The program that asks for tokens takes its share of the same cores. All mocks take turns, so that what else the
//! machine does falls on all alike.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::contestant::{Contestant, build, median};
use super::report::Report;
use super::time::{RUNS, milliseconds};
use super::tools::build_command;

/// How often each mock has its turn under load.
const ROUNDS: usize = 11;
/// How long a turn takes.
const TURN: Duration = Duration::from_secs(1);
/// How many connections ask at once.
const CONNECTIONS: u32 = 16;
/// How long a mock may take to begin.
const PATIENCE: Duration = Duration::from_secs(30);

/// A mock: what it is called, where its token endpoint is, and the command that starts it at an address.
struct Mock {
    label: &'static str,
    path: &'static str,
    command: fn(&Programs, SocketAddr) -> Command,
}

/// Where the programs are.
struct Programs {
    tokensmith: PathBuf,
    oauth2_mock_server: PathBuf,
}

/// The first is what the others are compared with.
const MOCKS: [Mock; 3] = [
    Mock {
        label: "**tokensmith mock --standard**",
        path: "/token",
        command: |programs, address| tokensmith(programs, "--standard", address),
    },
    Mock {
        label: "tokensmith mock moov",
        path: "/oauth2/token",
        command: |programs, address| tokensmith(programs, "moov", address),
    },
    Mock {
        label: "oauth2-mock-server 8.2.3, Node.js",
        path: "/token",
        command: |programs, address| {
            let mut command = Command::new("node");
            command
                .arg(&programs.oauth2_mock_server)
                .args(["-a", &address.ip().to_string()])
                .args(["-p", &address.port().to_string()]);
            command
        },
    },
];

fn tokensmith(programs: &Programs, what: &str, address: SocketAddr) -> Command {
    let mut command = Command::new(&programs.tokensmith);
    command.args(["mock", what, "--listen", &address.to_string()]);
    command
}

pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let program =
        root.join("tests/peers/node_modules/oauth2-mock-server/dist/oauth2-mock-server.mjs");
    if !program.exists() {
        return Err(
            "oauth2-mock-server is missing. To install it:\n    cargo xtask setup".to_owned(),
        );
    }
    let programs = Programs {
        tokensmith: build_command(root)?,
        oauth2_mock_server: program,
    };
    // What else the machine does slows all mocks down.
    let load_average = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load_average = load_average
        .split(' ')
        .next()
        .unwrap_or_default()
        .to_owned();
    let mut starts: [Vec<f64>; MOCKS.len()] = Default::default();
    // One run more: the first warms the file cache and does not count.
    for run in 0..=RUNS {
        for (mock, starts) in MOCKS.iter().zip(&mut starts) {
            let (_running, start) = Running::start(mock, &programs)?;
            if run > 0 {
                starts.push(start.as_secs_f64());
            }
        }
    }
    let mut load = Contestant::start(&build(root, "mock", "load")?, &[])?;
    let mut running = Vec::new();
    for mock in &MOCKS {
        running.push(Running::start(mock, &programs)?.0);
    }
    let mut rates: [Vec<f64>; MOCKS.len()] = Default::default();
    let mut costs: [Vec<f64>; MOCKS.len()] = Default::default();
    for round in 0..=ROUNDS {
        for (place, mock) in MOCKS.iter().enumerate() {
            let (address, path, time) = (running[place].address, mock.path, TURN.as_millis());
            let before = running[place].cpu()?;
            let [tokens] = load.ask(&format!("{address} {path} {CONNECTIONS} {time}"))?;
            if round > 0 {
                rates[place].push(tokens / TURN.as_secs_f64());
                costs[place].push((running[place].cpu()? - before).as_secs_f64() / tokens);
            }
        }
    }
    add(report, &starts, &rates, &costs);
    report.text(format!(
        "The load average of the machine was {load_average} when it began."
    ));
    Ok(())
}

fn add(
    report: &mut Report,
    starts: &[Vec<f64>; MOCKS.len()],
    rates: &[Vec<f64>; MOCKS.len()],
    costs: &[Vec<f64>; MOCKS.len()],
) {
    report.text(format!(
        "A whole process: the time until its first token, median of {RUNS}; and tokens in a second by\n\
         client credentials over http, {CONNECTIONS} connections, median of {ROUNDS} rounds, ratios within a round. The\n\
         program that asks shares the cores, and so does whatever else the machine does: the mock's own\n\
         CPU time says what a core has room for. oauth2-mock-server signs a JWT (RS256) for each token;\n\
         tokensmith's tokens are kept, and can be revoked. Target: below 50 ms, and at least 20000 on two\n\
         cores."
    ));
    let mut rows = vec![
        "| mock | first token | of tokensmith | tokens a second | of tokensmith | CPU of a token |"
            .to_owned(),
        "|---|---:|---:|---:|---:|---:|".to_owned(),
    ];
    let [first_start, ..] = starts;
    let [first_rate, ..] = rates;
    for (((mock, start), rate), cost) in MOCKS.iter().zip(starts).zip(rates).zip(costs) {
        rows.push(format!(
            "| {} | {} | {:.1} | {:.0} | {:.2} | {:.0} µs |",
            mock.label,
            milliseconds(Duration::from_secs_f64(median(start.clone()))),
            within_round(start, first_start),
            median(rate.clone()),
            within_round(rate, first_rate),
            median(cost.clone()) * 1e6,
        ));
    }
    report.table("mock", &rows);
    let start = Duration::from_secs_f64(median(first_start.clone()));
    report.figure("start", milliseconds(start));
    report.figure("rate", format!("{:.0}", median(first_rate.clone())));
}

/// How many times as much as the first, by the median of the rounds.
fn within_round(values: &[f64], firsts: &[f64]) -> f64 {
    let rounds = values.iter().zip(firsts);
    median(rounds.map(|(value, first)| value / first).collect())
}

/// A running mock, which ends when it is dropped.
struct Running {
    process: Child,
    address: SocketAddr,
}

impl Running {
    /// Starts a mock, and says how long it took to its first token.
    fn start(mock: &Mock, programs: &Programs) -> Result<(Self, Duration), String> {
        let address = free().map_err(|error| error.to_string())?;
        let mut command = (mock.command)(programs, address);
        command.stdin(Stdio::null()).stdout(Stdio::null());
        let start = Instant::now();
        let process = command
            .spawn()
            .map_err(|error| format!("{command:?}: {error}"))?;
        let running = Self { process, address };
        while start.elapsed() < PATIENCE {
            match first_token(address, mock.path) {
                Ok(response) if response.starts_with("HTTP/1.1 200") => {
                    return Ok((running, start.elapsed()));
                }
                Ok(response) => return Err(format!("{command:?} gives no token: {response}")),
                // It does not listen yet.
                Err(_) => thread::sleep(Duration::from_micros(100)),
            }
        }
        Err(format!("{command:?} does not begin"))
    }
}

/// How often Linux counts CPU time in a second: the same on all of its systems (`getconf CLK_TCK`).
const TICKS: f64 = 100.0;

impl Running {
    /// Returns the CPU time that the mock has used (proc(5), `utime` and `stime`).
    fn cpu(&self) -> Result<Duration, String> {
        let path = format!("/proc/{}/stat", self.process.id());
        let text = fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
        // The name of the program is in parentheses, and may have spaces.
        let fields = text.rsplit_once(')').map_or("", |(_, fields)| fields);
        let mut times = fields.split_whitespace().skip(11);
        let mut time = || times.next()?.parse::<f64>().ok();
        let ticks = time().zip(time()).map(|(user, system)| user + system);
        let ticks = ticks.ok_or_else(|| format!("{path} has no times"))?;
        Ok(Duration::from_secs_f64(ticks / TICKS))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// An address at which nothing listens.
fn free() -> std::io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}

/// Asks for one token, and returns the response.
fn first_token(address: SocketAddr, path: &str) -> std::io::Result<String> {
    let body = "grant_type=client_credentials";
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Basic aWQ6c2VjcmV0\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{body}",
        body.len()
    );
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(request.as_bytes())?;
    let mut response = String::new();
    stream.read_to_string(&mut response)?;
    Ok(response)
}
