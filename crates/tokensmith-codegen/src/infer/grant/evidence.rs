//! Which grants an endpoint takes whose `grant_type` may be any string: by flows, examples, parameters and words.

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::Operation as ApiOperation;

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::declaration::{Declarations, DeclaredParameter};
use crate::infer::grant::named_in_words::{in_words, is_called_grant, named, refreshed};
use crate::infer::grant::{Flow, found, grant_type_values, listed_in_words};
use crate::model::rfc;
use crate::openapi::site::Site;
use crate::pointer;
use crate::prose::listed;

/// What says which grants there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Source {
    Flows,
    Values,
    Default,
    ItsExample,
    Examples,
    ItsDescription,
    Parameters,
    Branches,
    Words,
}

impl Source {
    fn kind(self) -> EvidenceKind {
        match self {
            Self::Flows => EvidenceKind::Flow,
            Self::Values => EvidenceKind::Enum,
            Self::Default => EvidenceKind::Default,
            Self::ItsExample | Self::Examples => EvidenceKind::Example,
            Self::ItsDescription | Self::Words => EvidenceKind::Description,
            Self::Parameters => EvidenceKind::Parameters,
            Self::Branches => EvidenceKind::Name,
        }
    }

    fn noun(self, name: &str) -> String {
        match self {
            Self::Flows => "the OAuth flows".to_owned(),
            Self::Values => format!("some values of `{name}`"),
            Self::Default => format!("the default of `{name}`"),
            Self::ItsExample => format!("the examples of `{name}`"),
            Self::Examples => "the examples of requests".to_owned(),
            Self::ItsDescription => format!("the description of `{name}`"),
            Self::Parameters => "the parameters".to_owned(),
            Self::Branches => "the branches of the body".to_owned(),
            Self::Words => "the operation's description".to_owned(),
        }
    }
}

/// The grants of an endpoint that does not list them, and what says so.
pub(super) struct Found {
    pub(super) grants: BTreeSet<String>,
    /// What names a grant that nothing surer names.
    sources: Vec<Source>,
    evidence: Vec<Evidence>,
}

/// All that says which grants there are, united: each of the sources may name one of several.
pub(super) fn infer(
    operation: &ApiOperation,
    declarations: &Declarations<'_>,
    (site, flows): (&Site, &[Flow]),
    diagnostics: &mut Diagnostics,
) -> Found {
    let its = declarations.common.get(declarations.runtime.grant_type);
    let its = its.map(|declared| &declared.shape);
    let its_values = its.map_or_else(Vec::new, |shape| {
        grant_type_values::listed(shape, diagnostics)
    });
    let mut of_text = |text: Option<&String>| {
        let (text, shape) = text.zip(its)?;
        Some(
            grant_type_values::read(text, &shape.pointer, diagnostics)
                .into_iter()
                .collect(),
        )
    };
    let default = of_text(its.and_then(|shape| shape.default.as_ref())).unwrap_or_default();
    let mut its_examples: BTreeSet<String> =
        of_text(its.and_then(|shape| shape.example.as_ref())).unwrap_or_default();
    its_examples.extend(by_its_examples(declarations));
    let mut united = Found {
        grants: BTreeSet::new(),
        sources: Vec::new(),
        evidence: flows.iter().map(Flow::evidence).collect(),
    };
    let (here, its) = (
        site.pointer.as_str(),
        its.map(|shape| shape.pointer.as_str()),
    );
    let its = its.unwrap_or(here);
    let body = pointer::join(here, "requestBody");
    let of_flows = flows.iter().map(|flow| flow.grant.clone());
    // The surest first: what only repeats it is no reason of its own.
    for (source, grants, at) in [
        (Source::Flows, of_flows.collect(), here),
        (Source::Values, its_values.into_iter().collect(), its),
        (Source::Default, default, its),
        (Source::ItsExample, its_examples, its),
        (Source::Examples, by_examples(declarations), &body),
        (Source::ItsDescription, by_description(declarations), its),
        (
            Source::Parameters,
            by_parameters(&declarations.common),
            here,
        ),
        (Source::Branches, by_branches(declarations), &body),
        (Source::Words, named_by_operation(operation), here),
    ] {
        united.add(source, grants, at);
    }
    if united.sources.iter().all(|source| *source == Source::Words) {
        united.add(Source::Words, by_words(operation), here);
    }
    if let Some(diagnostic) = contradicted(declarations, &united.grants, its) {
        diagnostics.push(diagnostic);
    }
    united
}

/// Tells a description that says which grant it must be where something else names others.
fn contradicted(
    declarations: &Declarations<'_>,
    grants: &BTreeSet<String>,
    at: &str,
) -> Option<Diagnostic> {
    const DEMANDS: [&str; 5] = ["must be", "has to be", "always", "should be", "needs to be"];
    let name = declarations.runtime.grant_type;
    let declared = declarations.common.get(name)?;
    let text = declared.description.or(declared.shape.description)?;
    let lower = text.to_lowercase();
    let named = named(text);
    let mut only = named.iter();
    let (Some(demanded), None) = (only.next(), only.next()) else {
        return None;
    };
    let is_demanded = DEMANDS.iter().any(|demand| {
        lower.match_indices(demand).any(|(start, _)| {
            let rest = lower[start + demand.len()..].trim_start();
            let rest = rest.trim_start_matches(|letter: char| {
                letter.is_whitespace() || "`'\"*:(".contains(letter)
            });
            let rest = rest.strip_prefix("set to ").unwrap_or(rest);
            let rest = rest.trim_start_matches(['`', '\'', '"', '*']);
            rest.starts_with(demanded.as_str())
        })
    });
    let others: Vec<&str> = grants
        .iter()
        .filter(|grant| *grant != demanded)
        .map(String::as_str)
        .collect();
    if !is_demanded || others.is_empty() {
        return None;
    }
    let message = format!(
        "the description says that `{name}` must be {demanded}, and something else names {}; there are requests for all of them",
        listed(&others, "and")
    );
    let help = format!("list those that the provider takes:\nenum: [{demanded}]");
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

impl Found {
    fn add(&mut self, source: Source, grants: BTreeSet<String>, at: &str) {
        if !grants.is_empty() && source != Source::Flows {
            let says = joined_grants(&grants);
            let evidence = Evidence::new(source.kind(), at).saying(&says);
            self.evidence.push(evidence);
        }
        let before = self.grants.len();
        for grant in grants {
            let is_there = self
                .grants
                .iter()
                .any(|other| rfc::is_same_grant(other, &grant));
            if !is_there {
                self.grants.insert(grant);
            }
        }
        if self.grants.len() > before {
            self.sources.push(source);
        }
    }

    /// Records the grants, with a warning where some are read from anything but a statement.
    pub(super) fn tell(&self, name: &str, at: &str, diagnostics: &mut Diagnostics) {
        if self.grants.is_empty() {
            return;
        }
        let evidence = self.evidence.iter().cloned();
        let finding = evidence.fold(found(&self.grants), Finding::on);
        if self
            .sources
            .iter()
            .all(|source| source.kind().is_statement())
        {
            diagnostics.find(finding);
            return;
        }
        let by: Vec<String> = self
            .sources
            .iter()
            .map(|source| source.noun(name))
            .collect();
        let (by, list) = (listed(&by, "and"), joined_grants(&self.grants));
        let message = format!("`{name}` may be any string; by {by} it is read as {list}");
        let help = format!("list the values in the schema of `{name}`:\nenum: [{list}]");
        diagnostics.find(finding.inferred(at, message, help));
    }
}

fn joined_grants(grants: &BTreeSet<String>) -> String {
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    list.join(", ")
}

fn by_examples(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let name = declarations.runtime.grant_type;
    let values = declarations
        .examples
        .iter()
        .filter_map(|example| example.get(name)?.as_str());
    // What stands between braces or angles is a place for a value.
    values
        .filter(|value| !value.is_empty() && !value.contains(['{', '<', ' ']))
        .map(str::to_owned)
        .collect()
}

fn by_branches(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let branches = declarations.branches.iter();
    branches
        .flat_map(|branch| branch.grants.iter().cloned())
        .collect()
}

/// Several examples of the parameter, if one of them is a grant that an RFC defines; others that are written like one, too.
fn by_its_examples(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let declared = declarations.common.get(declarations.runtime.grant_type);
    let examples = declared.map_or(&[][..], |declared| declared.shape.examples.as_slice());
    let is_known = |example: &String| rfc::grant(example).is_some();
    if !examples.iter().any(is_known) {
        return BTreeSet::new();
    }
    let is_grant = |example: &&String| is_known(example) || listed_in_words::is_value(example);
    examples.iter().filter(is_grant).cloned().collect()
}

/// The grants whose own parameters are declared: `code` is there for no other than the authorization code. Names compare by
/// their letters.
pub(super) fn by_parameters(
    parameters: &BTreeMap<&str, DeclaredParameter<'_>>,
) -> BTreeSet<String> {
    let by_meaning: BTreeMap<&str, &DeclaredParameter<'_>> = parameters
        .iter()
        .map(|(name, declared)| (rfc::meant(name), declared))
        .collect();
    let declared = |name: &str| by_meaning.get(name);
    let mut grants: BTreeSet<String> = rfc::GRANTS
        .iter()
        .filter(|grant| {
            let required = grant.parameters.iter().filter(|(_, required)| *required);
            let mut names = required.map(|(name, _)| *name).peekable();
            names.peek().is_some() && names.all(|name| declared(name).is_some())
        })
        .map(|grant| grant.value.to_owned())
        .collect();
    if declared("subject_token").is_some() {
        grants.insert(rfc::TOKEN_EXCHANGE.to_owned());
    }
    // An assertion is a JWT unless its description names the other kind.
    if let Some(assertion) = declared("assertion") {
        let words = assertion.description.or(assertion.shape.description);
        let words = words.unwrap_or_default().to_lowercase();
        if !words.contains("saml") {
            grants.remove(rfc::SAML2_BEARER);
        } else if !words.contains("jwt") {
            grants.remove(rfc::JWT_BEARER);
        }
    }
    grants
}

fn by_description(declarations: &Declarations<'_>) -> BTreeSet<String> {
    let declared = declarations.common.get(declarations.runtime.grant_type);
    let Some(declared) = declared else {
        return BTreeSet::new();
    };
    let texts = [
        declared.description.or(declared.shape.description),
        declared.shape.title,
    ];
    let of_text = |text: &str| {
        let mut grants = named(text);
        grants.extend(listed_in_words::known_grants(text));
        grants
    };
    texts.into_iter().flatten().flat_map(of_text).collect()
}

/// The grants that descriptions name beside those that are listed.
pub(super) fn named_beside(
    operation: &ApiOperation,
    declarations: &Declarations<'_>,
    listed: &BTreeSet<String>,
) -> BTreeSet<String> {
    let mut found = by_description(declarations);
    found.extend(named_by_operation(operation));
    found.extend(refreshed(operation));
    found.retain(|grant| !listed.iter().any(|known| rfc::is_same_grant(known, grant)));
    found
}

/// The grants that the operation's summary and description name. They may also speak of a refresh token or a password that is
/// no grant.
fn named_by_operation(operation: &ApiOperation) -> BTreeSet<String> {
    let texts = [&operation.summary, &operation.description];
    let of_text = |text: &String| {
        let listed = listed_in_words::known_grants(text);
        let mut found = named(text);
        found.retain(|grant| {
            let is_ambiguous = ["refresh_token", "password"].contains(&grant.as_str());
            !is_ambiguous || is_called_grant(text, grant)
        });
        found.extend(listed);
        found
    };
    texts.into_iter().flatten().flat_map(of_text).collect()
}

/// The provider's own grants that the descriptions of the parameter and of the operation list beside those of RFCs.
pub(super) fn own_named(
    operation: &ApiOperation,
    declarations: &Declarations<'_>,
    known: &BTreeSet<String>,
) -> BTreeSet<String> {
    let declared = declarations.common.get(declarations.runtime.grant_type);
    let text = declared.and_then(|declared| declared.description.or(declared.shape.description));
    let texts = [&operation.summary, &operation.description];
    let texts = texts.into_iter().flatten();
    // An operation may speak of the flow that has no request.
    let of_operation = texts.flat_map(|text| listed_in_words::own_grants(text));
    let mut own: BTreeSet<String> = of_operation
        .filter(|grant| grant != listed_in_words::IMPLICIT)
        .collect();
    own.extend(text.into_iter().flat_map(listed_in_words::own_grants));
    own.retain(|grant| !known.contains(grant));
    own
}

fn by_words(operation: &ApiOperation) -> BTreeSet<String> {
    let texts = [&operation.summary, &operation.description];
    let text: Vec<&str> = texts.into_iter().flatten().map(String::as_str).collect();
    let mut grants = in_words(&text.join("\n"));
    // An operation may speak of the refresh tokens that it gives.
    grants.retain(|grant| grant != "refresh_token" && grant != "password");
    grants
}

#[cfg(test)]
mod tests;
