//! What a measurement depends on beside the code: commit, compiler, machine and date.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::thread;

/// One line that says what was measured, on what, and when.
pub(crate) fn describe(root: &Path) -> Result<String, String> {
    let commit = output(root, "git", &["rev-parse", "--short=10", "HEAD"])?;
    // The records themselves change during a run.
    let changed = [
        "status",
        "--porcelain",
        "--",
        ".",
        ":!docs/BENCHMARKS.md",
        ":!README.md",
    ];
    let is_clean = output(root, "git", &changed)?.is_empty();
    let rustc = output(root, "rustc", &["--version"])?;
    let rustc = rustc
        .split_whitespace()
        .take(2)
        .collect::<Vec<_>>()
        .join(" ");
    let date = output(root, "date", &["-u", "+%Y-%m-%d"])?;
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let changes = if is_clean {
        ""
    } else {
        " with uncommitted changes"
    };
    Ok(format!(
        "Commit {commit}{changes}, {rustc}, {cores} cores of {}, {date}.",
        processor()
    ))
}

/// The processor's name, where the system says it.
fn processor() -> String {
    let information = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = information
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "));
    name.map_or_else(
        || std::env::consts::ARCH.to_owned(),
        |(_, name)| name.to_owned(),
    )
}

fn output(root: &Path, program: &str, arguments: &[&str]) -> Result<String, String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root);
    super::tools::execute(command).map(|output| output.trim().to_owned())
}
