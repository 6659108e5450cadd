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
fn metadata_is_named() {
    let scheme = json!({"type": "openIdConnect", "openIdConnectUrl": "https://login.example/.well-known/openid-configuration"});
    let (message, _) = said(&json!({
        "paths": {"/users": {"get": {"responses": {}}}},
        "components": {"securitySchemes": {"oidc": scheme}}
    }));
    assert!(
        message.contains(
            "names the metadata `https://login.example/.well-known/openid-configuration`"
        ),
        "{message}"
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

/// A large document has logins before it has a token endpoint.
#[test]
fn what_looks_most_like_one_comes_first() {
    let content = |properties: Value| json!({"content": {"application/json": {"schema": {"properties": properties}}}});
    let login = json!({"post": {
        "requestBody": content(json!({"loginId": {}, "password": {}})),
        "responses": {"200": content(json!({"token": {}}))}
    }});
    let token = json!({"post": {
        "requestBody": content(json!({"assertionSecret": {}})),
        "responses": {"200": content(json!({"access_token": {}}))}
    }});
    let (message, help) = said(&json!({"paths": {
        "/api/auth/a": login, "/api/auth/b": login, "/api/auth/c": login, "/oauth2/token": token
    }}));
    let first = message.split(';').next().unwrap_or_default();
    assert!(first.contains("`POST /oauth2/token`"), "{message}");
    assert!(help.contains("$.paths['/oauth2/token'].post"), "{help}");
    assert_eq!(message.matches("`POST ").count(), 3, "{message}");
}
