//! What a release consists of: which crates get which versions, in which order they are published,
//! and the texts that change for it.

mod changelog;
mod edit;

use std::collections::{BTreeMap, BTreeSet};

use semver::Version;

use crate::diff::{Step, next};

pub use changelog::{released, step_of_unreleased};
pub use edit::{set_dependency, set_document, set_package, set_workspace};

/// A crate of the project.
#[derive(Debug, Clone)]
pub struct Package {
    /// Its name.
    pub name: String,
    /// The crates that have its version: itself, unless the version is the workspace's.
    pub unit: String,
    /// The version of the last release; `None` if the crate was not in it.
    pub released: Option<Version>,
    /// The version that it has now.
    pub current: Version,
    /// The crates of the project that it depends on, in what it publishes.
    pub dependencies: Vec<Dependency>,
    /// What its own changes since the last release ask for; `None` if nothing changed.
    pub change: Option<Step>,
}

/// A crate of the project that another one depends on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dependency {
    /// Its name.
    pub name: String,
    /// Whether types of it are a part of the API of the crate that depends on it.
    pub is_public: bool,
}

/// A crate in a release.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Planned {
    /// The crate.
    pub name: String,
    /// The version of the last release.
    pub released: Option<Version>,
    /// The version that it gets, or keeps.
    pub version: Version,
    /// How far that is; `None` if the crate stays as it is, or is new.
    pub step: Option<Step>,
    /// Why.
    pub reason: Reason,
}

/// Why a crate gets a version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// Nothing changed.
    Unchanged,
    /// It was not in the last release.
    New,
    /// It changed itself.
    Changed,
    /// Another crate with the same version changed.
    Together,
    /// This crate, which it depends on, had a breaking step.
    Dependency(String),
}

impl Dependency {
    /// How far a breaking step of the dependency takes the crate that has it.
    fn asks_for(&self) -> Step {
        match self.is_public {
            true => Step::Major,
            false => Step::Patch,
        }
    }
}

impl Planned {
    /// Returns whether the crate is published.
    pub fn is_published(&self) -> bool {
        self.released.as_ref() != Some(&self.version)
    }
}

/// Returns the crates with their versions, each after those it depends on.
///
/// A crate gets a new version if it changed, if a crate of its unit did, or if one that it depends
/// on had a breaking step. Where types of that one are a part of its API, its own step is breaking
/// too. Elsewhere it is a patch, which requires the new version.
///
/// # Errors
///
/// A message that names the crates that depend on each other in a circle.
pub fn plan(packages: &[Package]) -> Result<Vec<Planned>, String> {
    let mut steps: BTreeMap<&str, (Step, Reason)> = BTreeMap::new();
    for package in packages {
        if let Some(step) = package.change {
            steps.insert(&package.name, (step, Reason::Changed));
        }
    }
    while spread(packages, &mut steps) {}
    let planned = ordered(packages)?.into_iter().map(|package| {
        let (step, reason) = match (&package.released, steps.get(package.name.as_str())) {
            (None, _) => (None, Reason::New),
            (Some(_), None) => (None, Reason::Unchanged),
            (Some(_), Some((step, reason))) => (Some(*step), reason.clone()),
        };
        Planned {
            name: package.name.clone(),
            released: package.released.clone(),
            version: version_of_unit(packages, package, &steps),
            step,
            reason,
        }
    });
    Ok(planned.collect())
}

/// The version that all crates of a unit get, new ones too.
fn version_of_unit(
    packages: &[Package],
    package: &Package,
    steps: &BTreeMap<&str, (Step, Reason)>,
) -> Version {
    let unit = packages.iter().filter(|other| other.unit == package.unit);
    let versions = unit.map(|other| {
        let step = steps.get(other.name.as_str()).map(|(step, _)| *step);
        version(other, step)
    });
    versions.max().unwrap_or_else(|| package.current.clone())
}

/// The least version that the step asks for, or the one that the crate has already.
fn version(package: &Package, step: Option<Step>) -> Version {
    match (&package.released, step) {
        (Some(released), Some(step)) => next(released, step).max(package.current.clone()),
        _ => package.current.clone(),
    }
}

/// Gives one crate the step that another one asks for; whether there was one.
fn spread<'p>(packages: &'p [Package], steps: &mut BTreeMap<&'p str, (Step, Reason)>) -> bool {
    for package in packages {
        let own = steps.get(package.name.as_str()).map(|(step, _)| *step);
        let unit = packages.iter().filter(|other| other.unit == package.unit);
        let together = unit
            .filter_map(|other| Some(steps.get(other.name.as_str())?.0))
            .max();
        let asked = package
            .dependencies
            .iter()
            .filter_map(|dependency| {
                let other = packages.iter().find(|one| one.name == dependency.name)?;
                is_breaking(other, steps).then_some((dependency.asks_for(), &other.name))
            })
            .max_by_key(|(step, _)| *step);
        if let Some((step, other)) = asked
            && own < Some(step)
        {
            let reason = Reason::Dependency(other.clone());
            steps.insert(&package.name, (step, reason));
            return true;
        }
        if let Some(together) = together
            && own < Some(together)
        {
            let reason = match steps.get(package.name.as_str()) {
                Some((_, reason)) => reason.clone(),
                None => Reason::Together,
            };
            steps.insert(&package.name, (together, reason));
            return true;
        }
    }
    false
}

/// Whether the version that the crate gets is incompatible with the released one.
fn is_breaking(package: &Package, steps: &BTreeMap<&str, (Step, Reason)>) -> bool {
    let step = steps.get(package.name.as_str()).map(|(step, _)| *step);
    package
        .released
        .as_ref()
        .is_some_and(|released| next(released, Step::Major) <= version(package, step))
}

/// The packages, each after those it depends on; by name where that leaves a choice.
fn ordered(packages: &[Package]) -> Result<Vec<&Package>, String> {
    let mut left: BTreeMap<&str, &Package> = packages
        .iter()
        .map(|package| (package.name.as_str(), package))
        .collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        let free = left.values().find(|package| {
            let mut dependencies = package.dependencies.iter();
            !dependencies.any(|dependency| left.contains_key(dependency.name.as_str()))
        });
        let Some(free) = free.copied() else {
            let circle: BTreeSet<&str> = left.into_keys().collect();
            let circle: Vec<&str> = circle.into_iter().collect();
            return Err(format!(
                "crates depend on each other in a circle, so that none can be published first: {}",
                circle.join(", ")
            ));
        };
        left.remove(free.name.as_str());
        order.push(free);
    }
    Ok(order)
}

#[cfg(test)]
mod tests;
