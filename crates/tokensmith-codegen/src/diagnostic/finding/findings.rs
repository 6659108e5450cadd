//! The findings of a document, as they are made: the same of several grants is one.

use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::{Finding, Question};
use crate::pointer;

/// What tells findings apart, but for their grants: what is asked of what, and the hash of the rest.
type Key = (Question, Option<String>, u64);

/// The findings of a document, as they are made.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    found: Vec<Finding>,
    /// Where those are whose endpoint is not named yet.
    open: BTreeMap<Key, Vec<usize>>,
}

impl Findings {
    /// Adds one; the same of another grant is one with it.
    pub(crate) fn push(&mut self, finding: Finding) {
        let key = (
            finding.question,
            finding.subject.clone(),
            finding.hash_but_for_grants(),
        );
        let indices = self.open.entry(key).or_default();
        let found = &mut self.found;
        let is_same = |index: &usize| {
            let known = found.get(*index);
            known.is_some_and(|known| known.is_same_but_for_grants(&finding))
        };
        let same = indices.iter().copied().find(is_same);
        match same.and_then(|index| found.get_mut(index)) {
            Some(known) => {
                for grant in finding.grants {
                    if !known.grants.contains(&grant) {
                        known.grants.push(grant);
                    }
                }
            }
            None => {
                indices.push(found.len());
                found.push(finding);
            }
        }
    }

    pub(crate) fn extend(&mut self, others: Self) {
        others
            .found
            .into_iter()
            .for_each(|finding| self.push(finding));
    }

    /// Adds what was found elsewhere, and may be added again.
    pub(crate) fn repeat(&mut self, others: &Self) {
        let found = others.found.iter().cloned();
        found.for_each(|finding| self.push(finding));
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.found.len()
    }

    /// Says of the findings behind the first so many which endpoint they are about.
    pub(crate) fn belong_to(&mut self, first: usize, endpoint: &str) {
        self.open.clear();
        for finding in self.found.iter_mut().skip(first) {
            if finding.endpoint.is_empty() {
                endpoint.clone_into(&mut finding.endpoint);
            }
        }
    }

    /// Gives findings without an endpoint to the one in which their evidence stands.
    pub(crate) fn belong_by_evidence(&mut self, endpoints: &[&str]) {
        let open = self.found.iter_mut();
        for finding in open.filter(|finding| finding.endpoint.is_empty()) {
            let Some(first) = finding.evidence.first() else {
                continue;
            };
            let mut endpoints = endpoints.iter();
            let owner = endpoints.find(|endpoint| pointer::is_within(&first.pointer, endpoint));
            if let Some(owner) = owner {
                finding.endpoint = (*owner).to_owned();
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// All of them, those of one endpoint together and in the order of the questions.
    pub(crate) fn into_vec(self) -> Vec<Finding> {
        let mut findings = self.found;
        let mut endpoints: BTreeMap<String, usize> = BTreeMap::new();
        for finding in &findings {
            let next = endpoints.len();
            endpoints.entry(finding.endpoint.clone()).or_insert(next);
        }
        findings
            .sort_by_key(|finding| (endpoints.get(&finding.endpoint).copied(), finding.question));
        findings
    }
}

impl Finding {
    /// The hash of what [`is_same_but_for_grants`](Self::is_same_but_for_grants) compares.
    fn hash_but_for_grants(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        (&self.answer, &self.endpoint, &self.evidence).hash(&mut hasher);
        (&self.against, self.warning()).hash(&mut hasher);
        hasher.finish()
    }

    /// Whether another finding of the same question differs in its grants only.
    fn is_same_but_for_grants(&self, other: &Self) -> bool {
        self.answer == other.answer
            && self.endpoint == other.endpoint
            && self.evidence == other.evidence
            && self.against == other.against
            && self.warning() == other.warning()
    }
}
