//! `tokensmith check`.

use std::fs;

use crate::run::{spec_argument, tokensmith, tokensmith_in};

#[test]
fn the_documents_of_the_project_are_clean() {
    let files = [
        "moov.yaml",
        "moveworks.yaml",
        "moveworks.overlay.yaml",
        "workiva.yaml",
    ]
    .map(spec_argument);
    let run = tokensmith(&["check", &files[0], &files[1], &files[2], &files[3]]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "3 documents: clean\n"),
        "{}",
        run.stderr
    );
}

#[test]
fn warnings_are_no_errors() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(spec_argument("moov.yaml")).expect("a document");
    let text = text.replace("https://api.moov.io", "/");
    fs::write(folder.path().join("acme.yaml"), text).expect("a file");
    let run = tokensmith_in(folder.path(), &["check", "acme.yaml"]);
    assert_eq!(run.code, Some(0));
    assert!(run.stdout.starts_with("warning[TS018] "), "{}", run.stdout);
    let (_, end) = run.stdout.split_once("\n\n").expect("a summary");
    let commands = [
        (
            "tokensmith check --all acme.yaml",
            "each place, and what to write there",
        ),
        ("tokensmith check --explain TS018", "the page of a rule"),
        ("tokensmith token --spec acme.yaml", "a token"),
        ("tokensmith generate --spec acme.yaml --out acme", "a crate"),
    ];
    let next = commands.map(|(command, what)| format!("  {command:47}  {what}\n"));
    let expected = format!(
        "1 document: 0 errors, 1 warning\n\nNext:\n{}",
        next.concat()
    );
    assert_eq!(end, expected);
    let all = tokensmith_in(folder.path(), &["check", "--all", "acme.yaml"]);
    assert!(all.stdout.contains("┌─ acme.yaml:"), "{}", all.stdout);
}

#[test]
fn warnings_are_a_line_a_statement_unless_all_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(spec_argument("moov.yaml")).expect("a document");
    let text = text.replace("https://api.moov.io", "/");
    for name in ["a.yaml", "b.yaml", "c.yaml"] {
        fs::write(folder.path().join(name), &text).expect("a file");
    }
    let files = ["a.yaml", "b.yaml", "c.yaml"];
    let folded = tokensmith_in(folder.path(), &[&["check"], &files[..]].concat());
    let lines = folded.stdout.lines();
    let lines: Vec<&str> = lines.filter(|line| line.contains("[TS018]")).collect();
    let [line] = lines[..] else {
        panic!("{}", folded.stdout);
    };
    assert!(
        line.contains("(a.yaml:") && line.ends_with(", and 2 more)"),
        "{line}"
    );
    let all = tokensmith_in(folder.path(), &[&["check", "--all"], &files[..]].concat());
    assert_eq!(
        all.stdout.matches("warning[TS018]").count(),
        3,
        "{}",
        all.stdout
    );
}

#[test]
fn errors_are_shown_in_full_with_what_to_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(spec_argument("moov.yaml")).expect("a document");
    let text = text.replace("schemas/AuthTokenRequest'", "schemas/Nothing'");
    fs::write(folder.path().join("acme.yaml"), text).expect("a file");
    let run = tokensmith_in(folder.path(), &["check", "acme.yaml"]);
    assert_eq!(run.code, Some(1));
    assert!(run.stdout.contains("┌─ acme.yaml:"), "{}", run.stdout);
    assert!(
        run.stdout
            .contains("Next:\n  Correct the errors: no crate is generated before.\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn notes_are_counted_in_one_line_unless_all_are_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(spec_argument("moov.yaml")).expect("a document");
    let text = text.replace("format: password", "format: uuid");
    fs::write(folder.path().join("acme.yaml"), text).expect("a file");
    let folded = tokensmith_in(folder.path(), &["check", "acme.yaml"]);
    let note = folded
        .stdout
        .lines()
        .find(|line| line.starts_with("note[TS041]"));
    assert!(
        note.is_some_and(|line| line.contains("visible-secret") && line.contains("(acme.yaml:")),
        "{}",
        folded.stdout
    );
    assert!(!folded.stdout.contains("┌─"), "{}", folded.stdout);
    let all = tokensmith_in(folder.path(), &["check", "--all", "acme.yaml"]);
    assert!(all.stdout.contains("note[TS041]"), "{}", all.stdout);
    assert!(all.stdout.contains("┌─ acme.yaml:"), "{}", all.stdout);
    assert!(!all.stdout.contains("--all"), "{}", all.stdout);
}

#[test]
fn every_document_is_checked_whatever_the_others_are() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(folder.path().join("empty.yaml"), "").expect("a file");
    fs::write(folder.path().join("list.yaml"), "[1, 2]").expect("a file");
    let run = tokensmith_in(
        folder.path(),
        &["check", "missing.yaml", "empty.yaml", "list.yaml"],
    );
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    for part in [
        "--> missing.yaml",
        "error[TS001]",
        "error[TS003]",
        "3 documents: 3 errors, 0 warnings\n",
    ] {
        assert!(run.stdout.contains(part), "{part} in {}", run.stdout);
    }
    assert!(
        !run.stdout.contains('\x1b'),
        "colour where there is no terminal"
    );
}

#[test]
fn programs_and_github_read_what_people_do() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(spec_argument("moov.yaml")).expect("a document");
    let text = text.replace("schemas/AuthTokenRequest'", "schemas/Nothing'");
    fs::write(folder.path().join("acme.yaml"), text).expect("a file");
    let check =
        |format: &str| tokensmith_in(folder.path(), &["check", "--format", format, "acme.yaml"]);
    let run = check("json");
    assert_eq!((run.code, run.stderr.as_str()), (Some(1), ""));
    let findings: serde_json::Value = serde_json::from_str(&run.stdout).expect("is JSON");
    let diagnostics = findings["diagnostics"].as_array().expect("a list");
    assert_eq!(findings["documents"], 1);
    assert_eq!(
        findings["errors"],
        diagnostics
            .iter()
            .filter(|one| one["severity"] == "error")
            .count()
    );
    for diagnostic in diagnostics {
        assert_eq!(diagnostic["file"], "acme.yaml");
        for (key, is_right) in [
            (
                "code",
                diagnostic["code"]
                    .as_str()
                    .is_some_and(|code| code.starts_with("TS")),
            ),
            (
                "line",
                diagnostic["line"].as_u64().is_some_and(|line| line > 0),
            ),
            (
                "column",
                diagnostic["column"]
                    .as_u64()
                    .is_some_and(|column| column > 0),
            ),
            ("pointer", diagnostic["pointer"].is_string()),
            ("message", diagnostic["message"].is_string()),
            ("help", diagnostic["help"].is_string()),
        ] {
            assert!(is_right, "{key} of {diagnostic}");
        }
    }
    let run = check("github");
    assert_eq!(run.code, Some(1));
    assert_eq!(run.stdout.lines().count(), diagnostics.len());
    for line in run.stdout.lines() {
        assert!(
            line.starts_with("::error file=acme.yaml,line=")
                || line.starts_with("::warning file=acme.yaml,line="),
            "{line}"
        );
    }
}

#[test]
fn a_rule_is_explained() {
    let run = tokensmith(&["check", "--explain", "ts006"]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stdout.starts_with("# TS006 dangling-reference\n"),
        "{}",
        run.stdout
    );
    let run = tokensmith(&["check", "--explain", "TS999"]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains("there is no such rule"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_model_is_explained_for_people_and_for_programs() {
    let file = spec_argument("moov.yaml");
    let human = tokensmith(&["check", "--explain-model", &file]);
    assert_eq!(human.code, Some(0), "{}", human.stderr);
    for line in [
        "token endpoint POST /oauth2/token",
        "  grants: ",
        "  client authentication: ",
        "  access token: /access_token",
        "    by enum (",
    ] {
        assert!(human.stdout.contains(line), "{line}\n{}", human.stdout);
    }
    assert!(
        human.stdout.contains("\n1 document: clean\n"),
        "{}",
        human.stdout
    );
    let json = tokensmith(&["check", "--explain-model", "--format", "json", &file]);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).expect("JSON");
    let endpoint = &report["models"][0]["endpoints"][0];
    assert_eq!(endpoint["kind"], "token", "{report:#}");
    assert_eq!(endpoint["findings"][0]["question"], "endpoint");
    let github = tokensmith(&["check", "--explain-model", "--format", "github", &file]);
    assert_eq!(github.code, Some(2), "{}", github.stdout);
    let plain = tokensmith(&["check", "--format", "json", &file]);
    assert!(!plain.stdout.contains("models"), "{}", plain.stdout);
}
