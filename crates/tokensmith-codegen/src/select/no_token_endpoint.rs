//! Why a document has no token endpoint: which operations look like one, and which URLs its flows name.

mod candidate;
mod overlay;

use serde_json::Value;

use super::documents::Documents;
use super::operation_view::OperationView;
use super::url::token_urls_without_operation;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::openapi::grammar::{Part, walk};
use crate::openapi::security_scheme::SecurityScheme;
use crate::pointer::Trail;
use crate::prose::listed;
use candidate::candidates;

/// Most operations, URLs and references that are named.
const SHOWN: usize = 3;

/// What is said of a document without a token endpoint.
pub(super) fn diagnostic(documents: Documents<'_>) -> Diagnostic {
    let candidates = candidates(documents);
    let urls = token_urls_without_operation(documents);
    let mut said: Vec<String> = candidates
        .iter()
        .take(SHOWN)
        .map(|one| {
            let path = one.path.escape_debug();
            format!("`{} {path}` {}", one.method.to_uppercase(), one.reason)
        })
        .collect();
    if candidates.len() > SHOWN {
        said.push(format!("and {} more", candidates.len() - SHOWN));
    }
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
    let marked = marked.map(|first| overlay::marking((first.path, first.method), &first.grants));
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
