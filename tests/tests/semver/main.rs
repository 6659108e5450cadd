//! The steps that `author::diff` asks for, judged by `cargo-semver-checks`.
//!
//! It builds two crates for each pair, a minute or two together, so that only its name runs it:
//! `cargo test -p tokensmith-tests --test semver`.

#[allow(dead_code, reason = "the tests of the generator use all of it")]
#[path = "../codegen/documents.rs"]
mod documents;
#[path = "../codegen/diff/pairs.rs"]
mod pairs;

use std::process::Command;

use tokensmith_author::diff::Step::{self, Major, Minor};
use tokensmith_codegen::emit::Manifest;

use documents::{files, tests};
use pairs::{DOCUMENT, PAIRS, model};

/// Only patch and minor steps can be too small. Each builds two crates: a minute or two together.
#[test]
fn no_step_is_too_small_for_cargo_semver_checks() {
    let version = Command::new("cargo")
        .args(["semver-checks", "--version"])
        .output();
    assert!(
        version.is_ok_and(|version| version.status.success()),
        "cargo-semver-checks is missing: cargo install cargo-semver-checks --locked"
    );
    let folder = tempfile::tempdir().expect("a folder");
    let write = |side: &str, text: &str| {
        let crate_folder = folder.path().join(side);
        let runtime = tests().join("../crates/tokensmith-runtime");
        let manifest = Manifest::Standalone {
            runtime_path: Some(runtime),
        };
        let mut files = files(&model(text), "acme", manifest);
        // What number a variant has is no promise.
        let allowed = "\n[package.metadata.cargo-semver-checks.lints]\nenum_no_repr_variant_discriminant_changed = \"allow\"\n";
        let manifest = files.get_mut("Cargo.toml").expect("is there");
        manifest.push_str(allowed);
        for (name, content) in files {
            let path = crate_folder.join(name);
            let parent = path.parent().expect("is in a folder");
            std::fs::create_dir_all(parent).expect("is writable");
            std::fs::write(path, content).expect("is writable");
        }
        crate_folder
    };
    let check = |before: &str, after: &str, step: Step| {
        let (before, after) = (write("before", before), write("after", after));
        let output = Command::new("cargo")
            .args(["semver-checks", "check-release", "--all-features"])
            .args(["--color", "never", "--release-type", step.as_str()])
            .arg("--manifest-path")
            .arg(after.join("Cargo.toml"))
            .arg("--baseline-root")
            .arg(before)
            .env("CARGO_TARGET_DIR", folder.path().join("target"))
            .output()
            .expect("cargo is there");
        let shown = String::from_utf8_lossy(&output.stderr).into_owned()
            + &String::from_utf8_lossy(&output.stdout);
        (output.status.code(), shown)
    };
    // The tool is there and finds what is wrong: a setter that is gone is no minor step.
    let without_scope = DOCUMENT.replacen("                scope: {type: string}\n", "", 1);
    let (code, shown) = check(DOCUMENT, &without_scope, Minor);
    assert_eq!(code, Some(100), "{shown}");
    for (from, to, there, back) in PAIRS {
        let changed = DOCUMENT.replacen(from, to, 1);
        let ways = [(DOCUMENT, &*changed, *there), (&*changed, DOCUMENT, *back)];
        // A major step is enough for anything.
        for (before, after, step) in ways.into_iter().filter(|(.., step)| *step < Major) {
            let (code, shown) = check(before, after, step);
            assert_eq!(code, Some(0), "{from} and {to}, {step}\n{shown}");
        }
    }
}
