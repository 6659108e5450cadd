//! Why a document has no token endpoint: which operations look like one, and which URLs its flows name.

mod overlay;

use serde_json::Value;

use super::documents::{Documents, sounds_like_oauth};
use super::nested_body::nested_grant_type;
use super::role::OperationView;
use super::url::token_urls_without_operation;
use crate::diagnostic::{Diagnostic, Rule};
use crate::model::name::letters;
use crate::openapi::grammar::{METHODS, Part, walk};
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
        return unknown();
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
            if found.len() == SHOWN {
                return found;
            }
            let operation = item
                .value
                .get(method)
                .filter(|operation| is_open(operation));
            let view =
                operation.map(|operation| OperationView::new(documents, item.value, operation));
            if let Some(reason) = view.and_then(|view| reason(&view, path)) {
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
            "has a `{}` and responds with `{}`",
            secret.escape_debug(),
            token.escape_debug()
        ),
        (Some(secret), None) => format!("has a `{}`", secret.escape_debug()),
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
mod tests {
    use serde_json::json;

    use super::*;
    use crate::diagnostic::budget::Counter;
    use crate::select::anchor::Anchors;
    use crate::source::external::Files;

    fn said(root: &Value) -> (String, String) {
        let files = Files::new(None, "a.yaml", false);
        let anchors = Anchors::of(root, &files);
        let diagnostic = diagnostic(Documents::new(root, &files, &anchors, &Counter::default()));
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

    /// The last overlay that the diagnostics print.
    fn printed(document: &str) -> String {
        let source = crate::Source::new("a.yaml", document.as_bytes());
        let reading = crate::read("a", source, None);
        let help = reading.diagnostics.first().and_then(|one| one.help.clone());
        let help = help.expect("something is said");
        let start = help.rfind("overlay: 1.0.0").expect("an overlay is printed");
        help[start..].to_owned()
    }

    /// Reads a document with the overlay that is printed for it: where its token endpoint is, and what is told all the same.
    fn pasted(document: &str) -> (Vec<String>, Vec<crate::Diagnostic>) {
        let overlay = printed(document);
        let source = |name, text: &'static str| crate::Source::new(name, text.as_bytes());
        let (document, overlay) = (document.to_owned().leak(), overlay.leak());
        let overlay = source("a.overlay.yaml", overlay);
        let reading = crate::read("a", source("a.yaml", document), Some(overlay));
        let told = reading.diagnostics;
        let model = reading.model.unwrap_or_else(|| panic!("{told:?}"));
        let base = |server: &crate::model::Server| server.url.clone();
        let urls = model.endpoints.iter().flat_map(|endpoint| {
            let own = endpoint.servers.iter().map(|server| server.url.clone());
            let bases: Vec<String> = match endpoint.servers.is_empty() {
                true => model.servers.iter().map(base).collect(),
                false => own.collect(),
            };
            let path = endpoint.paths.first().map(|path| path.path.clone());
            let path = path.unwrap_or_default();
            bases.into_iter().map(move |base| base + &path)
        });
        (urls.collect(), told)
    }

    #[test]
    fn a_printed_overlay_can_be_pasted() {
        let flow = |server: &str, url: &str| {
            format!(
                "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\nservers: [{{url: '{server}'}}]\npaths: {{}}\n\
                 components: {{securitySchemes: {{basic: {{type: apiKey, in: header, name: X}}, o: {{type: oauth2, flows: {{password: {{tokenUrl: '{url}', scopes: {{}}}}}}}}}}}}\n"
            )
        };
        let server = "https://api.a.example/v2";
        for (url, expected) in [
            ("/oauth/token", "https://api.a.example/v2/oauth/token"),
            (
                "../connect/token?v=1",
                "https://api.a.example/connect/token?v=1",
            ),
            (
                "https://id.a.example/connect/token?v=1",
                "https://id.a.example/connect/token?v=1",
            ),
            (
                "https://api.a.example/v2/oauth/token",
                "https://api.a.example/v2/oauth/token",
            ),
            ("/it''s/token", "https://api.a.example/v2/it's/token"),
        ] {
            let (urls, told) = pasted(&flow(server, url));
            assert_eq!(urls, [expected], "{url}");
            // It defines what it names.
            let is_undefined = |one: &crate::Diagnostic| one.message.contains("defined nowhere");
            assert!(!told.iter().any(is_undefined), "{told:?}");
        }
        let swagger = "swagger: '2.0'\ninfo: {title: t, version: '1'}\nhost: api.a.example\npaths: {}\n\
             securityDefinitions: {o: {type: oauth2, flow: application, tokenUrl: /oauth/token, scopes: {}}}\n";
        assert_eq!(pasted(swagger).0, ["https://api.a.example/oauth/token"]);
        let marked = "openapi: 3.0.3\ninfo: {title: t, version: '1'}\nservers: [{url: 'https://a.example'}]\npaths:\n  \"/it's/auth: x\":\n    post:\n      \
             responses: {'200': {description: d, content: {application/json: {schema: {properties: {bearer: {type: string}}}}}}}\n";
        assert_eq!(pasted(marked).0.len(), 1);
    }

    #[test]
    fn what_else_looks_like_one_is_named() {
        let body = |properties: Value| json!({"content": {"application/json": {"schema": {"properties": properties}}}});
        let jwt = json!({
            "requestBody": body(json!({"client_id": {}, "client_secret": {}})),
            "responses": {"200": body(json!({"jwt": {}}))}
        });
        let nested = json!({"requestBody": body(json!({
            "data": {"allOf": [{"properties": {"attributes": {"oneOf": [{"properties": {"grantType": {}}}]}}}]}
        }))});
        let lost = json!({"requestBody": {"content": {"application/json": {"schema": {
            "$ref": "#/components/schemas/OAuthRefreshTokenGrant"
        }}}}});
        for (path, operation, expected) in [
            (
                "/v2/jwt",
                jwt,
                "`POST /v2/jwt` has a `client_secret` and responds with `jwt`",
            ),
            (
                "/v2/sessions",
                nested,
                "has `data.attributes.grantType`, but within an object",
            ),
            (
                "/oauth/token",
                lost,
                "refers to `#/components/schemas/OAuthRefreshTokenGrant`, which points at nothing",
            ),
        ] {
            let (message, _) = said(&json!({"paths": {path: {"post": operation}}}));
            assert!(message.contains(expected), "{message}");
        }
        let (message, help) = said(&json!({
            "paths": {"/login": {"post": {"requestBody": body(json!({"password": {}}))}}},
            "components": {"securitySchemes": {"a": {"type": "oauth2", "flows": {
                "clientCredentials": {"tokenUrl": "https://id.a.example/token"}
            }}}}
        }));
        assert!(
            message.contains("`tokenUrl` `https://id.a.example/token`"),
            "{message}"
        );
        assert!(
            help.contains("$.paths['/login'].post") && help.contains("'/token':"),
            "{help}"
        );
    }
}
