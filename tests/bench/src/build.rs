//! What it costs to build an application from nothing, beside one that uses the crate `oauth2`.

use std::collections::HashSet;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use super::report::Report;
use super::tools::{execute, remove};

/// What a build takes, and what it gives.
struct Build {
    /// Seconds of CPU, of cargo and all that it starts.
    cpu: f64,
    /// How many crates there are beside the application.
    crates: f64,
    /// Bytes of the program.
    size: f64,
}

pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let mut fetch = Command::new("cargo");
    fetch
        .args(["fetch", "--quiet", "--manifest-path"])
        .arg(root.join("tests/bench/programs/build/Cargo.toml"));
    execute(fetch)?;
    let ours = build(root, "tokensmith")?;
    let theirs = build(root, "oauth2")?;
    add(report, &ours, &theirs);
    Ok(())
}

fn add(report: &mut Report, ours: &Build, theirs: &Build) {
    report.text(
        "An application that obtains a token, built from nothing with cargo's release profile (symbols are\n\
         kept). Target: at most 0.80 each.",
    );
    let row = |what: &str, unit: &str, digits: usize, ours: f64, theirs: f64| {
        let ratio = ours / theirs;
        format!("| {what} | {ours:.digits$}{unit} | {theirs:.digits$}{unit} | {ratio:.2} |")
    };
    report.table(
        "build",
        &[
            "| | tokensmith-moov | oauth2 5, its default transport | ratio |".to_owned(),
            "|---|---:|---:|---:|".to_owned(),
            row("CPU of the build", " s", 0, ours.cpu, theirs.cpu),
            row("crates", "", 0, ours.crates, theirs.crates),
            row("program", " MB", 1, ours.size / 1e6, theirs.size / 1e6),
        ],
    );
}

/// Builds without a network, so that only compiling counts.
fn build(root: &Path, name: &str) -> Result<Build, String> {
    eprintln!("building the application with {name} from nothing");
    let package = format!("application-{name}");
    let target = root.join("target/bench/build").join(name);
    remove(&target)?;
    // The shell knows the CPU time of what it has waited for.
    let mut command = Command::new("sh");
    command
        .args(["-c", "\"$@\" && times", "sh"])
        .args(["cargo", "build", "--quiet", "--release", "--offline"])
        .args(["--message-format", "json", "--package", &package])
        .arg("--manifest-path")
        .arg(root.join("tests/bench/programs/build/Cargo.toml"))
        .arg("--target-dir")
        .arg(&target);
    let output = execute(command)?;
    let program = target.join("release").join(&package);
    let size = fs::metadata(&program)
        .map_err(|error| format!("{}: {error}", program.display()))?
        .len();
    let build = Build {
        cpu: children(&output).ok_or("`times` of the shell cannot be read")?,
        crates: packages(&output).saturating_sub(1) as f64,
        size: size as f64,
    };
    remove(&target)?;
    Ok(build)
}

/// The packages that cargo says it has compiled.
fn packages(output: &str) -> usize {
    let messages = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let compiled = messages.filter(|message| message["reason"] == "compiler-artifact");
    let names: HashSet<String> = compiled
        .map(|message| message["package_id"].to_string())
        .collect();
    names.len()
}

/// The seconds that the shell's children have used: the last line of `times`, user and system, as `1m2.5s 0m3.25s`.
fn children(output: &str) -> Option<f64> {
    let seconds = |time: &str| {
        let (minutes, seconds) = time.strip_suffix('s')?.split_once('m')?;
        Some(minutes.parse::<f64>().ok()? * 60.0 + seconds.parse::<f64>().ok()?)
    };
    let times = output.lines().last()?.split_whitespace();
    times.map(seconds).sum()
}
