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
fn a_printed_overlay_has_what_the_flow_says_of_requests() {
    let flow = |refresh: &str| {
        format!(
            "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\nservers: [{{url: 'https://a.example'}}]\npaths: {{}}\n\
             components: {{securitySchemes: {{o: {{type: oauth2, flows: {{clientCredentials: {{tokenUrl: /token, refreshUrl: {refresh}, scopes: {{read: Reads}}}}}}}}}}}}\n"
        )
    };
    let document = flow("/token");
    let (_, told) = pasted(&document);
    let is_lost = |one: &crate::Diagnostic| one.message.contains("scope");
    assert!(!told.iter().any(is_lost), "{told:?}");
    let overlay = printed(&document);
    let refreshed = "enum: [client_credentials, refresh_token]}, refresh_token: {type: string}, scope: {type: string}}";
    assert!(overlay.contains(refreshed), "{overlay}");
    assert!(!printed(&flow("/refresh")).contains("refresh_token"));
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

fn content(properties: &Value) -> Value {
    json!({"content": {"application/json": {"schema": {"properties": properties}}}})
}

fn operation(request: &Value, response: &Value) -> Value {
    json!({"requestBody": content(request), "responses": {"200": content(response)}})
}

/// The operations that are named, in order, and the one that the overlay marks.
fn named(paths: &Value) -> (Vec<String>, String) {
    let (message, help) = said(&json!({ "paths": paths }));
    let named = message.split('`').filter(|part| part.contains(" /"));
    let named = named.map(str::to_owned).collect();
    let marked = help
        .lines()
        .find_map(|line| line.trim().strip_prefix("- target: "));
    (named, marked.unwrap_or_default().to_owned())
}

/// What takes a credential and gives a token comes before what only is called so.
#[test]
fn logins_come_before_what_only_gives_a_token() {
    let login = operation(
        &json!({"username": {}, "password": {}}),
        &json!({"token": {}}),
    );
    let gives = json!({"responses": {"200": content(&json!({"accessToken": {}}))}});
    let other = json!({"post": login.clone()});
    let (named_first, marked) = named(&json!({
        "/scrobbling/mal-token": {"get": gives},
        "/auth/info": {"get": gives},
        "/account/login": other,
        "/login-old": {"post": {"deprecated": true, "requestBody": login["requestBody"], "responses": login["responses"]}}
    }));
    assert_eq!(named_first[0], "POST /account/login");
    assert_eq!(marked, "$.paths['/account/login'].post");
    let (message, _) = said(&json!({"paths": {
        "/a/login": other, "/b/login": other, "/c/login": other, "/d/login": other, "/e/login": other
    }}));
    assert!(message.ends_with("; and 2 more"), "{message}");
}

#[test]
fn settings_and_registrations_are_no_logins() {
    let setting = operation(
        &json!({"allow_password_login": {"type": "boolean"}}),
        &json!({}),
    );
    let nested = json!({"data": {"properties": {"access_token": {}}}});
    let register = operation(
        &json!({"redirectUris": {}, "grantTypes": {}}),
        &json!({"clientId": {}, "clientSecret": {}, "registrationAccessToken": {}}),
    );
    let (named, marked) = named(&json!({
        "/admin/siteinfo/login": {"put": setting},
        "/user/login/email": {"post": operation(&json!({"e_mail": {}, "pass": {}}), &nested)},
        "/oauth2/register": {"post": register}
    }));
    assert_eq!(named, ["POST /user/login/email"]);
    assert_eq!(marked, "$.paths['/user/login/email'].post");
}

/// The operation may stand elsewhere, as its path item may.
#[test]
fn what_operations_refer_to_is_looked_into() {
    let login = operation(&json!({"password": {}}), &json!({"jwt_token": {}}));
    let (message, _) = said(&json!({
        "paths": {"/auth/login": {"post": {"$ref": "#/x-operations/login"}}},
        "x-operations": {"login": login}
    }));
    assert!(
        message.contains("`POST /auth/login` has a `password`"),
        "{message}"
    );
}

/// A token endpoint may have no request but words.
#[test]
fn the_overlay_has_the_grants_that_the_words_name() {
    let text = "Exchange a refresh token, OR make a client credentials grant request.";
    let token =
        json!({"description": text, "responses": {"200": content(&json!({"access_token": {}}))}});
    let login = json!({"post": operation(&json!({"password": {}}), &json!({"refreshToken": {}}))});
    let paths = json!({"/api/login": login, "/oauth2/token": {"post": token}});
    let (_, help) = said(&json!({ "paths": paths }));
    assert!(
        help.contains("{endpoint: token, grants: [client_credentials, refresh_token]}"),
        "{help}"
    );
}

/// The overlay for it would send requests for tokens to where tokens are taken back.
#[test]
fn what_takes_tokens_back_is_no_candidate() {
    let takes = json!({"accessToken": {}, "clientId": {}, "clientSecret": {}});
    let revoke = operation(&takes, &json!({}));
    let flow = json!({"tokenUrl": "/oauth/token"});
    let (message, help) = said(&json!({
        "paths": {"/v2/oauth/revoke": {"post": revoke}},
        "components": {"securitySchemes": {"a": {
            "type": "oauth2", "flows": {"clientCredentials": flow}
        }}}
    }));
    assert!(!message.contains("/v2/oauth/revoke"), "{message}");
    assert!(help.starts_with("describe the operation"), "{help}");
}

/// Passwords are set and confirmed, too.
#[test]
fn what_sets_a_password_comes_after_a_login() {
    let login = json!({"post": operation(&json!({"password": {}}), &json!({"refreshToken": {}}))});
    let (named, _) = named(&json!({
        "/account/confirm-email": login,
        "/account/login": login,
        "/user/resetPassword/token/{token}": login
    }));
    assert_eq!(named[0], "POST /account/login");
}

/// A member of a resource that is called after a token is not the token.
#[test]
fn tokens_within_resources_are_no_sign_of_a_login() {
    let session = json!({"session": {"properties": {"voiceCallToken": {"type": "string"}}}});
    let status = json!({"get": {"responses": {"200": content(&session)}}});
    let (message, _) = said(&json!({"paths": {"/telephony/sessions/{id}": status}}));
    assert!(!message.contains("/telephony"), "{message}");
}
