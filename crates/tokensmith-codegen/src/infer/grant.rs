//! Which grants a token endpoint takes, and which parameters each of them has.

pub(crate) mod affirmed;
pub(crate) mod evidence;
mod listed;
mod listed_in_words;
pub(crate) mod of_branch;
pub(crate) mod parameter_finding;
mod parameter_names;
mod parameters;
mod repeatable;
mod request_label;
mod request_name;
mod required_by_operation;
mod required_in_words;
mod requirements;
mod undeclared_parameters;
pub(crate) mod values;

use std::collections::BTreeSet;

use openapiv3::{OAuth2Flows, OpenAPI, Operation as ApiOperation, ReferenceOr, SecurityScheme};

use crate::diagnostic::budget::GRANTS;
use crate::diagnostic::finding::{Evidence, EvidenceKind, Finding, Question};
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::body_branch::{self, Branch};
use crate::infer::declaration::Declarations;
use crate::model::{Location, Operation, rfc};
use crate::openapi::extension::{KEY, RepeatableGrants};
use crate::openapi::site::Site;
use crate::pointer;
use crate::select::leads_to_longest;

pub(crate) use parameters::{all_parameters, sort};
use request_label::Labels;

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
        .map(|declared| values::stated(&declared.shape, diagnostics))
        .into_iter()
        .flatten()
        .collect();
    let by_parameter = declared.filter(|_| !grants.is_empty());
    let mut evidence: Vec<Evidence> = by_parameter
        .map(|declared| listed::evidence(&declared.shape, &grants))
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
        listed::tell_unlisted_parameters(&grants, declarations, diagnostics);
        let missing = listed::check(&mut grants, &flows, (site, name, place), diagnostics);
        let mut unlisted = evidence::named_beside(operation, declarations, &grants);
        unlisted.extend(evidence::own_named(operation, declarations, &grants));
        let named = listed::tell_named(&unlisted, name, &site.pointer, diagnostics);
        let against = missing.into_iter().chain(named);
        let confirmed = flows.iter().filter(|flow| grants.contains(&flow.grant));
        let evidence = evidence.into_iter().chain(confirmed.map(Flow::evidence));
        let finding = evidence.fold(found(&grants), Finding::on);
        diagnostics.find(against.fold(finding, Finding::against));
    } else if takes_grant(declarations) {
        let found = evidence::infer(operation, declarations, (site, &flows), diagnostics);
        found.tell(name, &site.pointer, diagnostics);
        let unlisted = evidence::own_named(operation, declarations, &found.grants);
        if !found.grants.is_empty() {
            listed::tell_named(&unlisted, name, &site.pointer, diagnostics);
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
        listed::tell_patterns(&declared.shape, name, diagnostics);
        listed::tell_default(&declared.shape, (&grants, name), diagnostics);
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

/// Whether an OAuth flow has its token URL at this path.
pub(crate) fn has_flow(api: &OpenAPI, path: &str) -> bool {
    !flow_grants(api, path).is_empty()
}

/// A grant of an OAuth flow.
pub(super) struct Flow {
    grant: String,
    /// Where the flow stands.
    at: String,
}

impl Flow {
    fn evidence(&self) -> Evidence {
        Evidence::new(EvidenceKind::Flow, &self.at).saying(&self.grant)
    }
}

/// The grants of the OAuth flows whose token URL is this path.
fn flow_grants(api: &OpenAPI, path: &str) -> Vec<Flow> {
    let schemes = api
        .components
        .iter()
        .flat_map(|components| &components.security_schemes);
    let flows = schemes.filter_map(|(name, scheme)| match scheme {
        ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) => Some((name, flows)),
        _ => None,
    });
    flows
        .flat_map(|(name, flows)| {
            let at = pointer::join_all("/components", &["securitySchemes", name, "flows"]);
            grants_of_flows(
                flows,
                |url| leads_to_longest(url, path, api.paths.paths.keys()),
                &at,
            )
        })
        .collect()
}

fn grants_of_flows(flows: &OAuth2Flows, here: impl Fn(&str) -> bool, at: &str) -> Vec<Flow> {
    let client_credentials = flows.client_credentials.as_ref().map(|flow| {
        let names = ("client_credentials", "clientCredentials");
        (names, &flow.token_url, &flow.refresh_url)
    });
    let authorization_code = flows.authorization_code.as_ref().map(|flow| {
        let names = ("authorization_code", "authorizationCode");
        (names, &flow.token_url, &flow.refresh_url)
    });
    let password = flows.password.as_ref().map(|flow| {
        let names = ("password", "password");
        (names, &flow.token_url, &flow.refresh_url)
    });
    let mut grants = Vec::new();
    for ((grant, key), token_url, refresh_url) in [client_credentials, authorization_code, password]
        .into_iter()
        .flatten()
    {
        let mut add = |grant: &str| {
            grants.push(Flow {
                grant: grant.to_owned(),
                at: pointer::join(at, key),
            });
        };
        if here(token_url) {
            add(grant);
        }
        if refresh_url.as_deref().is_some_and(&here) {
            add("refresh_token");
        }
    }
    grants
}

/// One operation per grant, in the order of the RFCs, then by name.
pub(crate) fn operations(
    provider: &str,
    grants: &[String],
    declarations: &Declarations<'_>,
    site: &Site,
    diagnostics: &mut Diagnostics,
) -> Vec<Operation> {
    let mut operations: Vec<Operation> = Vec::new();
    if grants.len() > GRANTS.most {
        diagnostics.push(GRANTS.exceeded(&site.pointer));
        return operations;
    }
    let labels = declarations
        .operation_description
        .map_or_else(Labels::default, Labels::of);
    if grants.is_empty() && !takes_grant(declarations) {
        operations.push(Operation {
            ident: rfc::CREATE_TOKEN.to_owned(),
            grant: None,
            // Of what no RFC defines, the worst is assumed.
            one_time: site.extension.repeatable_grants != Some(RepeatableGrants::Only),
            names_client: false,
            description: None,
            parameters: parameters::of_grant(
                "",
                grants,
                (declarations, &labels),
                site,
                diagnostics,
            ),
        });
    }
    let repeatable = repeatable::named(grants, site, diagnostics);
    for value in sorted(grants) {
        let known = rfc::grant(value);
        let Some(ident) = known
            .map(|grant| grant.ident.to_owned())
            .or_else(|| request_name::custom_ident(provider, value, grants))
        else {
            let message = format!(
                "the grant type `{}` cannot become a Rust identifier",
                value.escape_debug()
            );
            diagnostics.push(
                Diagnostic::new(Rule::UnusableName, &site.pointer, message)
                    .help("a name needs at least one ASCII letter or digit: remove it from the grants, or leave it to an extra parameter"),
            );
            continue;
        };
        if let Some(diagnostic) = collision(value, &ident, &operations, site) {
            diagnostics.push(diagnostic);
            continue;
        }
        operations.push(Operation {
            ident,
            grant: Some(value.to_owned()),
            one_time: known.is_none_or(|grant| grant.one_time) && !repeatable.contains(&value),
            names_client: names_client(value, declarations),
            description: described(value, declarations),
            parameters: parameters::of_grant(
                value,
                grants,
                (declarations, &labels),
                site,
                diagnostics,
            ),
        });
    }
    repeatable::find_assumed(&operations, site, diagnostics);
    operations
}

/// What the document says of the body of a grant. What is said of one of several ways to ask is not said of the grant.
fn described(grant: &str, declarations: &Declarations<'_>) -> Option<String> {
    let own = declarations.branches.iter();
    let mut own = own
        .filter(|branch| !branch.grants.is_empty() && branch.is_for(grant))
        .peekable();
    let first = own.peek()?.description;
    let is_deprecated = own.clone().all(|branch| branch.deprecated);
    let description = first.filter(|first| own.all(|other| other.description == Some(*first)));
    match (is_deprecated, description) {
        (true, Some(text)) => Some(format!("Deprecated. {text}")),
        (true, None) => Some("Deprecated.".to_owned()),
        (false, text) => text.map(str::to_owned),
    }
}

/// Whether all bodies of a grant demand the client's identifier.
fn names_client(grant: &str, declarations: &Declarations<'_>) -> bool {
    let own = declarations.branches.iter();
    let mut own = own
        .filter(|branch| !branch.grants.is_empty() && branch.is_for(grant))
        .peekable();
    own.peek().is_some()
        && own.all(|branch| branch.required.contains(declarations.runtime.client_id))
}

/// Why a grant cannot have a request of this name beside the others.
fn collision(
    value: &str,
    ident: &str,
    operations: &[Operation],
    site: &Site,
) -> Option<Diagnostic> {
    let others = || operations.iter().filter(|other| other.ident == ident);
    // A title, or other letters, for a grant that is there by its value.
    let same = others()
        .filter_map(|other| other.grant.as_deref())
        .find(|other| rfc::grant(other).is_some());
    if let Some(other) = same {
        let message = format!(
            "the grant `{}` is left out: it means `{other}`, which is there",
            value.escape_debug()
        );
        return Some(
            Diagnostic::new(Rule::LeftOut, &site.pointer, message)
                .help("remove the one that the provider does not take"),
        );
    }
    let other = others().next()?.grant.as_deref().unwrap_or_default();
    let message =
        format!("the grant types `{other}` and `{value}` both become the request `{ident}`");
    Some(Diagnostic::new(Rule::NameCollision, &site.pointer, message).help("remove one of them"))
}

fn sorted(grants: &[String]) -> Vec<&str> {
    let rank = |value: &str| {
        rfc::GRANTS
            .iter()
            .position(|grant| grant.is(value))
            .unwrap_or(rfc::GRANTS.len())
    };
    let mut values: Vec<&str> = grants.iter().map(String::as_str).collect();
    // The RFC's own letters before others.
    values.sort_by_key(|value| {
        (
            rank(value),
            rfc::grant(value).is_some_and(|grant| grant.value != *value),
            *value,
        )
    });
    values
}
