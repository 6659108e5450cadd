//! What a token exchange costs, beside the same exchange by other clients.
//!
//! Each client is a process of its own, against a server in this one, so that the CPU time of a process is what the client
//! costs. All keep their connection and take turns, so that what else the machine does falls on all alike.

mod server;

use std::fs;
use std::path::Path;
use std::process::Command;

use super::contestant::{Contestant, build, median};
use super::report::Report;
use super::tools::{execute, install_openapi_generator, remove};

/// How often each client has its turn.
const ROUNDS: usize = 61;
/// Exchanges in a turn.
const EXCHANGES: u32 = 500;

/// The names of the programs, and what they stand for. The first is what the others are compared with.
const PROGRAMS: [(&str, &str); 4] = [
    ("by-hand", "by hand, reqwest 0.13"),
    ("tokensmith", "**tokensmith**"),
    ("oauth2", "oauth2 5, its reqwest 0.12"),
    ("openapi-generator", "openapi-generator, reqwest 0.13"),
];

/// What one exchange costs, on the average of a turn.
#[derive(Clone, Copy)]
struct Cost {
    /// Nanoseconds.
    cpu: f64,
    allocations: f64,
    bytes: f64,
}

pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    generate_client(root)?;
    let server = server::start()?;
    let mut contestants = Vec::new();
    for (name, _) in PROGRAMS {
        contestants.push(Contestant::start(
            &build(root, "exchange", name)?,
            &[&server],
        )?);
    }
    let mut costs = vec![Vec::with_capacity(ROUNDS); contestants.len()];
    // One round more: the first opens the connections and does not count.
    for round in 0..=ROUNDS {
        for (contestant, costs) in contestants.iter_mut().zip(&mut costs) {
            let cost = turn(contestant)?;
            if round > 0 {
                costs.push(cost);
            }
        }
    }
    add(report, &costs);
    Ok(())
}

/// Has a client make its exchanges.
fn turn(contestant: &mut Contestant) -> Result<Cost, String> {
    let sums = contestant.ask(&EXCHANGES.to_string())?;
    let [cpu, allocations, bytes] = sums.map(|sum| sum / f64::from(EXCHANGES));
    Ok(Cost {
        cpu,
        allocations,
        bytes,
    })
}

fn add(report: &mut Report, costs: &[Vec<Cost>]) {
    let Some((by_hand, _)) = costs.split_first() else {
        return;
    };
    report.text(format!(
        "One token exchange over loopback, the client's process alone; median of {ROUNDS} rounds of\n\
         {EXCHANGES}, ratios within a round. Target: tokensmith at most 1.10 of by hand, and below oauth2."
    ));
    let mut rows = vec![
        "| client | CPU | of by hand | allocations | bytes allocated |".to_owned(),
        "|---|---:|---:|---:|---:|".to_owned(),
    ];
    for ((_, label), costs) in PROGRAMS.iter().zip(costs) {
        let of = |value: fn(&Cost) -> f64| median(costs.iter().map(value).collect());
        let ratios = costs.iter().zip(by_hand);
        rows.push(format!(
            "| {label} | {:.1} µs | {:.2} | {:.0} | {:.0} |",
            of(|cost| cost.cpu) / 1000.0,
            median(
                ratios
                    .map(|(cost, by_hand)| cost.cpu / by_hand.cpu)
                    .collect()
            ),
            of(|cost| cost.allocations),
            of(|cost| cost.bytes),
        ));
    }
    report.table("exchange", &rows);
}

/// Has openapi-generator make its client of Moov's document.
fn generate_client(root: &Path) -> Result<(), String> {
    let program = install_openapi_generator(root)?;
    let folder = root.join("target/bench/openapi-client");
    remove(&folder)?;
    let mut command = Command::new(program);
    command
        .args(["generate", "--generator-name", "rust", "--input-spec"])
        .arg(root.join("specs/moov.yaml"))
        .arg("--output")
        .arg(&folder)
        // The document's own version is none that cargo reads.
        .args(["--additional-properties", "packageVersion=0.1.0"]);
    execute(command)?;
    // It names the type of an enumerated form parameter by a path that does not exist.
    let source = folder.join("src/apis/o_auth_api.rs");
    let text = fs::read_to_string(&source).map_err(|error| error.to_string())?;
    fs::write(&source, text.replace("models::models::", "models::"))
        .map_err(|error| error.to_string())
}
