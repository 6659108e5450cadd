//! What the requests of a grant must have.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::finding::{Evidence, EvidenceKind};
use crate::infer::body_branch::Branch;
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::grant::alternative_parameters::alternatives;
use crate::infer::grant::request_label::Labels;
use crate::infer::grant::required_by_operation;
use crate::infer::grant::required_in_words::{self, InWords};
use crate::infer::grant::tagged_grant::is_tagged_for_others;
use crate::model::rfc;

/// What the requests of a grant must have.
pub(super) struct Requirements<'d, 'a> {
    grant: &'d str,
    /// All grants of the endpoint.
    grants: &'d [String],
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
        (grant, grants): (&'d str, &'d [String]),
        branches: &[&'d Branch<'a>],
        declarations: &'d Declarations<'a>,
        labels: &'d Labels,
    ) -> Self {
        let by = declarations.runtime.grant_type;
        let conditions = declarations.conditions.iter();
        let own = branches.iter().filter(|branch| !branch.grants.is_empty());
        Self {
            grant,
            grants,
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
        let extension = rfc::extension_grant(self.grant);
        let by_extension = extension.is_some_and(|grant| grant.requires(name));
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
            (
                by_extension,
                EvidenceKind::Convention,
                "required by its specification",
            ),
        ]
        .into_iter()
        .filter(|(holds, ..)| *holds)
        .map(|(_, kind, says)| Evidence::new(kind, at).saying(says))
        .collect()
    }

    /// Whether only the RFC requires a parameter of which the document says that one of several is needed, as a sentence or as one of
    /// several forms of the body. `names` are those of the request.
    pub(super) fn is_one_of_several(
        &self,
        name: &str,
        names: &BTreeSet<&str>,
        by: &[Evidence],
    ) -> bool {
        let is_convention = |evidence: &Evidence| evidence.kind == EvidenceKind::Convention;
        if by.is_empty() || !by.iter().all(is_convention) {
            return false;
        }
        let declared = self.declarations.common.get(name);
        let own = declared.and_then(|one| one.description.or(one.shape.description));
        let of_body = self.declarations.descriptions.iter().copied();
        let texts = self
            .declarations
            .operation_description
            .into_iter()
            .chain(of_body)
            .chain(own);
        let mut sets = texts.flat_map(|text| alternatives(text, names));
        sets.any(|set| set.contains(name)) || self.is_of_one_form(name, names)
    }

    /// Whether one form of the body requires a parameter, and another one requires one of the provider's own instead.
    fn is_of_one_form(&self, name: &str, names: &BTreeSet<&str>) -> bool {
        let forms = self.declarations.branches.iter();
        let mut forms = forms.filter(|branch| branch.grants.is_empty());
        let is_own = |other: &&str| names.contains(other) && !rfc::is_defined(other);
        forms.clone().any(|form| form.required.contains(name))
            && forms.any(|form| {
                let mut required = form.required.iter();
                !form.required.contains(name) && required.any(&is_own)
            })
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
            && (self.is_described_for_others(declared) || self.is_of_rfcs(name))
    }

    /// Whether a parameter is the credential of an RFC's grant, and this one is the provider's own, where all requests alike are said to
    /// have the credentials of several grants.
    fn is_of_rfcs(&self, name: &str) -> bool {
        let is_required = |name: &str| {
            let declared = self.declarations.common.get(name);
            declared.is_some_and(|declared| declared.required)
        };
        let has_all = |grant: &&rfc::Grant| {
            let mut asked = grant.parameters.iter().filter(|(_, required)| *required);
            asked.clone().next().is_some() && asked.all(|(name, _)| is_required(name))
        };
        let known = self.grants.iter().filter_map(|grant| rfc::grant(grant));
        let whole: Vec<&rfc::Grant> = known.filter(has_all).collect();
        let is_own = self.known.is_none() && !self.grant.is_empty();
        is_own && whole.len() > 1 && whole.iter().any(|grant| grant.requires(name))
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
        let text = declared.description.or(declared.shape.description);
        let is_tagged =
            text.is_some_and(|text| is_tagged_for_others(text, self.grant, self.grants));
        let words = self.words(declared);
        is_tagged || words.is_some_and(|words| required_in_words::is_of_others(&words, self.grant))
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
