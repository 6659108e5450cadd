//! What would have one name is told apart, or refused.

use std::collections::{BTreeMap, BTreeSet};

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::infer::Context;
use crate::model::{ClientWords, Endpoint, ParameterKind, Variant, name, rfc};

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
            let before = operation.ident.clone();
            while !taken.insert(operation.ident.clone()) {
                put_before(&mut operation.ident, &label, |ident| taken.contains(ident));
            }
            rename_in_words(&mut endpoint.client, &before, &operation.ident);
        }
    }
}

/// Names requests without a grant after their operations where one path has several of them: the method tells
/// them apart, and nothing else does. Each endpoint stands beside its `operationId`.
pub(crate) fn name_by_operations(endpoints: &mut [(Option<&str>, Endpoint)]) {
    let is_plain = |endpoint: &Endpoint| {
        let operations = endpoint.operations.as_slice();
        matches!(operations, [only] if only.grant.is_none() && only.ident == rfc::CREATE_TOKEN)
    };
    let mut count: BTreeMap<String, usize> = BTreeMap::new();
    for (_, endpoint) in endpoints.iter().filter(|(_, endpoint)| is_plain(endpoint)) {
        *count.entry(endpoint.paths[0].path.clone()).or_default() += 1;
    }
    for (id, endpoint) in endpoints {
        let is_alone = count
            .get(&endpoint.paths[0].path)
            .is_none_or(|count| *count < 2);
        let ident = id.filter(|_| !is_alone && is_plain(endpoint));
        if let Some(ident) = ident.and_then(name::pascal) {
            rename_in_words(&mut endpoint.client, rfc::CREATE_TOKEN, &ident);
            endpoint.operations[0].ident = ident;
        }
    }
}

/// Calls a request by its name where words about credentials are said of it.
fn rename_in_words(words: &mut ClientWords, before: &str, ident: &str) {
    let credentials = words.id.iter_mut().chain(&mut words.secret);
    for request in credentials.flat_map(|words| &mut words.requests) {
        if request == before {
            ident.clone_into(request);
        }
    }
}

/// Puts a name before another without repeating words, or as it is where that name is taken.
fn put_before(ident: &mut String, label: &str, is_taken: impl Fn(&str) -> bool) {
    let joined = name::joined(label, ident);
    match is_taken(&joined) {
        true => ident.insert_str(0, label),
        false => *ident = joined,
    }
}

/// Types of refusals of one name: the first keeps it, the others take their endpoint's name in front.
pub(crate) fn tell_errors_apart(endpoints: &mut [Endpoint]) {
    let mut taken = BTreeSet::new();
    for endpoint in endpoints {
        let label = name::pascal(&endpoint.ident).unwrap_or_default();
        while !taken.insert(endpoint.error.clone()) {
            put_before(&mut endpoint.error, &label, |ident| taken.contains(ident));
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
            let is_free = |ident: &str, known: &BTreeMap<String, Vec<Variant>>| {
                !taken.contains(ident)
                    && known
                        .get(ident)
                        .is_none_or(|variants| *variants == def.variants)
            };
            let mut ident = def.ident.clone();
            while !is_free(&ident, &known) {
                put_before(&mut ident, &operation.ident, |ident| {
                    !is_free(ident, &known)
                });
            }
            known.insert(ident.clone(), def.variants.clone());
            def.ident = ident;
        }
    }
}

/// Names of one place, each with its identifier: those that would have the same are told apart by numbers, in their order. One that is
/// written as in Rust keeps its identifier.
pub(crate) fn numbered(names: &[(&str, String)]) -> Vec<String> {
    let natural: BTreeSet<&str> = names
        .iter()
        .map(|(_, ident)| name::without_raw_mark(ident))
        .collect();
    let written: BTreeSet<&str> = names
        .iter()
        .filter(|(name, ident)| name::without_raw_mark(ident) == *name)
        .map(|(name, _)| *name)
        .collect();
    let mut taken: BTreeSet<String> = BTreeSet::new();
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let numbered = names.iter().map(|(name, ident)| {
        let is_other = written.contains(name::without_raw_mark(ident))
            && name::without_raw_mark(ident) != *name;
        if !is_other && taken.insert(name::without_raw_mark(ident).to_owned()) {
            return ident.clone();
        }
        let base = name::without_raw_mark(ident).trim_end_matches('_');
        // What was taken stays so: each number of a name is tried once.
        let number = numbers.entry(base).or_insert(1);
        loop {
            *number += 1;
            let free = format!("{base}_{number}");
            if !natural.contains(free.as_str()) && taken.insert(free.clone()) {
                return free;
            }
        }
    });
    numbered.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_alike_are_numbered() {
        let numbered = |names: &[&str]| {
            let named: Vec<(&str, String)> = names
                .iter()
                .filter_map(|wire| Some((*wire, name::snake(wire)?)))
                .collect();
            numbered(&named)
        };
        assert_eq!(numbered(&["OWN", "Own", "own"]), ["own_2", "own_3", "own"]);
        assert_eq!(
            numbered(&["a b", "a-b", "a_b_2"]),
            ["a_b", "a_b_3", "a_b_2"]
        );
        assert_eq!(numbered(&["@type", "type"]), ["type_2", "r#type"]);
        assert_eq!(numbered(&["Self", "self"]), ["self_", "self_2"]);
    }
}
