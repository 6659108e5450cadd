//! A folder of documents, and the folder of crates that is generated from it.

mod cache;
mod documents;
mod new_crate;
mod outcome;
mod parallel;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io};

use crate::emit::{self, ListedCrate, Manifest, Options};
use crate::source::file;
use crate::source::fingerprint::fingerprint;
use crate::{Source, read};
use cache::Cache;
pub use documents::{Document, documents, overlay_of};
use documents::{choose, refuse_stray_overlays};
pub use outcome::{Outcome, Report, Summary};
use parallel::in_parallel;
use write::Difference;

/// The command that generates everything, as the files and messages name it.
pub const COMMAND: &str = "cargo xtask codegen";

/// Folder of all crates, below the root.
const CRATES: &str = "crates";
/// Folder of the providers' crates, below the root.
const PROVIDERS: &str = "crates/providers";
/// Folder of the crate that lists all providers, below the root.
const REGISTRY: &str = "crates/tokensmith-providers";

/// A project's folder, and how to go about it.
pub struct Project<'a> {
    /// The folder that has `specs` and `crates`.
    pub root: &'a Path,
    /// The providers to look at; all if there are none.
    pub names: &'a [String],
    /// Where to remember what was made of each document; it need not exist.
    pub cache: PathBuf,
    /// Told after each document, from several threads, how many of how many are done.
    pub progress: &'a (dyn Fn(usize, usize) + Sync),
}

impl Project<'_> {
    /// Reads the documents and compares what they give with the disk. Nothing is written.
    ///
    /// # Errors
    ///
    /// When a folder or file cannot be read, or a name is no provider's.
    pub fn check(&self) -> io::Result<Report> {
        self.survey(&documents(self.root)?, &Cache::default())
    }

    /// Makes the crates follow the documents. A broken document leaves its crate as it is.
    ///
    /// # Errors
    ///
    /// As for [`check`](Self::check); and when a file cannot be written or removed.
    pub fn generate(&self) -> io::Result<Report> {
        let mut cache = Cache::load(&self.cache);
        let all = documents(self.root)?;
        let report = self.survey(&all, &cache)?;
        self.write(&report)?;
        for outcome in &report.outcomes {
            if outcome.summary.is_none() {
                cache.forget(&outcome.name);
            }
        }
        let made = || {
            let outcomes = report.outcomes.iter();
            outcomes.filter(|outcome| !outcome.files.is_empty())
        };
        cache.keep_only(&all.iter().map(|document| document.name.as_str()).collect());
        if made().next().is_some() {
            cache.note(made(), |name| self.folder(name))?;
            cache.store(&self.cache);
        }
        Ok(report)
    }

    fn write(&self, report: &Report) -> io::Result<()> {
        let crates = self.root.join(CRATES);
        new_crate::clear(&crates)?;
        in_parallel(&report.outcomes, |outcome| {
            let (folder, differences) = (self.folder(&outcome.name), &outcome.differences);
            match differences.as_slice() {
                [] => Ok(()),
                files if write::is_missing(&folder) => new_crate::create(&folder, &crates, files),
                files => write::apply(files),
            }
        })?;
        write::apply(&report.shared)
    }

    fn folder(&self, name: &str) -> PathBuf {
        self.root.join(PROVIDERS).join(name)
    }

    fn survey(&self, all: &[Document], cache: &Cache) -> io::Result<Report> {
        refuse_stray_overlays(self.root, all)?;
        let chosen = choose(all, self.names)?;
        let done = AtomicUsize::new(0);
        let outcomes = in_parallel(&chosen, |document| {
            let outcome = self.outcome(document, cache);
            (self.progress)(done.fetch_add(1, Ordering::Relaxed) + 1, chosen.len());
            outcome
        })?;
        let shared = shared(self.root, all, &outcomes)?;
        Ok(Report { outcomes, shared })
    }

    fn outcome(&self, document: &Document, cache: &Cache) -> io::Result<Outcome> {
        let bytes = file::read_own(&document.path)?;
        let overlay = document
            .overlay
            .as_ref()
            .map(|path| Ok::<_, io::Error>((shown(self.root, path), file::read_own(path)?)));
        let overlay = overlay.transpose()?;
        let folder = self.folder(&document.name);
        let overlay_bytes = overlay.as_ref().map_or(&[][..], |(_, bytes)| bytes);
        let source = shown(self.root, &document.path);
        let key = fingerprint(&[source.as_bytes(), &bytes, overlay_bytes]);
        let specs = document.path.parent().unwrap_or(self.root);
        let known = cache.fresh(&document.name, key, &folder, specs);
        let mut outcome = Outcome {
            name: document.name.clone(),
            summary: known.map(|known| known.summary.clone()),
            differences: Vec::new(),
            diagnostics: known.map_or_else(Vec::new, |known| known.diagnostics.clone()),
            key,
            files: Vec::new(),
            externals: Vec::new(),
        };
        if outcome.summary.is_some() {
            return Ok(outcome);
        }
        let overlay = overlay
            .as_ref()
            .map(|(name, bytes)| Source::new(name, bytes));
        let reading = read(
            &document.name,
            Source::new(&source, &bytes).in_folder(Some(specs)),
            overlay,
        );
        outcome.diagnostics = reading.diagnostics;
        outcome.externals = reading.externals;
        if let Some(model) = reading.model {
            let options = Options {
                source,
                command: COMMAND.to_owned(),
                manifest: Manifest::Workspace,
            };
            let files = emit::emit(&model, &options);
            write::refuse_links(&folder, &files)?;
            let summary = Summary::new(&model, &files);
            outcome.files = files.keys().cloned().collect();
            outcome.differences = write::compare(&folder, files)?;
            refuse_foreign(self.root, &outcome.differences)?;
            outcome.summary = Some(summary);
        }
        Ok(outcome)
    }
}

/// A path below the root as messages and headers name it, with `/` on every system.
fn shown(root: &Path, path: &Path) -> String {
    path.strip_prefix(root)
        .unwrap_or(path)
        .to_string_lossy()
        .replace('\\', "/")
}

/// Fails if a file would be overwritten that was not generated.
fn refuse_foreign(root: &Path, differences: &[Difference]) -> io::Result<()> {
    let is_foreign = |difference: &&Difference| matches!(&difference.change, write::Change::Stale { old } if !emit::is_generated(old));
    match differences.iter().find(is_foreign) {
        None => Ok(()),
        Some(foreign) => Err(io::Error::other(format!(
            "{} is in the way and was not generated: move it away, or remove it",
            shown(root, &foreign.path)
        ))),
    }
}

/// A crate that stays as it is, by what is on the disk.
fn kept(name: &str, folder: &Path) -> Option<ListedCrate> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
    Some(ListedCrate {
        name: name.to_owned(),
        version: emit::manifest_version(&manifest)?,
        description: emit::manifest_description(&manifest).unwrap_or_default(),
        has_tests: folder.join(emit::TESTS).is_file(),
    })
}

/// The list of providers, and what is left of crates whose document is gone.
fn shared(root: &Path, all: &[Document], outcomes: &[Outcome]) -> io::Result<Vec<Difference>> {
    let folder = root.join(PROVIDERS);
    // A broken document keeps the crate that it has, but one that never had a crate is not listed.
    let generated = outcomes.iter().filter_map(|outcome| {
        let summary = outcome.summary.as_ref()?;
        let listed = ListedCrate {
            name: outcome.name.clone(),
            version: summary.version.parse().ok()?,
            description: summary.description.clone(),
            has_tests: summary.has_tests,
        };
        Some((outcome.name.as_str(), listed))
    });
    let mut generated: BTreeMap<&str, ListedCrate> = generated.collect();
    let names = all.iter().map(|document| document.name.as_str());
    let listed = names.filter_map(|name| {
        let generated = generated.remove(name);
        generated.or_else(|| kept(name, &folder.join(name)))
    });
    let listed: Vec<ListedCrate> = listed.collect();
    let (registry, files) = (root.join(REGISTRY), emit::registry(&listed, COMMAND));
    write::refuse_links(&registry, &files)?;
    let mut differences = write::compare(&registry, files)?;
    let known: BTreeSet<&str> = all.iter().map(|document| document.name.as_str()).collect();
    for entry in write::sorted(&folder)? {
        let name = entry
            .file_name()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if !known.contains(name) {
            differences.extend(write::orphans(&entry, &BTreeSet::new())?);
        }
    }
    Ok(differences)
}
