//! What became of documents.

use serde::{Deserialize, Serialize};

use super::write::Difference;
use crate::External;
use crate::diagnostic::Diagnostic;
use crate::emit;
use crate::model::Model;

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
    pub(super) fn new(model: &Model, files: &emit::Files) -> Self {
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
