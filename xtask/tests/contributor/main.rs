//! What a contributor does, in a project of its own: begin a document, import a vendor's, update it, watch.

mod import;
mod project;

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use project::{TOKEN_URL, command, project, run, stdout, text};

#[test]
fn a_document_that_is_begun_gives_a_crate() {
    let project = project();
    let begun = stdout(&run(
        project.path(),
        &["new", "acme", "--token-url", TOKEN_URL],
    ));
    assert!(begun.contains("specs/acme.yaml: valid"), "{begun}");
    let generated = stdout(&run(project.path(), &["codegen", "acme"]));
    assert!(generated.contains("client_credentials"), "{generated}");
    assert!(
        project
            .path()
            .join("crates/providers/acme/src/lib.rs")
            .is_file()
    );
    let again = run(project.path(), &["new", "acme", "--token-url", TOKEN_URL]);
    assert!(
        text(&again.stderr).contains("is there already"),
        "{}",
        text(&again.stderr)
    );
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn what_nobody_can_be_asked_has_to_be_given() {
    let project = project();
    let output = run(project.path(), &["new", "acme"]);
    assert!(
        text(&output.stderr).contains("give --token-url"),
        "{}",
        text(&output.stderr)
    );
    let output = run(
        project.path(),
        &["new", "Acme Corp", "--token-url", TOKEN_URL],
    );
    assert!(
        text(&output.stderr).contains("lower-case"),
        "{}",
        text(&output.stderr)
    );
    assert_eq!(
        fs::read_dir(project.path().join("specs"))
            .expect("is a folder")
            .count(),
        0
    );
}

#[test]
fn a_document_that_would_have_errors_is_not_begun() {
    let project = project();
    let begin = |name: &str, arguments: &[&str]| {
        let output = run(project.path(), &[&["new", name], arguments].concat());
        let files = fs::read_dir(project.path().join("specs"))
            .expect("is a folder")
            .count();
        (output, files)
    };
    for (name, arguments) in [
        ("runtime", &["--token-url", TOKEN_URL][..]),
        ("acme", &["--token-url", "https://a.example/..."]),
        ("acme", &["--token-url", "https://a.example/\u{202e}t"]),
        ("acme", &["--token-url", TOKEN_URL, "--docs", "a\nb: *x"]),
        (
            "acme",
            &["--token-url", TOKEN_URL, "--grant", "password,ma\"gic"],
        ),
    ] {
        let (output, files) = begin(name, arguments);
        assert_eq!(
            (output.status.code(), files),
            (Some(2), 0),
            "{arguments:?}: {}",
            text(&output.stdout)
        );
    }
    let grants = ["--grant", "Password,refresh_token", "--grant", "password"];
    let auth = ["--client-auth", "BODY", "--token-url", TOKEN_URL];
    let (output, files) = begin("acme", &[grants, auth].concat());
    // The document, and the folder of what it refers to.
    assert_eq!(files, 2, "{}", stdout(&output));
    let document = fs::read_to_string(project.path().join("specs/acme.yaml")).expect("is there");
    assert!(
        document.matches("schemas/Password}").count() == 1
            && document.matches("schemas/RefreshToken}").count() == 1,
        "{document}"
    );
}

/// A document is not called fresh that nothing was generated from.
#[test]
fn a_broken_document_is_not_called_fresh() {
    let project = project();
    let root = project.path();
    stdout(&run(root, &["new", "acme", "--token-url", TOKEN_URL]));
    stdout(&run(root, &["codegen"]));
    fs::write(root.join("specs/other.yaml"), "openapi: 3.1.0\n").expect("is writable");
    for (arguments, told) in [
        (&["codegen", "other"][..], "1 document, 1 broken in "),
        (
            &["codegen"],
            "2 documents, 1 broken, everything else fresh in ",
        ),
        (&["codegen", "--check", "other"], "1 document, 1 broken in "),
    ] {
        for _ in 0..2 {
            let output = run(root, arguments);
            let said = text(&output.stdout);
            assert!(said.contains("broken: 1 error"), "{said}");
            assert!(said.contains(told), "{said}");
            assert!(!output.status.success());
        }
    }
}

#[test]
fn documents_are_checked_by_the_build_that_generates() {
    let project = project();
    let root = project.path();
    stdout(&run(root, &["new", "acme", "--token-url", TOKEN_URL]));
    for name in ["acme", "specs/acme.yaml"] {
        let checked = run(root, &["check", name]);
        let said = stdout(&checked);
        assert!(said.contains("1 document: 0 errors"), "{said}");
        assert!(text(&checked.stderr).contains("TS045"));
    }
    let explained = stdout(&run(root, &["check", "--explain-model", "acme"]));
    assert!(explained.contains("client_credentials"), "{explained}");
    let rule = stdout(&run(root, &["check", "--explain", "TS045"]));
    assert!(rule.contains("TS045"), "{rule}");
    fs::write(root.join("specs/other.yaml"), "openapi: 3.1.0\n").expect("is writable");
    let broken = run(root, &["check"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(text(&broken.stdout).contains("2 documents: 1 error, "));
    for (arguments, told) in [
        (&["check", "nobody"][..], "no document of `nobody`"),
        (&["check", "--explain", "TS999"], "no rule `TS999`"),
        (&["check", "--explain", "TS045", "acme"], "give it alone"),
    ] {
        let output = run(root, arguments);
        assert_eq!(output.status.code(), Some(2));
        assert!(
            text(&output.stderr).contains(told),
            "{}",
            text(&output.stderr)
        );
    }
    assert!(!root.join("crates").exists(), "a check writes nothing");
}

#[test]
fn a_document_that_is_saved_is_generated_again() {
    let project = project();
    stdout(&run(
        project.path(),
        &["new", "acme", "--token-url", TOKEN_URL],
    ));
    let mut process = command(project.path(), &["codegen", "--watch", "acme"])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("runs");
    let output = BufReader::new(process.stdout.take().expect("has an output"));
    let mut lines = output.lines().map(|line| line.expect("is readable"));
    let mut rounds = lines
        .by_ref()
        .filter(|line| line.starts_with("watching specs"));
    assert!(rounds.next().is_some());
    let lib = project.path().join("crates/providers/acme/src/lib.rs");
    assert!(
        !fs::read_to_string(&lib)
            .expect("is there")
            .contains("Saved anew")
    );
    // As editors do it: another file takes the name.
    let document = project.path().join("specs/acme.yaml");
    let text = fs::read_to_string(&document)
        .expect("is there")
        .replace("issues tokens", "Saved anew and issues tokens");
    fs::write(project.path().join("specs/.acme.swp"), text).expect("is writable");
    fs::rename(project.path().join("specs/.acme.swp"), &document).expect("is renamed");
    let is_saved =
        |_: &String| fs::read_to_string(&lib).is_ok_and(|text| text.contains("Saved anew"));
    assert!(rounds.any(|line| is_saved(&line)));
    process.kill().expect("is running");
    process.wait().expect("has ended");
}
