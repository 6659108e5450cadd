//! Programs of others, which run on Node.js.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Installs what `tests/peers` pins, unless that was done since its lock file last changed, and
/// returns the folder.
///
/// # Panics
///
/// With the command that mends it, when Node.js or npm is missing or npm fails.
pub fn install() -> PathBuf {
    static INSTALLED: OnceLock<()> = OnceLock::new();
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    INSTALLED.get_or_init(|| install_into(&peers));
    peers
}

fn install_into(peers: &Path) {
    let modified = |path: PathBuf| {
        fs::metadata(path)
            .and_then(|metadata| metadata.modified())
            .ok()
    };
    let installed = match (
        modified(peers.join("node_modules/.package-lock.json")),
        modified(peers.join("package-lock.json")),
    ) {
        (Some(installed), Some(locked)) => installed >= locked,
        _ => false,
    };
    let help = "the tests need Node.js 18.20 or newer with npm; on Debian or Ubuntu: sudo apt-get install -y nodejs npm";
    let node = Command::new("node").arg("--version").output();
    assert!(node.is_ok_and(|output| output.status.success()), "{help}");
    if installed {
        return;
    }
    let npm = Command::new("npm")
        .args(["ci", "--no-audit", "--no-fund"])
        .current_dir(peers)
        .output();
    let Ok(npm) = npm else { panic!("{help}") };
    let output = String::from_utf8_lossy(&npm.stderr);
    assert!(
        npm.status.success(),
        "`npm ci` in tests/peers failed; run it there by hand:\n{output}"
    );
}
