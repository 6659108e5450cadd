//! The Python packages of `tests/peers`, as `authlib.txt` pins them with their hashes.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::lock;
use tokensmith_codegen::diagnostic::output;

/// What pins the packages.
const LOCK_FILE: &str = "authlib.txt";
/// The copy of [`LOCK_FILE`] that the packages were installed by.
const INSTALLED: &str = "venv/installed.txt";

/// Installs the packages into a virtual environment of their own, unless that was done by the same
/// lock file. Returns whether anything was installed.
///
/// # Errors
///
/// If Python or pip fails.
pub(super) fn install(root: &Path) -> Result<bool, String> {
    let peers = root.join("tests/peers");
    if is_current(&peers) {
        return Ok(false);
    }
    let _lock = lock(&peers.join(LOCK_FILE))?;
    // Another process may have installed them meanwhile.
    if is_current(&peers) {
        return Ok(false);
    }
    output::print("installing the Python packages of tests/peers");
    let environment = ["-m", "venv", "--clear", "venv"];
    run(&peers, "python3", &environment)?;
    let install = [
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--require-hashes",
        // A source package would run code of its own.
        "--only-binary=:all:",
        "--requirement",
        LOCK_FILE,
    ];
    run(&peers, "venv/bin/python", &install)?;
    fs::copy(peers.join(LOCK_FILE), peers.join(INSTALLED))
        .map_err(|error| format!("{INSTALLED}: {error}"))?;
    Ok(true)
}

fn run(peers: &Path, program: &str, arguments: &[&str]) -> Result<(), String> {
    // A relative path would be looked up in the folder of this process.
    let path = match program.contains('/') {
        true => peers.join(program),
        false => program.into(),
    };
    let output = Command::new(path)
        .args(arguments)
        .current_dir(peers)
        .output()
        .map_err(|error| format!("cannot run {program}: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "`{program} {}` in tests/peers failed:\n{}{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn is_current(peers: &Path) -> bool {
    let read = |path: &str| fs::read(peers.join(path)).ok();
    let installed = read(INSTALLED);
    installed.is_some() && installed == read(LOCK_FILE)
}
