//! The documents of two folders beside each other: what became of each provider, and reports of that.

mod json;
mod markdown;
mod text;

use std::collections::BTreeMap;
use std::path::Path;

use tokensmith_codegen::diagnostic::finding::report;
use tokensmith_codegen::source::file;
use tokensmith_codegen::{Finding, Model, Source, explain, project};

use crate::diff::{self, Change, Step};

/// The providers of a project at two times.
#[derive(Debug)]
pub struct Comparison {
    /// How the earlier time is called, such as `the last commit`.
    pub base: String,
    /// What became of each provider, by name.
    pub providers: Vec<Provider>,
    /// The generated crates that differ, by the provider's name.
    pub code: BTreeMap<String, Code>,
}

/// What differs in the code of one crate.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Code {
    /// Files that differ.
    pub files: usize,
    /// Lines that were added.
    pub added: usize,
    /// Lines that were removed.
    pub removed: usize,
}

/// What became of one provider.
#[derive(Debug)]
pub struct Provider {
    /// Its name.
    pub name: String,
    /// What became of it.
    pub fate: Fate,
    /// What its document is taken to mean, with the evidence; empty where that is as it was.
    pub explanation: String,
}

/// What became of a provider's document.
#[derive(Debug)]
pub enum Fate {
    /// It is new.
    New(Box<Model>),
    /// It is gone.
    Gone,
    /// It has errors.
    Broken,
    /// It had errors before, so that there is nothing to compare with.
    Repaired(Box<Model>),
    /// It could be read both times.
    Compared(Box<Compared>),
}

/// What a document meant and means.
#[derive(Debug)]
pub struct Compared {
    /// Its earlier meaning.
    pub before: Model,
    /// Its meaning now.
    pub after: Model,
    /// What differs.
    pub changes: Vec<Change>,
}

impl Compared {
    /// Returns the least version that the document has to give; `None` if it does.
    pub fn wanted(&self) -> Option<String> {
        let (before, after) = (&self.before.version, &self.after.version);
        let is_enough = diff::is_enough(before, after, self.step());
        (!is_enough).then(|| diff::least(before, &self.changes).to_string())
    }

    /// Returns how far the version has to go; `None` if nothing changed.
    pub fn step(&self) -> Option<Step> {
        diff::step(&self.changes)
    }

    /// Whether there is nothing to tell.
    fn is_quiet(&self) -> bool {
        self.changes.is_empty() && self.wanted().is_none()
    }
}

impl Fate {
    /// Whether the document means what it meant.
    fn is_quiet(&self) -> bool {
        match self {
            Self::Compared(compared) => compared.is_quiet(),
            Self::Gone => true,
            Self::New(_) | Self::Broken | Self::Repaired(_) => false,
        }
    }
}

impl Comparison {
    /// Returns whether every document can be read and gives a version that is high enough.
    pub fn is_right(&self) -> bool {
        self.providers.iter().all(|provider| match &provider.fate {
            Fate::Compared(compared) => compared.wanted().is_none(),
            Fate::New(_) | Fate::Gone | Fate::Repaired(_) => true,
            Fate::Broken => false,
        })
    }

    /// Returns a report for a terminal.
    pub fn text(&self) -> String {
        text::report(self)
    }

    /// Returns a report for a comment on a pull request.
    pub fn markdown(&self) -> String {
        markdown::report(self)
    }

    /// Returns a report for programs: `{"base", "providers": [..], "code": [..]}`.
    pub fn json(&self) -> String {
        json::report(self)
    }
}

/// Compares the documents below the folder `specs` of two projects.
///
/// # Errors
///
/// A message that names the file or folder that cannot be read.
pub fn compare(before: &Path, after: &Path) -> Result<Vec<Provider>, String> {
    let documents = |root: &Path| match root.join("specs").is_dir() {
        true => project::documents(root).map_err(|error| error.to_string()),
        false => Ok(Vec::new()),
    };
    let (old, new) = (documents(before)?, documents(after)?);
    let mut names: Vec<&str> = old
        .iter()
        .chain(&new)
        .map(|document| document.name.as_str())
        .collect();
    names.sort_unstable();
    names.dedup();
    let mut providers = Vec::new();
    for name in names {
        let of = |documents: &[project::Document]| {
            documents
                .iter()
                .find(|document| document.name == name)
                .cloned()
        };
        let mut explained = Vec::new();
        let fate = match (of(&old), of(&new)) {
            (_, None) => Fate::Gone,
            (None, Some(document)) => {
                let (model, findings) = model(&document)?;
                explained = findings;
                model.map_or(Fate::Broken, |model| Fate::New(Box::new(model)))
            }
            (Some(before), Some(after)) => {
                let ((before, _), (after, findings)) = (model(&before)?, model(&after)?);
                explained = findings;
                match (before, after) {
                    (Some(before), Some(after)) => {
                        let changes = diff::diff(&before, &after);
                        Fate::Compared(Box::new(Compared {
                            before,
                            after,
                            changes,
                        }))
                    }
                    (None, Some(after)) => Fate::Repaired(Box::new(after)),
                    (_, None) => Fate::Broken,
                }
            }
        };
        let explanation = match fate.is_quiet() {
            true => String::new(),
            false => report::human(&explained),
        };
        let name = name.to_owned();
        providers.push(Provider {
            name,
            fate,
            explanation,
        });
    }
    Ok(providers)
}

/// What a document means; nothing if it has errors, which `codegen` tells of.
fn model(document: &project::Document) -> Result<(Option<Model>, Vec<Finding>), String> {
    let bytes = file::read_own(&document.path).map_err(|error| error.to_string())?;
    let overlay = document
        .overlay
        .as_deref()
        .map(file::read_own)
        .transpose()
        .map_err(|error| error.to_string())?;
    let file = document.path.file_name().unwrap_or_default();
    let name = format!("specs/{}", file.to_string_lossy());
    let source = Source::new(&name, &bytes).in_folder(document.path.parent());
    let overlay = overlay.as_ref().map(|bytes| Source::new("overlay", bytes));
    let (reading, findings) = explain(&document.name, source, overlay);
    Ok((reading.model, findings))
}
