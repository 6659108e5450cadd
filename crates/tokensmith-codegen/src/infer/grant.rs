//! Which grants a token endpoint takes, and which parameters each of them has.

mod alternative_parameters;
pub(crate) mod branch_grant;
pub(crate) mod evidence;
mod flow;
pub(crate) mod grant_type_values;
pub(crate) mod grants_to_write;
mod listed_grants;
mod listed_in_words;
mod named_in_words;
pub(crate) mod negation;
mod operation;
pub(crate) mod parameter_finding;
mod parameter_grants;
mod parameter_names;
mod parameters;
mod repeatable;
mod request_label;
mod request_name;
mod required_by_operation;
mod required_in_words;
mod requirements;
mod tagged_grant;
mod undeclared_parameters;

use std::collections::BTreeSet;

use openapiv3::{OpenAPI, Operation as ApiOperation, ReferenceOr};

use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::body_branch::{self, Branch};
use crate::infer::declaration::Declarations;
use crate::model::Location;
use crate::openapi::extension::KEY;
use crate::openapi::site::Site;
use crate::pointer;

pub(crate) use flow::has_flow;
use flow::{Flow, flow_grants};
use listed_grants::tell_named;
pub(crate) use operation::{client_in_words, operations};
pub(crate) use parameters::{all_parameters, sort};
pub(crate) use required_in_words::is_used_with_others;
pub(crate) use tagged_grant::is_tagged_for_others;

/// The values of `grant_type`, sorted: those that `x-tokensmith` says; else those that the parameter and the branches of the body
/// list; else all that anything says.
pub(crate) fn grants(
    (api, operation): (&OpenAPI, &ApiOperation),
    site: &Site,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    if let Some(stated) = stated(site, diagnostics) {
        return stated;
    }
    let name = declarations.runtime.grant_type;
    let declared = declarations.common.get(name);
    let mut grants: BTreeSet<String> = declared
        .map(|declared| grant_type_values::stated(&declared.shape, diagnostics))
        .into_iter()
        .flatten()
        .collect();
    let by_parameter = declared.filter(|_| !grants.is_empty());
    let mut evidence: Vec<Evidence> = by_parameter
        .map(|declared| listed_grants::evidence(&declared.shape, &grants))
        .into_iter()
        .collect();
    let is_in_common = !grants.is_empty();
    let of_branches = declarations
        .branches
        .iter()
        .flat_map(|branch| &branch.grants);
    grants.extend(of_branches.chain(&declarations.shared_grants).cloned());
    evidence.extend(declarations.branches.iter().filter_map(Branch::evidence));
    let flows = flow_grants(api, &site.path);
    // What some branches are read as says nothing of the others.
    let is_listed = is_in_common
        || !declarations.shared_grants.is_empty()
        || body_branch::are_listed(&declarations.branches);
    if is_listed {
        let place = declared.map(|declared| declared.shape.pointer.as_str());
        // Some documents have an operation for each grant, told apart by the queries or the
        // fragments of their paths, or by their methods.
        let flows = match has_sibling(api, &site.path) {
            true => Vec::new(),
            false => flows,
        };
        listed_grants::tell_unlisted_parameters(&grants, declarations, diagnostics);
        let missing = listed_grants::check(&mut grants, &flows, (site, name, place), diagnostics);
        let mut unlisted = evidence::named_beside(operation, declarations, &grants);
        unlisted.extend(evidence::own_named(operation, declarations, &grants));
        let named = tell_named((&unlisted, &grants), name, &site.pointer, diagnostics);
        let against = missing.into_iter().chain(named);
        let confirmed = flows.iter().filter(|flow| grants.contains(&flow.grant));
        let evidence = evidence.into_iter().chain(confirmed.map(Flow::evidence));
        let finding = evidence.fold(found(&grants), Finding::on);
        diagnostics.find(against.fold(finding, Finding::against));
    } else if takes_grant(declarations) {
        let found = evidence::infer(operation, declarations, (site, &flows), diagnostics);
        found.tell(name, &site.pointer, diagnostics);
        let mut unlisted = evidence::own_named(operation, declarations, &found.grants);
        let refresh = named_in_words::refreshed(operation);
        unlisted.extend(refresh.filter(|refresh| !found.grants.contains(refresh)));
        if !found.grants.is_empty() {
            tell_named((&unlisted, &found.grants), name, &site.pointer, diagnostics);
        }
        grants = found.grants;
    } else if !says_what_is_in_its_body(declarations) {
        grants.extend(flows.iter().map(|flow| flow.grant.clone()));
        let evidence = flows.iter().map(Flow::evidence);
        let finding = evidence.fold(found(&grants), Finding::on);
        diagnostics.find(finding.by(EvidenceKind::Declaration, &site.pointer));
    } else {
        let finding = found(&grants).by(EvidenceKind::Declaration, &site.pointer);
        diagnostics.find(finding);
    }
    if let Some(declared) = declared.filter(|_| !grants.is_empty()) {
        listed_grants::tell_patterns(&declared.shape, name, diagnostics);
        listed_grants::tell_default(&declared.shape, (&grants, name), diagnostics);
    }
    let mut unmapped = declarations
        .branches
        .iter()
        .filter_map(|branch| branch.unmapped.as_deref())
        .peekable();
    if unmapped.peek().is_some() {
        unmapped.for_each(|diagnostic| diagnostics.push(diagnostic.clone()));
    } else if grants.is_empty() && takes_grant(declarations) && !declarations.formats.is_empty() {
        // Of a body that cannot be read nothing can be said.
        let place = declared.map_or_else(
            || pointer::join(&site.pointer, "requestBody"),
            |declared| declared.shape.pointer.clone(),
        );
        diagnostics.push(unknown(name, place));
    }
    grants.into_iter().collect()
}

/// The grants that `x-tokensmith` says.
fn stated(site: &Site, diagnostics: &mut Diagnostics) -> Option<Vec<String>> {
    let stated = site.extension.grants.as_ref();
    let stated = stated.filter(|list| !list.is_empty())?;
    let stated: BTreeSet<String> = stated.iter().cloned().collect();
    let at = pointer::join_all(&site.pointer, &[KEY, "grants"]);
    diagnostics.find(found(&stated).by(EvidenceKind::Statement, at));
    Some(stated.into_iter().collect())
}

fn unknown(name: &str, at: String) -> Diagnostic {
    let message = format!(
        "the document does not say which grants the endpoint takes: `{name}` may be any string"
    );
    Diagnostic::new(Rule::UnknownGrant, at, message).help(format!(
        "list them in the schema of `{name}`, here or in an overlay:\n\
         enum: [client_credentials]\n\
         or on the operation:\n\
         x-tokensmith: {{grants: [client_credentials]}}"
    ))
}

/// Whether there is a parameter that says which grant it is.
fn takes_grant(declarations: &Declarations<'_>) -> bool {
    let name = declarations.runtime.grant_type;
    let in_branch =
        |branch: &Branch<'_>| !branch.grants.is_empty() || branch.parameters.contains_key(name);
    declarations.common.contains_key(name) || declarations.branches.iter().any(in_branch)
}

/// Whether the document says what is in the body.
fn says_what_is_in_its_body(declarations: &Declarations<'_>) -> bool {
    let mut common = declarations.common.values();
    common.any(|declared| declared.location == Location::Body) || !declarations.branches.is_empty()
}

/// Where the parameter stands that says which grant it is.
pub(crate) fn location(declarations: &Declarations<'_>) -> Location {
    let name = declarations.runtime.grant_type;
    match declarations.common.get(name) {
        Some(declared) if !declarations.is_in_branch(name) => declared.location,
        Some(declared) if declared.location == Location::Path => Location::Path,
        _ => Location::Body,
    }
}

/// Whether another operation has the same URL: its path differs by a query or a fragment only, or
/// its method differs.
fn has_sibling(api: &OpenAPI, path: &str) -> bool {
    let sent = |path: &str| path.split(['?', '#']).next().unwrap_or_default().to_owned();
    let own = sent(path);
    let mut others = api.paths.paths.keys();
    let item = api.paths.paths.get(path).and_then(ReferenceOr::as_item);
    item.is_some_and(|item| item.iter().count() > 1)
        || others.any(|other| other != path && sent(other) == own)
}

/// The finding that these are the grants.
fn found(grants: &BTreeSet<String>) -> Finding {
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    let answer = match list.is_empty() {
        true => "no grant type: one kind of request".to_owned(),
        false => list.join(", "),
    };
    Finding::new(Question::Grants, answer)
}
