//! The files of a release.

use std::path::Path;
use std::process::{Command, ExitCode};

use jiff::Timestamp;
use jiff::tz::TimeZone;
use semver::Version;
use tokensmith_author::comparison::Provider;
use tokensmith_author::release::{
    Planned, released, set_dependency, set_document, set_package, set_workspace,
};
use tokensmith_codegen::diagnostic::output;
use tokensmith_codegen::project::{self, write::replace};

use super::packages::{Found, Place};
use super::{CHANGELOG, text};
use crate::{codegen, specs};

/// Writes the version of each crate where it stands, and what follows from it.
pub(super) fn versions(root: &Path, found: &[Found], planned: &[Planned]) -> Result<(), String> {
    let mut is_generated = false;
    for Found {
        package,
        folder,
        place,
    } in found
    {
        let version = version_of(planned, &package.name)?;
        if *version == package.current {
            continue;
        }
        match place {
            Place::Workspace => edit(root, "Cargo.toml", |text| set_workspace(text, version))?,
            Place::Manifest => {
                edit(root, &format!("{folder}/Cargo.toml"), |text| {
                    set_package(text, version)
                })?;
            }
            Place::Document(provider) => {
                document(root, provider, &package.current, version)?;
                is_generated = true;
            }
        }
        depend(root, &package.name, version)?;
    }
    if is_generated && codegen::run(root, &[])? != ExitCode::SUCCESS {
        return Err("the crates cannot be generated with the new versions".to_owned());
    }
    // Cargo.lock has the versions too.
    let status = Command::new("cargo")
        .args(["update", "--workspace", "--offline", "--quiet"])
        .current_dir(root)
        .status()
        .map_err(|error| format!("`cargo update` cannot be run: {error}"))?;
    match status.success() {
        true => Ok(()),
        false => Err("Cargo.lock cannot be updated; see above".to_owned()),
    }
}

/// The workspace's dependencies ask for the new version, where they name the crate.
fn depend(root: &Path, name: &str, version: &Version) -> Result<(), String> {
    let manifest = text(root, "Cargo.toml")?;
    match set_dependency(&manifest, name, version) {
        Some(changed) => write(root, "Cargo.toml", &changed),
        None => Ok(()),
    }
}

/// The version of a provider, in its document or its overlay; the document is read again.
fn document(root: &Path, provider: &str, old: &Version, new: &Version) -> Result<(), String> {
    let documents = project::documents(root).map_err(|error| error.to_string())?;
    let document = documents.iter().find(|document| document.name == provider);
    let document =
        document.ok_or_else(|| format!("there is no document of {provider} in specs"))?;
    let files = [document.overlay.as_ref(), Some(&document.path)];
    for path in files.into_iter().flatten() {
        let shown = specs::shown(root, path);
        let before = text(root, &shown)?;
        let Some(changed) = set_document(&before, old, new) else {
            continue;
        };
        write(root, &shown, &changed)?;
        let read = codegen::version(root, document)?;
        if read.as_ref() == Some(new) {
            return Ok(());
        }
        write(root, &shown, &before)?;
    }
    Err(format!(
        "{} does not have its version {old} where it can be changed: write\n    info: {{x-tokensmith: {{version: {new}}}}}",
        specs::shown(root, &document.path)
    ))
}

/// The section of the release, unless it is there already.
pub(super) fn changelog(
    root: &Path,
    before: &str,
    found: &[Found],
    planned: &[Planned],
    providers: &[Provider],
) -> Result<(), String> {
    if !planned.iter().any(Planned::is_published) {
        return Ok(());
    }
    let date = Timestamp::now().to_zoned(TimeZone::UTC).date();
    let mut of_workspace = found.iter().filter(|found| found.place == Place::Workspace);
    let published = of_workspace.find_map(|found| {
        let mut planned = planned.iter();
        planned.find(|one| one.name == found.package.name && one.is_published())
    });
    let heading = published.map_or_else(
        || "Crates of providers".to_owned(),
        |one| format!("[{}]", one.version),
    );
    let title = format!("{heading} - {date}");
    if before.contains(&format!("\n## {title}\n")) {
        output::print(format!("{CHANGELOG}: has the section `{title}`"));
        return Ok(());
    }
    let text = released(before, &title, planned, providers);
    let text = text.ok_or_else(|| format!("{CHANGELOG} has no section `## [Unreleased]`"))?;
    write(root, CHANGELOG, &text)
}

fn version_of<'p>(planned: &'p [Planned], name: &str) -> Result<&'p Version, String> {
    let planned = planned.iter().find(|planned| planned.name == name);
    planned
        .map(|planned| &planned.version)
        .ok_or_else(|| format!("{name} is not in the plan"))
}

fn edit(root: &Path, name: &str, change: impl Fn(&str) -> Option<String>) -> Result<(), String> {
    let changed = change(&text(root, name)?);
    write(
        root,
        name,
        &changed.ok_or_else(|| format!("{name} has no version that can be changed"))?,
    )
}

fn write(root: &Path, name: &str, text: &str) -> Result<(), String> {
    replace(&root.join(name), text).map_err(|error| format!("{name}: {error}"))
}
