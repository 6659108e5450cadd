//! The npm packages of `tests/peers`, as its lock file pins them.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::lock;
use tokensmith_codegen::diagnostic::output;

/// Installs the packages unless that was done since the lock file last changed. Returns whether
/// anything was installed.
///
/// # Errors
///
/// If npm is missing or fails.
pub(super) fn install(root: &Path) -> Result<bool, String> {
    let peers = root.join("tests/peers");
    if is_current(&peers) {
        return Ok(false);
    }
    let _lock = lock(&peers.join("package-lock.json"))?;
    // Another process may have installed them meanwhile.
    if is_current(&peers) {
        return Ok(false);
    }
    output::print("installing the npm packages of tests/peers");
    let output = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(&peers)
        .output()
        .map_err(|error| format!("cannot run npm: {error}"))?;
    if output.status.success() {
        return Ok(true);
    }
    Err(format!(
        "`npm ci` in tests/peers failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    ))
}

fn is_current(peers: &Path) -> bool {
    let modified = |path: &str| fs::metadata(peers.join(path)).and_then(|file| file.modified());
    let installed = modified("node_modules/.package-lock.json");
    let locked = modified("package-lock.json");
    installed.is_ok_and(|installed| locked.is_ok_and(|locked| installed >= locked))
}
