//! `.ci/page`: what a pull request's documents mean, by trusted code over files that nobody trusts.

#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const DOCUMENT: &str = "openapi: 3.1.0\ninfo: {title: Acme, version: '1'}\nservers: [{url: 'https://a.example'}]\npaths:\n  /token:\n    post:\n      \
    security: [{Basic: []}]\n      requestBody:\n        content:\n          application/x-www-form-urlencoded:\n            schema:\n              properties: \
    {grant_type: {type: string, const: client_credentials}}\n      responses:\n        '200':\n          description: A token.\n          content: \
    {application/json: {schema: {properties: {access_token: {type: string}}}}}\ncomponents: {securitySchemes: {Basic: {type: http, scheme: basic}}}\n";

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

/// A project with a document on `main`; building it is left out, since this test's program is built.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = folder.path();
    for name in [
        "specs",
        "crates/providers/acme",
        ".ci",
        "target/debug",
        "bin",
    ] {
        fs::create_dir_all(root.join(name)).expect("a folder");
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.ci/page");
    fs::copy(script, root.join(".ci/page")).expect("is copied");
    fs::write(root.join("bin/cargo"), "#!/bin/sh\n").expect("is written");
    let mode = fs::Permissions::from_mode(0o755);
    fs::set_permissions(root.join("bin/cargo"), mode).expect("is changed");
    symlink(env!("CARGO_BIN_EXE_xtask"), root.join("target/debug/xtask")).expect("is a link");
    fs::write(root.join(".gitignore"), "/target\n/bin\n").expect("is written");
    fs::write(root.join("specs/acme.yaml"), DOCUMENT).expect("is written");
    fs::write(root.join("crates/providers/acme/lib.rs"), "// Code.\n").expect("is written");
    git(root, &["init", "-q", "-b", "main"]);
    git(root, &["add", "."]);
    git(root, &["commit", "-qm", "Begin"]);
    folder
}

/// Commits what is done to the folder as a pull request, and runs the script on `main`.
fn page(root: &Path, change: impl Fn(&Path)) -> Output {
    git(root, &["checkout", "-q", "-b", "pr"]);
    change(root);
    git(root, &["add", "."]);
    git(root, &["commit", "-qm", "Change", "--allow-empty"]);
    git(root, &["checkout", "-q", "main"]);
    let path = std::env::var("PATH").unwrap_or_default();
    Command::new("bash")
        .args([".ci/page", "pr"])
        .current_dir(root)
        .env("PATH", format!("{}:{path}", root.join("bin").display()))
        .env_remove("CARGO_TARGET_DIR")
        .output()
        .expect("bash runs")
}

#[test]
fn a_changed_document_is_explained() {
    let project = project();
    let output = page(project.path(), |root| {
        let changed = DOCUMENT.replace(
            "const: client_credentials",
            "enum: [client_credentials, password]",
        );
        fs::write(root.join("specs/acme.yaml"), changed).expect("is written");
        fs::write(
            root.join("specs/newer.yaml"),
            DOCUMENT.replace("Acme", "Newer"),
        )
        .expect("is written");
    });
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{told}");
    assert!(
        page.contains("| `tokensmith-acme` | 0.1.0 → 0.1.0 | minor | **0.1.1** |"),
        "{page}\n{told}"
    );
    assert!(
        page.contains("| `tokensmith-newer` | 0.1.0 | new | |"),
        "{page}"
    );
    assert!(
        page.contains("\n  grants: client_credentials, password\n"),
        "{page}"
    );
}

#[test]
fn what_changes_no_document_has_no_page() {
    let project = project();
    let output = page(project.path(), |root| {
        fs::write(root.join("README.md"), "Read me.\n").expect("is written");
    });
    assert!(
        output.status.success() && output.stdout.is_empty(),
        "{output:?}"
    );
}

#[test]
fn a_link_among_the_documents_is_refused() {
    let project = project();
    let output = page(project.path(), |root| {
        symlink("/etc/hostname", root.join("specs/other.yaml")).expect("is a link");
    });
    let told = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(told.contains("links or submodules"), "{told}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    let kept = fs::read_to_string(project.path().join("specs/acme.yaml")).expect("is there");
    assert_eq!(kept, DOCUMENT);
}
