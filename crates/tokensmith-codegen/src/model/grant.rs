//! Which grants a token endpoint takes, and which parameters each of them has.

mod infer;
mod name;

use std::collections::{BTreeMap, BTreeSet};

use openapiv3::{OAuth2Flows, OpenAPI, Operation as ApiOperation, ReferenceOr, SecurityScheme};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::declared::{Branch, Declarations, Declared};
use crate::model::parameter;
use crate::model::{Location, Operation, Parameter, rfc};
use crate::pointer;
use crate::prune::{Site, leads_to};

/// The values of `grant_type`, sorted: from `x-tokensmith`, the parameter itself, the branches of the body, or the OAuth flows.
pub(crate) fn grants(
    (api, operation): (&OpenAPI, &ApiOperation),
    site: &Site,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<String> {
    let name = declarations.engine.grant_type;
    let declared = declarations.common.get(name);
    let mut grants = site.extension.grants.clone().unwrap_or_default();
    if grants.is_empty() {
        grants = declared
            .map(|declared| parameter::grant_values(&declared.shape))
            .unwrap_or_default();
    }
    if grants.is_empty() {
        grants = declarations
            .branches
            .iter()
            .flat_map(|branch| branch.grants.iter().cloned())
            .collect();
    }
    if grants.is_empty() && (takes_grant(declarations) || !says_what_is_in_its_body(declarations)) {
        grants = flow_grants(api, &site.path);
    }
    let mut grants: BTreeSet<String> = grants.into_iter().collect();
    if grants.is_empty() && takes_grant(declarations) {
        grants = inferred(operation, site, declarations, diagnostics);
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
                format!("nothing says which grants the endpoint takes: `{name}` may be any string"),
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
    let Some((grants, evidence)) = infer::infer(operation, declarations) else {
        return BTreeSet::new();
    };
    let by = match evidence {
        infer::Evidence::Examples => return grants,
        infer::Evidence::Parameter => "a parameter that only this grant requires",
        infer::Evidence::ItsDescription => "the parameter's description",
        infer::Evidence::Words => "the operation's description",
    };
    let list: Vec<&str> = grants.iter().map(String::as_str).collect();
    let (name, list) = (declarations.engine.grant_type, list.join(", "));
    let message = format!("`{name}` may be any string; by {by} it is taken for {list}");
    diagnostics.push(
        Diagnostic::new(Rule::Inferred, &site.pointer, message).help(format!(
            "list the values in the schema of `{name}`:\nenum: [{list}]"
        )),
    );
    grants
}

/// Whether there is a parameter that says which grant it is.
fn takes_grant(declarations: &Declarations<'_>) -> bool {
    let name = declarations.engine.grant_type;
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
    let name = declarations.engine.grant_type;
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
    if grants.is_empty() && !takes_grant(declarations) {
        let branches: Vec<&Branch<'_>> = declarations.branches.iter().collect();
        operations.push(Operation {
            ident: rfc::CREATE_TOKEN.to_owned(),
            grant: None,
            // Of what no RFC defines, the worst is assumed.
            one_time: true,
            description: None,
            parameters: parameters("", grants, declarations, &branches, diagnostics),
        });
    }
    for value in sorted(grants) {
        let known = rfc::grant(value);
        let Some(ident) = known
            .map(|grant| grant.ident.to_owned())
            .or_else(|| name::custom_ident(provider, value, grants))
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
        if let Some(other) = operations.iter().find(|other| other.ident == ident) {
            let other = other.grant.as_deref().unwrap_or_default();
            let message = format!(
                "the grant types `{other}` and `{value}` both become the request `{ident}`"
            );
            diagnostics.push(
                Diagnostic::new(Rule::NameCollision, &site.pointer, message)
                    .help("remove one of them"),
            );
            continue;
        }
        let branches: Vec<&Branch<'_>> = declarations
            .branches
            .iter()
            .filter(|branch| {
                branch.grants.is_empty() || branch.grants.iter().any(|grant| grant == value)
            })
            .collect();
        let own: Vec<&Branch<'_>> = branches
            .iter()
            .copied()
            .filter(|branch| !branch.grants.is_empty())
            .collect();
        operations.push(Operation {
            ident,
            grant: Some(value.to_owned()),
            one_time: known.is_none_or(|grant| grant.one_time),
            description: own
                .iter()
                .find_map(|branch| branch.description)
                .map(str::to_owned),
            parameters: parameters(value, grants, declarations, &branches, diagnostics),
        });
    }
    operations
}

fn sorted(grants: &[String]) -> Vec<&str> {
    let rank = |value: &str| {
        rfc::GRANTS
            .iter()
            .position(|grant| grant.value == value)
            .unwrap_or(rfc::GRANTS.len())
    };
    let mut values: Vec<&str> = grants.iter().map(String::as_str).collect();
    values.sort_by_key(|value| (rank(value), *value));
    values
}

fn parameters(
    grant: &str,
    grants: &[String],
    declarations: &Declarations<'_>,
    branches: &[&Branch<'_>],
    diagnostics: &mut Diagnostics,
) -> Vec<Parameter> {
    let mut chosen: BTreeMap<&str, (&Declared<'_>, bool)> = BTreeMap::new();
    for (name, declared) in &declarations.common {
        if belongs(name, grant, grants) {
            chosen.insert(name, (declared, is_required(name, grant, declared)));
        }
    }
    for branch in branches {
        for (name, declared) in &branch.parameters {
            // A parameter of a branch that names no grant is there for some requests only.
            let required = is_required(name, grant, declared) && !branch.grants.is_empty();
            add_of_body(&mut chosen, name, (declared, required));
        }
    }
    modelled(chosen, declarations, diagnostics)
}

/// All parameters of an endpoint that knows no grants; those that `must_be` there are required whatever the document says.
pub(crate) fn all_parameters(
    declarations: &Declarations<'_>,
    must_be: impl Fn(&str) -> bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Parameter> {
    let mut chosen: BTreeMap<&str, (&Declared<'_>, bool)> = BTreeMap::new();
    for (name, declared) in &declarations.common {
        chosen.insert(name, (declared, declared.required || must_be(name)));
    }
    for (name, declared) in declarations
        .branches
        .iter()
        .flat_map(|branch| &branch.parameters)
    {
        add_of_body(&mut chosen, name, (declared, must_be(name)));
    }
    modelled(chosen, declarations, diagnostics)
}

/// Adds what one of several bodies has: of a parameter that stands elsewhere as well, the body counts.
fn add_of_body<'c, 'a>(
    chosen: &mut BTreeMap<&'c str, (&'c Declared<'a>, bool)>,
    name: &'c str,
    (declared, required): (&'c Declared<'a>, bool),
) {
    let entry = chosen.entry(name).or_insert((declared, required));
    if let Location::Query | Location::Header = entry.0.location {
        *entry = (declared, required || entry.1);
    }
}

/// The parameters that the caller gives, in order.
fn modelled(
    chosen: BTreeMap<&str, (&Declared<'_>, bool)>,
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) -> Vec<Parameter> {
    let mut parameters: Vec<Parameter> = chosen
        .into_iter()
        .filter(|(name, (declared, _))| !declarations.engine.sends(name, declared.location))
        .filter_map(|(name, (declared, required))| {
            parameter::parameter(name, declared, required, &declarations.formats, diagnostics)
        })
        .collect();
    sort(&mut parameters);
    tell_places_apart(&mut parameters);
    reject_collisions(&parameters, declarations, diagnostics);
    parameters
}

fn sort(parameters: &mut [Parameter]) {
    parameters.sort_by(|left, right| {
        let key = |parameter: &Parameter| (rfc::rank(&parameter.wire), parameter.wire.clone());
        key(left).cmp(&key(right))
    });
}

/// Names that differ on the wire and not in Rust are told apart by where they stand, if they stand in different places.
fn tell_places_apart(parameters: &mut [Parameter]) {
    for index in 1..parameters.len() {
        let (before, [parameter, ..]) = parameters.split_at_mut(index) else {
            continue;
        };
        let mut before = before.iter();
        let other = before.find(|other| other.ident == parameter.ident);
        if other.is_some_and(|other| other.location != parameter.location) {
            parameter.ident.push_str(match parameter.location {
                Location::Body => "_in_body",
                Location::Query => "_in_query",
                Location::Header => "_in_header",
                Location::Path => "_in_path",
            });
        }
    }
}

fn reject_collisions(
    parameters: &[Parameter],
    declarations: &Declarations<'_>,
    diagnostics: &mut Diagnostics,
) {
    for (index, parameter) in parameters.iter().enumerate() {
        if let Some(other) = parameters[..index]
            .iter()
            .find(|other| other.ident == parameter.ident)
        {
            let place = declarations
                .common
                .get(parameter.wire.as_str())
                .map(|declared| declared.shape.pointer.clone());
            let message = format!(
                "the parameters `{}` and `{}` both become `{}`",
                other.wire, parameter.wire, parameter.ident
            );
            diagnostics.push(
                Diagnostic::new(Rule::NameCollision, place.unwrap_or_default(), message)
                    .help("remove one of them; it can still be sent as an extra parameter"),
            );
        }
    }
}

/// Whether a grant takes a parameter that the document declares for all grants alike: those that an RFC names go to the grants
/// that the RFC gives them, if the endpoint takes any of those.
fn belongs(name: &str, grant: &str, grants: &[String]) -> bool {
    if name == "scope" {
        return rfc::grant(grant).is_none_or(|grant| grant.has(name));
    }
    if !rfc::is_grant_parameter(name) {
        return true;
    }
    match rfc::grant(grant) {
        Some(known) if known.has(name) => true,
        Some(_) => !grants
            .iter()
            .any(|other| rfc::grant(other).is_some_and(|other| other.has(name))),
        None => true,
    }
}

fn is_required(name: &str, grant: &str, declared: &Declared<'_>) -> bool {
    declared.required || rfc::grant(grant).is_some_and(|grant| grant.requires(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_go_to_the_grants_of_their_rfc() {
        let grants = ["client_credentials", "password", "own"].map(str::to_owned);
        assert!(belongs("username", "password", &grants));
        assert!(!belongs("username", "client_credentials", &grants));
        assert!(belongs("username", "own", &grants));
        assert!(belongs("tenant", "client_credentials", &grants));
        // No grant of the endpoint has it by its RFC: it is the provider's own idea.
        assert!(belongs("code", "client_credentials", &grants));
        assert!(!belongs("scope", "authorization_code", &grants));
        assert!(belongs("scope", "client_credentials", &grants));
    }
}
