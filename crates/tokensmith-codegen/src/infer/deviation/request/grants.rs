//! Which grant types an endpoint takes, where their name is sent, and which requests are sent again.

use super::undeclared;
use crate::infer::deviation::Sentences;
use crate::model::{Endpoint, EndpointKind, Location, rfc};
use crate::prose::listed;

/// Which grant types an endpoint takes, and where.
pub(super) fn grants(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    let own = endpoint
        .grants()
        .filter(|grant| rfc::grant(grant).is_none());
    let of_specification = endpoint
        .grants()
        .filter_map(|grant| Some((grant, rfc::extension_grant(grant)?)));
    for (grant, known) in of_specification {
        let text = format!("The endpoint takes `{grant}` ({}).", known.section);
        sentences.note(endpoint, &text);
    }
    let own = own.filter(|grant| rfc::extension_grant(grant).is_none());
    // Section 4.5 allows those that are absolute URIs.
    let (allowed, own): (Vec<&str>, Vec<&str>) = own.partition(|grant| grant.contains(':'));
    let named = |grants: &[&str]| {
        let what = match grants.len() {
            1 => "a grant type",
            _ => "grant types",
        };
        let grants: Vec<String> = grants.iter().map(|grant| format!("`{grant}`")).collect();
        format!("{}, {what} of the provider's own.", listed(&grants, "and"))
    };
    if !allowed.is_empty() {
        sentences.note(endpoint, &format!("The endpoint takes {}", named(&allowed)));
    }
    if !own.is_empty() {
        sentences.of_each(endpoint, ["takes", "take"], &named(&own));
    }
    for grant in endpoint.grants() {
        if let Some(known) = rfc::grant(grant).filter(|known| known.value != grant) {
            let text = format!("`{grant}` is what the RFCs write as `{}`.", known.value);
            sentences.whole(endpoint, &text);
        }
    }
    repeated(endpoint, sentences);
    let standard = match endpoint.kind {
        EndpointKind::Authorization => "response_type",
        _ => "grant_type",
    };
    let (name, location) = &endpoint.attributes.grant_type;
    let has_grants = endpoint
        .operations
        .iter()
        .any(|operation| operation.grant.is_some());
    match endpoint.kind {
        EndpointKind::Token | EndpointKind::Authorization if has_grants => {
            if name != standard {
                let rest = format!("`{standard}` `{name}`.");
                sentences.of_each(endpoint, ["calls", "call"], &rest);
            }
            let place = match location {
                Location::Query if endpoint.attributes.method.has_body() => {
                    Some("in the query of the URL")
                }
                Location::Header => Some("in a header"),
                Location::Path => Some("in the path of the URL"),
                Location::Body | Location::Query => None,
            };
            if let Some(place) = place {
                let rest = format!("`{name}` {place}, not in the body.");
                sentences.of_each(endpoint, ["takes", "take"], &rest);
            }
        }
        EndpointKind::Token | EndpointKind::Authorization => {
            undeclared(endpoint, standard, sentences);
        }
        _ => {}
    }
}

/// Whether the requests that no RFC defines are sent again.
fn repeated(endpoint: &Endpoint, sentences: &mut Sentences<'_>) {
    if endpoint.kind != EndpointKind::Token {
        return;
    }
    let mut once = Vec::new();
    for operation in &endpoint.operations {
        let grant = operation.grant.as_deref();
        if grant.is_some_and(|grant| rfc::grant(grant).is_some()) {
            continue;
        }
        match (grant, operation.one_time) {
            (_, true) if operation.has_one_time_credential() => {}
            (_, true) => once.push(format!("`{}`", operation.ident)),
            (Some(grant), false) => sentences.note(
                endpoint,
                &format!("A request of the grant `{grant}` may be sent again, and is retried."),
            ),
            (None, false) => sentences.note(
                endpoint,
                "The endpoint takes the same request again, which is retried.",
            ),
        }
    }
    if !once.is_empty() {
        let text = format!(
            "{} {} sent once and never retried: no RFC says that a second request does no harm. \
             `x-tokensmith: {{repeatable-grants: ..}}` in the document changes that.",
            listed(&once, "and"),
            if once.len() == 1 { "is" } else { "are" },
        );
        sentences.note(endpoint, &text);
    }
}
