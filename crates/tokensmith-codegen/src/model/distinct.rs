//! What would have one name is told apart, or refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::{Context, Endpoint, ParameterKind, Variant, name};

/// Endpoints that nothing tells apart, and paths of one endpoint that become one name.
pub(crate) fn reject_collisions(
    context: &Context<'_>,
    endpoints: &[Endpoint],
    diagnostics: &mut Diagnostics,
) {
    let place = |path: &str| {
        let mut sites = context.sites.iter();
        let exact = sites.clone().find(|site| path == site.path);
        // On a server of its own an endpoint is known by its whole URL.
        let site = exact.or_else(|| sites.find(|site| path.ends_with(&site.path)));
        site.map_or_else(String::new, |site| site.pointer.clone())
    };
    for (index, endpoint) in endpoints.iter().enumerate() {
        let path = &endpoint.paths[0].path;
        if let Some(other) = endpoints[..index]
            .iter()
            .find(|other| other.ident == endpoint.ident)
        {
            let other = &other.paths[0].path;
            let message = format!(
                "the endpoints `{other}` and `{path}` both become `{}`",
                endpoint.ident
            );
            diagnostics.push(
                Diagnostic::new(Rule::NameCollision, place(path), message)
                    .help("give each of them an operationId of its own"),
            );
        }
        for (index, choice) in endpoint.paths.iter().enumerate() {
            if let Some(other) = endpoint.paths[..index]
                .iter()
                .find(|other| other.ident == choice.ident)
            {
                let message = format!(
                    "the paths `{}` and `{}` both become `{}`",
                    other.path, choice.path, choice.ident
                );
                diagnostics.push(
                    Diagnostic::new(Rule::NameCollision, place(&choice.path), message)
                        .help("remove one of them: any path can be reached by its whole URL"),
                );
            }
        }
    }
}

/// Requests of one name at several endpoints: the first keeps it, the others take their endpoint's name in front.
pub(crate) fn tell_requests_apart(provider: &str, endpoints: &mut [Endpoint]) {
    let mut taken = BTreeSet::from([name::provider_type(provider)]);
    for endpoint in endpoints {
        let label = name::pascal(&endpoint.ident).unwrap_or_default();
        for operation in &mut endpoint.operations {
            while !taken.insert(operation.ident.clone()) {
                operation.ident.insert_str(0, &label);
            }
        }
    }
}

/// Enums of one name that differ, or that are called like a request, take their request's name in front.
pub(crate) fn tell_enums_apart(endpoints: &mut [Endpoint]) {
    let mut taken: BTreeSet<String> = endpoints.iter().filter_map(Endpoint::path_type).collect();
    taken.extend(
        endpoints
            .iter()
            .flat_map(|endpoint| &endpoint.operations)
            .map(|operation| operation.ident.clone()),
    );
    let mut known: BTreeMap<String, Vec<Variant>> = BTreeMap::new();
    for operation in endpoints
        .iter_mut()
        .flat_map(|endpoint| &mut endpoint.operations)
    {
        for parameter in &mut operation.parameters {
            let ParameterKind::Enum(def) = &mut parameter.kind else {
                continue;
            };
            let is_free = |ident: &String, known: &BTreeMap<String, Vec<Variant>>| {
                !taken.contains(ident)
                    && known
                        .get(ident)
                        .is_none_or(|variants| *variants == def.variants)
            };
            let mut ident = def.ident.clone();
            while !is_free(&ident, &known) {
                ident.insert_str(0, &operation.ident);
            }
            known.insert(ident.clone(), def.variants.clone());
            def.ident = ident;
        }
    }
}
