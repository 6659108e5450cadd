//! What the requests of a grant must have.

use std::collections::BTreeSet;

use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::infer::body_branch::Branch;
use crate::infer::declaration::Declarations;
use crate::infer::grant::request_label::Labels;
use crate::model::rfc;

/// What the requests of a grant must have.
pub(super) struct Requirements<'d, 'a> {
    known: Option<&'static rfc::Grant>,
    branches: Vec<&'d Branch<'a>>,
    pub(super) declarations: &'d Declarations<'a>,
    conditional: BTreeSet<&'d str>,
    /// What the document calls the requests of grants.
    pub(super) labels: Labels,
}

impl<'d, 'a> Requirements<'d, 'a> {
    pub(super) fn new(
        grant: &str,
        branches: &[&'d Branch<'a>],
        declarations: &'d Declarations<'a>,
    ) -> Self {
        let by = declarations.runtime.grant_type;
        let conditions = declarations.conditions.iter();
        let own = branches.iter().filter(|branch| !branch.grants.is_empty());
        Self {
            known: rfc::grant(grant),
            // What one branch asks for is no matter of another for the same grant. One that names no grant is there for some requests only.
            branches: own.copied().collect(),
            declarations,
            conditional: conditions
                .flat_map(|condition| condition.required(by, grant))
                .collect(),
            labels: declarations
                .operation_description
                .map_or_else(Labels::default, Labels::of),
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

    /// Whether the document asks for a parameter only as it does in requests of all grants alike.
    pub(super) fn are_those_of_all(&self, name: &str, by: &[Evidence]) -> bool {
        let is_declared = |evidence: &Evidence| evidence.kind == EvidenceKind::Declaration;
        let mut branches = self.branches.iter();
        !by.is_empty()
            && by.iter().all(is_declared)
            && !branches.any(|branch| branch.required.contains(name))
    }
}
