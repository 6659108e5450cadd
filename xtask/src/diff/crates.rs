//! What cargo-semver-checks says of the generated crates.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tokensmith_author::comparison::{Fate, Provider};
use tokensmith_author::diff::Step;
use tokensmith_codegen::Model;
use tokensmith_codegen::emit::{Manifest, Options, emit};
use tokensmith_codegen::project::COMMAND;

use tokensmith_codegen::diagnostic::output;

/// Variants stand in the order of their names: what number one of them has is no promise.
const ALLOWED: &str = "\n[package.metadata.cargo-semver-checks.lints]\nenum_no_repr_variant_discriminant_changed = \"allow\"\n";

/// The exit code of cargo-semver-checks where a crate asks for more than the step that it is told.
const FOUND: i32 = 100;

/// Whether nothing is found in any crate that asks for more than the changes found here do.
pub(super) fn agree(root: &Path, folder: &Path, providers: &[Provider]) -> Result<bool, String> {
    let mut is_right = true;
    for Provider { name, fate, .. } in providers {
        let Fate::Compared(compared) = fate else {
            continue;
        };
        let Some(step) = compared.step() else {
            continue;
        };
        require()?;
        let before = write(root, &folder.join("before"), &compared.before)?;
        let after = write(root, &folder.join("after"), &compared.after)?;
        is_right &= check(name, step, &before, &after, &folder.join("target"))?;
    }
    Ok(is_right)
}

fn require() -> Result<(), String> {
    let output = Command::new("cargo")
        .args(["semver-checks", "--version"])
        .output();
    if output.is_ok_and(|output| output.status.success()) {
        return Ok(());
    }
    Err("cargo-semver-checks is missing. To install it:\n    cargo install cargo-semver-checks --locked\nTo do without it: --without-semver-checks".to_owned())
}

/// Writes a crate that stands alone.
fn write(root: &Path, folder: &Path, model: &Model) -> Result<PathBuf, String> {
    let folder = folder.join(&model.name);
    let options = Options {
        source: format!("specs/{}", model.name),
        command: COMMAND.to_owned(),
        manifest: Manifest::Standalone {
            runtime_path: Some(root.join("crates/tokensmith-runtime")),
        },
    };
    let mut files = emit(model, &options);
    if let Some(manifest) = files.get_mut("Cargo.toml") {
        // No member of the project, below whose folder it lies.
        manifest.push_str("\n[workspace]\n");
        manifest.push_str(ALLOWED);
    }
    for (name, text) in &files {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(&folder);
        fs::create_dir_all(parent)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| format!("{}: {error}", path.display()))?;
    }
    Ok(folder)
}

fn check(
    name: &str,
    step: Step,
    before: &Path,
    after: &Path,
    target: &Path,
) -> Result<bool, String> {
    let output = Command::new("cargo")
        .args([
            "semver-checks",
            "check-release",
            "--all-features",
            "--color",
            "never",
            "--release-type",
            step.as_str(),
        ])
        .arg("--manifest-path")
        .arg(after.join("Cargo.toml"))
        .arg("--baseline-root")
        .arg(before)
        .env("CARGO_TARGET_DIR", target)
        .output()
        .map_err(|error| format!("`cargo semver-checks` cannot be run: {error}"))?;
    let shown = String::from_utf8_lossy(&output.stderr).into_owned()
        + &String::from_utf8_lossy(&output.stdout);
    match output.status.code() {
        Some(0) => {
            output::print_error(format!("cargo-semver-checks: {step} is enough for {name}"));
            Ok(true)
        }
        Some(FOUND) => {
            output::print_error(format!(
                "cargo-semver-checks: {step} is not enough for {name}\n{shown}"
            ));
            Ok(false)
        }
        // No verdict: a crate does not compile, or its rustdoc is of a version that the tool cannot read.
        _ => Err(format!(
            "cargo-semver-checks cannot compare the crates of {name}; a newer one may: cargo install cargo-semver-checks --locked\n{shown}"
        )),
    }
}
