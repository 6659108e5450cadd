//! Documents as vendors write them: in several files, in Swagger 2.0, in odd syntax.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use tokensmith_codegen::emit::Manifest;
use tokensmith_codegen::{Reading, Source};

use crate::documents::{self, Document, PROVIDER, files, rendered, without_lints};

fn fixture(folder: &str, name: &str) -> Document {
    documents::folder(folder)
        .into_iter()
        .find(|document| document.name == name)
        .unwrap_or_else(|| panic!("{folder} has no {name}"))
}

#[track_caller]
fn assert_means(reading: &Reading, twin: &Document) {
    let told = reading.diagnostics.iter();
    let told: Vec<_> = told.filter(|one| !one.rule.is_lint()).cloned().collect();
    let shown = rendered(&told);
    let model = reading.model.as_ref().unwrap_or_else(|| panic!("{shown}"));
    let found = files(model, PROVIDER, Manifest::Workspace);
    for (name, text) in twin.generate() {
        assert!(
            found[&name] == text,
            "{name} differs\n{text}\n----\n{}",
            found[&name]
        );
    }
    assert_eq!(shown, "");
}

fn read_in(folder: &Path, text: &str) -> Reading {
    let source = Source::new("specs/main.yaml", text.as_bytes()).in_folder(Some(folder));
    without_lints(tokensmith_codegen::read(PROVIDER, source, None))
}

#[test]
fn swagger_2_is_read_like_its_twin() {
    let swagger = fixture("fixtures/2.0", "swagger");
    assert_means(
        &swagger.read_as(PROVIDER),
        &fixture("fixtures/3.0", "swagger"),
    );
}

#[test]
fn several_files_are_read_like_one() {
    let folder = documents::tests().join("fixtures/files");
    let text = fs::read_to_string(folder.join("main.yaml")).expect("is there");
    let reading = read_in(&folder, &text);
    assert_means(&reading, &fixture("fixtures/3.0", "swagger"));
    let read: BTreeSet<(&str, bool)> = reading
        .externals
        .iter()
        .map(|external| (external.path.as_str(), external.digest.is_some()))
        .collect();
    // Of `/orders` only the scopes are asked for: what it refers to was not even looked for.
    let needed = [
        ("parameters.json", true),
        ("paths/orders.yaml", true),
        ("paths/token.yaml", true),
        ("responses.yaml", true),
        ("schemas/Error.json", true),
        ("schemas/Token.yaml", true),
        ("security.yaml", true),
    ];
    assert_eq!(read, BTreeSet::from(needed));
}

#[test]
fn scopes_of_path_items_in_other_files_are_found() {
    let folder = documents::tests().join("fixtures/files");
    let text = fs::read_to_string(folder.join("main.yaml")).expect("is there");
    let with = |reference: &str| read_in(&folder, &text.replace("orders.yaml#/list", reference));
    let scopes = |reading: &Reading| -> Vec<String> {
        let model = reading.model.as_ref().expect("there are no errors");
        let scopes = model.scopes.iter();
        scopes.map(|scope| scope.wire.clone()).collect()
    };
    assert_eq!(scopes(&with("orders.yaml#/add")), ["orders.add", "read"]);
    let unread = with("nowhere.yaml");
    assert_eq!(scopes(&unread), ["read"]);
    let shown = rendered(&unread.diagnostics);
    assert!(
        shown.contains("the scopes that `/orders` may ask for are not known"),
        "{shown}"
    );
}

#[test]
fn nothing_is_read_outside_the_folder() {
    let outer = tempfile::tempdir().expect("a folder");
    let folder = outer.path().join("specs");
    fs::create_dir(&folder).expect("is made");
    fs::write(outer.path().join("secret.yaml"), "type: s3cret").expect("is written");
    fs::write(folder.join("broken.yaml"), "a: [").expect("is written");
    fs::write(folder.join("large.yaml"), "[".repeat(1000)).expect("is written");
    let text = fixture("fixtures/bad", "reference-outside").text;
    for (reference, code, file) in [
        ("/etc/passwd", "TS025", "specs/main.yaml"),
        ("../secret.yaml", "TS025", "specs/main.yaml"),
        ("%2e%2e/secret.yaml", "TS025", "specs/main.yaml"),
        ("file:///etc/passwd", "TS025", "specs/main.yaml"),
        ("https://example.com/a.yaml", "TS025", "specs/main.yaml"),
        ("missing.yaml", "TS025", "specs/main.yaml"),
        (".", "TS025", "specs/main.yaml"),
        ("broken.yaml", "TS002", "specs/broken.yaml"),
        ("large.yaml", "TS022", "specs/large.yaml"),
    ] {
        let reading = read_in(&folder, &text.replace("common.yaml", reference));
        let shown = rendered(&reading.diagnostics);
        let [diagnostic] = reading.diagnostics.as_slice() else {
            panic!("{reference}: {shown}");
        };
        assert_eq!(diagnostic.rule.code(), code, "{shown}");
        assert_eq!(diagnostic.file, file, "{shown}");
        assert!(
            diagnostic.position.is_some() && diagnostic.help.is_some(),
            "{shown}"
        );
        assert!(
            !shown.contains("s3cret") && !shown.contains("root:"),
            "{shown}"
        );
    }
}

#[test]
fn what_is_wrong_in_another_file_is_shown_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let token =
        "Token:\n  type: object\n  properties:\n    token: {type: string}\n    id: {type: strin}\n";
    fs::write(folder.path().join("common.yaml"), token).expect("is written");
    let text = fixture("fixtures/bad", "reference-outside").text;
    let success = "schema: {properties: {access_token: {type: string}}}";
    assert!(text.contains(success));
    let reading = read_in(
        folder.path(),
        &text.replace(success, "schema: {$ref: 'common.yaml#/Token'}"),
    );
    let shown = rendered(&reading.diagnostics);
    assert!(shown.contains("specs/common.yaml:1:1"), "{shown}");
    assert!(
        shown.contains("specs/common.yaml:5:10\n   at /Token/properties/id/type"),
        "{shown}"
    );
}

#[test]
fn files_that_refer_to_each_other_end() {
    let folder = tempfile::tempdir().expect("a folder");
    fs::write(
        folder.path().join("common.yaml"),
        "Token: {$ref: 'b.yaml#/Token'}",
    )
    .expect("is written");
    fs::write(
        folder.path().join("b.yaml"),
        "Token: {$ref: 'common.yaml#/Token'}",
    )
    .expect("is written");
    let reading = read_in(
        folder.path(),
        &fixture("fixtures/bad", "reference-outside").text,
    );
    let codes: Vec<&str> = reading
        .diagnostics
        .iter()
        .map(|one| one.rule.code())
        .collect();
    assert_eq!(codes, ["TS007"]);
}

#[test]
fn how_the_text_is_written_does_not_matter() {
    let minimal = fixture("fixtures/3.0", "minimal");
    let json = serde_json::to_string_pretty(&minimal.value()).expect("is JSON");
    let marked = format!("\u{feff}{}", minimal.text);
    let texts: [(&str, Vec<u8>); 6] = [
        ("a mark and CRLF", marked.replace('\n', "\r\n").into()),
        (
            "UTF-16",
            marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        ),
        ("JSON with tabs", json.replace("  ", "\t").into()),
        ("JSON with comments", json.replace('{', "{ // {\n").into()),
        ("JSON with last commas", json.replace("\n}", ",\n}").into()),
        (
            "tabs in empty lines",
            minimal.text.replace('\n', "\n\t\n").into(),
        ),
    ];
    for (how, bytes) in texts {
        let reading = tokensmith_codegen::read(PROVIDER, Source::new("a.json", &bytes), None);
        assert!(
            reading.model.is_some(),
            "{how}: {}",
            rendered(&reading.diagnostics)
        );
        assert_means(&reading, &minimal);
    }
}

#[test]
fn versions_may_be_numbers_and_have_blanks() {
    let minimal = fixture("fixtures/3.0", "minimal");
    let with_version = |version: &str| {
        let text = minimal
            .text
            .replacen("openapi: 3.0.3", &format!("openapi: {version}"), 1);
        minimal.with_text(text).read_as(PROVIDER)
    };
    for version in ["3.0", "3.1", "' 3.0.4 '", "3.1.1", "3.0.0-rc2"] {
        let reading = with_version(version);
        assert!(
            reading.model.is_some(),
            "{version}: {}",
            rendered(&reading.diagnostics)
        );
    }
    for version in ["3.2.0", "3.01", "4", "1.0", "[]"] {
        let reading = with_version(version);
        assert_eq!(reading.diagnostics[0].rule.code(), "TS004", "{version}");
    }
}

#[test]
fn a_token_endpoint_in_a_file_that_is_not_there_is_told() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = "openapi: 3.0.3\npaths:\n  /pets: {$ref: pets.yaml}\n  /oauth/token: {$ref: 'paths/token.yaml#/a'}\n";
    let told = |reading: &Reading| {
        let told = reading.diagnostics.iter();
        let told: Vec<_> = told
            .map(|one| (one.rule.code(), one.pointer.clone()))
            .collect();
        told
    };
    let at = "/paths/~1oauth~1token/$ref".to_owned();
    let reading = read_in(folder.path(), text);
    assert_eq!(told(&reading), [("TS025", at.clone())]);
    fs::create_dir(folder.path().join("paths")).expect("is made");
    fs::write(folder.path().join("paths/token.yaml"), "b: {}").expect("is written");
    let reading = read_in(folder.path(), text);
    assert_eq!(told(&reading), [("TS006", at)]);
}
