//! Instruction counts of what has to stay fast.
//!
//! Times vary on a shared machine by more than what a commit should be allowed to lose; the number
//! of instructions that valgrind counts does not. `baseline.json` beside this package has the counts
//! on record and the compiler that they belong to.
//!
//! ```sh
//! cargo run -p tokensmith-instructions --profile tool -- check    # part of `cargo xtask test`
//! cargo run -p tokensmith-instructions --profile tool -- growth server    # shapes with `server` in their names, or all
//! cargo run -p tokensmith-instructions --profile tool -- record   # after a change that is meant
//! ```

mod baseline;
mod growth;
#[expect(dead_code, reason = "the test `growth` uses the rest")]
#[path = "../../../crates/tokensmith-codegen/tests/growth/shape/mod.rs"]
mod shape;
mod valgrind;
mod work;

use std::process::ExitCode;

use baseline::{Baseline, Verdict};
use work::{WORKS, Work};

/// That of `cargo xtask` and of `tokensmith`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let result = match arguments.as_slice() {
        ["check"] => check(),
        ["record"] => record(),
        ["growth", wanted @ ..] => growth(wanted),
        // What valgrind runs.
        ["run", name, rounds] => run(name, rounds),
        ["grow", name, way, count] => grow(name, way, count),
        _ => Err("expected `check` or `record`".to_owned()),
    };
    result.unwrap_or_else(|message| {
        eprintln!("error: {message}");
        ExitCode::from(2)
    })
}

fn check() -> Result<ExitCode, String> {
    if !cfg!(target_os = "linux") {
        println!("instruction counts are compared on Linux only");
        return Ok(ExitCode::SUCCESS);
    }
    let baseline = Baseline::read()?;
    let rustc = baseline::rustc()?;
    let is_comparable = baseline.rustc == rustc;
    let mut is_slower = false;
    println!("| instructions | on record | now | ratio |\n|---|---:|---:|---:|");
    for work in &WORKS {
        let count = valgrind::count(work)?;
        let recorded = baseline.count(work.name)?;
        let ratio = count as f64 / recorded as f64;
        println!("| {} | {recorded} | {count} | {ratio:.3} |", work.name);
        match baseline::verdict(recorded, count) {
            Verdict::Slower => is_slower = true,
            Verdict::Faster => println!("{} is faster than on record: record it", work.name),
            Verdict::Same => {}
        }
    }
    let grown = growth(&growth::OFTEN)?;
    if grown != ExitCode::SUCCESS {
        return Ok(grown);
    }
    if !is_comparable {
        println!(
            "\nThe counts on record belong to {}; this is {rustc}, so they are only reported.",
            baseline.rustc
        );
        return Ok(ExitCode::SUCCESS);
    }
    if is_slower {
        println!(
            "\nMore than {} % above the record. If that is meant, record the new counts:\n    \
             cargo run -p tokensmith-instructions --profile tool -- record",
            baseline::TOLERANCE * 100.0
        );
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

fn growth(wanted: &[&str]) -> Result<ExitCode, String> {
    if growth::check(wanted)? {
        return Ok(ExitCode::SUCCESS);
    }
    println!("\nA document that is twice as long takes more than twice as long to read.");
    Ok(ExitCode::FAILURE)
}

fn record() -> Result<ExitCode, String> {
    let mut counts = Vec::with_capacity(WORKS.len());
    for work in &WORKS {
        counts.push((work.name.to_owned(), valgrind::count(work)?));
    }
    Baseline {
        rustc: baseline::rustc()?,
        counts,
    }
    .write()?;
    Ok(ExitCode::SUCCESS)
}

fn grow(name: &str, way: &str, count: &str) -> Result<ExitCode, String> {
    let count = count
        .parse()
        .map_err(|error| format!("`{count}`: {error}"))?;
    growth::run(name, way, count)?;
    Ok(ExitCode::SUCCESS)
}

fn run(name: &str, rounds: &str) -> Result<ExitCode, String> {
    let work = Work::find(name).ok_or_else(|| format!("unknown work `{name}`"))?;
    let rounds = rounds
        .parse()
        .map_err(|error| format!("`{rounds}`: {error}"))?;
    (work.run)(rounds)?;
    Ok(ExitCode::SUCCESS)
}
