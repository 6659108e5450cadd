use serde_json::{Value, json};

use super::*;
use crate::Source;

/// The example for a token endpoint with these branches, and an authorization endpoint with these parameters and
/// this extension.
fn example(branches: &[Value], parameters: &[Value], extension: Value) -> (bool, String) {
    let standard = [query("response_type", true), query("client_id", true)];
    let parameters = [&standard, parameters].concat();
    let form = json!({"schema": {"oneOf": branches}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {},
        "servers": [{"url": "https://a.example"}],
        "paths": {
            "/token": {"post": {
                "security": [{"basic": []}],
                "requestBody": {"content": {"application/x-www-form-urlencoded": form}},
                "responses": {}
            }},
            "/authorize": {"get": {
                "x-tokensmith": extension, "parameters": parameters, "responses": {}
            }}
        },
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    });
    let text = document.to_string();
    let reading = crate::read("acme", Source::new("a.json", text.as_bytes()), None);
    let model = reading.model;
    let model = model.unwrap_or_else(|| panic!("{:?}", reading.diagnostics));
    let program = program(&model).expect("an authorization endpoint and a code");
    (is_main(&model), program)
}

fn branch(grant: &str, parameters: &[&str], required: &[&str]) -> Value {
    let text = json!({"type": "string"});
    let properties = parameters
        .iter()
        .map(|name| ((*name).to_owned(), text.clone()));
    let mut properties: serde_json::Map<String, Value> = properties.collect();
    properties.insert("grant_type".to_owned(), json!({"const": grant}));
    let required = [&["grant_type"], required].concat();
    json!({"type": "object", "required": required, "properties": properties})
}

fn query(name: &str, required: bool) -> Value {
    json!({"name": name, "in": "query", "required": required, "schema": {"type": "string"}})
}

#[test]
fn a_user_signs_in_with_all_that_the_document_requires() {
    let code = ["code", "redirect_uri", "code_verifier"];
    let parameters = [query("redirect_uri", true), query("tenant", true)];
    let (is_main, text) = example(
        &[branch("authorization_code", &code, &code)],
        &parameters,
        json!({}),
    );
    assert!(is_main, "{text}");
    assert!(
        text.contains("Authorize::new(callback, \"tenant\")"),
        "{text}"
    );
    assert!(text.contains("AuthorizationCode::new(redirect.code, callback, verifier)"));
}

#[test]
fn a_browser_comes_back_to_a_url() {
    let code = ["code", "redirect_uri"];
    let of = |uri: &str| {
        let mut redirect = query("redirect_uri", true);
        redirect["example"] = json!(uri);
        let code = branch("authorization_code", &code, &code);
        example(&[code], &[redirect], json!({})).1
    };
    let registered = of("Acme-App-1");
    assert!(
        registered.contains(r#"let callback = "Acme-App-1";"#),
        "{registered}"
    );
    let own = of("https://shop.example/back");
    assert!(
        own.contains(r#"let callback = "https://shop.example/back";"#),
        "{own}"
    );
    assert!(own.contains("https://shop.example/back?code="), "{own}");
    for uri in [
        "localhost",
        "localhost:3000/back",
        "https://<host>/back",
        "/back",
        "com.acme:/back",
    ] {
        let text = of(uri);
        assert!(
            text.contains(r#"let callback = "https://app.example/callback";"#),
            "{text}"
        );
        assert!(
            text.contains("https://app.example/callback?code="),
            "{text}"
        );
    }
}

#[test]
fn what_is_optional_is_set_and_what_there_is_not_is_left_out() {
    let code = branch(
        "authorization_code",
        &["code", "redirect_uri", "code_verifier"],
        &["code"],
    );
    let client = branch("client_credentials", &[], &[]);
    let (is_main, text) = example(&[client, code], &[], json!({}));
    assert!(!is_main, "{text}");
    assert!(text.contains("Authorize::new();"), "{text}");
    assert!(text.contains("let callback"), "{text}");
    assert!(text.contains("AuthorizationCode::new(redirect.code).redirect_uri(callback)"));
    assert!(
        text.contains("request = request.code_verifier(verifier)"),
        "{text}"
    );
    let code = branch("authorization_code", &["code"], &["code"]);
    let (_, text) = example(&[code], &[], json!({"code-challenge": "none"}));
    assert!(text.contains("Authorize::new();"), "{text}");
    assert!(!text.contains("callback ="), "{text}");
    assert!(!text.contains("verifier"), "{text}");
}

#[test]
fn who_has_signed_in_is_checked_where_there_is_an_id_token() {
    let section = |member: &str, server: Value| {
        let code = branch("authorization_code", &["code"], &["code"]);
        let text = json!({"type": "string"});
        let token = json!({"properties": {"access_token": text, (member): text}});
        let document = json!({
            "openapi": "3.1.0",
            "info": {},
            "servers": [server],
            "paths": {
                "/token": {"post": {
                    "security": [{"basic": []}],
                    "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": code}}},
                    "responses": {"200": {"content": {"application/json": {"schema": token}}}}
                }},
                "/authorize": {"get": {
                    "parameters": [query("response_type", true), query("client_id", true)],
                    "responses": {}
                }}
            },
            "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
        });
        let text = document.to_string();
        let reading = crate::read("acme", Source::new("a.json", text.as_bytes()), None);
        let model = reading.model.expect("a model");
        let section = id_token::section(&model);
        assert_eq!(section.is_some(), id_token::is_checked(&model));
        section
    };
    let unnamed = json!({"url": "https://a.example"});
    assert_eq!(section("refresh_token", unnamed.clone()), None);
    let text = section("id_token", unnamed).expect("an ID token");
    assert!(text.contains("# #[cfg(feature = \"oidc\")]\n"), "{text}");
    assert!(text.contains("client.id_token(&token, &pending)"), "{text}");
    assert!(text.contains("client.issuer("), "{text}");
    let named =
        json!({"url": "https://a.example", "x-tokensmith": {"issuer": "https://a.example"}});
    let text = section("id_token", named).expect("an ID token");
    assert!(!text.contains("client.issuer("), "{text}");
}

/// The text `Code` in the place of a code is what the provider would get.
#[test]
fn parameters_are_known_in_whatever_letters() {
    let code = ["Code", "redirectUri"];
    let redirect = query("redirect_uri", true);
    let text = example(
        &[branch("authorization_code", &code, &code)],
        &[redirect],
        json!({}),
    )
    .1;
    let new = "AuthorizationCode::new(redirect.code, callback)";
    assert!(text.contains(new), "{text}");
    assert!(text.contains(".code_verifier(verifier)"), "{text}");
}

#[test]
fn a_scope_that_is_demanded_is_asked_for() {
    let of = |description: &str| {
        let mut scope = query("scope", false);
        scope["description"] = json!(description);
        let code = ["code"];
        let code = branch("authorization_code", &code, &code);
        example(&[code], &[query("redirect_uri", true), scope], json!({})).1
    };
    for text in [
        "Requested scope. Must include `openid`.",
        "A list of scopes. The 'openid' scope is required.",
    ] {
        let text = of(text);
        assert!(text.contains(".scope(\"openid\")"), "{text}");
    }
    for text in [
        "Requested scope.",
        "Must include `openid` if an ID token is wanted.",
        "The scope must be `a` and `b`.",
        "`scope` is required.",
    ] {
        let text = of(text);
        assert!(!text.contains(".scope("), "{text}");
    }
}
