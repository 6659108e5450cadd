//! What the registration of clients says of the token endpoint, and no request has.

use std::collections::BTreeSet;

use crate::diagnostic::{Diagnostic, Rule};
use crate::infer::grants_to_write::for_token_endpoint;
use crate::lint::list;
use crate::model::{ClientAuth, Endpoint, EndpointKind, Model, Parameter, ParameterKind, rfc};

/// Registered names of client authentications (RFC 7591, section 2, and RFC 8414), and what they are here.
const METHODS: [(&str, ClientAuth); 5] = [
    ("client_secret_basic", ClientAuth::Basic),
    ("client_secret_jwt", ClientAuth::ClientSecretJwt),
    ("client_secret_post", ClientAuth::Body),
    ("private_key_jwt", ClientAuth::PrivateKeyJwt),
    ("tls_client_auth", ClientAuth::TlsClientAuth),
];

/// Tells the grants and the client authentications that clients may be registered for, and that no token endpoint has.
pub(super) fn tell(model: &Model) -> Vec<Diagnostic> {
    let of_kind = |kind| {
        let endpoints = model.endpoints.iter();
        endpoints.filter(move |endpoint| endpoint.kind == kind)
    };
    let tokens: Vec<&Endpoint> = of_kind(EndpointKind::Token).collect();
    if tokens.is_empty() {
        return Vec::new();
    }
    let mut told = Vec::new();
    for endpoint in of_kind(EndpointKind::Registration) {
        let Some(at) = endpoint.declared_at.first() else {
            continue;
        };
        let mut parameters = endpoint.operations.iter().flat_map(|one| &one.parameters);
        if let Some(grants) = parameters.clone().find(|one| one.wire == "grant_types") {
            told.extend(tell_grants(grants, &tokens, at));
        }
        let method = parameters.find(|one| one.wire == "token_endpoint_auth_method");
        told.extend(method.and_then(|method| tell_methods(method, &tokens, at)));
    }
    // Clients may be registered at several places by the same schema.
    let mut seen = BTreeSet::new();
    told.retain(|one| seen.insert(one.message.clone()));
    told
}

fn tell_grants(parameter: &Parameter, tokens: &[&Endpoint], at: &str) -> Option<Diagnostic> {
    let mut lost = rfc::GRANTS.iter().map(|grant| grant.value).filter(|grant| {
        let mut taken = tokens.iter().flat_map(|endpoint| endpoint.grants());
        names(parameter, grant) && !taken.any(|taken| rfc::is_same_grant(taken, grant))
    });
    let first = lost.next()?;
    let lost: Vec<&str> = std::iter::once(first).chain(lost).collect();
    let message = format!(
        "clients can be registered for grants that no token request has: {}",
        list(&lost)
    );
    let (token_endpoint, list) = for_token_endpoint(tokens.iter().copied(), &lost);
    let help = format!(
        "where {token_endpoint} takes them, say so there:\nx-tokensmith: {{grants: [{list}]}}"
    );
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

fn tell_methods(parameter: &Parameter, tokens: &[&Endpoint], at: &str) -> Option<Diagnostic> {
    let has = |method: ClientAuth| {
        tokens.iter().any(|endpoint| {
            let own = endpoint.attributes.authentication.method;
            let is_tried = matches!(method, ClientAuth::Basic | ClientAuth::Body);
            own == method || own == ClientAuth::Auto && is_tried
        })
    };
    let lost = METHODS.iter();
    let lost = lost.filter(|(name, method)| names(parameter, name) && !has(*method));
    let lost: Vec<&str> = lost.map(|(name, _)| *name).collect();
    lost.first()?;
    let message = format!(
        "clients can be registered for a client authentication that no token request has by itself: {}",
        list(&lost)
    );
    let help = "a client that is registered so is given it: `ClientAuth::PrivateKeyJwt`, as an example; where all are, say so at the token endpoint:\nx-tokensmith: {client-auth: body}";
    Some(Diagnostic::new(Rule::Unused, at, message).help(help))
}

/// Whether a parameter lists a value, or its description has it as a word of its own; a plain word has to be marked as code.
fn names(parameter: &Parameter, value: &str) -> bool {
    let listed = match &parameter.kind {
        ParameterKind::Enum(def) => def.variants.iter().any(|variant| variant.wire == value),
        _ => parameter.values.iter().any(|known| known == value),
    };
    let text = parameter.description.as_deref().unwrap_or_default();
    let is_plain = !value.contains(['_', ':']);
    let is_part = |letter: char| letter.is_alphanumeric() || "_-:".contains(letter);
    let mut words = text.match_indices(value).map(|(start, found)| {
        let before = text[..start].chars().next_back();
        let after = text[start + found.len()..].chars().next();
        (before, after)
    });
    listed
        || words.any(|(before, after)| {
            let is_whole = !before.is_some_and(is_part) && !after.is_some_and(is_part);
            is_whole && (!is_plain || before == Some('`'))
        })
}
