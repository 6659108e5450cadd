//! `cargo xtask release`: versions, the changelog, the order of publishing, and a dry run of packaging.

mod inherited;
mod packages;
mod write;

use std::path::Path;
use std::process::{Command as Process, ExitCode};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use tokensmith_author::comparison::compare;
use tokensmith_author::diff::Step;
use tokensmith_author::release::{Planned, Reason, plan, step_of_unreleased};
use tokensmith_codegen::diagnostic::output;

use crate::command::{Subcommand, flag, option};
use crate::diff::base;
use crate::options::Arguments;
use crate::specs;
use packages::{Found, Place};

pub(crate) static SUBCOMMAND: Subcommand = Subcommand {
    name: "release",
    usage: "[--plan] [--base TAG] [--step STEP] [--no-verify]",
    about: "Prepares a release: versions, the changelog, the order of publishing. Publishes nothing.",
    details: "A crate gets a new version if it changed since the last release tag (v*), or if a crate that it\n\
              depends on had a breaking step. Crates with the workspace's version go together.\n\
              `cargo package` then packs all crates, and builds each from what its archive contains.",
    options: &[
        flag("--plan", "print what would be done, and write nothing"),
        option(
            "--base",
            "TAG",
            "the last release [default: the newest tag v* before HEAD]",
        ),
        option(
            "--step",
            "major|minor|patch",
            "how far the workspace's version goes [default: by CHANGELOG.md: major with `(breaking)`\n\
             in the unreleased section, minor with `Added`, else patch]",
        ),
        flag("--no-verify", "pack the crates without building them"),
    ],
    examples: &[
        ("--plan", "See what a release consists of"),
        (
            "",
            "Write versions and the changelog, and try to package every crate",
        ),
    ],
    run,
};

const CHANGELOG: &str = "CHANGELOG.md";

fn run(root: &Path, arguments: &[String]) -> Result<ExitCode, String> {
    let arguments = Arguments::read(arguments, &SUBCOMMAND)?;
    if let Some(odd) = arguments.plain.first() {
        return Err(format!("`{odd}` is not an option: {}", SUBCOMMAND.call()));
    }
    let changelog = text(root, CHANGELOG)?;
    let step = match arguments.one("--step")?.as_deref() {
        None => step_of_unreleased(&changelog),
        Some("major") => Step::Major,
        Some("minor") => Step::Minor,
        Some("patch") => Step::Patch,
        Some(other) => {
            return Err(format!(
                "`{other}` is not a step: the choices are major, minor and patch"
            ));
        }
    };
    let base = base::release(root, arguments.one("--base")?)?;
    let before = root.join("target/release-base");
    let providers = match &base {
        Some(base) => {
            base.write_specs(root, &before)?;
            compare(&before, root)?
        }
        // Beside nothing, every document is new.
        None => compare(&root.join("target/release-none"), root)?,
    };
    let packages = packages::read(root, base.as_ref(), &providers, step)?;
    let planned = plan(
        &packages
            .iter()
            .map(|found| found.package.clone())
            .collect::<Vec<_>>(),
    )?;
    let shown = base
        .as_ref()
        .map_or("no release yet", |base| base.name.as_str());
    print(shown, &planned);
    if arguments.has("--plan") {
        return Ok(ExitCode::SUCCESS);
    }
    refuse_uncommitted(root, &packages)?;
    let mut edits = write::versions(root, &packages, &planned)?;
    let last = base.as_ref().map(|base| base.file(root, CHANGELOG).ok());
    let texts = (changelog.as_str(), last.flatten());
    let date = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
    let changed = write::changelog(
        (texts.0, texts.1.as_deref()),
        &date,
        &packages,
        &planned,
        &providers,
    )?;
    if let Some(changed) = changed {
        edits.insert(CHANGELOG.to_owned(), changed);
    }
    write::write(root, &edits)?;
    let is_packed = package(root, &planned, !arguments.has("--no-verify"))?;
    if !is_packed {
        output::print_error("error: not every crate can be packaged; see above");
        return Ok(ExitCode::FAILURE);
    }
    output::print("next: read the changes, commit them, and go on with docs/RELEASING.md");
    Ok(ExitCode::SUCCESS)
}

/// Fails if files are not committed, other than those that a release writes: those may be of a
/// release that is being prepared.
fn refuse_uncommitted(root: &Path, found: &[Found]) -> Result<(), String> {
    const WRITTEN: [&str; 3] = ["Cargo.toml", "Cargo.lock", CHANGELOG];
    const FOLDERS: [&str; 2] = ["crates/providers/", "crates/tokensmith-providers/"];
    let is_written = |name: &String| {
        let is_document = name.starts_with("specs/") && name.matches('/').count() == 1;
        let mut manifests = found.iter().filter(|found| found.place == Place::Manifest);
        is_document
            || WRITTEN.contains(&name.as_str())
            || FOLDERS.iter().any(|folder| name.starts_with(folder))
            || manifests.any(|found| *name == format!("{}/Cargo.toml", found.folder))
    };
    let names = base::uncommitted(root)?;
    let others: Vec<&str> = names
        .iter()
        .filter(|name| !is_written(name))
        .map(String::as_str)
        .collect();
    match others.is_empty() {
        true => Ok(()),
        false => Err(format!(
            "files are not committed, so that nothing is written: commit or remove\n    {}",
            others.join("\n    ")
        )),
    }
}

fn print(base: &str, planned: &[Planned]) {
    let published: Vec<&Planned> = planned.iter().filter(|one| one.is_published()).collect();
    output::print(format!("since {base}, to publish in this order:"));
    for (index, planned) in published.iter().enumerate() {
        let Planned {
            name,
            released,
            version,
            step,
            reason,
        } = planned;
        let versions = match released {
            Some(released) => format!("{released} -> {version}"),
            None => version.to_string(),
        };
        let step = step.map_or("", Step::as_str);
        let reason = match reason {
            Reason::New => "new".to_owned(),
            Reason::Changed => format!("{step}: changed"),
            Reason::Together => format!("{step}: has the workspace's version"),
            Reason::Dependency(other) => format!("{step}: depends on {other}"),
            Reason::Unchanged => "has another version".to_owned(),
        };
        output::print(format!("{:>4}. {name} {versions} ({reason})", index + 1));
    }
    output::print(format!(
        "{} crates stay as they are",
        planned.len() - published.len()
    ));
}

/// Packs every crate, published or not; whether all can be.
fn package(root: &Path, planned: &[Planned], verifies: bool) -> Result<bool, String> {
    let mut process = Process::new("cargo");
    process.args(["package", "--allow-dirty", "--quiet"]);
    if !verifies {
        process.arg("--no-verify");
    }
    for planned in planned {
        process.args(["--package", &planned.name]);
    }
    output::print(format!("cargo package: {} crates", planned.len()));
    let status = process.current_dir(root).status();
    Ok(status
        .map_err(|error| format!("`cargo package` cannot be run: {error}"))?
        .success())
}

fn text(root: &Path, name: &str) -> Result<String, String> {
    let bytes = specs::read_own(&root.join(name))?;
    String::from_utf8(bytes).map_err(|_| format!("{name} is not UTF-8"))
}
