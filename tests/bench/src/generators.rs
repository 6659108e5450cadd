//! The time that other generators take for a document that each of them accepts.
//!
//! Whole processes, since that is what a user waits for: Workiva's document, as JSON, which all three read.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tokensmith_codegen::{Source, overlaid};

use super::report::Report;
use super::time::{RUNS, median, milliseconds};
use super::tools::{PROGENITOR, execute, install_openapi_generator, install_progenitor, remove};

const DOCUMENT: &str = "workiva";

pub(crate) fn run(root: &Path, report: &mut Report) -> Result<(), String> {
    let folder = root.join("target/bench/generators");
    fs::create_dir_all(folder.join("specs")).map_err(|error| error.to_string())?;
    let document = document(root, &folder)?;
    let progenitor = install_progenitor(root)?;
    let openapi_generator = install_openapi_generator(root)?;

    let own = xtask(root)?;
    let output = folder.join("out");
    let clean = || {
        for path in [&output, &folder.join("crates"), &folder.join("target")] {
            remove(path)?;
        }
        Ok(())
    };
    let time = |command: &dyn Fn() -> Command| -> Result<Duration, String> {
        median(clean, |()| execute(command()).map(drop))
    };
    let ours = time(&|| {
        let mut command = Command::new(&own);
        // The program finds the project by the package that cargo would run it from.
        command
            .arg("codegen")
            .env("CARGO_MANIFEST_DIR", folder.join("xtask"))
            .env("CARGO_TARGET_DIR", folder.join("target"));
        command
    })?;
    let theirs = [
        (
            format!("progenitor {PROGENITOR}"),
            time(&|| {
                let mut command = Command::new(&progenitor);
                command
                    .arg("progenitor")
                    .arg("--input")
                    .arg(&document)
                    .arg("--output")
                    .arg(&output);
                command.args(["--name", "workiva-client", "--version", "0.1.0"]);
                command
            })?,
        ),
        (
            "openapi-generator (rust)".to_owned(),
            time(&|| {
                let mut command = Command::new(&openapi_generator);
                command
                    .args(["generate", "--generator-name", "rust", "--input-spec"])
                    .arg(&document)
                    .arg("--output")
                    .arg(&output);
                command
            })?,
        ),
    ];
    report.text(format!(
        "One document (Workiva's) as a whole process, median of {RUNS} runs."
    ));
    let mut rows = vec![
        "| generator | time | times ours |".to_owned(),
        "|---|---:|---:|".to_owned(),
        format!("| tokensmith | {} | 1 |", milliseconds(ours)),
    ];
    for (name, time) in theirs {
        rows.push(format!(
            "| {name} | {} | {:.0} |",
            milliseconds(time),
            time.as_secs_f64() / ours.as_secs_f64()
        ));
    }
    report.table("generators", &rows);
    Ok(())
}

/// `cargo xtask` as contributors have it.
fn xtask(root: &Path) -> Result<PathBuf, String> {
    let target = root.join("target/bench/xtask");
    let mut command = Command::new("cargo");
    command
        .args([
            "build",
            "--quiet",
            "--package",
            "xtask",
            "--profile",
            "tool",
        ])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(root);
    execute(command)?;
    Ok(target.join("tool/xtask"))
}

fn document(root: &Path, folder: &Path) -> Result<PathBuf, String> {
    let bytes =
        fs::read(root.join(format!("specs/{DOCUMENT}.yaml"))).map_err(|error| error.to_string())?;
    let json = overlaid(Source::new(DOCUMENT, &bytes), None)
        .map_err(|diagnostic| diagnostic.to_string())?;
    let path = folder.join(format!("specs/{DOCUMENT}.json"));
    fs::write(&path, json).map_err(|error| error.to_string())?;
    Ok(path)
}
