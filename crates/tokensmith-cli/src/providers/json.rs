//! Providers as JSON: a contract that scripts rely on.

use serde_json::{Value, json};
use tokensmith_codegen::diagnostic::output::Printable;
use tokensmith_providers::Entry;
use tokensmith_runtime::{BodyFormat, ClientAuth, CodeChallengeMethod, Endpoint, EndpointKind};

use super::urls;

pub(super) fn print(entries: &[&Entry]) -> Printable {
    let providers: Vec<Value> = entries.iter().map(|entry| provider(entry)).collect();
    Printable::json_line(&providers)
}

fn provider(entry: &Entry) -> Value {
    let (description, about) = (entry.description, entry.about);
    let sources = about.sources().iter().map(|source| {
        json!({
            "url": source.url(),
            "date": source.date(),
            "kind": source.kind().as_str(),
            "facts": text(source.facts()),
        })
    });
    let servers = description.servers().iter();
    let servers = servers.map(|server| json!({"name": server.name(), "url": server.url()}));
    let endpoints = description.endpoints().iter();
    let endpoints = endpoints.map(|known| endpoint(urls(description, known), known));
    json!({
        "name": description.name(),
        "title": description.title(),
        "crate": format!("tokensmith-{}", description.name()),
        "version": about.version(),
        "docs": text(about.documentation()),
        "sources": sources.collect::<Vec<_>>(),
        "verified": about.verified().map(|kind| kind.as_str()),
        "servers": servers.collect::<Vec<_>>(),
        "endpoints": endpoints.collect::<Vec<_>>(),
        "scopes": about.scopes().len(),
        "deviations": about.deviations(),
    })
}

fn endpoint(urls: Vec<String>, endpoint: &Endpoint<'_>) -> Value {
    let is_token = endpoint.kind() == EndpointKind::Token;
    let is_authorization = endpoint.kind() == EndpointKind::Authorization;
    let formats = endpoint.formats().iter().copied().map(BodyFormat::as_str);
    let formats: Vec<&str> = match endpoint.method().has_body() {
        true => formats.collect(),
        false => vec!["query"],
    };
    let client_auth: Vec<&str> = match endpoint.client_auth() {
        _ if is_authorization => Vec::new(),
        // The first that is tried comes first.
        ClientAuth::Auto => vec![ClientAuth::Basic.as_str(), ClientAuth::Body.as_str()],
        method => vec![method.as_str()],
    };
    let grants = endpoint.operations().iter();
    let grants: Vec<&str> = grants
        .filter_map(|operation| operation.grant_type())
        .collect();
    let pkce = match endpoint.code_challenge() {
        CodeChallengeMethod::None => None,
        method => is_authorization.then_some(method.as_str()),
    };
    let expiry = endpoint.expiry();
    let expiry = is_token.then(|| {
        json!({
            "pointer": expiry.pointer,
            "format": expiry.format.as_str(),
            "lifetime": expiry.lifetime,
            "zero_is_never": expiry.is_zero_never,
        })
    });
    json!({
        "kind": endpoint.kind().as_str(),
        "method": endpoint.method().as_str(),
        "urls": urls,
        "formats": formats,
        "client_auth": client_auth,
        "grants": grants,
        "scope_separator": endpoint.scope_separator(),
        "pkce": pkce,
        "access_token_pointer": endpoint.access_token().first().filter(|_| is_token),
        "expiry": expiry,
    })
}

/// A text, or `null` where there is none.
fn text(text: &str) -> Option<&str> {
    Some(text).filter(|text| !text.is_empty())
}
