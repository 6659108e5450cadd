//! Which grants a token endpoint takes, and which parameters each of them has.

pub(crate) mod evidence;
mod parameters;
mod request_name;
mod undeclared_parameters;
pub(crate) mod values;

use std::collections::BTreeSet;

use openapiv3::{OAuth2Flows, OpenAPI, Operation as ApiOperation, ReferenceOr, SecurityScheme};

use crate::diagnostic::budget::GRANTS;
use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::body_branch::Branch;
use crate::infer::declaration::Declarations;
use crate::infer::schema::Shape;
use crate::model::{Location, Operation, rfc};
use crate::openapi::site::Site;
use crate::pointer;
use crate::select::leads_to;

pub(crate) use parameters::all_parameters;

/// The values of `grant_type`, sorted: from `x-tokensmith`, the parameter itself, the branches of the body, or the OAuth flows.
pub(crate) fn grants(
    (api, operation): (&OpenAPI, &ApiOperation),
    site: &Site,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let name = declarations.runtime.grant_type;
    let declared = declarations.common.get(name);
    let of_parameter = |read: fn(&Shape<'_>, &mut Diagnostics) -> Vec<String>,
                        diagnostics: &mut Diagnostics| {
        declared
            .map(|declared| read(&declared.shape, diagnostics))
            .unwrap_or_default()
    };
    let mut grants = site.extension.grants.clone().unwrap_or_default();
    if grants.is_empty() {
        grants = of_parameter(values::stated, diagnostics);
    }
    if grants.is_empty() {
        grants = declarations
            .branches
            .iter()
            .flat_map(|branch| branch.grants.iter().cloned())
            .collect();
    }
    // A default, or an example, may be one of several.
    if grants.is_empty() {
        grants = of_parameter(values::values, diagnostics);
    }
    if grants.is_empty() && (takes_grant(declarations) || !says_what_is_in_its_body(declarations)) {
        grants = flow_grants(api, &site.path);
    }
    let mut grants: BTreeSet<String> = grants.into_iter().collect();
    if grants.is_empty() && takes_grant(declarations) {
        grants = inferred(operation, site, declarations, diagnostics);
    }
    let unmapped: Vec<&Diagnostic> = declarations
        .branches
        .iter()
        .filter_map(|branch| branch.unmapped.as_deref())
        .filter(|_| site.extension.grants.is_none())
        .collect();
    if !unmapped.is_empty() {
        for diagnostic in unmapped {
            diagnostics.push(diagnostic.clone());
        }
        return grants.into_iter().collect();
    }
    // Of a body that cannot be read nothing can be said.
    if grants.is_empty() && takes_grant(declarations) && !declarations.formats.is_empty() {
        let place = declared.map_or_else(
            || pointer::join(&site.pointer, "requestBody"),
            |declared| declared.shape.pointer.clone(),
        );
        diagnostics.push(
            Diagnostic::new(
                Rule::UnknownGrant,
                place,
                format!("the document does not say which grants the endpoint takes: `{name}` may be any string"),
            )
            .help(format!(
                "list them in the schema of `{name}`, here or in an overlay:\n\
                     enum: [client_credentials]\n\
                     or on the operation:\n\
                     x-tokensmith: {{grants: [client_credentials]}}"
            )),
        );
    }
    grants.into_iter().collect()
}

/// The grants of an endpoint whose `grant_type` may be any string; a warning where they are taken from words.
fn inferred(
    operation: &ApiOperation,
    site: &Site,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> BTreeSet<String> {
    let Some((grants, evidence)) = evidence::infer(operation, declarations) else {
        return BTreeSet::new();
    };
    let by = match evidence {
        evidence::Evidence::Examples => return grants,
        evidence::Evidence::ItsExamples => "the parameter's examples",
        evidence::Evidence::Parameter => "a parameter that only this grant requires",
        evidence::Evidence::ItsDescription => "the parameter's description",
        evidence::Evidence::Words => "the operation's description",
    };
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    let (name, list) = (declarations.runtime.grant_type, list.join(", "));
    let message = format!("`{name}` may be any string; by {by} it is read as {list}");
    diagnostics.push(
        Diagnostic::new(Rule::Inferred, &site.pointer, message).help(format!(
            "list the values in the schema of `{name}`:\nenum: [{list}]"
        )),
    );
    grants
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

/// The grants of the OAuth flows whose token URL is this path.
fn flow_grants(api: &OpenAPI, path: &str) -> Vec<String> {
    let schemes = api
        .components
        .iter()
        .flat_map(|components| components.security_schemes.values());
    let flows = schemes.filter_map(|scheme| match scheme {
        ReferenceOr::Item(SecurityScheme::OAuth2 { flows, .. }) => Some(flows),
        _ => None,
    });
    flows
        .flat_map(|flows| grants_of_flows(flows, path))
        .collect()
}

fn grants_of_flows(flows: &OAuth2Flows, path: &str) -> Vec<String> {
    let here = |url: &str| leads_to(url, path);
    let client_credentials = flows
        .client_credentials
        .as_ref()
        .map(|flow| ("client_credentials", &flow.token_url, &flow.refresh_url));
    let authorization_code = flows
        .authorization_code
        .as_ref()
        .map(|flow| ("authorization_code", &flow.token_url, &flow.refresh_url));
    let password = flows
        .password
        .as_ref()
        .map(|flow| ("password", &flow.token_url, &flow.refresh_url));
    let mut grants = Vec::new();
    for (grant, token_url, refresh_url) in [client_credentials, authorization_code, password]
        .into_iter()
        .flatten()
    {
        if here(token_url) {
            grants.push(grant.to_owned());
        }
        if refresh_url.as_deref().is_some_and(here) {
            grants.push("refresh_token".to_owned());
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
    if grants.is_empty() && !takes_grant(declarations) {
        operations.push(Operation {
            ident: rfc::CREATE_TOKEN.to_owned(),
            grant: None,
            // Of what no RFC defines, the worst is assumed.
            one_time: true,
            description: None,
            parameters: parameters::of_grant("", grants, declarations, site, diagnostics),
        });
    }
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
        let mut own = declarations
            .branches
            .iter()
            .filter(|branch| !branch.grants.is_empty() && branch.is_for(value));
        // What is said of one of several ways to ask is not said of the grant.
        let first = own.next().and_then(|branch| branch.description);
        let description = first.filter(|first| own.all(|other| other.description == Some(first)));
        operations.push(Operation {
            ident,
            grant: Some(value.to_owned()),
            one_time: known.is_none_or(|grant| grant.one_time),
            description: description.map(str::to_owned),
            parameters: parameters::of_grant(value, grants, declarations, site, diagnostics),
        });
    }
    operations
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
