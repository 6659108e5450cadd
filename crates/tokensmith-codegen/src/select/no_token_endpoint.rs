//! Why a document has no token endpoint: which operations look like one, and which URLs its flows name.

mod overlay;

use serde_json::Value;

use super::documents::{Documents, sounds_like_oauth};
use super::nested_body::nested_grant_type;
use super::operation_view::OperationView;
use super::url::token_urls_without_operation;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::openapi::grammar::{METHODS, Part, walk};
use crate::openapi::security_scheme::SecurityScheme;
use crate::pointer::{self, Trail};
use crate::prose::listed;

/// Most operations, URLs and references that are named.
const SHOWN: usize = 3;

/// An operation that looks like a token endpoint.
struct Candidate<'a> {
    method: &'a str,
    path: &'a str,
    pointer: String,
    /// What speaks for it, and what it lacks.
    reason: String,
    /// How little it looks like one.
    rank: usize,
}

/// What is said of a document without a token endpoint.
pub(super) fn diagnostic(documents: Documents<'_>) -> Diagnostic {
    let candidates = candidates(documents);
    let urls = token_urls_without_operation(documents);
    let mut said: Vec<String> = candidates
        .iter()
        .map(|one| {
            let path = one.path.escape_debug();
            format!("`{} {path}` {}", one.method.to_uppercase(), one.reason)
        })
        .collect();
    if !urls.is_empty() {
        let shown = urls.iter().take(SHOWN);
        let shown: Vec<String> = shown
            .map(|url| format!("`{}`", url.escape_debug()))
            .collect();
        said.push(format!(
            "a flow has the `tokenUrl` {}, and no operation is there; a flow alone does not say what requests look like",
            listed(&shown, "and")
        ));
    }
    if said.is_empty() {
        return match metadata_url(documents) {
            Some(url) => elsewhere(url),
            None => unknown(),
        };
    }
    let message = format!("no operation is a token endpoint: {}", said.join("; "));
    let at = candidates
        .first()
        .map_or("/components/securitySchemes", |first| &first.pointer);
    let diagnostic = Diagnostic::new(Rule::NoTokenEndpoint, at, message);
    let describing = |url: &&str| overlay::describing(url, documents);
    let described = urls.first().map(describing);
    let marked = candidates.first();
    let marked = marked.map(|first| overlay::marking(first.path, first.method));
    let (say, describe) = (
        "where one of them is, say so; in an overlay for a document that is a vendor's:",
        "describe the operation, in an overlay:",
    );
    match (marked, described) {
        (Some(marked), Some(described)) => {
            diagnostic.help_as_written(&format!("{say}\n{marked}\nor {describe}\n{described}"))
        }
        (Some(marked), None) => diagnostic.help_as_written(&format!("{say}\n{marked}")),
        (None, described) => {
            let described = described.unwrap_or_default();
            diagnostic.help_as_written(&format!("{describe}\n{described}"))
        }
    }
}

/// The URL of metadata that a security scheme of OpenID Connect names.
fn metadata_url(documents: Documents<'_>) -> Option<&str> {
    let (schemes, _) = documents.object("/components/securitySchemes")?;
    let mut schemes = schemes.values().map(SecurityScheme);
    schemes.find_map(|scheme| scheme.text("openIdConnectUrl"))
}

/// What is said where the endpoints stand in metadata.
fn elsewhere(url: &str) -> Diagnostic {
    let message = format!(
        "no operation is a token endpoint: a security scheme names the metadata `{}`, which says where it is and is not read",
        url.escape_debug()
    );
    Diagnostic::new(Rule::NoTokenEndpoint, "/components/securitySchemes", message).help(
        "describe the `token_endpoint` of the metadata as an operation, with its `grant_type`; or use the metadata without a document, by `Connector`",
    )
}

/// What is said where nothing looks like one.
pub(crate) fn unknown() -> Diagnostic {
    Diagnostic::new(Rule::NoTokenEndpoint, "/paths", "no operation is a token endpoint").help(
        "a token endpoint has a `grant_type` parameter, is some OAuth flow's `tokenUrl`, or is marked with\n\
         x-tokensmith: {endpoint: token}",
    )
}

/// Operations that give a token or take a secret, or that should say more, where their path sounds like OAuth; and those that take
/// what a client has.
fn candidates<'a>(documents: Documents<'a>) -> Vec<Candidate<'a>> {
    let Some((paths, at)) = documents.object("/paths") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (path, item) in paths {
        let documents = documents.for_path(path);
        let Ok(item) = documents.resolve(item, &pointer::join(&at, path)) else {
            continue;
        };
        for method in METHODS {
            let operation = item
                .value
                .get(method)
                .filter(|operation| is_open(operation));
            let view =
                operation.map(|operation| OperationView::new(documents, item.value, operation));
            if let Some(view) = view
                && let Some(reason) = reason(&view, path)
            {
                let pointer = pointer::join(&item.pointer, method);
                found.push(Candidate {
                    method,
                    path,
                    pointer,
                    reason,
                    rank: rank(&view, path),
                });
            }
        }
    }
    // In the order of the document where they look alike.
    found.sort_by_key(|candidate| candidate.rank);
    found.truncate(SHOWN);
    found
}

/// How little an operation looks like a token endpoint: one that is called so and gives an access token comes first.
fn rank(view: &OperationView<'_>, path: &str) -> usize {
    let is_called_token = path
        .rsplit('/')
        .find(|segment| !segment.is_empty())
        .is_some_and(|last| letters(last).ends_with("token"));
    let gives_token = view
        .success_names()
        .iter()
        .any(|name| letters(name).contains("accesstoken"));
    usize::from(!is_called_token) + usize::from(!gives_token)
}

/// A name with its article.
fn one(name: &str) -> String {
    let article = match name.starts_with(['a', 'e', 'i', 'o', 'A', 'E', 'I', 'O']) {
        true => "an",
        false => "a",
    };
    format!("{article} `{}`", name.escape_debug())
}

/// Whether an operation says nothing of what it is for.
fn is_open(operation: &Value) -> bool {
    operation.pointer("/x-tokensmith/endpoint").is_none()
}

/// What speaks for an operation, and what it lacks.
fn reason(view: &OperationView<'_>, path: &str) -> Option<String> {
    if let Some(place) = nested_grant_type(view) {
        return Some(format!(
            "has `{}`, but within an object of the body, and only its own members are read",
            place.escape_debug()
        ));
    }
    let names = view.parameter_names();
    let has = |wanted: &str| names.iter().any(|name| letters(name) == wanted);
    let is_for_clients = has("clientid") && has("clientsecret");
    if !is_for_clients && !sounds_like_oauth(path) {
        return None;
    }
    let is_secret = |name: &&str| {
        ["secret", "password", "apikey"]
            .iter()
            .any(|word| letters(name).contains(word))
    };
    let is_token = |name: &&str| {
        let name = letters(name);
        name.ends_with("token") || ["bearer", "jwt"].contains(&name.as_str())
    };
    let secret = names.iter().map(AsRef::as_ref).find(is_secret);
    let token = view
        .success_names()
        .iter()
        .map(AsRef::as_ref)
        .find(is_token);
    let has = match (secret, token) {
        (Some(secret), Some(token)) => format!(
            "has {} and responds with `{}`",
            one(secret),
            token.escape_debug()
        ),
        (Some(secret), None) => format!("has {}", one(secret)),
        (None, Some(token)) => format!("responds with `{}`", token.escape_debug()),
        (None, None) => return dangling(view),
    };
    Some(format!("{has}, but has no `grant_type`"))
}

/// The references of an operation that point at nothing: what they are called may be all that is said of a request.
fn dangling(view: &OperationView<'_>) -> Option<String> {
    let mut found: Vec<String> = Vec::new();
    for key in ["parameters", "requestBody", "responses"] {
        let Some(part) = view.operation.get(key) else {
            continue;
        };
        walk(
            part,
            Part::Unknown,
            &Trail::Start(""),
            &mut |part, members, _| {
                let reference = members.get("$ref").and_then(Value::as_str);
                let Some(reference) = reference.filter(|_| part != Part::Example) else {
                    return;
                };
                let name = reference.rsplit(['/', '#']).next().unwrap_or_default();
                let is_told = ["auth", "grant", "token"]
                    .iter()
                    .any(|word| letters(name).contains(word));
                let shown = format!("`{}`", reference.escape_debug());
                let is_lost = || view.documents.target(reference, "").is_err();
                if is_told && found.len() < SHOWN && !found.contains(&shown) && is_lost() {
                    found.push(shown);
                }
            },
        );
    }
    let what = if found.len() == 1 { "points" } else { "point" };
    (!found.is_empty()).then(|| {
        format!(
            "refers to {}, which {what} at nothing; declare the request and the response",
            listed(&found, "and")
        )
    })
}

#[cfg(test)]
mod tests;
