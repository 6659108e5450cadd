//! Lists of grants to write into a document: one that leaves out what is read takes its requests away.

use crate::model::{Endpoint, EndpointKind};

/// The grants that are read, and those to add.
pub(crate) fn with_added<'g>(
    read: impl IntoIterator<Item = &'g str>,
    added: impl IntoIterator<Item = &'g str>,
) -> String {
    let mut list: Vec<&str> = Vec::new();
    for grant in read.into_iter().chain(added) {
        if !list.contains(&grant) {
            list.push(grant);
        }
    }
    list.join(", ")
}

/// How to add grants to the values of `grant_type` on the token endpoint, or on the first of several.
pub(crate) fn on_token_endpoint<'e>(
    endpoints: impl IntoIterator<Item = &'e Endpoint>,
    added: &[&'e str],
) -> String {
    let (token_endpoint, list) = for_token_endpoint(endpoints, added);
    format!(
        "where the provider takes it, add it to the values of `grant_type` on {token_endpoint}:\nenum: [{list}]"
    )
}

/// What to call the token endpoint, or the first of several, and its grants with those to add.
pub(crate) fn for_token_endpoint<'e>(
    endpoints: impl IntoIterator<Item = &'e Endpoint>,
    added: &[&'e str],
) -> (String, String) {
    let endpoints = endpoints.into_iter();
    let mut tokens = endpoints.filter(|endpoint| endpoint.kind == EndpointKind::Token);
    let first = tokens.next();
    let read = first.into_iter().flat_map(Endpoint::grants);
    let list = with_added(read, added.iter().copied());
    let path = first.and_then(|first| first.paths.first());
    let called = match path.filter(|_| tokens.next().is_some()) {
        Some(choice) => format!("the token endpoint `{}`", choice.path.escape_debug()),
        None => "the token endpoint".to_owned(),
    };
    (called, list)
}
