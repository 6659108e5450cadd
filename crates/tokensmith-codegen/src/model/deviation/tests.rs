use serde_json::{Value, json};

use crate::Source;

/// The deviations of a document with this token operation, beside what it must have.
fn deviations(operation: &Value, others: &Value) -> Vec<String> {
    let grant = json!({"properties": {"grant_type": {"enum": ["client_credentials"]}}});
    let mut token = json!({
        "security": [{"basic": []}],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": grant}}},
        "responses": {}
    });
    merge(&mut token, operation);
    let mut paths = json!({"/token": {"post": token}});
    merge(&mut paths, others);
    let document = json!({
        "openapi": "3.1.0",
        "info": {},
        "servers": [{"url": "https://a.example"}],
        "paths": paths,
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    });
    let text = document.to_string();
    let reading = crate::read(
        "example",
        Source {
            name: "a.json",
            bytes: text.as_bytes(),
        },
        None,
    );
    reading
        .model
        .unwrap_or_else(|| panic!("{:?}", reading.diagnostics))
        .deviations
}

fn merge(target: &mut Value, more: &Value) {
    for (key, value) in more.as_object().into_iter().flatten() {
        target[key] = value.clone();
    }
}

#[test]
fn what_follows_the_rfc_is_not_mentioned() {
    assert_eq!(deviations(&json!({}), &json!({})), <[String; 0]>::default());
}

#[test]
fn json_and_the_body_are_told() {
    let schema = json!({"properties": {
        "grant_type": {"enum": ["account_credentials"]}, "client_secret": {"type": "string"}
    }});
    let operation = json!({"security": [], "requestBody": {"content": {"application/json": {"schema": schema}}}});
    let told = deviations(&operation, &json!({}));
    assert!(
        told[0].starts_with("The token endpoint takes its parameters as JSON"),
        "{told:?}"
    );
    assert!(
        told[1].starts_with("The token endpoint takes client id and secret in the body only"),
        "{told:?}"
    );
    assert_eq!(
        told[2],
        "`account_credentials` is a grant type of the provider's own."
    );
    assert_eq!(told.len(), 3);
}

#[test]
fn the_place_of_the_token_is_told() {
    let schema =
        json!({"properties": {"data": {"properties": {"access_token": {"type": "string"}}}}});
    let responses = json!({"200": {"content": {"application/json": {"schema": schema}}}});
    assert_eq!(
        deviations(&json!({"responses": responses}), &json!({})),
        ["The access token is at `/data/access_token` of the response."]
    );
}

#[test]
fn what_holds_for_several_endpoints_is_said_once() {
    let responses = json!({"503": {}});
    let revocation = json!({"/revoke": {"post": {
        "requestBody": {"content": {"application/x-www-form-urlencoded": {
            "schema": {"properties": {"token": {"type": "string"}}}
        }}},
        "responses": responses
    }}});
    assert_eq!(
        deviations(&json!({"responses": responses}), &revocation),
        [
            "The token and revocation endpoints declare no body for 503: there may be no `error` to read."
        ]
    );
}

#[test]
fn odd_token_types_and_separators_are_told() {
    let schema = json!({"properties": {
        "access_token": {"type": "string"}, "token_type": {"type": "string", "enum": ["bearer", "jwt"]}
    }});
    let operation = json!({
        "x-tokensmith": {"scope-separator": ","},
        "responses": {"200": {"content": {"application/json": {"schema": schema}}}}
    });
    let told = deviations(&operation, &json!({}));
    assert_eq!(told[0], "Scopes are separated by `,`, not by a space.");
    assert!(told[1].starts_with("`token_type` may be `jwt`"), "{told:?}");
}
