//! `cargo xtask try`, with a `cargo` that is a script.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Command, Stdio};

/// Of several providers that are begun, the pages of one are written.
#[test]
fn snapshots_are_written_of_the_provider_that_is_tried() {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for part in ["bin", "specs", "tests/peers/node_modules"] {
        fs::create_dir_all(root.join(part)).expect("a folder");
    }
    // The peers are installed after their lock file was written.
    fs::write(root.join("tests/peers/package-lock.json"), "{}").expect("a file");
    let installed = root.join("tests/peers/node_modules/.package-lock.json");
    fs::write(installed, "{}").expect("a file");
    let cargo = root.join("bin/cargo");
    let script = "#!/bin/sh\necho \"$TOKENSMITH_PROVIDER|$INSTA_UPDATE|$*\" >> \"$LOG\"\n";
    fs::write(&cargo, script).expect("a file");
    fs::set_permissions(cargo, Permissions::from_mode(0o755)).expect("our own file");
    let xtask = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .args(arguments)
            .current_dir(root)
            .env("CARGO_MANIFEST_DIR", root.join("xtask"))
            .env("CARGO_TARGET_DIR", root.join("target"))
            .env("PATH", root.join("bin"))
            .env("LOG", root.join("log"))
            .env_remove("TOKENSMITH_PROVIDER")
            .env_remove("INSTA_UPDATE")
            .stdin(Stdio::null())
            .output()
            .expect("runs");
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}");
    };
    for name in ["acme", "other"] {
        let url = "https://auth.example.com/oauth2/token";
        let docs = "https://docs.example.com/oauth";
        xtask(&["new", name, "--token-url", url, "--docs", docs]);
    }
    xtask(&["try", "acme"]);
    let log = fs::read_to_string(root.join("log")).expect("is there");
    let snapshots = log.lines().find(|line| line.contains("meanings visible"));
    assert!(
        snapshots.is_some_and(|line| line.starts_with("acme|always|test ")),
        "{log}"
    );
    let others = log.lines().filter(|line| line.contains("|always|"));
    assert_eq!(others.count(), 1, "{log}");
}
