//! `cargo xtask bench`: runs the benchmarks of `tests/bench`.

use std::path::Path;
use std::process::{Command, ExitCode};

pub(crate) fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let status = Command::new("cargo")
        .args(["run", "--quiet", "--package", "tokensmith-bench"])
        .args(["--profile", "tool", "--"])
        .args(arguments)
        .current_dir(root)
        .status()
        .map_err(|error| format!("cannot run cargo: {error}"))?;
    Ok(if status.success() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
