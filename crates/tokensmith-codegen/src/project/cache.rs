//! What the last run made of each document, so that a run without changes need not make it again.
//!
//! An entry holds if the generator has the same size and time, the document, its overlay and the files beside it the same bytes, and every
//! file of the crate the size and time that it was left with. Warnings are kept too, to be shown again. `--check` does not ask.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::project::parallel::in_parallel;
use crate::project::write::{is_orphan, write_whole};
use crate::project::{Outcome, Summary};
use crate::source::external::External;
use crate::source::file;
use crate::source::fingerprint::fingerprint;

/// Entries by provider.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cache(BTreeMap<String, Entry>);

/// What one document gave.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    key: u64,
    pub(crate) summary: Summary,
    /// Warnings: an entry of a document with errors is not kept.
    pub(crate) diagnostics: Vec<Diagnostic>,
    files: BTreeMap<String, Stamp>,
    externals: Vec<External>,
}

/// Size and time of a file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Stamp {
    length: u64,
    nanoseconds: u64,
}

impl Stamp {
    fn of(metadata: &Metadata) -> io::Result<Self> {
        let since = metadata.modified()?.duration_since(UNIX_EPOCH);
        Ok(Self {
            length: metadata.len(),
            nanoseconds: u64::try_from(since.unwrap_or_default().as_nanos()).unwrap_or(u64::MAX),
        })
    }
}

impl Entry {
    /// What a document gave, with the stamps of its files; nothing if one of them is gone.
    fn new(outcome: &Outcome, folder: &Path) -> Option<Self> {
        let stamp = |name: &String| {
            let metadata = fs::symlink_metadata(folder.join(name)).ok()?;
            Some((name.clone(), Stamp::of(&metadata).ok()?))
        };
        Some(Self {
            key: outcome.key,
            summary: outcome.summary.clone()?,
            diagnostics: outcome.diagnostics.clone(),
            files: outcome.files.iter().map(stamp).collect::<Option<_>>()?,
            externals: outcome.externals.clone(),
        })
    }
}

impl Cache {
    /// The cache as the last run left it; empty if there is none that can be read.
    pub(crate) fn load(path: &Path) -> Self {
        fs::read(path)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default()
    }

    /// Keeps it for the next run. A run without a cache is slower, not wrong, so that failing to keep it is no error.
    pub(crate) fn store(&self, path: &Path) {
        if let Ok(text) = serde_json::to_string(self) {
            let _ = write_whole(path, &text);
        }
    }

    /// What the document of the folder `specs` gave the last time, if that still stands in `folder`.
    pub(crate) fn fresh(
        &self,
        provider: &str,
        key: u64,
        folder: &Path,
        specs: &Path,
    ) -> Option<&Entry> {
        let entry = self.0.get(provider).filter(|entry| entry.key == key)?;
        let is_same = |external: &External| external.digest == digest(&specs.join(&external.path));
        let is_fresh = entry.externals.iter().all(is_same) && is_as_left(folder, &entry.files);
        is_fresh.then_some(entry)
    }

    /// Notes what documents gave, as it stands on the disk now.
    pub(crate) fn note<'a>(
        &mut self,
        outcomes: impl Iterator<Item = &'a Outcome>,
        folder: impl Fn(&str) -> PathBuf + Sync,
    ) -> io::Result<()> {
        let outcomes: Vec<&Outcome> = outcomes.collect();
        let entries = in_parallel(&outcomes, |outcome| {
            let folder = folder(&outcome.name);
            Ok(Entry::new(outcome, &folder))
        })?;
        for (outcome, entry) in outcomes.iter().zip(entries) {
            match entry {
                Some(entry) => {
                    self.0.insert(outcome.name.clone(), entry);
                }
                None => self.forget(&outcome.name),
            }
        }
        Ok(())
    }

    pub(crate) fn forget(&mut self, provider: &str) {
        self.0.remove(provider);
    }

    /// Forgets providers whose document is gone.
    pub(crate) fn keep_only(&mut self, known: &BTreeSet<&str>) {
        self.0
            .retain(|provider, _| known.contains(provider.as_str()));
    }
}

/// Whether a folder has these files as they were left, and nothing else that was generated.
fn is_as_left(folder: &Path, files: &BTreeMap<String, Stamp>) -> bool {
    let mut found = 0;
    visit(folder, "", files, &mut found).unwrap_or(false) && found == files.len()
}

/// Looks at the files below a folder in one pass, and counts those that are known and unchanged.
fn visit(
    folder: &Path,
    prefix: &str,
    files: &BTreeMap<String, Stamp>,
    found: &mut usize,
) -> io::Result<bool> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
        let is_unchanged = if entry.file_type()?.is_dir() {
            entry.file_name() == "target"
                || visit(&entry.path(), &format!("{name}/"), files, found)?
        } else if let Some(stamp) = files.get(&name) {
            *found += 1;
            Stamp::of(&entry.metadata()?)? == *stamp
        } else {
            !is_orphan(&entry.path())
        };
        if !is_unchanged {
            return Ok(false);
        }
    }
    Ok(true)
}

fn digest(path: &Path) -> Option<u64> {
    Some(fingerprint(&[&file::read(path).ok()?]))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use crate::diagnostic::Rule;
    use crate::project::{Project, Report};

    fn generate(root: &Path) -> Report {
        let project = Project {
            root,
            names: &[],
            cache: root.join("target/codegen.json"),
            progress: &|_, _| {},
        };
        project.generate().expect("works")
    }

    #[test]
    fn a_document_with_warnings_is_not_made_again_and_warns_again() {
        let page = Rule::Undescribed.page();
        let (_, document) = page.split_once("```yaml bad\n").expect("has an example");
        let (document, _) = document.split_once("```").expect("ends");
        let root = tempfile::tempdir().expect("a folder");
        let specs = root.path().join("specs");
        std::fs::create_dir(&specs).expect("a folder");
        std::fs::write(specs.join("acme.yaml"), document).expect("a file");

        let (first, second) = (generate(root.path()), generate(root.path()));
        assert!(!first.outcomes[0].files.is_empty());
        assert!(second.outcomes[0].files.is_empty());
        assert!(!first.outcomes[0].diagnostics.is_empty());
        assert_eq!(
            first.outcomes[0].diagnostics,
            second.outcomes[0].diagnostics
        );
        assert_eq!(first.outcomes[0].summary, second.outcomes[0].summary);

        let file = root.path().join("crates/providers/acme/src/lib.rs");
        std::fs::remove_file(&file).expect("was generated");
        assert_eq!(generate(root.path()).differences().count(), 1);
        assert!(file.is_file());
        std::fs::copy(&file, file.with_file_name("left.rs")).expect("is there");
        assert_eq!(generate(root.path()).differences().count(), 1);
        assert!(!file.with_file_name("left.rs").exists());
    }
}
