//! Debian packages, installed with apt-get.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::lock;
use super::programs::Program;
use tokensmith_codegen::diagnostic::output;

/// A file that Debian and the systems derived from it have. It is what installing processes lock.
const DEBIAN: &str = "/etc/debian_version";
/// The programs by which a package starts its service.
const STARTERS: [&str; 2] = ["invoke-rc.d", "deb-systemd-invoke"];

/// Installs the packages of the programs that are missing, and returns their names.
///
/// # Errors
///
/// If a program is missing and this is not Debian, or not root; the message says what to install.
pub(super) fn install(root: &Path, programs: &[Program]) -> Result<Vec<&'static str>, String> {
    if missing(programs).is_empty() {
        return Ok(Vec::new());
    }
    if !Path::new(DEBIAN).exists() || !is_root() {
        return Err(instruction(&missing(programs)));
    }
    let _lock = lock(Path::new(DEBIAN))?;
    // Another process may have installed them meanwhile.
    let missing = missing(programs);
    if missing.is_empty() {
        return Ok(Vec::new());
    }
    let packages: Vec<&str> = missing.iter().map(|program| program.package).collect();
    output::print(format!("installing {}", packages.join(", ")));
    apt_get(root, &["update"])?;
    let install = ["install", "--yes", "--no-install-recommends"];
    apt_get(root, &[&install, packages.as_slice()].concat())?;
    match missing.iter().find(|program| !(program.is_installed)()) {
        None => Ok(packages),
        Some(program) => Err(format!(
            "the package {} is installed, and {} still cannot be found",
            program.package, program.name
        )),
    }
}

fn missing(programs: &[Program]) -> Vec<&Program> {
    let missing = programs.iter().filter(|program| !(program.is_installed)());
    missing.collect()
}

fn instruction(missing: &[&Program]) -> String {
    let list = |part: fn(&Program) -> &'static str, separator| {
        let parts: Vec<_> = missing.iter().map(|program| part(program)).collect();
        parts.join(separator)
    };
    format!(
        "the tests need {}, which cannot be found: install it with your system's package manager \
         (Debian: `sudo apt-get install --no-install-recommends {}`)",
        list(|program| program.name, ", "),
        list(|program| program.package, " ")
    )
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs apt-get without questions, and without starting the services that it installs.
fn apt_get(root: &Path, arguments: &[&str]) -> Result<(), String> {
    let path = format!(
        "--option=DPkg::Path={}:/usr/sbin:/usr/bin:/sbin:/bin",
        idle_starters(root)?.display()
    );
    let output = Command::new("apt-get")
        .args(["--option=DPkg::Lock::Timeout=600", &path])
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .output()
        .map_err(|error| format!("cannot run apt-get: {error}"))?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!(
        "`apt-get {}` failed:\n{}{}",
        arguments.join(" "),
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    ))
}

/// A folder of programs that do nothing, under the names by which packages start their services.
/// A file in /usr/sbin/policy-rc.d would stay behind if this process were killed.
fn idle_starters(root: &Path) -> Result<PathBuf, String> {
    let folder = root.join("target/setup/idle-starters");
    let copy = |name| fs::copy("/bin/true", folder.join(name)).map(drop);
    fs::create_dir_all(&folder)
        .and_then(|()| STARTERS.into_iter().try_for_each(copy))
        .map_err(|error| format!("{}: {error}", folder.display()))?;
    Ok(folder)
}
