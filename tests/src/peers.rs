//! Programs of others, which run on Node.js and Python.

use std::fs;
use std::path::{Path, PathBuf};

/// Returns the folder `tests/peers`, with the packages that its lock file pins.
///
/// # Panics
///
/// If the packages are missing or older than the lock file, with the command that installs them.
pub fn folder() -> PathBuf {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let modified = |path: &str| {
        let metadata = fs::metadata(peers.join(path)).ok();
        metadata.and_then(|metadata| metadata.modified().ok())
    };
    let installed = modified("node_modules/.package-lock.json");
    assert!(
        installed.is_some() && installed >= modified("package-lock.json"),
        "the npm packages of tests/peers are missing or outdated; install them with `cargo xtask setup`"
    );
    peers
}

/// Returns the Python interpreter of `tests/peers`, with the packages that `authlib.txt` pins.
///
/// # Panics
///
/// If the packages are missing or other ones than those of the lock file, with the command that
/// installs them.
pub fn python() -> PathBuf {
    let peers = Path::new(env!("CARGO_MANIFEST_DIR")).join("peers");
    let read = |path: &str| fs::read(peers.join(path)).ok();
    let installed = read("venv/installed.txt");
    assert!(
        installed.is_some() && installed == read("authlib.txt"),
        "the Python packages of tests/peers are missing or outdated; install them with `cargo xtask setup`"
    );
    peers.join("venv/bin/python")
}
