//! The other generators, and how they are run.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) const PROGENITOR: &str = "0.15.1";

/// Runs a command that has to succeed, and gives back what it prints.
pub(crate) fn execute(mut command: Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let [stdout, stderr] =
        [&output.stdout, &output.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
    if output.status.success() {
        return Ok(stdout);
    }
    Err(format!("{command:?} failed:\n{stdout}\n{stderr}"))
}

/// The command, optimized as a release is.
pub(crate) fn build_command(root: &Path) -> Result<PathBuf, String> {
    eprintln!("building the command");
    let target = root.join("target/bench/command");
    let mut command = Command::new("cargo");
    command
        .args([
            "build",
            "--quiet",
            "--release",
            "--package",
            "tokensmith-cli",
        ])
        .arg("--target-dir")
        .arg(&target)
        .current_dir(root);
    execute(command)?;
    Ok(target.join("release/tokensmith"))
}

/// Removes a folder, if there is one.
pub(crate) fn remove(folder: &Path) -> Result<(), String> {
    if folder.exists() {
        fs::remove_dir_all(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
    }
    Ok(())
}

pub(crate) fn install_progenitor(root: &Path) -> Result<PathBuf, String> {
    let place = root.join("target/bench/progenitor");
    let program = place.join("bin/cargo-progenitor");
    if !program.exists() {
        eprintln!("installing progenitor {PROGENITOR}, once");
        let mut command = Command::new("cargo");
        command
            .args([
                "install",
                "cargo-progenitor",
                "--version",
                PROGENITOR,
                "--locked",
                "--root",
            ])
            .arg(&place);
        execute(command)?;
    }
    Ok(program)
}

pub(crate) fn install_openapi_generator(root: &Path) -> Result<PathBuf, String> {
    let place = root.join("target/bench/openapi-generator");
    let program = place.join("bin/openapi-generator-cli");
    if !Command::new("java")
        .arg("-version")
        .output()
        .is_ok_and(|output| output.status.success())
    {
        return Err("openapi-generator needs Java. To install it:\n    apt-get install default-jre-headless".to_owned());
    }
    if !program.exists() {
        eprintln!("installing openapi-generator, once");
        let mut environment = Command::new("python3");
        environment.args(["-m", "venv"]).arg(&place);
        execute(environment).map_err(|error| {
            format!("{error}\nTo install what is missing:\n    apt-get install python3-venv")
        })?;
        let mut command = Command::new(place.join("bin/pip"));
        command
            .args(["install", "--quiet", "--requirement"])
            .arg(root.join("tests/peers/openapi-generator.txt"));
        execute(command)?;
    }
    Ok(program)
}
