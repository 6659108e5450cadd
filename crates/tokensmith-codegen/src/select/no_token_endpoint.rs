//! Why a document has no token endpoint: which operations look like one, and which URLs its flows name.

use serde_json::Value;

use super::documents::{Documents, sounds_like_oauth};
use super::role::OperationView;
use super::url::{path_of, token_urls};
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::openapi::grammar::METHODS;
use crate::pointer;
use crate::prose::listed;

/// Most operations that are named.
const SHOWN: usize = 3;

/// An operation that looks like a token endpoint.
struct Candidate<'a> {
    method: &'a str,
    path: &'a str,
    pointer: String,
    /// What speaks for it, and what it lacks.
    reason: String,
}

/// What is said of a document without a token endpoint.
pub(super) fn diagnostic(documents: Documents<'_>) -> Diagnostic {
    let candidates = candidates(documents);
    let urls = token_urls(documents);
    let no_operation = "no operation is a token endpoint";
    if let Some(first) = candidates.first() {
        let named: Vec<String> = candidates
            .iter()
            .map(|one| {
                let path = one.path.escape_debug();
                format!("`{} {path}` {}", one.method.to_uppercase(), one.reason)
            })
            .collect();
        let message = format!("{no_operation}: {}", named.join("; "));
        return Diagnostic::new(Rule::NoTokenEndpoint, &first.pointer, message).help(format!(
            "where one of them is, say so; in an overlay for a document that is a vendor's:\n{}",
            marking(first)
        ));
    }
    if let Some(url) = urls.first() {
        let shown: Vec<String> = urls
            .iter()
            .take(SHOWN)
            .map(|url| format!("`{}`", url.escape_debug()))
            .collect();
        let message = format!(
            "{no_operation}: a flow has the `tokenUrl` {}, and no operation is there; a flow alone does not say what requests look like",
            listed(&shown, "and")
        );
        return Diagnostic::new(
            Rule::NoTokenEndpoint,
            "/components/securitySchemes",
            message,
        )
        .help(format!(
            "describe the operation, in an overlay:\n{}",
            describing(url)
        ));
    }
    unknown()
}

/// What is said where nothing looks like one.
pub(crate) fn unknown() -> Diagnostic {
    Diagnostic::new(Rule::NoTokenEndpoint, "/paths", "no operation is a token endpoint").help(
        "a token endpoint has a `grant_type` parameter, is some OAuth flow's `tokenUrl`, or is marked with\n\
         x-tokensmith: {endpoint: token}",
    )
}

/// Operations whose path sounds like OAuth, and that give a token or take a secret.
fn candidates<'a>(documents: Documents<'a>) -> Vec<Candidate<'a>> {
    let Some((paths, at)) = documents.object("/paths") else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (path, item) in paths.iter().filter(|(path, _)| sounds_like_oauth(path)) {
        let documents = documents.for_path(path);
        let Ok(item) = documents.resolve(item, &pointer::join(&at, path)) else {
            continue;
        };
        for method in METHODS {
            if found.len() == SHOWN {
                return found;
            }
            let operation = item
                .value
                .get(method)
                .filter(|operation| is_open(operation));
            let view =
                operation.map(|operation| OperationView::new(documents, item.value, operation));
            if let Some(reason) = view.and_then(|view| reason(&view)) {
                let pointer = pointer::join(&item.pointer, method);
                found.push(Candidate {
                    method,
                    path,
                    pointer,
                    reason,
                });
            }
        }
    }
    found
}

/// Whether an operation says nothing of what it is for.
fn is_open(operation: &Value) -> bool {
    operation.pointer("/x-tokensmith/endpoint").is_none()
}

/// What speaks for an operation, and what it lacks.
fn reason(view: &OperationView<'_>) -> Option<String> {
    let is_secret = |name: &&str| {
        ["secret", "password", "apikey"]
            .iter()
            .any(|word| letters(name).contains(word))
    };
    let is_token = |name: &&str| letters(name).ends_with("token");
    let secret = view
        .parameter_names()
        .iter()
        .map(AsRef::as_ref)
        .find(is_secret);
    let token = view
        .success_names()
        .iter()
        .map(AsRef::as_ref)
        .find(is_token);
    let has = match (secret, token) {
        (Some(secret), Some(token)) => format!(
            "has a `{}` and responds with `{}`",
            secret.escape_debug(),
            token.escape_debug()
        ),
        (Some(secret), None) => format!("has a `{}`", secret.escape_debug()),
        (None, Some(token)) => format!("responds with `{}`", token.escape_debug()),
        (None, None) => return None,
    };
    Some(format!("{has}, but has no `grant_type`"))
}

/// An overlay that makes an operation a token endpoint.
fn marking(candidate: &Candidate<'_>) -> String {
    let Candidate { method, path, .. } = candidate;
    format!(
        "overlay: 1.0.0\n\
         info: {{title: Token endpoint, version: '1'}}\n\
         actions:\n\
         \u{20} - target: $.paths['{path}'].{method}\n\
         \u{20}   update: {{x-tokensmith: {{endpoint: token}}}}"
    )
}

/// An overlay that describes the operation at a flow's URL.
fn describing(url: &str) -> String {
    let quoted = |text: &str| text.replace('\'', "''");
    let path = path_of(url);
    let host = url.strip_suffix(path).filter(|host| host.contains("://"));
    let servers = host.map_or_else(String::new, |host| {
        format!("\n         servers: [{{url: '{}'}}]", quoted(host))
    });
    let path = quoted(&format!("/{}", path.trim_start_matches('/')));
    format!(
        "overlay: 1.0.0\n\
         info: {{title: Token endpoint, version: '1'}}\n\
         actions:\n\
         \u{20} - target: $.paths\n\
         \u{20}   update:\n\
         \u{20}     '{path}':\n\
         \u{20}       post:{servers}\n\
         \u{20}         security: [{{basic: []}}]\n\
         \u{20}         requestBody: {{content: {{application/x-www-form-urlencoded: {{schema: {{required: [grant_type], properties: {{grant_type: {{type: string, enum: [client_credentials]}}}}}}}}}}}}\n\
         \u{20}         responses: {{'200': {{description: The token., content: {{application/json: {{schema: {{properties: {{access_token: {{type: string}}}}}}}}}}}}}}\n\
         \u{20} - target: $.components.securitySchemes\n\
         \u{20}   update: {{basic: {{type: http, scheme: basic}}}}"
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::select::anchor::Anchors;
    use crate::source::external::Files;

    fn said(root: &Value) -> (String, String) {
        let files = Files::new(None, "a.yaml", false);
        let anchors = Anchors::of(root, &files);
        let diagnostic = diagnostic(Documents::new(root, &files, &anchors));
        (diagnostic.message, diagnostic.help.unwrap_or_default())
    }

    #[test]
    fn what_looks_like_one_is_named_with_what_it_lacks() {
        let content = |properties: Value| json!({"content": {"application/json": {"schema": {"properties": properties}}}});
        let (message, help) = said(&json!({"paths": {"/auth/token": {"post": {
            "requestBody": content(json!({"clientId": {}, "secret": {}})),
            "responses": {"200": content(json!({"token": {"properties": {"accessToken": {}}}}))}
        }}}}));
        assert!(
            message.contains("`POST /auth/token` has a `secret` and responds with `token`"),
            "{message}"
        );
        assert!(
            help.contains("target: $.paths['/auth/token'].post"),
            "{help}"
        );
    }

    #[test]
    fn the_url_of_a_flow_is_named() {
        let flow = |url: &str| {
            json!({"paths": {}, "components": {"securitySchemes": {"a": {
                "type": "oauth2", "flows": {"clientCredentials": {"tokenUrl": url}}
            }}}})
        };
        let (message, help) = said(&flow("/oauth/token"));
        assert!(
            message.contains("`/oauth/token`") && help.contains("'/oauth/token':\n"),
            "{message} {help}"
        );
        let (_, help) = said(&flow("https://auth.example.com/token"));
        assert!(
            help.contains("'/token':") && help.contains("'https://auth.example.com'"),
            "{help}"
        );
    }
}
