//! `cargo xtask fuzz`: each fuzz target for a while, beginning with what is known to be odd.

use crate::command::{Subcommand, option};
use std::fs;
use std::path::Path;
use std::process::{Command, ExitCode};
use tokensmith_codegen::diagnostic::output;

/// The generator's targets, in the order of its stages, and those of the runtime.
const TARGETS: [&str; 9] = [
    "load",
    "overlay",
    "normalize",
    "model",
    "emit",
    "markdown",
    "redirect",
    "scrub",
    "server_variables",
];

/// The targets that read something else than documents, and have a dictionary of their own.
const WITH_DICTIONARY: [&str; 4] = ["markdown", "redirect", "scrub", "server_variables"];

/// How long a target runs unless it is said.
const SECONDS: u32 = 600;

/// Folders with documents of ours that the generator's targets begin with.
const FIXTURES: [&str; 5] = [
    "specs",
    "tests/fixtures/2.0",
    "tests/fixtures/3.0",
    "tests/fixtures/3.1",
    "tests/fixtures/bad",
];

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "fuzz",
    usage: "[TARGET...] [--seconds N]",
    about: "Runs the fuzz targets.",
    details: "Targets: load, overlay, normalize, model, emit, markdown, redirect, scrub, server_variables.\n\
             It needs nightly and cargo-fuzz.",
    options: &[option(
        "--seconds",
        "N",
        "how long each target runs [default: 600]",
    )],
    examples: &[
        ("", "Run every target for ten minutes"),
        ("emit --seconds 60", "Run one target for a minute"),
    ],
    run,
};

/// Runs the targets that are named, or all.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let mut seconds = SECONDS;
    let mut targets = Vec::new();
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        if argument == "--seconds" {
            let number = arguments.next().map(|number| number.parse());
            seconds = number
                .and_then(Result::ok)
                .ok_or("--seconds takes a number, such as 600")?;
        } else if TARGETS.contains(&argument.as_str()) {
            targets.push(argument.as_str());
        } else {
            let known = TARGETS.join(", ");
            return Err(format!(
                "no fuzz target is called `{argument}`: there are {known}"
            ));
        }
    }
    if targets.is_empty() {
        targets.extend(TARGETS);
    }
    require(
        &["+nightly", "--version"],
        "rustup toolchain install nightly",
    )?;
    require(&["fuzz", "--version"], "cargo install cargo-fuzz --locked")?;
    let mut failed = Vec::new();
    for target in targets {
        if !fuzz(root, target, seconds)? {
            failed.push(target);
        }
    }
    if failed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    output::print(format!(
        "findings in {}: what led there is in fuzz/artifacts",
        failed.join(", ")
    ));
    Ok(ExitCode::FAILURE)
}

/// Says whether the target ran without a finding.
fn fuzz(root: &Path, target: &str, seconds: u32) -> Result<bool, String> {
    // What is found goes into the first folder, which git ignores; the others are read.
    let found = format!("fuzz/found/{target}");
    fs::create_dir_all(root.join(&found)).map_err(|error| format!("{found}: {error}"))?;
    let known = Some(format!("fuzz/corpus/{target}")).filter(|known| root.join(known).is_dir());
    let (fixtures, dictionary) = if WITH_DICTIONARY.contains(&target) {
        (&[][..], target)
    } else {
        (&FIXTURES[..], "openapi")
    };
    let limits = [
        format!("-max_total_time={seconds}"),
        "-timeout=10".to_owned(),
        "-rss_limit_mb=2048".to_owned(),
        "-max_len=16384".to_owned(),
        format!("-dict=fuzz/{dictionary}.dict"),
    ];
    let status = Command::new("cargo")
        .args([
            "+nightly",
            "fuzz",
            "run",
            "--sanitizer",
            "none",
            target,
            &found,
        ])
        .args(known)
        .args(fixtures)
        .arg("--")
        .args(&limits)
        .current_dir(root)
        .status()
        .map_err(|error| format!("`cargo fuzz` cannot be run: {error}"))?;
    Ok(status.success())
}

fn require(arguments: &[&str], installs: &str) -> Result<(), String> {
    let output = Command::new("cargo").args(arguments).output();
    if output.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    Err(format!("fuzzing needs more than Rust: run\n    {installs}"))
}
