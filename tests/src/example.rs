//! The programs in `tests/examples`.

use std::path::PathBuf;

/// Returns the path of a program that cargo builds with the tests.
///
/// # Panics
///
/// With the command that builds it, if it is missing.
pub fn path(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path");
    let folder = test.ancestors().nth(2).expect("a folder above");
    let path = folder.join("examples").join(name);
    assert!(
        path.exists(),
        "{} is missing; build it with `cargo build --package tokensmith-tests --examples`",
        path.display()
    );
    path
}
