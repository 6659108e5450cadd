//! A folder of documents, and the folder of crates that is generated from it.

mod cache;
mod parallel;
pub mod write;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::emit::{self, ListedCrate, Manifest, Options};
use crate::model::Model;
use crate::source::file;
use crate::source::fingerprint::fingerprint;
use crate::{External, Source, read};
use cache::Cache;
use parallel::in_parallel;
use write::Difference;

/// The command that generates everything, as the files and messages name it.
pub const COMMAND: &str = "cargo xtask codegen";

/// Folder of the documents, below the root.
const SPECS: &str = "specs";
/// How documents and overlays end.
const ENDINGS: [&str; 3] = ["yaml", "yml", "json"];
/// Folder of the providers' crates, below the root.
const PROVIDERS: &str = "crates/providers";
/// Folder of the crate that lists all providers, below the root.
const REGISTRY: &str = "crates/tokensmith-providers";

/// A provider's document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The provider: the file's name without its ending.
    pub name: String,
    /// The document.
    pub path: PathBuf,
    /// The overlay beside it, if there is one.
    pub overlay: Option<PathBuf>,
}

/// What a provider's crate is, in a line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// The version of the crate.
    pub version: String,
    /// What the crate says of itself.
    pub description: String,
    /// The kinds of its endpoints.
    pub endpoints: Vec<String>,
    /// The grants that it takes.
    pub grants: Vec<String>,
    /// How clients authenticate, each way once.
    pub client_auth: Vec<String>,
    /// How many sources the document names for its facts.
    pub sources: usize,
    /// How many files the crate has.
    pub files: usize,
    /// Whether examples of the document became tests.
    pub has_tests: bool,
}

impl Summary {
    fn new(model: &Model, files: &emit::Files) -> Self {
        let endpoints = || model.endpoints.iter();
        let mut client_auth: Vec<String> = Vec::new();
        for endpoint in endpoints().filter(|endpoint| endpoint.is_called()) {
            let method = endpoint.attributes.authentication.method.as_str();
            if client_auth.iter().all(|other| other != method) {
                client_auth.push(method.to_owned());
            }
        }
        Self {
            version: model.version.to_string(),
            description: emit::crate_description(model),
            endpoints: endpoints()
                .map(|endpoint| endpoint.kind.as_str().to_owned())
                .collect(),
            grants: endpoints()
                .flat_map(|endpoint| endpoint.grants().map(str::to_owned))
                .collect(),
            client_auth,
            sources: model.sources.len(),
            files: files.len(),
            has_tests: files.contains_key(emit::TESTS),
        }
    }
}

/// What became of one document.
#[derive(Debug)]
pub struct Outcome {
    /// The provider.
    pub name: String,
    /// What its crate is; nothing if the document has errors.
    pub summary: Option<Summary>,
    /// Files that differ from what the disk has.
    pub differences: Vec<Difference>,
    /// What is wrong with the document.
    pub diagnostics: Vec<Diagnostic>,
    /// For the cache: identifies the document; and the names of the crate's files, none if it is
    /// the cache that has told them.
    pub(crate) key: u64,
    pub(crate) files: Vec<String>,
    /// For the cache: the files beside the document that it depends on.
    pub(crate) externals: Vec<External>,
}

/// What became of all documents.
#[derive(Debug)]
pub struct Report {
    /// One for each document, by name.
    pub outcomes: Vec<Outcome>,
    /// Files that belong to no single document: the list of providers, and crates whose document is gone.
    pub shared: Vec<Difference>,
}

impl Report {
    /// Every file that differs from what the disk has.
    pub fn differences(&self) -> impl Iterator<Item = &Difference> {
        self.outcomes
            .iter()
            .flat_map(|outcome| &outcome.differences)
            .chain(&self.shared)
    }
}

/// The documents of a project, by name.
///
/// # Errors
///
/// When the folder of documents cannot be read.
pub fn documents(root: &Path) -> io::Result<Vec<Document>> {
    let folder = root.join(SPECS);
    let named =
        |error: io::Error| io::Error::new(error.kind(), format!("{}: {error}", folder.display()));
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(&folder).map_err(named)? {
        if let Ok(file) = entry.map_err(named)?.file_name().into_string() {
            files.insert(file);
        }
    }
    let mut documents = Vec::new();
    for file in &files {
        let Some((stem, ending)) = file.rsplit_once('.') else {
            continue;
        };
        let is_document = ENDINGS.contains(&ending);
        let is_helper = stem.ends_with(".overlay") || stem.ends_with(".schema");
        if is_document && !is_helper && !file.starts_with('.') {
            let overlays = ENDINGS.map(|ending| format!("{stem}.overlay.{ending}"));
            documents.push(Document {
                name: stem.to_owned(),
                overlay: overlays
                    .iter()
                    .find(|overlay| files.contains(*overlay))
                    .map(|overlay| folder.join(overlay)),
                path: folder.join(file),
            });
        }
    }
    documents.sort_by(|left, right| (&left.name, &left.path).cmp(&(&right.name, &right.path)));
    if let Some(same) = documents
        .windows(2)
        .find(|pair| pair[0].name == pair[1].name)
    {
        let (first, second) = (same[0].path.display(), same[1].path.display());
        return Err(io::Error::other(format!(
            "{first} and {second} describe the same provider: remove one of them"
        )));
    }
    Ok(documents)
}

/// The overlay beside a document: `moov.overlay.yaml` beside `moov.yaml`.
///
/// It may be a link or a pipe, which whoever reads it refuses: an overlay that is passed over in silence changes a document.
pub fn overlay_of(document: &Path) -> Option<PathBuf> {
    ENDINGS
        .iter()
        .map(|ending| document.with_extension(format!("overlay.{ending}")))
        .find(|path| fs::symlink_metadata(path).is_ok())
}

/// Fails if there is an overlay that is applied to nothing: its document is missing, or has another one.
fn refuse_stray_overlays(root: &Path, documents: &[Document]) -> io::Result<()> {
    for path in write::sorted(&root.join(SPECS))? {
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        let Some((stem, ending)) = file.rsplit_once('.') else {
            continue;
        };
        let Some(name) = stem.strip_suffix(".overlay") else {
            continue;
        };
        if !ENDINGS.contains(&ending) || file.starts_with('.') {
            continue;
        }
        let overlay = shown(root, &path);
        let document = documents.binary_search_by(|document| document.name.as_str().cmp(name));
        let fault = match document.map(|index| documents[index].overlay.as_ref()) {
            Ok(Some(used)) if *used == path => continue,
            Ok(Some(used)) => format!(
                "{overlay} and {} are overlays of the same document: remove one of them",
                shown(root, used)
            ),
            _ => format!(
                "{overlay} does not belong to a document: name it after its document, such as {SPECS}/{name}.yaml, or remove it"
            ),
        };
        return Err(io::Error::other(fault));
    }
    Ok(())
}

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
        let differences: Vec<&Difference> = report.differences().collect();
        write::apply(&differences)?;
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
            outcome.differences = write::compare(&folder, &files)?;
            refuse_foreign(self.root, &outcome.differences)?;
            outcome.summary = Some(Summary::new(&model, &files));
            outcome.files = files.into_keys().collect();
        }
        Ok(outcome)
    }
}

fn choose<'a>(all: &'a [Document], names: &[String]) -> io::Result<Vec<&'a Document>> {
    if names.is_empty() {
        return Ok(all.iter().collect());
    }
    let find = |name: &String| {
        all.iter()
            .find(|document| document.name == *name)
            .ok_or_else(|| {
                let known: Vec<&str> = all.iter().map(|document| document.name.as_str()).collect();
                let message = format!(
                    "no document in {SPECS} is called `{name}`; there are {}",
                    known.join(", ")
                );
                io::Error::new(io::ErrorKind::NotFound, message)
            })
    };
    let names: BTreeSet<&String> = names.iter().collect();
    names.into_iter().map(find).collect()
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
    let mut differences = write::compare(&registry, &files)?;
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
