//! `cargo xtask release` in a project of a few crates, with a repository of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const WORKSPACE: &str = r#"[workspace]
resolver = "3"
members = ["crates/tokensmith-*", "crates/providers/*", "crates/helper"]

[workspace.package]
version = "0.1.0"
edition = "2024"
rust-version = "1.89"
license = "MIT"
repository = "https://example.com"

[workspace.lints.rust]
unsafe_code = "forbid"

[workspace.dependencies]
tokensmith-runtime = { path = "crates/tokensmith-runtime", version = "0.1.0", default-features = false }
tokensmith-providers = { path = "crates/tokensmith-providers", version = "0.1.0", default-features = false }
tokensmith-mock = { path = "crates/tokensmith-mock", version = "0.1.0" }
serde = "1"
"#;

const RUNTIME: &str = r#"[package]
name = "tokensmith-runtime"
description = "Stands in for the runtime"
version.workspace = true
edition.workspace = true
license.workspace = true
repository.workspace = true

[features]
hyper = []
blocking = []
authorization = []
device = []
testing = []
"#;

/// Only tests of the providers' crates need it, and it has to be published before them.
const MOCK: &str = r#"[package]
name = "tokensmith-mock"
description = "Stands in for the mock"
version.workspace = true
edition.workspace = true
license.workspace = true
repository.workspace = true

[dependencies]
tokensmith-runtime = { workspace = true }
"#;

const HELPER: &str = r#"[package]
name = "helper"
description = "Has a version of its own"
version = "0.3.0"
edition = "2024"
license = "MIT"
repository = "https://example.com"

[dependencies]
tokensmith-runtime = { workspace = true }
"#;

const CHANGELOG: &str = "# Changelog\n\n## [Unreleased]\n\n## [0.1.0] - 2026-01-01\n\n- First.\n";

fn xtask(root: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(root)
        .env("CARGO_MANIFEST_DIR", root.join("xtask"))
        .env("CARGO_TARGET_DIR", root.join("target"))
        .env("CARGO_NET_OFFLINE", "true")
        .stdin(Stdio::null())
        .output()
        .expect("runs")
}

#[track_caller]
fn stdout(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{text}{told}");
    text
}

fn git(root: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
        .args(arguments)
        .current_dir(root)
        .output()
        .expect("git runs");
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "git {arguments:?}: {told}");
}

fn commit(root: &Path) {
    git(root, &["add", "."]);
    git(root, &["commit", "-qm", "Change"]);
}

fn write(root: &Path, name: &str, text: &str) {
    let path = root.join(name);
    fs::create_dir_all(path.parent().expect("has a folder")).expect("a folder");
    fs::write(path, text).expect("is written");
}

fn read(root: &Path, name: &str) -> String {
    fs::read_to_string(root.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A released project: a stand-in for the runtime, a crate of a provider, the list, and a helper.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    write(root, "Cargo.toml", WORKSPACE);
    write(root, "CHANGELOG.md", CHANGELOG);
    write(root, ".gitignore", "/target\n");
    write(root, "crates/tokensmith-runtime/Cargo.toml", RUNTIME);
    write(
        root,
        "crates/tokensmith-runtime/src/lib.rs",
        "//! A runtime.\n",
    );
    write(root, "crates/tokensmith-mock/Cargo.toml", MOCK);
    write(root, "crates/tokensmith-mock/src/lib.rs", "//! A mock.\n");
    write(root, "crates/helper/Cargo.toml", HELPER);
    write(root, "crates/helper/src/lib.rs", "//! A helper.\n");
    fs::create_dir(root.join("specs")).expect("a folder");
    for name in ["acme", "other"] {
        let url = format!("https://{name}.example/token");
        stdout(&xtask(
            root,
            &[
                "new",
                name,
                "--token-url",
                &url,
                "--docs",
                "https://docs.example",
            ],
        ));
    }
    stdout(&xtask(root, &["codegen"]));
    let lock = Command::new("cargo")
        .args(["generate-lockfile", "--offline"])
        .current_dir(root)
        .output()
        .expect("cargo runs");
    assert!(
        lock.status.success(),
        "{}",
        String::from_utf8_lossy(&lock.stderr)
    );
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "."]);
    git(root, &["commit", "-qm", "Release"]);
    git(root, &["tag", "v0.1.0"]);
    folder
}

/// The crates of a plan, as `name old -> new`.
fn planned(text: &str) -> Vec<String> {
    let lines = text
        .lines()
        .filter_map(|line| line.trim_start().split_once(". "));
    let lines = lines.filter(|(number, _)| number.parse::<u32>().is_ok());
    lines
        .map(|(_, rest)| rest.split(" (").next().unwrap_or(rest).to_owned())
        .collect()
}

#[test]
fn only_what_changed_since_the_tag_is_released() {
    let project = project();
    let root = project.path();
    let plan = || stdout(&xtask(root, &["release", "--plan"]));
    let nothing = plan();
    assert!(
        nothing.starts_with("since v0.1.0") && planned(&nothing).is_empty(),
        "{nothing}"
    );

    write(root, "crates/helper/src/lib.rs", "//! A better helper.\n");
    assert_eq!(planned(&plan()), ["helper 0.3.0 -> 0.3.1"]);

    // What only the workspace's manifest says of a crate changes the crate.
    let serde = WORKSPACE.replace("serde = \"1\"", "serde = \"1.0.100\"");
    write(root, "Cargo.toml", &serde);
    let inherited = planned(&plan());
    assert!(
        inherited.contains(&"tokensmith-acme 0.1.0 -> 0.1.1".to_owned()),
        "{inherited:?}"
    );
    write(root, "Cargo.toml", WORKSPACE);

    let document = read(root, "specs/acme.yaml");
    let changed = document.replace("/schemas/ClientCredentials", "/schemas/Password");
    let changed = changed.replace(
        "{grant_type: client_credentials}",
        "{grant_type: password, username: a, password: example-not-real}",
    );
    assert_ne!(document, changed);
    write(root, "specs/acme.yaml", &changed);
    stdout(&xtask(root, &["codegen"]));
    // One grant less is a breaking step. The list of providers requires the new version, and what
    // has its version goes with it.
    let expected = [
        "tokensmith-runtime 0.1.0 -> 0.1.1",
        "helper 0.3.0 -> 0.3.1",
        "tokensmith-mock 0.1.0 -> 0.1.1",
        "tokensmith-acme 0.1.0 -> 0.2.0",
        "tokensmith-providers 0.1.0 -> 0.1.1",
    ];
    assert_eq!(planned(&plan()), expected);
    commit(root);
    stdout(&xtask(root, &["release", "--no-verify"]));
    let list = read(root, "crates/tokensmith-providers/Cargo.toml");
    for (name, version) in [("acme", "0.2"), ("other", "0.1")] {
        let line = format!(
            "tokensmith-{name} = {{ path = \"../providers/{name}\", version = \"{version}\", default"
        );
        assert!(list.contains(&line), "{list}");
    }
    assert_eq!(planned(&plan()), expected);
}

#[test]
fn a_breaking_step_is_prepared_with_all_that_depends_on_it() {
    let project = project();
    let root = project.path();
    write(
        root,
        "crates/tokensmith-runtime/src/lib.rs",
        "//! Another runtime.\n",
    );
    let unreleased = "## [Unreleased]\n\n### Changed\n\n- Another runtime (breaking).\n";
    write(
        root,
        "CHANGELOG.md",
        &CHANGELOG.replace("## [Unreleased]\n", unreleased),
    );
    let refused = xtask(root, &["release", "--no-verify"]);
    let told = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(
        told.ends_with("commit or remove\n    crates/tokensmith-runtime/src/lib.rs\n"),
        "{told}"
    );
    commit(root);
    let released = stdout(&xtask(root, &["release", "--no-verify"]));
    assert_eq!(
        planned(&released),
        [
            "tokensmith-runtime 0.1.0 -> 0.2.0",
            "helper 0.3.0 -> 0.4.0",
            "tokensmith-mock 0.1.0 -> 0.2.0",
            "tokensmith-acme 0.1.0 -> 0.2.0",
            "tokensmith-other 0.1.0 -> 0.2.0",
            "tokensmith-providers 0.1.0 -> 0.2.0",
        ]
    );
    assert!(released.contains("0 crates stay as they are"), "{released}");
    let manifest = read(root, "Cargo.toml");
    assert_eq!(manifest.matches("0.2.0").count(), 4, "{manifest}");
    assert!(read(root, "crates/helper/Cargo.toml").contains("version = \"0.4.0\""));
    assert!(read(root, "specs/acme.yaml").contains("    version: 0.2.0\n"));
    assert!(read(root, "crates/providers/acme/Cargo.toml").contains("version = \"0.2.0\""));
    assert!(read(root, "Cargo.lock").contains("name = \"tokensmith-acme\"\nversion = \"0.2.0\""));
    let changelog = read(root, "CHANGELOG.md");
    let section = changelog.find("## [0.2.0] - 2").expect("has a section");
    for text in [
        "- Another runtime (breaking).",
        "- `tokensmith-acme` 0.2.0: for the new version of `tokensmith-runtime`",
    ] {
        assert!(
            changelog.find(text).is_some_and(|at| at > section),
            "{changelog}"
        );
    }
    // What is prepared is whole: the crates are fresh, and preparing again changes nothing.
    stdout(&xtask(root, &["codegen", "--check"]));
    for name in ["tokensmith-acme-0.2.0.crate", "helper-0.4.0.crate"] {
        assert!(root.join("target/package").join(name).is_file(), "{name}");
    }
    let again = stdout(&xtask(root, &["release", "--no-verify"]));
    assert_eq!(planned(&again), planned(&released));
    assert_eq!(read(root, "CHANGELOG.md"), changelog);
    assert_eq!(read(root, "Cargo.toml"), manifest);
}

#[test]
fn what_cannot_be_released_is_told() {
    let project = project();
    let root = project.path();
    for (arguments, told) in [
        (&["--base", "v9"][..], "git knows no revision `v9`"),
        (
            &["--step", "huge"],
            "the choices are major, minor and patch",
        ),
        (&["now"], "is not an option"),
        (&["--publish"], "there is no option"),
    ] {
        let output = xtask(root, &[&["release"], arguments].concat());
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr.contains(told), "{stderr}");
    }
    // A version that cannot be found in the document is not guessed at.
    let document = read(root, "specs/acme.yaml").replace("    version: 0.1.0\n", "");
    write(root, "specs/acme.yaml", &document);
    write(root, "crates/providers/acme/src/lib.rs", "//! Edited.\n");
    write(root, "crates/helper/src/lib.rs", "//! A better helper.\n");
    commit(root);
    let output = xtask(root, &["release", "--no-verify"]);
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        stderr.contains("info: {x-tokensmith: {version: 0.1.1}}"),
        "{stderr}"
    );
    // The version of the helper, which could be written, is as it was.
    let status = Command::new("git")
        .args(["status", "--porcelain"])
        .current_dir(root)
        .output();
    let status = status.expect("git runs").stdout;
    assert_eq!(String::from_utf8_lossy(&status), "");
}

#[test]
fn a_clone_without_tags_is_not_a_first_release() {
    let project = project();
    let root = project.path();
    git(root, &["tag", "--delete", "v0.1.0"]);
    let plan = || xtask(root, &["release", "--plan"]);
    let told = String::from_utf8_lossy(&plan().stderr).into_owned();
    assert!(
        told.contains("CHANGELOG.md has the release `## [0.1.0] - 2026-01-01`"),
        "{told}"
    );
    stdout(&xtask(root, &["release", "--plan", "--base", "HEAD"]));
    write(root, "CHANGELOG.md", "# Changelog\n\n## [Unreleased]\n");
    assert!(stdout(&plan()).starts_with("since no release yet"));
}
