//! The files of a release.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, ExitCode};

use semver::Version;
use tokensmith_author::comparison::Provider;
use tokensmith_author::release::{
    Planned, released, set_dependency, set_document, set_package, set_workspace,
};
use tokensmith_codegen::project::{self, write::replace};

use super::packages::{Found, Place};
use super::{CHANGELOG, text};
use crate::{codegen, specs};

const WORKSPACE: &str = "Cargo.toml";

/// What files become, by their names below the root. Nothing is written before all of it is known.
pub(super) type Edits = BTreeMap<String, String>;

/// The version of each crate where it stands, and what requires it.
pub(super) fn versions(root: &Path, found: &[Found], planned: &[Planned]) -> Result<Edits, String> {
    let mut edits = Edits::new();
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
            Place::Workspace => edit(root, &mut edits, WORKSPACE, |text| {
                set_workspace(text, version)
            })?,
            Place::Manifest => {
                let manifest = format!("{folder}/Cargo.toml");
                edit(root, &mut edits, &manifest, |text| {
                    set_package(text, version)
                })?;
            }
            Place::Document(provider) => {
                let (name, text) = document(root, provider, &package.current, version)?;
                edits.insert(name, text);
            }
        }
        // The workspace's dependencies ask for the new version, where they name the crate.
        let manifest = current(root, &edits, WORKSPACE)?;
        if let Some(changed) = set_dependency(&manifest, &package.name, version) {
            edits.insert(WORKSPACE.to_owned(), changed);
        }
    }
    Ok(edits)
}

/// Writes the files, and what follows from them: the crates of providers, and Cargo.lock.
pub(super) fn write(root: &Path, edits: &Edits) -> Result<(), String> {
    for (name, text) in edits {
        replace(&root.join(name), text).map_err(|error| format!("{name}: {error}"))?;
    }
    let is_generated = edits.keys().any(|name| name.starts_with("specs/"));
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

/// The file that has the version of a provider, its document or its overlay, with the new one; the
/// document is read with it.
fn document(
    root: &Path,
    provider: &str,
    old: &Version,
    new: &Version,
) -> Result<(String, String), String> {
    let documents = project::documents(root).map_err(|error| error.to_string())?;
    let document = documents.iter().find(|document| document.name == provider);
    let document =
        document.ok_or_else(|| format!("there is no document of {provider} in specs"))?;
    let files = [document.overlay.as_ref(), Some(&document.path)];
    for path in files.into_iter().flatten() {
        let shown = specs::shown(root, path);
        let Some(changed) = set_document(&text(root, &shown)?, old, new) else {
            continue;
        };
        let read = codegen::version(root, document, (path, &changed))?;
        if read.as_ref() == Some(new) {
            return Ok((shown, changed));
        }
    }
    Err(format!(
        "{} does not have its version {old} where it can be changed: write\n    info: {{x-tokensmith: {{version: {new}}}}}",
        specs::shown(root, &document.path)
    ))
}

/// The changelog with the section of the release, on the given day; `last` is that of the last release.
pub(super) fn changelog(
    (before, last): (&str, Option<&str>),
    date: &str,
    found: &[Found],
    planned: &[Planned],
    providers: &[Provider],
) -> Result<Option<String>, String> {
    if !planned.iter().any(Planned::is_published) {
        return Ok(None);
    }
    let mut of_workspace = found.iter().filter(|found| found.place == Place::Workspace);
    let published = of_workspace.find_map(|found| {
        let mut planned = planned.iter();
        planned.find(|one| one.name == found.package.name && one.is_published())
    });
    let heading = published.map_or_else(
        || "Crates of providers".to_owned(),
        |one| format!("[{}]", one.version),
    );
    let text = released(before, last, (&heading, date), planned, providers);
    text.map(Some)
        .ok_or_else(|| format!("{CHANGELOG} has no section `## [Unreleased]`"))
}

fn version_of<'p>(planned: &'p [Planned], name: &str) -> Result<&'p Version, String> {
    let planned = planned.iter().find(|planned| planned.name == name);
    planned
        .map(|planned| &planned.version)
        .ok_or_else(|| format!("{name} is not in the plan"))
}

fn edit(
    root: &Path,
    edits: &mut Edits,
    name: &str,
    change: impl Fn(&str) -> Option<String>,
) -> Result<(), String> {
    let changed = change(&current(root, edits, name)?);
    let changed = changed.ok_or_else(|| format!("{name} has no version that can be changed"))?;
    edits.insert(name.to_owned(), changed);
    Ok(())
}

/// A file as it will be so far.
fn current(root: &Path, edits: &Edits, name: &str) -> Result<String, String> {
    match edits.get(name) {
        Some(text) => Ok(text.clone()),
        None => text(root, name),
    }
}
