//! From documents to crates that compile.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use super::document::{self, Document};
use super::report::{Row, Step};
use super::{Tools, child};

/// A document of any size is read in less than this.
const READING: Duration = Duration::from_secs(60);
/// All crates of a folder, on a slow machine.
const COMPILING: Duration = Duration::from_secs(3600);

/// Builds the `tokensmith` command; gives back where it is.
pub(super) fn build_tokensmith(root: &Path) -> Result<PathBuf, String> {
    let output = Command::new("cargo")
        .args([
            "build",
            "--package",
            "tokensmith-cli",
            "--message-format=json",
        ])
        .current_dir(root)
        .stderr(std::process::Stdio::inherit())
        .output()
        .map_err(|error| format!("`cargo build` cannot be run: {error}"))?;
    let text = String::from_utf8_lossy(&output.stdout);
    let executables = messages(&text).filter_map(|message| {
        let of_ours = message["target"]["name"] == "tokensmith";
        message["executable"]
            .as_str()
            .filter(|_| of_ours)
            .map(PathBuf::from)
    });
    executables
        .last()
        .ok_or_else(|| "the command `tokensmith` does not build".to_owned())
}

/// Removes what an earlier run has generated.
pub(super) fn clear(folder: &Path) -> Result<(), String> {
    let failed = |error| format!("{}: {error}", folder.display());
    for name in ["crates", "documents"] {
        let path = folder.join(name);
        if path.exists() {
            fs::remove_dir_all(&path).map_err(failed)?;
        }
        fs::create_dir_all(&path).map_err(failed)?;
    }
    Ok(())
}

/// Checks a document and generates its crate, each by the command and in a process of its own.
pub(super) fn generate(document: &Document, tools: &Tools) -> Row {
    let mut row = Row::new(&document.slug, document.overlay_lines());
    let mut check = Command::new(&tools.tokensmith);
    check.arg("check").arg(&document.path);
    row.check = match child::run(&mut check, READING) {
        Err(error) => Step::Failed(error),
        Ok(child::Ended {
            mishap: Some(mishap),
            ..
        }) => Step::Failed(mishap),
        Ok(_) => Step::Done(String::new()),
    };
    let mut generate = Command::new(&tools.tokensmith);
    generate
        .args(["generate", "--name", &document.provider(), "--spec"])
        .arg(&document.path)
        .arg("--out")
        .arg(tools.folder.join("crates").join(&document.slug))
        .arg("--runtime-path")
        .arg(&tools.runtime);
    if let Some(overlay) = &document.overlay {
        generate.arg("--overlay").arg(overlay);
    }
    let ended = match child::run(&mut generate, READING) {
        Ok(ended) => ended,
        Err(error) => {
            row.generated = Step::Failed(error);
            return row;
        }
    };
    if let Some(mishap) = ended.mishap {
        row.generated = Step::Failed(mishap);
        return row;
    }
    // It came through in a process of its own, so it does so in this one.
    row.diagnostic = match document.reading() {
        Ok(reading) => document::first(&reading).unwrap_or_default(),
        Err(error) => error,
    };
    row.generated = match ended.code {
        Some(0) => Step::Done(String::new()),
        _ if row.diagnostic.starts_with("error") => Step::Failed("errors".to_owned()),
        _ => Step::Failed(ended.stderr.lines().last().unwrap_or_default().to_owned()),
    };
    row
}

/// Compiles all crates at once, in a workspace that has the project's lock file and target directory.
pub(super) fn compile(root: &Path, tools: &Tools, rows: &mut [Row]) -> Result<(), String> {
    let members: Vec<String> = rows
        .iter()
        .filter(|row| row.generated.is_done())
        .map(|row| format!("{:?}", format!("crates/{}", row.slug)))
        .collect();
    if members.is_empty() {
        return Ok(());
    }
    let manifest = format!(
        "[workspace]\nresolver = \"3\"\nmembers = [{}]\n",
        members.join(", ")
    );
    let failed = |error| format!("{}: {error}", tools.folder.display());
    fs::write(tools.folder.join("Cargo.toml"), manifest).map_err(failed)?;
    fs::copy(root.join("Cargo.lock"), tools.folder.join("Cargo.lock")).map_err(failed)?;
    let target =
        std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root.join("target"), PathBuf::from);
    let mut cargo = Command::new("cargo");
    cargo
        .args([
            "check",
            "--workspace",
            "--keep-going",
            "--message-format=json",
            "--features",
        ])
        .arg("blocking")
        .args(["--lib", "--examples", "--tests"])
        .env("CARGO_TARGET_DIR", target)
        .current_dir(&tools.folder);
    let ended = child::run(&mut cargo, COMPILING)?;
    let mut compiled: BTreeMap<String, Result<(), String>> = BTreeMap::new();
    for message in messages(&ended.stdout) {
        let Some(slug) = slug(&message) else { continue };
        let is_error = message["message"]["level"] == "error";
        if is_error {
            let text = message["message"]["message"].as_str().unwrap_or_default();
            compiled
                .entry(slug)
                .or_insert(Ok(()))
                .clone_from(&Err(text.to_owned()));
        } else if message["reason"] == "compiler-artifact" {
            compiled.entry(slug).or_insert(Ok(()));
        }
    }
    let otherwise = ended.mishap.unwrap_or_else(|| {
        let errors = ended.stderr.lines().find(|line| line.starts_with("error"));
        errors.unwrap_or("cargo says nothing of it").to_owned()
    });
    for row in rows.iter_mut().filter(|row| row.generated.is_done()) {
        row.compiled = match compiled.remove(&row.slug) {
            Some(Ok(())) => Step::Done(String::new()),
            Some(Err(error)) => Step::Failed(error),
            None => Step::Failed(otherwise.clone()),
        };
    }
    Ok(())
}

/// Cargo's messages, one JSON object in a line.
fn messages(text: &str) -> impl Iterator<Item = Value> + '_ {
    text.lines()
        .filter_map(|line| serde_json::from_str(line).ok())
}

/// Which document the message is about: the folder of its crate is named after it.
fn slug(message: &Value) -> Option<String> {
    let manifest = Path::new(message["manifest_path"].as_str()?);
    let folder = manifest.parent()?;
    let is_ours = folder.parent()?.ends_with("corpus/crates");
    is_ours.then(|| {
        folder
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
    })?
}
