//! What is told of successes and refusals, with what to write.

use serde_json::{Value, json};

use crate::{Diagnostic, Source};

/// What is told of a token endpoint with these responses: message and help.
fn told(responses: Value, extension: Value) -> Vec<String> {
    let schema = json!({"type": "object", "required": ["grant_type"], "properties": {
        "grant_type": {"type": "string", "enum": ["client_credentials"]}
    }});
    let content = json!({"application/x-www-form-urlencoded": {"schema": schema}});
    let document = json!({
        "openapi": "3.1.0",
        "info": {"title": "A", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "security": [{"basic": []}],
        "paths": {"/token": {"post": {
            "x-tokensmith": extension,
            "requestBody": {"content": content},
            "responses": responses
        }}},
        "components": {
            "securitySchemes": {"basic": {"type": "http", "scheme": "basic"}},
            "examples": {"token": {"value": {"access_token": "abc"}}}
        }
    });
    let text = document.to_string();
    let reading = crate::read("a", Source::new("a.json", text.as_bytes()), None);
    let found = reading.diagnostics.into_iter();
    let told = found.filter(|found| !found.rule.is_lint() || found.rule.code() == "TS046");
    let whole = |found: Diagnostic| format!("{} {}", found.message, found.help.unwrap_or_default());
    told.map(whole).collect()
}

fn body(schema: Value) -> Value {
    json!({"description": "d", "content": {"application/json": {"schema": schema}}})
}

fn object(properties: Value) -> Value {
    json!({"type": "object", "properties": properties})
}

#[track_caller]
fn says(told: &[String], parts: &[&str]) {
    let has = |one: &String| parts.iter().all(|part| one.contains(part));
    assert!(told.iter().any(has), "{parts:?} is not in {told:#?}");
}

#[test]
fn other_successes_are_told() {
    let text = json!({"type": "string"});
    let token = body(object(json!({"access_token": text})));
    let pending = json!({"type": "string", "enum": ["pending"]});
    let responses = json!({
        "200": token,
        "201": body(object(json!({"token": text, "device_id": text}))),
        "202": body(object(json!({"status": pending}))),
        "203": body(object(json!({"access_token": text, "device_id": text}))),
    });
    let found = told(responses, json!({}));
    let places = "{access-token: [/access_token, /token]}";
    says(
        &found,
        &["the success 201", "nothing at `/access_token`", places],
    );
    says(
        &found,
        &["the success 202", "{at: /status, is: [\"pending\"]}"],
    );
    says(&found, &["`device_id`: declared for the success 203 alone"]);
    assert_eq!(told(json!({"200": token}), json!({})), [] as [&str; 0]);
}

#[test]
fn what_a_condition_adds_to_a_response_is_told() {
    let mut schema = object(json!({"access_token": {"type": "string"}}));
    schema["if"] = object(json!({"kind": {"const": "a"}}));
    schema["then"] = object(json!({"extra": {"type": "string"}}));
    let found = told(json!({"200": body(schema)}), json!({}));
    says(&found, &["under a condition (`if`, `then`, `else`)"]);
}

#[test]
fn a_refusal_is_known_by_its_own_mark() {
    let word = |word: &str| json!({"type": "string", "enum": [word]});
    let forms = json!([
        object(json!({"status": word("ok"), "access_token": {"type": "string"}})),
        object(json!({"status": word("fail"), "reason": {"type": "string"}})),
    ]);
    let found = told(json!({"200": body(json!({ "oneOf": forms }))}), json!({}));
    says(&found, &["no access token", "{at: /status, is: [fail]}"]);
    for (example, mark) in [
        (
            json!({"success": false, "errorCode": 1001}),
            "{at: /success, is: [false]}",
        ),
        (
            json!({"result": "KO", "error_code": "A"}),
            "{at: /result, is: [\"KO\"]}",
        ),
        (json!({"errcode": 40013}), "{at: /errcode, is-not: [0]}"),
    ] {
        let mut response = body(object(json!({"access_token": {"type": "string"}})));
        response["content"]["application/json"]["example"] = example;
        says(
            &told(json!({"200": response}), json!({})),
            &["nothing marks it", mark],
        );
    }
}

#[test]
fn every_pointer_into_a_refusal_is_checked() {
    let token = body(object(json!({"access_token": {"type": "string"}})));
    let refusal = body(object(json!({"reason": {"type": "string"}})));
    let (alone, both) = (json!({"200": token}), json!({"200": token, "400": refusal}));
    let failure = json!([{"at": "/access_token", "is": ["x"]}, {"at": "/head", "is": ["x"]}]);
    let code = json!({"error": {"code": ["/reason", "/head"]}});
    for (responses, extension) in [
        (&alone, json!({"failure": failure})),
        (&both, code.clone()),
        (&both, json!({"request-id": "/head"})),
    ] {
        says(
            &told(responses.clone(), extension),
            &["`/head` is read, but the schema of the response has no `head`"],
        );
    }
    // Where no error is declared, nothing is known of one.
    assert_eq!(told(alone, code), [] as [&str; 0]);
}

#[test]
fn an_example_that_refers_to_its_value_is_that_value() {
    for reference in [
        "#/components/examples/token/value",
        "#/components/examples/token",
    ] {
        let mut response = body(object(json!({"access_token": {"type": "string"}})));
        response["content"]["application/json"]["example"] = json!({ "$ref": reference });
        assert_eq!(told(json!({"200": response}), json!({})), [] as [&str; 0]);
    }
    let mut response = body(object(json!({"access_token": {"type": "string"}})));
    response["content"]["application/json"]["example"] = json!({"$ref": "#/components/examples/b"});
    let found = told(json!({"200": response}), json!({}));
    says(&found, &["`#/components/examples/b` points at nothing"]);
}

#[test]
fn a_mapped_value_that_no_enum_has_is_told() {
    let schema = json!({
        "type": "object",
        "properties": {
            "access_token": {"type": "string"},
            "kind": {"type": "string", "enum": ["first"]}
        },
        "discriminator": {"propertyName": "kind", "mapping": {"first": "#/a", "again": "#/b"}}
    });
    let told = told(json!({"200": body(schema)}), json!({}));
    says(&told, &["`again`: mapped", "`kind`"]);
    assert!(!told.iter().any(|told| told.contains("first")), "{told:?}");
}

#[test]
fn every_redirect_and_every_empty_success_is_told() {
    let token = body(object(json!({"access_token": {"type": "string"}})));
    let empty = json!({"description": "d"});
    let responses = json!({
        "200": token, "202": empty, "204": empty, "307": empty, "308": empty
    });
    let told = told(responses, json!({}));
    says(&told, &["the responses 307 and 308 redirect"]);
    says(&told, &["the successes 202 and 204 have no body"]);
}

#[test]
fn a_status_of_success_or_failure_around_the_token_is_told() {
    let status = |values: Value| {
        let status = json!({"type": "string", "enum": values});
        let inner = object(json!({"access_token": {"type": "string"}}));
        let whole = object(json!({"status": status, "result": inner}));
        told(json!({"201": body(whole)}), json!({}))
    };
    let mark = "failure: [{at: /status, is: [failure]}]";
    says(
        &status(json!(["success", "failure"])),
        &["`/status` around the token", mark],
    );
    let other = status(json!(["active", "pending"]));
    assert!(
        !other.iter().any(|one| one.contains("/status")),
        "{other:?}"
    );
}

#[test]
fn the_code_of_a_success_is_what_the_document_shows() {
    let envelope = |code: Value| {
        let token = object(json!({"access_token": {"type": "string"}}));
        let members = json!({"code": code, "description": {"type": "string"}, "data": token});
        told(json!({"200": body(object(members))}), json!({}))
    };
    for (code, mark) in [
        (json!({"type": "string", "example": "00"}), "is-not: ['00']"),
        (
            json!({"type": "string", "const": "SUCCESS"}),
            "is-not: ['SUCCESS']",
        ),
        (json!({"type": "integer", "enum": [200]}), "is-not: [200]"),
        (json!({"type": "integer", "default": 0}), "is-not: [0]"),
        (json!({"type": "string"}), "is-not: [0]"),
    ] {
        says(&envelope(code), &["around the token", mark]);
    }
}

#[test]
fn a_member_that_a_response_requires_and_does_not_declare_is_told() {
    let text = json!({"type": "string"});
    let token = body(object(json!({"access_token": text})));
    let refusal = |members: Value| {
        let mut schema = object(members);
        schema["required"] = json!(["error", "errorDescription"]);
        json!({"200": token, "400": body(schema)})
    };
    let without = json!({"error": text, "error_description": text});
    says(
        &told(refusal(without), json!({})),
        &["`errorDescription`: required by the schema of a response, and declared nowhere"],
    );
    let with = json!({"error": text, "errorDescription": text});
    let found = told(refusal(with), json!({}));
    assert!(
        !found.iter().any(|told| told.contains("declared nowhere")),
        "{found:?}"
    );
    // Another part of the schema may declare it.
    let parts = json!([
        {"required": ["error"]},
        object(json!({"error": text, "error_description": text}))
    ]);
    let found = told(
        json!({"200": token, "400": body(json!({"allOf": parts}))}),
        json!({}),
    );
    assert!(
        !found.iter().any(|told| told.contains("declared nowhere")),
        "{found:?}"
    );
}
