//! What a cached token costs to read, beside other caches of tokens, and what happens when thousands ask for one at once.
//!
//! Each cache is a process of its own, in which the provider responds in memory, or on loopback where a cache takes no other
//! transport. All take turns, so that what else the machine does falls on all alike.

mod many;
mod shared;
mod users;

use std::path::Path;

use super::contestant::{Contestant, build, medians};
use super::report::Report;

/// How often each cache has its turn.
const ROUNDS: usize = 31;
/// Reads in a turn, spread over the tasks.
const READS: u32 = 192_000;
/// How many tasks read at once.
const TASKS: [u32; 4] = [1, 2, 8, 64];
/// How often a cache meets a herd.
const HERDS: usize = 5;
/// How many ask at once.
const HERD: u32 = 10_000;

/// The names of the programs, and what they stand for. The first is what the others are compared with.
const PROGRAMS: [(&str, &str); 5] = [
    ("tokensmith", "**tokensmith**"),
    ("google", "google-cloud-auth 1"),
    ("azure", "azure_identity 1"),
    ("yup-oauth2", "yup-oauth2 12"),
    ("aws", "AWS identity cache, aws-smithy-runtime 1"),
];

/// What one program did.
#[derive(Default)]
struct Results {
    /// In each round, nanoseconds of CPU time for one read at each number of tasks.
    reads: Vec<[f64; TASKS.len()]>,
    /// The same of reading the clock alone.
    clock: Vec<[f64; TASKS.len()]>,
    /// Allocations of one read, and their bytes.
    allocated: [f64; 2],
    /// For each herd, how often the provider was asked, and nanoseconds beside those that it took.
    herds: Vec<[f64; 2]>,
}

pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let mut contestants = Vec::new();
    for (name, _) in PROGRAMS {
        contestants.push(Contestant::start(&build(root, "cache", name)?, &[])?);
    }
    let mut results: [Results; PROGRAMS.len()] = Default::default();
    // One round more: the first finds cold memory and does not count.
    for round in 0..=ROUNDS {
        for (contestant, results) in contestants.iter_mut().zip(&mut results) {
            let reads = turn(contestant, "read")?;
            let clock = turn(contestant, "clock")?;
            if round > 0 {
                results.reads.push(reads);
                results.clock.push(clock);
            }
        }
    }
    for (contestant, results) in contestants.iter_mut().zip(&mut results) {
        let sums = contestant.ask(&format!("allocate {READS}"))?;
        results.allocated = sums.map(|sum| sum / f64::from(READS));
        for _ in 0..HERDS {
            results.herds.push(contestant.ask(&format!("herd {HERD}"))?);
        }
    }
    add_reads(report, &results);
    add_herds(report, &results);
    drop(contestants);
    many::run(root, report)?;
    shared::run(root, report)?;
    users::run(root, report)
}

/// What one read costs at each number of tasks.
fn turn(contestant: &mut Contestant, what: &str) -> Result<[f64; TASKS.len()], String> {
    let mut costs = [0.0; TASKS.len()];
    for (cost, tasks) in costs.iter_mut().zip(TASKS) {
        let [cpu] = contestant.ask(&format!("{what} {tasks} {}", READS / tasks))?;
        *cost = cpu / f64::from(READS);
    }
    Ok(costs)
}

fn add_reads(report: &mut Report, results: &[Results; PROGRAMS.len()]) {
    let [tokensmith, ..] = results;
    report.text(format!(
        "One read of a cached token by concurrent tasks on two threads, CPU time of the process; median of\n\
         {ROUNDS} rounds of {READS}, ratios within a round."
    ));
    let mut rows = vec![
        format!(
            "| cache | {} | of tokensmith | allocations | bytes allocated |",
            heads()
        ),
        format!("|---|{}---:|---:|---:|", "---:|".repeat(TASKS.len())),
    ];
    for ((_, label), results) in PROGRAMS.iter().zip(results) {
        let [least, most] = range(ratios(&results.reads, &tokensmith.reads));
        let [allocations, bytes] = results.allocated;
        rows.push(format!(
            "| {label} | {} | {least:.1} to {most:.1} | {allocations:.0} | {bytes:.0} |",
            cells(medians(&results.reads)),
        ));
    }
    rows.push(format!(
        "| the clock alone | {} | | | |",
        cells(medians(&tokensmith.clock))
    ));
    report.table("reads", &rows);
    let of_clock = ratios(&tokensmith.reads, &tokensmith.clock);
    let of_one = tokensmith
        .reads
        .iter()
        .map(|reads| reads.map(|read| read / reads[0]));
    report.text(format!(
        "Target: at most 2.0 of the clock: {};\nno slowdown with readers: {} of one task; no allocations.",
        list(of_clock),
        list(medians(&of_one.collect::<Vec<_>>())),
    ));
    let [_, most] = range(of_clock);
    report.figure("read-of-clock", format!("{most:.1}"));
}

fn add_herds(report: &mut Report, results: &[Results; PROGRAMS.len()]) {
    report.text(format!(
        "{HERD} tasks that ask at once for a token that is not there yet; median of {HERDS}. Target: one request."
    ));
    let mut rows = vec![
        "| cache | requests at the provider | time beside the provider's |".to_owned(),
        "|---|---:|---:|".to_owned(),
    ];
    for ((_, label), results) in PROGRAMS.iter().zip(results) {
        let [asked, time] = medians(&results.herds);
        rows.push(format!("| {label} | {asked:.0} | {:.0} ms |", time / 1e6));
    }
    report.table("herds", &rows);
}

fn heads() -> String {
    let heads = TASKS.map(|tasks| match tasks {
        1 => "1 task".to_owned(),
        _ => format!("{tasks} tasks"),
    });
    heads.join(" | ")
}

fn cells(times: [f64; TASKS.len()]) -> String {
    times.map(|time| format!("{time:.0} ns")).join(" | ")
}

fn list(ratios: [f64; TASKS.len()]) -> String {
    ratios.map(|ratio| format!("{ratio:.2}")).join(", ")
}

/// How many times as much one costs as the other, by the median of the rounds.
fn ratios<const N: usize>(costs: &[[f64; N]], others: &[[f64; N]]) -> [f64; N] {
    let within_round = |(costs, others): (&[f64; N], &[f64; N])| {
        std::array::from_fn(|column| costs[column] / others[column])
    };
    let rounds: Vec<_> = costs.iter().zip(others).map(within_round).collect();
    medians(&rounds)
}

fn range<const N: usize>(values: [f64; N]) -> [f64; 2] {
    [
        values.into_iter().fold(f64::INFINITY, f64::min),
        values.into_iter().fold(0.0, f64::max),
    ]
}
