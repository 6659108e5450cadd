//! What the requests of a grant must have.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::infer::body_branch::Branch;
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::grant::request_label::Labels;
use crate::infer::grant::required_by_operation;
use crate::infer::grant::required_in_words::{self, InWords};
use crate::model::rfc;

/// What the requests of a grant must have.
pub(super) struct Requirements<'d, 'a> {
    grant: &'d str,
    known: Option<&'static rfc::Grant>,
    branches: Vec<&'d Branch<'a>>,
    pub(super) declarations: &'d Declarations<'a>,
    conditional: BTreeSet<&'d str>,
    /// What the document calls the requests of grants.
    labels: &'d Labels,
    /// What the description of the operation calls required.
    by_operation: BTreeMap<String, InWords>,
}

impl<'d, 'a> Requirements<'d, 'a> {
    pub(super) fn new(
        grant: &'d str,
        branches: &[&'d Branch<'a>],
        declarations: &'d Declarations<'a>,
        labels: &'d Labels,
    ) -> Self {
        let by = declarations.runtime.grant_type;
        let conditions = declarations.conditions.iter();
        let own = branches.iter().filter(|branch| !branch.grants.is_empty());
        Self {
            grant,
            known: rfc::grant(grant),
            // What one branch asks for is no matter of another for the same grant. One that names no grant is there for some requests only.
            branches: own.copied().collect(),
            declarations,
            conditional: conditions
                .flat_map(|condition| condition.required(by, grant))
                .collect(),
            labels,
            by_operation: declarations
                .operation_description
                .map(|text| required_by_operation::named(text, grant))
                .unwrap_or_default(),
        }
    }

    /// What says that a parameter must be there.
    pub(super) fn of(&self, name: &str, at: &str) -> Vec<Evidence> {
        let common = self.declarations.common.get(name);
        let is_common = common.is_some_and(|common| common.required);
        let mut own = self.branches.iter();
        let all_ask_for =
            !self.branches.is_empty() && own.all(|branch| branch.required.contains(name));
        let by_rfc = self.known.is_some_and(|grant| grant.requires(name));
        [
            (
                is_common || all_ask_for,
                EvidenceKind::Declaration,
                "required",
            ),
            (
                self.conditional.contains(name),
                EvidenceKind::Condition,
                "required",
            ),
            (by_rfc, EvidenceKind::Convention, "required by its RFC"),
        ]
        .into_iter()
        .filter(|(holds, ..)| *holds)
        .map(|(_, kind, says)| Evidence::new(kind, at).saying(says))
        .collect()
    }

    /// Whether the document asks for a parameter in all requests alike, and by its description only in those of other grants.
    pub(super) fn are_of_other_grants(
        &self,
        name: &str,
        declared: &DeclaredParameter<'a>,
        by: &[Evidence],
    ) -> bool {
        let is_declared = |evidence: &Evidence| evidence.kind == EvidenceKind::Declaration;
        let mut branches = self.branches.iter();
        !by.is_empty()
            && by.iter().all(is_declared)
            && !branches.any(|branch| branch.required.contains(name))
            && !self.is_sent_by_runtime(name, declared)
            && self.is_described_for_others(declared)
    }

    /// What the description says of a parameter that nothing else requires.
    pub(super) fn in_words(&self, name: &str, declared: &DeclaredParameter<'a>) -> InWords {
        if self.is_sent_by_runtime(name, declared) {
            return InWords::Nothing;
        }
        let words = self.words(declared);
        let said = words.map_or(InWords::Nothing, |words| {
            required_in_words::read(&words, self.grant)
        });
        let of_operation = || self.by_operation.get(&name.to_lowercase()).copied();
        let said = match said {
            InWords::Nothing => of_operation().unwrap_or(InWords::Nothing),
            said => said,
        };
        match said {
            // What proves that a code is the client's own is there only if the code was asked for with it.
            InWords::Required if name == "code_verifier" => InWords::Sometimes,
            said => said,
        }
    }

    /// Whether the schema alone asks for a parameter, and its description calls it optional.
    pub(super) fn is_called_optional(
        &self,
        name: &str,
        declared: &DeclaredParameter<'_>,
        by: &[Evidence],
    ) -> bool {
        let is_declared = |evidence: &Evidence| evidence.kind == EvidenceKind::Declaration;
        let text = declared.description.or(declared.shape.description);
        !by.is_empty()
            && by.iter().all(is_declared)
            && !self.is_sent_by_runtime(name, declared)
            && text.is_some_and(|text| required_in_words::is_called_optional(text, name))
    }

    /// Whether the description says that the grant does not need a parameter.
    pub(super) fn is_described_for_others(&self, declared: &DeclaredParameter<'a>) -> bool {
        let words = self.words(declared);
        words.is_some_and(|words| required_in_words::is_of_others(&words, self.grant))
    }

    /// Whether the description names the grant.
    pub(super) fn is_described_for_it(&self, declared: &DeclaredParameter<'a>) -> bool {
        let words = self.words(declared);
        words.is_some_and(|words| required_in_words::names(&words, self.grant))
    }

    /// The description, with the grants in the place of what the document calls their requests.
    fn words(&self, declared: &DeclaredParameter<'a>) -> Option<Cow<'a, str>> {
        let text = declared.description.or(declared.shape.description)?;
        Some(self.labels.spelt_out(text))
    }

    fn is_sent_by_runtime(&self, name: &str, declared: &DeclaredParameter<'a>) -> bool {
        self.declarations.runtime.sends(name, declared.location)
    }
}
