//! `cargo xtask new` as a contributor calls it, and the help of every command.

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

const TOKEN_URL: &str = "https://auth.example.com/oauth2/token";

fn project() -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    fs::create_dir(folder.path().join("specs")).expect("a folder");
    folder
}

fn run(project: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(arguments)
        .current_dir(project)
        .env("CARGO_MANIFEST_DIR", project.join("xtask"))
        .env("CARGO_TARGET_DIR", project.join("target"))
        .stdin(Stdio::null())
        .output()
        .expect("runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[track_caller]
fn stdout(output: &Output) -> String {
    let told = text(&output.stderr);
    assert!(output.status.success(), "{}{told}", text(&output.stdout));
    text(&output.stdout)
}

#[test]
fn a_document_with_a_source_passes_every_check_at_once() {
    let project = project();
    let root = project.path();
    for (name, options) in [
        ("plain", &[][..]),
        (
            "user",
            &[
                "--grant",
                "authorization_code,refresh_token,device_code",
                "--authorization-url",
                "https://www.example.com/authorize",
                "--device-url",
                "https://auth.example.com/device",
                "--revocation-url",
                "https://auth.example.com/revoke",
                "--introspection-url",
                "https://auth.example.com/introspect",
                "--client-auth",
                "body",
                "--scope-separator",
                "comma",
                "--rotation",
                "always",
            ],
        ),
        (
            "own",
            &["--grant", "account_credentials", "--param", "account_id"],
        ),
    ] {
        let given = [
            "new",
            name,
            "--token-url",
            TOKEN_URL,
            "--docs",
            "https://docs.example.com/oauth",
        ];
        let begun = stdout(&run(root, &[&given[..], options].concat()));
        assert!(
            begun.contains("to be confirmed") && begun.contains(&format!("cargo xtask try {name}")),
            "{begun}"
        );
        stdout(&run(root, &["codegen", name]));
        let tests = root.join(format!("crates/providers/{name}/tests/examples"));
        assert!(tests.join("requests.rs").is_file() && tests.join("responses.rs").is_file());
    }
    let checked = run(root, &["codegen", "--check"]);
    stdout(&checked);
    let told = text(&checked.stderr);
    let codes = told
        .lines()
        .filter(|line| line.starts_with("warning[") || line.starts_with("error["));
    let others: Vec<&str> = codes.filter(|line| !line.contains("TS045")).collect();
    assert!(others.is_empty(), "{others:?}");
}

#[test]
fn a_server_can_be_given_for_each_region() {
    let project = project();
    let root = project.path();
    let begun = run(
        root,
        &[
            "new",
            "acme",
            "--token-url",
            "https://us.example.com/token",
            "--server",
            "United States=https://us.example.com",
            "--server",
            "Europe=https://eu.example.com",
            "--scope-separator=comma",
            "--response-scope-separator=space",
        ],
    );
    stdout(&begun);
    let document = fs::read_to_string(root.join("specs/acme.yaml")).expect("is there");
    for line in [
        "- {url: https://us.example.com, description: United States}",
        "- {url: https://eu.example.com, description: Europe}",
        "scope-separator: ',', response-scope-separator: ' '",
    ] {
        assert!(document.contains(line), "{line}\n{document}");
    }
    let given = ["new", "other", "--token-url", TOKEN_URL];
    let twice = [
        "--server",
        "A=https://a.example",
        "--server",
        "a=https://b.example",
    ];
    let refused = run(root, &[&given[..], &twice].concat());
    let told = text(&refused.stderr);
    assert!(
        told.contains("`a` at https://b.example is given twice"),
        "{told}"
    );
    assert!(!root.join("specs/other.yaml").exists());
}

#[test]
fn a_document_without_a_source_says_so() {
    let project = project();
    let begun = stdout(&run(
        project.path(),
        &["new", "acme", "--token-url", TOKEN_URL],
    ));
    assert!(begun.contains("names no source"), "{begun}");
    assert!(
        begun.contains("specs/common/oauth2.yaml: written"),
        "{begun}"
    );
    stdout(&run(project.path(), &["codegen", "acme"]));
    let checked = run(project.path(), &["codegen", "--check", "acme"]);
    assert!(
        !checked.status.success() && text(&checked.stderr).contains("sources"),
        "{}",
        text(&checked.stderr)
    );
}

#[test]
fn hostile_answers_are_quoted_or_refused() {
    let project = project();
    let root = project.path();
    let title = "Acme: \"it's\" # {a: *b}, &c !d";
    let options = [
        "new",
        "acme",
        "--token-url",
        TOKEN_URL,
        "--docs",
        "https://docs.example.com/a#b?c",
        "--title",
        title,
    ];
    stdout(&run(root, &options));
    stdout(&run(root, &["codegen", "acme"]));
    let about = fs::read_to_string(root.join("crates/providers/acme/README.md")).expect("is there");
    assert!(
        about.contains("it's") && about.contains("https://docs.example.com/a#b?c"),
        "{about}"
    );
    for (option, value) in [
        ("--title", "a\nb: c"),
        ("--title", "\u{1b}[2J"),
        ("--grant", "a\n      b: c"),
        ("--grant", "a\": b"),
        ("--param", "x: y"),
        ("--param", "x\n"),
        ("--scope-separator", "\n"),
        ("--lifetime", "1\n"),
        ("--docs", "https://a.example/\n"),
        ("--authorization-url", "https://a.example/'x"),
        ("--revocation-url", "https://user:pw@a.example/x"),
    ] {
        let given = ["new", "other", "--token-url", TOKEN_URL, option, value];
        let output = run(root, &given);
        let told = text(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{option} {value:?}: {told}");
        assert!(!told.contains('\u{1b}'), "{told:?}");
        assert!(!root.join("specs/other.yaml").exists());
    }
}

#[test]
fn every_command_explains_itself() {
    let project = project();
    let list = stdout(&run(project.path(), &["--help"]));
    let rows = list.lines().skip_while(|line| *line != "Commands:").skip(1);
    let names: Vec<&str> = rows
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert_eq!(names.len(), 13, "{list}");
    for name in names {
        let help = stdout(&run(project.path(), &[name, "--help"]));
        assert!(
            help.contains(&format!("Usage: cargo xtask {name}")),
            "{help}"
        );
        assert!(
            help.contains("Examples:\n  # ") && help.contains(&format!("\n  cargo xtask {name}")),
            "{help}"
        );
        assert!(help.lines().all(|line| line.trim_end() == line), "{help}");
        assert_eq!(help, stdout(&run(project.path(), &["help", name])));
    }
    let unknown = run(project.path(), &["nwe"]);
    assert!(text(&unknown.stderr).contains("Commands:"));
    assert_eq!(unknown.status.code(), Some(2));
}
