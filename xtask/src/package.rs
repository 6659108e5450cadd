//! Runs a program of the workspace that is too large to be a part of this one.

use std::path::Path;
use std::process::{Command, ExitCode};

pub(crate) fn run(root: &Path, name: &str, arguments: &[String]) -> Result<ExitCode, String> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--package", name, "--profile", "tool"])
        .arg("--manifest-path")
        .arg(root.join("Cargo.toml"))
        .arg("--")
        .args(arguments)
        .status()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
