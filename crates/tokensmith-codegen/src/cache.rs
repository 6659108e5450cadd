//! What the last run made of each document, so that a run without changes need not make it again.
//!
//! An entry holds if the generator has the same size and time, the document, its overlay and the files beside it the same bytes, and every
//! file of the crate the size and time that it was left with. `--check` does not ask.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};
use std::{fs, io};

use serde::{Deserialize, Serialize};

use crate::external::External;
use crate::file;
use crate::project::Summary;
use crate::write::{orphans, write_whole};

/// Entries by provider.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Cache(BTreeMap<String, Entry>);

/// What one document gave.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Entry {
    key: u64,
    summary: Summary,
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
    fn of(path: &Path) -> io::Result<Self> {
        let metadata = fs::metadata(path)?;
        let since = metadata
            .modified()?
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Ok(Self {
            length: metadata.len(),
            nanoseconds: u64::try_from(since.as_nanos()).unwrap_or(u64::MAX),
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
    ) -> Option<&Summary> {
        let entry = self.0.get(provider).filter(|entry| entry.key == key)?;
        let is_fresh = |(name, stamp): (&String, &Stamp)| {
            Stamp::of(&folder.join(name)).is_ok_and(|now| now == *stamp)
        };
        let expected: BTreeSet<PathBuf> =
            entry.files.keys().map(|name| folder.join(name)).collect();
        let has_orphans = || !orphans(folder, &expected).is_ok_and(|orphans| orphans.is_empty());
        let is_same = |external: &External| external.digest == digest(&specs.join(&external.path));
        let is_fresh = entry.files.iter().all(is_fresh) && entry.externals.iter().all(is_same);
        (is_fresh && !has_orphans()).then_some(&entry.summary)
    }

    /// Notes what a document gave, as it stands in `folder` now.
    pub(crate) fn note(
        &mut self,
        provider: &str,
        key: u64,
        summary: &Summary,
        folder: &Path,
        files: &[String],
        externals: &[External],
    ) {
        let stamp = |name: &String| Some((name.clone(), Stamp::of(&folder.join(name)).ok()?));
        match files.iter().map(stamp).collect::<Option<BTreeMap<_, _>>>() {
            Some(files) => {
                self.0.insert(
                    provider.to_owned(),
                    Entry {
                        key,
                        summary: summary.clone(),
                        files,
                        externals: externals.to_vec(),
                    },
                );
            }
            None => self.forget(provider),
        }
    }

    pub(crate) fn forget(&mut self, provider: &str) {
        self.0.remove(provider);
    }

    /// Forgets providers whose document is gone.
    pub(crate) fn keep_only(&mut self, is_known: impl Fn(&str) -> bool) {
        self.0.retain(|provider, _| is_known(provider));
    }
}

fn digest(path: &Path) -> Option<u64> {
    let bytes = path.is_file().then(|| file::read(path).ok())??;
    Some(key(&[&bytes]))
}

/// Identifies this very generator, and what it reads.
pub(crate) fn key(inputs: &[&[u8]]) -> u64 {
    let mut hasher = DefaultHasher::new();
    generator().hash(&mut hasher);
    inputs.hash(&mut hasher);
    hasher.finish()
}

/// Size and time of the running program: another build may generate something else.
fn generator() -> Option<(u64, SystemTime)> {
    static GENERATOR: std::sync::OnceLock<Option<(u64, SystemTime)>> = std::sync::OnceLock::new();
    *GENERATOR.get_or_init(|| {
        let metadata = fs::metadata(std::env::current_exe().ok()?).ok()?;
        Some((metadata.len(), metadata.modified().ok()?))
    })
}
