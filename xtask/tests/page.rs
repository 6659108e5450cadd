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

#[test]
fn a_name_that_is_not_a_providers_is_refused() {
    for hostile in [
        "specs/a` | @octocat www.evil.example | `.yaml",
        "specs/a\n@octocat.yaml",
        "specs/a.evil.example.yaml",
        "crates/providers/x|@octocat|/lib.rs",
        "crates/providers/x.rs",
    ] {
        let project = project();
        let output = page(project.path(), |root| {
            let path = root.join(hostile);
            fs::create_dir_all(path.parent().expect("has a folder")).expect("a folder");
            fs::write(path, DOCUMENT).expect("is written");
        });
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(told.contains("are not made of"), "{hostile}: {told}");
        assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
    }
}

#[test]
fn attributes_of_the_commit_hide_nothing() {
    for attributes in ["* export-ignore\n", "* -diff\n", "* filter=lost\n"] {
        let project = project();
        let root = project.path();
        // What git-lfs configures on the machines of GitHub.
        git(root, &["config", "filter.lost.smudge", "echo lost"]);
        let output = page(root, |root| {
            fs::write(root.join("specs/newer.yaml"), DOCUMENT).expect("is written");
            fs::write(root.join("crates/providers/acme/lib.rs"), "// A\n// B\n")
                .expect("is written");
            git(root, &["add", "."]);
            for folder in ["specs", "crates/providers"] {
                fs::create_dir_all(root.join(folder).join("common")).expect("a folder");
            }
            for place in ["specs/common", "crates/providers/acme"] {
                fs::write(root.join(place).join(".gitattributes"), attributes).expect("is written");
            }
        });
        let page = String::from_utf8_lossy(&output.stdout).into_owned();
        let told = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(output.status.success(), "{told}");
        for line in [
            "| `tokensmith-newer` | 0.1.0 | new | |",
            "| `tokensmith-acme` | 2 | +3 −1 |",
        ] {
            assert!(page.contains(line), "{attributes}: {page}");
        }
    }
}

#[test]
fn files_that_the_commit_ignores_are_counted() {
    let project = project();
    let output = page(project.path(), |root| {
        let folder = root.join("crates/providers/newer");
        fs::create_dir(&folder).expect("a folder");
        fs::write(folder.join("lib.rs"), "// Code.\n").expect("is written");
        git(root, &["add", "."]);
        fs::write(folder.join(".gitignore"), "*\n").expect("is written");
        git(
            root,
            &["add", "--force", "crates/providers/newer/.gitignore"],
        );
    });
    let page = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        page.contains("| `tokensmith-newer` | 2 | +2 −0 |"),
        "{page}"
    );
}

#[test]
fn attributes_that_the_clone_had_are_kept() {
    let project = project();
    let root = project.path();
    fs::create_dir_all(root.join(".git/info")).expect("a folder");
    let attributes = root.join(".git/info/attributes");
    fs::write(&attributes, "*.png binary\n").expect("is written");
    let output = page(root, |root| {
        fs::write(root.join("specs/newer.yaml"), DOCUMENT).expect("is written");
    });
    assert!(output.status.success(), "{output:?}");
    assert_eq!(
        fs::read_to_string(attributes).expect("is there"),
        "*.png binary\n"
    );
}
