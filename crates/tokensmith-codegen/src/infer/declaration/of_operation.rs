//! What an operation takes: its own parameters, those of its path, and its body.

use std::collections::BTreeSet;

use openapiv3::{
    OpenAPI, Operation, Parameter as ApiParameter, PathItem, ReferenceOr, RequestBody,
};

use super::{Declarations, path};
use crate::diagnostic::Diagnostics;
use crate::diagnostic::budget::{PARAMETERS, PATH_VARIABLES};
use crate::infer::runtime_parameters::RuntimeParameters;
use crate::infer::schema::Schemas;
use crate::model::{BodyFormat, Location};
use crate::openapi::reference;
use crate::openapi::site::Site;
use crate::pointer;

/// Collects what an operation takes from its parameters and its request body.
pub(crate) fn declarations<'a>(
    api: &'a OpenAPI,
    (item, operation): (&'a PathItem, &'a Operation),
    (runtime, site): (RuntimeParameters<'a>, &'a Site),
    diagnostics: &mut Diagnostics,
) -> Declarations<'a> {
    let schemas = Schemas { api };
    let mut found = Declarations::of(runtime);
    found.operation_description = operation.description.as_deref();
    let at = site.pointer.as_str();
    let item_at = at.rsplit_once('/').map_or(at, |(item, _)| item);
    let own = resolved(api, &operation.parameters, at);
    let inherited = resolved(api, &item.parameters, item_at);
    // An operation's own parameters override its path's.
    let known: BTreeSet<_> = own.iter().map(|(parameter, _)| key(parameter)).collect();
    let inherited = inherited
        .into_iter()
        .filter(|(parameter, _)| !known.contains(&key(parameter)));
    let all: Vec<_> = own.iter().cloned().chain(inherited).collect();
    if all.len() > PARAMETERS.most {
        diagnostics.push(PARAMETERS.exceeded(&pointer::join(at, "parameters")));
        return found;
    }
    let path = path::Names::new(&site.path, &all);
    if path.count() > PATH_VARIABLES.most {
        diagnostics.push(PATH_VARIABLES.exceeded(item_at));
        return found;
    }
    for (parameter, place) in all {
        let mut name = parameter.parameter_data_ref().name.as_str();
        if location(parameter) == Some(Location::Path) {
            match path.meant(name, &place, diagnostics) {
                Some(meant) => name = meant,
                None => continue,
            }
        }
        found.parameter((name, parameter), &place, schemas, diagnostics);
    }
    if let Some(body) = &operation.request_body {
        let place = pointer::join(at, "requestBody");
        if let Some((body, place)) = resolve_body(api, body, place) {
            found.body(body, &place, schemas, diagnostics);
        }
    } else {
        found.formats = vec![BodyFormat::Form];
    }
    found
}

/// Where a parameter of the query is declared: on the operation, or else on its path.
pub(crate) fn query_parameter(
    (api, (item, operation), site): (&OpenAPI, (&PathItem, &Operation), &Site),
    name: &str,
) -> Option<String> {
    let at = site.pointer.as_str();
    let item_at = at.rsplit_once('/').map_or(at, |(item, _)| item);
    let own = resolved(api, &operation.parameters, at);
    let inherited = resolved(api, &item.parameters, item_at);
    let mut all = own.into_iter().chain(inherited);
    let wanted = (Some(Location::Query), name.to_owned());
    let found = all.find(|(parameter, _)| key(parameter) == wanted);
    found.map(|(_, place)| place)
}

/// The parameters in a list, and where they stand.
fn resolved<'a>(
    api: &'a OpenAPI,
    parameters: &'a [ReferenceOr<ApiParameter>],
    owner: &str,
) -> Vec<(&'a ApiParameter, String)> {
    let resolved = parameters
        .iter()
        .enumerate()
        .filter_map(|(index, parameter)| {
            let place = pointer::join_all(owner, &["parameters", &index.to_string()]);
            resolve_parameter(api, parameter, place)
        });
    resolved.collect()
}

/// What tells parameters apart: the place and the name. Headers have no case.
fn key(parameter: &ApiParameter) -> (Option<Location>, String) {
    let name = &parameter.parameter_data_ref().name;
    match location(parameter) {
        place @ Some(Location::Header) => (place, name.to_ascii_lowercase()),
        place => (place, name.clone()),
    }
}

/// Nowhere for a cookie.
pub(super) fn location(parameter: &ApiParameter) -> Option<Location> {
    match parameter {
        ApiParameter::Query { .. } => Some(Location::Query),
        ApiParameter::Header { .. } => Some(Location::Header),
        ApiParameter::Path { .. } => Some(Location::Path),
        ApiParameter::Cookie { .. } => None,
    }
}

fn resolve_parameter<'a>(
    api: &'a OpenAPI,
    parameter: &'a ReferenceOr<ApiParameter>,
    at: String,
) -> Option<(&'a ApiParameter, String)> {
    let components = api.components.as_ref();
    reference::typed(parameter, at, "parameters", |name| {
        components?.parameters.get(name)
    })
}

pub(crate) fn resolve_body<'a>(
    api: &'a OpenAPI,
    body: &'a ReferenceOr<RequestBody>,
    at: String,
) -> Option<(&'a RequestBody, String)> {
    let components = api.components.as_ref();
    reference::typed(body, at, "requestBodies", |name| {
        components?.request_bodies.get(name)
    })
}
