//! The crates that are published, what changed in each since the last release, and where its version is.

use std::path::{Path, PathBuf};
use std::process::Command;

use semver::Version;
use serde_json::Value;
use tokensmith_author::comparison::{Fate, Provider};
use tokensmith_author::diff::Step;
use tokensmith_author::release::{Dependency, Package};

use super::inherited::differs;
use crate::diff::base::Base;

/// The unit of crates whose version is the workspace's.
pub(super) const WORKSPACE: &str = "the workspace";

/// A crate, and where its version stands.
pub(super) struct Found {
    pub(super) package: Package,
    /// The folder, below the root.
    pub(super) folder: String,
    pub(super) place: Place,
}

/// Where a version stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Place {
    /// In the workspace's manifest.
    Workspace,
    /// In the document of this provider.
    Document(String),
    /// In the manifest of the crate.
    Manifest,
}

/// Reads the crates that are published.
pub(super) fn read(
    root: &Path,
    base: Option<&Base>,
    providers: &[Provider],
    step: Step,
) -> Result<Vec<Found>, String> {
    let metadata = metadata(root)?;
    let packages = metadata["packages"].as_array().into_iter().flatten();
    let published: Vec<&Value> = packages
        .filter(|package| package["publish"] != Value::Array(Vec::new()))
        .collect();
    let names: Vec<&str> = published
        .iter()
        .filter_map(|package| package["name"].as_str())
        .collect();
    let released = base
        .map(|base| base.files(root))
        .transpose()?
        .unwrap_or_default();
    let workspaces = match base {
        Some(base) => Some((
            base.file(root, "Cargo.toml")?,
            super::text(root, "Cargo.toml")?,
        )),
        None => None,
    };
    let mut found = Vec::new();
    for package in published {
        let name = package["name"].as_str().unwrap_or_default().to_owned();
        let path = PathBuf::from(package["manifest_path"].as_str().unwrap_or_default());
        let folder = path
            .parent()
            .and_then(|folder| folder.strip_prefix(root).ok());
        let folder = folder
            .unwrap_or(Path::new(""))
            .to_string_lossy()
            .replace('\\', "/");
        let place = place(root, &folder)?;
        let version = package["version"].as_str().unwrap_or_default();
        let current = version
            .parse()
            .map_err(|error| format!("{name} {version}: {error}"))?;
        let manifest = format!("{folder}/Cargo.toml");
        let is_released = released.contains(&manifest);
        let before = match (base, is_released) {
            (Some(base), true) => Some(version_at(root, base, &manifest)?),
            _ => None,
        };
        let is_changed = match base {
            Some(base) if is_released => {
                let own = super::text(root, &manifest)?;
                let inherits = |(before, now): &(String, String)| differs(&own, before, now);
                base.changes(root, &folder)? || workspaces.as_ref().is_some_and(inherits)
            }
            _ => false,
        };
        let change = is_changed.then(|| match &place {
            Place::Workspace => step,
            Place::Document(provider) => of_document(providers, provider),
            Place::Manifest => Step::Patch,
        });
        found.push(Found {
            package: Package {
                unit: match place {
                    Place::Workspace => WORKSPACE.to_owned(),
                    _ => name.clone(),
                },
                name,
                released: before,
                current,
                dependencies: dependencies(root, package, &names),
                change,
            },
            folder,
            place,
        });
    }
    Ok(found)
}

/// What a provider's document asks for; where the generated code alone changed, a patch.
fn of_document(providers: &[Provider], name: &str) -> Step {
    let provider = providers.iter().find(|provider| provider.name == name);
    match provider.map(|provider| &provider.fate) {
        Some(Fate::Compared(compared)) => compared.step().unwrap_or(Step::Patch),
        // There is nothing to compare with: it may be anything.
        Some(Fate::Repaired(_)) => Step::Major,
        _ => Step::Patch,
    }
}

/// The crates of the project that it publishes a dependency on.
fn dependencies(root: &Path, package: &Value, names: &[&str]) -> Vec<Dependency> {
    let all = package["dependencies"].as_array().into_iter().flatten();
    // What only tests need counts as well: cargo looks for all that has a version.
    let published = all.filter(|one| one["path"].is_string() && one["req"] != "*");
    let published = published.filter_map(|one| {
        let name = one["name"].as_str().filter(|name| names.contains(name))?;
        let path = Path::new(one["path"].as_str().unwrap_or_default());
        Some(Dependency {
            name: name.to_owned(),
            // The list of providers gives out what it takes from their crates as types of the runtime.
            is_public: one["kind"] != "dev" && !path.starts_with(root.join("crates/providers")),
        })
    });
    published.collect()
}

fn place(root: &Path, folder: &str) -> Result<Place, String> {
    let text = super::text(root, &format!("{folder}/Cargo.toml"))?;
    let mut lines = text.lines().map(str::trim);
    if lines.any(|line| line == "version.workspace = true") {
        return Ok(Place::Workspace);
    }
    Ok(match folder.strip_prefix("crates/providers/") {
        Some(provider) => Place::Document(provider.to_owned()),
        None => Place::Manifest,
    })
}

/// The version that a crate had at the last release.
fn version_at(root: &Path, base: &Base, manifest: &str) -> Result<Version, String> {
    let text = base.file(root, manifest)?;
    let is_inherited = text
        .lines()
        .any(|line| line.trim() == "version.workspace = true");
    let (text, table) = match is_inherited {
        true => (base.file(root, "Cargo.toml")?, "[workspace.package]"),
        false => (text, "[package]"),
    };
    let lines = text.lines().skip_while(|line| line.trim() != table).skip(1);
    let mut lines = lines.take_while(|line| !line.starts_with('['));
    let version = lines.find_map(|line| line.strip_prefix("version = \"")?.split('"').next());
    let version = version.ok_or_else(|| format!("{manifest} at {} has no version", base.name))?;
    version
        .parse()
        .map_err(|error| format!("{manifest} at {}: {version}: {error}", base.name))
}

fn metadata(root: &Path) -> Result<Value, String> {
    let output = Command::new("cargo")
        .args([
            "metadata",
            "--no-deps",
            "--format-version",
            "1",
            "--offline",
        ])
        .current_dir(root)
        .output()
        .map_err(|error| format!("`cargo metadata` cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    serde_json::from_slice(&output.stdout).map_err(|error| format!("cargo metadata: {error}"))
}
