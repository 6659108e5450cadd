//! Checks one after the other, with a table at the end: for `test` and `try`.

use std::path::Path;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use tokensmith_codegen::diagnostic::output;

/// A check, and the command that makes it.
pub(crate) struct Step<'a> {
    pub(crate) name: &'static str,
    pub(crate) program: &'static str,
    pub(crate) arguments: &'a [&'a str],
    pub(crate) environment: &'a [(&'a str, &'a str)],
}

/// What became of a check.
pub(crate) struct Outcome {
    name: &'static str,
    passed: bool,
    took: Duration,
}

/// Makes a check under its name, and keeps how long it took.
pub(crate) fn timed(
    name: &'static str,
    check: impl FnOnce() -> Result<bool, String>,
) -> Result<Outcome, String> {
    output::print(format!("\n=== {name}"));
    let start = Instant::now();
    let passed = check()?;
    Ok(Outcome {
        name,
        passed,
        took: start.elapsed(),
    })
}

/// Runs the command of a check; whether it succeeded.
pub(crate) fn spawn(root: &Path, step: &Step<'_>) -> Result<bool, String> {
    output::print(format!("{} {}", step.program, step.arguments.join(" ")));
    let status = Command::new(step.program)
        .args(step.arguments)
        .envs(step.environment.iter().copied())
        .current_dir(root)
        .status()
        .map_err(|error| format!("`{}` cannot be run: {error}", step.program))?;
    Ok(status.success())
}

/// Prints one line per check, and the closing line that says how many passed.
pub(crate) fn summary(outcomes: &[Outcome]) -> ExitCode {
    output::print("\n=== summary");
    let widths = outcomes.iter().map(|outcome| outcome.name.len());
    let width = widths.max().unwrap_or(0);
    for Outcome { name, passed, took } in outcomes {
        output::print(format!(
            "{name:width$}  {}  {:>6.1} s",
            if *passed { "passed" } else { "FAILED" },
            took.as_secs_f64()
        ));
    }
    let failed = outcomes.iter().filter(|outcome| !outcome.passed).count();
    output::print(format!(
        "checks: {} passed, {failed} failed",
        outcomes.len() - failed
    ));
    match failed {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
