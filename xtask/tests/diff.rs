//! `cargo xtask diff` over two revisions of a project of its own.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

const DOCUMENT: &str = "\
openapi: 3.1.0
info: {title: Acme, x-tokensmith: {version: 0.1.0}}
servers: [{url: 'https://api.example.com'}]
paths:
  /token:
    post:
      security: [{basic: []}]
      requestBody:
        content:
          application/x-www-form-urlencoded:
            schema:
              properties:
                grant_type: {enum: [client_credentials]}
                scope: {type: string}
      responses:
        '200':
          content:
            application/json:
              schema: {properties: {access_token: {type: string}}}
components:
  securitySchemes:
    basic: {type: http, scheme: basic}
";

/// A repository with one document and one commit.
fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), DOCUMENT);
    git(
        folder.path(),
        &["init", "--quiet", "--initial-branch", "main"],
    );
    commit(folder.path());
    folder
}

fn write(project: &Path, text: &str) {
    fs::create_dir_all(project.join("specs")).expect("is writable");
    fs::write(project.join("specs/acme.yaml"), text).expect("is writable");
}

fn commit(project: &Path) {
    git(project, &["add", "specs"]);
    git(
        project,
        &[
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@example.com",
            "commit",
            "--quiet",
            "--message",
            "x",
        ],
    );
}

fn git(project: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .args(arguments)
        .current_dir(project)
        .output();
    let output = output.expect("git is there: apt-get install git");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

fn diff(project: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("diff")
        .args(arguments)
        .current_dir(project)
        .env("CARGO_MANIFEST_DIR", project.join("xtask"))
        .output()
        .expect("runs")
}

fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn a_version_that_goes_down_is_told() {
    let project = project();
    let lower = DOCUMENT.replace("version: 0.1.0", "version: 0.0.9");
    write(project.path(), &lower);
    for (format, told) in [
        ("text", "acme 0.1.0 -> 0.0.9: nothing else changed"),
        (
            "text",
            "write\n      info: {x-tokensmith: {version: 0.1.0}}",
        ),
        (
            "markdown",
            "| `tokensmith-acme` | 0.1.0 → 0.0.9 |  | **0.1.0** |",
        ),
        ("json", "\"wanted\": \"0.1.0\""),
    ] {
        let output = diff(
            project.path(),
            &["--without-semver-checks", "--format", format],
        );
        assert_eq!(output.status.code(), Some(1), "{format}");
        assert!(stdout(&output).contains(told), "{}", stdout(&output));
    }
}

#[test]
fn what_differs_in_the_generated_code_is_counted() {
    let project = project();
    let markdown = || {
        let arguments = ["--without-semver-checks", "--format", "markdown"];
        stdout(&diff(project.path(), &arguments))
    };
    assert!(markdown().contains("No generated code differs."));
    for (name, text) in [("acme", "one\ntwo\n"), ("other", "one\n")] {
        let folder = project.path().join("crates/providers").join(name);
        fs::create_dir_all(&folder).expect("is writable");
        fs::write(folder.join("lib.rs"), text).expect("is writable");
        if name == "acme" {
            git(project.path(), &["add", "crates"]);
            commit(project.path());
            fs::write(folder.join("lib.rs"), "one\nthree\n").expect("is writable");
        }
    }
    let told = markdown();
    assert!(
        told.contains("| `tokensmith-acme` | 1 | +1 −1 |\n| `tokensmith-other` | 1 | +1 −0 |\n"),
        "{told}"
    );
}

#[test]
fn a_version_that_is_too_low_is_told() {
    let project = project();
    let unchanged = diff(project.path(), &["--without-semver-checks"]);
    assert!(
        unchanged.status.success() && stdout(&unchanged).contains("nothing changed"),
        "{}",
        stdout(&unchanged)
    );
    write(
        project.path(),
        &DOCUMENT.replace("                scope: {type: string}\n", ""),
    );
    let breaking = diff(project.path(), &["--without-semver-checks"]);
    assert_eq!(breaking.status.code(), Some(1));
    for part in [
        "acme 0.1.0 -> 0.1.0: major",
        "ClientCredentials::scope is gone",
        "version: 0.2.0",
    ] {
        assert!(
            stdout(&breaking).contains(part),
            "{part}\n{}",
            stdout(&breaking)
        );
    }
    let right = DOCUMENT
        .replace("                scope: {type: string}\n", "")
        .replace("version: 0.1.0", "version: 0.2.0");
    write(project.path(), &right);
    assert!(
        diff(project.path(), &["--without-semver-checks"])
            .status
            .success()
    );
}

#[test]
fn programs_and_pull_requests_get_forms_of_their_own() {
    let project = project();
    git(project.path(), &["checkout", "--quiet", "-b", "branch"]);
    write(
        project.path(),
        &DOCUMENT.replace("[client_credentials]", "[client_credentials, password]"),
    );
    fs::write(project.path().join("specs/other.yaml"), DOCUMENT).expect("is writable");
    commit(project.path());
    let json = diff(
        project.path(),
        &["--format", "json", "--without-semver-checks"],
    );
    let json: serde_json::Value = serde_json::from_slice(&json.stdout).expect("is JSON");
    assert_eq!(json["base"], "the merge base with main");
    assert_eq!(json["providers"][0]["step"], "minor");
    assert_eq!(json["providers"][0]["wanted"], "0.1.1");
    assert_eq!(json["providers"][1]["fate"], "new");
    let markdown = stdout(&diff(
        project.path(),
        &[
            "--base",
            "main",
            "--format",
            "markdown",
            "--without-semver-checks",
        ],
    ));
    assert!(
        markdown.contains("| `tokensmith-acme` | 0.1.0 → 0.1.0 | minor | **0.1.1** |"),
        "{markdown}"
    );
    assert!(
        markdown.contains("| `tokensmith-other` | 0.1.0 | new | |"),
        "{markdown}"
    );
}

#[test]
fn a_revision_that_is_not_there_is_told() {
    let project = project();
    let output = diff(
        project.path(),
        &["--base", "nowhere", "--without-semver-checks"],
    );
    assert_eq!(output.status.code(), Some(2));
    let shown = String::from_utf8_lossy(&output.stderr);
    assert!(shown.contains("git knows no revision `nowhere`"), "{shown}");
}

#[test]
fn a_project_may_be_a_folder_of_its_repository() {
    let repository = tempfile::tempdir().expect("a folder");
    let project = repository.path().join("project");
    write(&project, DOCUMENT);
    git(
        repository.path(),
        &["init", "--quiet", "--initial-branch", "main"],
    );
    commit(&project);
    let output = diff(&project, &["--without-semver-checks"]);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    assert!(stdout(&output).contains("acme 0.1.0: nothing changed"));
}

/// A clone that knows `depth` commits of the branch, and of `main` where it is asked for.
fn clone(of: &Path, options: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let url = format!("file://{}", of.display());
    let mut arguments = vec!["clone", "--quiet", "--branch", "branch"];
    arguments.extend(options);
    arguments.extend([url.as_str(), "."]);
    git(folder.path(), &arguments);
    folder
}

#[test]
fn a_clone_without_the_base_passes_nothing() {
    let project = project();
    git(project.path(), &["checkout", "--quiet", "-b", "branch"]);
    let breaking = DOCUMENT.replace("                scope: {type: string}\n", "");
    write(project.path(), &breaking);
    commit(project.path());
    for options in [
        &["--depth", "1"][..],
        &["--depth", "1", "--no-single-branch"],
    ] {
        let clone = clone(project.path(), options);
        let output = diff(clone.path(), &["--without-semver-checks"]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{}", stdout(&output));
        assert!(errors.contains("fetch-depth: 0"), "{errors}");
    }
    let whole = clone(project.path(), &[]);
    let output = diff(whole.path(), &["--without-semver-checks"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("compared with the merge base with origin/main"));
}

#[test]
fn a_document_can_be_repaired() {
    let project = project();
    let broken = DOCUMENT.replace("{enum: [client_credentials]}", "{type: string}");
    write(project.path(), &broken);
    let output = diff(project.path(), &["--without-semver-checks"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("acme has errors"));
    commit(project.path());
    write(project.path(), DOCUMENT);
    let output = diff(project.path(), &["--without-semver-checks"]);
    assert!(output.status.success(), "{}", stdout(&output));
    assert!(stdout(&output).contains("acme 0.1.0: its document had errors at the base"));
}

#[test]
fn what_a_document_says_is_shown_and_not_obeyed() {
    let project = project();
    let hostile = DOCUMENT.replace(
        "'https://api.example.com'",
        "\"https://two.example.com/a\\e[31m`www.example.com<b>\"",
    );
    write(project.path(), &hostile);
    for format in ["text", "markdown"] {
        let output = diff(
            project.path(),
            &["--format", format, "--without-semver-checks"],
        );
        let shown = stdout(&output);
        let line = shown
            .lines()
            .find(|line| line.contains("Server::default()"))
            .unwrap_or_else(|| panic!("{shown}"));
        assert!(line.contains("\\u{1b}[31m"), "{line:?}");
        assert!(
            !shown.chars().any(|one| one.is_control() && one != '\n'),
            "{shown:?}"
        );
        if format == "markdown" {
            // One span of code from the first word to the last.
            assert_eq!(line.matches('`').count(), 2, "{line}");
            assert!(line.ends_with('`'), "{line}");
        }
    }
}

#[test]
fn a_version_has_room_for_the_next() {
    let project = project();
    let greatest = DOCUMENT.replace("0.1.0", "0.0.18446744073709551615");
    write(project.path(), &greatest);
    let output = diff(project.path(), &["--without-semver-checks"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    assert!(stdout(&output).contains("acme has errors"));
    let beta = DOCUMENT.replace("0.1.0", "1.0.0-beta.1");
    write(project.path(), &beta);
    commit(project.path());
    let breaking = beta.replace("                scope: {type: string}\n", "");
    write(project.path(), &breaking);
    let output = diff(project.path(), &["--without-semver-checks"]);
    assert_eq!(output.status.code(), Some(1), "{}", stdout(&output));
    write(project.path(), &breaking.replace("beta.1", "beta.2"));
    let output = diff(project.path(), &["--without-semver-checks"]);
    assert!(output.status.success(), "{}", stdout(&output));
}
