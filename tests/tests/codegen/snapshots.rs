//! Every generated file, as a reviewer reads it.
//!
//! `cargo insta review` shows what has changed. A snapshot of a fixture leaves out the files that it has in common with the fixture
//! called `minimal`, so that what is left is what the fixture is about.

use std::collections::BTreeSet;
use std::fs;

use tokensmith_codegen::emit::{Files, Manifest};

use crate::documents::{self, PROVIDER, rendered};

/// The providers whose generated files are snapshots. Of every other one, the generated crate is its
/// own snapshot, which `codegen --check` holds, and the page in `meanings` says what it means.
pub(crate) const FIRST: [&str; 3] = ["moov", "moveworks", "workiva"];

/// The fixture that the others are compared with.
const BASE: &str = "minimal";

pub(crate) fn check(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(format!("../snapshots/{folder}"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

/// Fails if a snapshot's document is gone.
pub(crate) fn check_that_none_is_left(folder: &str, expected: &BTreeSet<String>) {
    let path = documents::tests().join("tests/snapshots").join(folder);
    let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    for entry in entries {
        let file = entry
            .expect("is readable")
            .file_name()
            .to_string_lossy()
            .into_owned();
        if let Some(name) = file.strip_suffix(".snap") {
            assert!(
                expected.contains(name),
                "{folder}/{file} is of nothing that there still is: delete it"
            );
        }
    }
}

#[test]
fn files_of_the_first_providers() {
    let documents = documents::providers().into_iter();
    for document in documents.filter(|document| FIRST.contains(&document.name.as_str())) {
        let (files, _) = document.generate_as(&document.name, Manifest::Workspace);
        let names: BTreeSet<String> = files.keys().map(|name| flat(name)).collect();
        for (name, text) in &files {
            check(&document.name, &flat(name), text);
        }
        check_that_none_is_left(&document.name, &names);
    }
}

/// A path as the name of one file.
fn flat(path: &str) -> String {
    path.replace('/', "-")
}

#[test]
fn files_of_the_fixtures() {
    let fixtures = documents::fixtures();
    let base = fixtures
        .iter()
        .find(|fixture| fixture.name == BASE)
        .expect("there is a minimal fixture")
        .generate();
    for fixture in &fixtures {
        let (mut files, warnings) = fixture.generate_as(PROVIDER, Manifest::Workspace);
        // It repeats what other files say, but for the sources.
        files.retain(|name, text| name != "src/about.rs" || text.contains("FactSource"));
        let shown = if fixture.name == BASE {
            all(&files)
        } else {
            difference(&files, &base)
        };
        let shown = if shown.is_empty() {
            format!("the same code as {BASE}\n")
        } else {
            shown
        };
        check("fixtures", &fixture.name, &(rendered(&warnings) + &shown));
    }
    check_that_none_is_left(
        "fixtures",
        &fixtures.into_iter().map(|fixture| fixture.name).collect(),
    );
}

/// Fixtures whose READMEs say what those of the providers do not.
const READMES: [&str; 9] = [
    "client-auth-query",
    "client-words",
    "client-words-of-branches",
    "endpoints-several",
    "scopes-listed",
    "servers-any-base",
    "servers-relative",
    "servers-variables",
    "words-of-an-endpoint",
];

#[test]
fn readmes_of_fixtures() {
    let fixtures = documents::fixtures();
    for name in READMES {
        let fixture = fixtures.iter().find(|fixture| fixture.name == name);
        let fixture = fixture.unwrap_or_else(|| panic!("there is no fixture {name}"));
        check("readmes", name, &fixture.generate()["README.md"]);
    }
    check_that_none_is_left("readmes", &READMES.map(str::to_owned).into());
}

fn all(files: &Files) -> String {
    files
        .iter()
        .map(|(name, text)| section(name, text))
        .collect()
}

/// The code that differs; the other files follow from the same model and are shown for one fixture only.
fn difference(files: &Files, base: &Files) -> String {
    let is_code = |name: &String| name.starts_with("src/") || name.starts_with("tests/");
    files
        .iter()
        .filter(|(name, text)| is_code(name) && base.get(*name) != Some(text))
        .map(|(name, text)| section(name, text))
        .collect()
}

fn section(name: &str, text: &str) -> String {
    // The header is in every file.
    let text = if name.ends_with(".rs") {
        text.split_once("\n\n").map_or(text, |(_, rest)| rest)
    } else {
        text
    };
    format!("==== {name} ====\n{text}\n")
}
