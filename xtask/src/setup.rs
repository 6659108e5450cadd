//! `cargo xtask setup`: installs what the tests need. Tests themselves install nothing.

mod apt;
mod npm;
mod pip;
mod programs;

use crate::command::Subcommand;
use std::fs::File;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;
use tokensmith_codegen::diagnostic::output;

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "setup",
    usage: "",
    about: "Installs what the tests need.",
    details: "`cargo xtask test` does it first.",
    options: &[],
    examples: &[("", "Install what is missing")],
    run,
};

/// Runs `cargo xtask setup`.
fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    if let Some(unknown) = arguments.first() {
        return Err(format!(
            "`cargo xtask setup` takes no arguments, not `{unknown}`"
        ));
    }
    install(root)?;
    Ok(ExitCode::SUCCESS)
}

/// Installs what is missing, and prints what it installed and how long that took. Several processes
/// may call this at the same time: one installs, the others wait.
///
/// # Errors
///
/// If a prerequisite is missing or cannot be installed; the message has the command that installs it.
pub(crate) fn install(root: &Path) -> Result<(), String> {
    programs::require_prerequisites()?;
    let start = Instant::now();
    let packages = apt::install(root, &programs::PROGRAMS)?;
    report("Debian packages", &packages.join(", "), start);
    let start = Instant::now();
    let installed = npm::install(root)?;
    report(
        "npm packages",
        if installed { "of tests/peers" } else { "" },
        start,
    );
    let start = Instant::now();
    let installed = pip::install(root)?;
    report(
        "Python packages",
        if installed { "of tests/peers" } else { "" },
        start,
    );
    Ok(())
}

/// Installs the npm packages of `tests/peers` if they are missing or older than the lock file.
pub(crate) fn npm_packages(root: &Path) -> Result<(), String> {
    npm::install(root).map(drop)
}

fn report(kind: &str, installed: &str, start: Instant) {
    if installed.is_empty() {
        output::print(format!("{kind}: up to date"));
    } else {
        let seconds = start.elapsed().as_secs_f64();
        output::print(format!("{kind}: installed {installed} in {seconds:.1} s"));
    }
}

/// Waits until no other process installs into the same place. `path` is a file that is there
/// already and identifies the place. The lock ends when the returned file is dropped.
fn lock(path: &Path) -> Result<File, String> {
    let describe = |error: std::io::Error| format!("cannot lock {}: {error}", path.display());
    let file = File::open(path).map_err(describe)?;
    file.lock().map_err(describe)?;
    Ok(file)
}
