use serde_json::{Value, json};

use crate::Source;
use crate::model::Model;

/// The deviations of a document with this token operation, beside what it must have.
fn deviations(operation: &Value, others: &Value) -> Vec<String> {
    model(operation, others).deviations
}

/// What is said of it that is no deviation.
pub(super) fn notes(operation: &Value, others: &Value) -> Vec<String> {
    let notes = model(operation, others).notes.into_iter();
    notes.map(|(_, note)| note).collect()
}

fn model(operation: &Value, others: &Value) -> Model {
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
    let reading = crate::read("example", Source::new("a.json", text.as_bytes()), None);
    reading
        .model
        .unwrap_or_else(|| panic!("{:?}", reading.diagnostics))
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
        told[1].starts_with("The token endpoint takes client id and secret in the body;"),
        "{told:?}"
    );
    assert_eq!(
        told[2],
        "The token endpoint takes `account_credentials`, a grant type of the provider's own."
    );
    assert_eq!(told.len(), 3);
}

#[test]
fn a_grant_of_a_specification_is_not_the_providers_own() {
    let uma = "urn:ietf:params:oauth:grant-type:uma-ticket";
    let schema =
        json!({"properties": {"grant_type": {"enum": [uma]}, "ticket": {"type": "string"}}});
    let operation = json!({"requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}});
    let told = notes(&operation, &json!({})).join("\n");
    assert!(told.contains("uma-ticket` ([UMA 2.0"), "{told}");
    assert!(!told.contains("of the provider's own"), "{told}");
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
    let responses = json!({"400": {}});
    let revocation = json!({"/revoke": {"post": {
        "requestBody": {"content": {"application/x-www-form-urlencoded": {
            "schema": {"properties": {"token": {"type": "string"}}}
        }}},
        "responses": responses
    }}});
    assert_eq!(
        deviations(&json!({"responses": responses}), &revocation),
        [
            "The token and revocation endpoints declare no body for 400: there may be no `error` to read."
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
    assert_eq!(
        told[0],
        "Granted scopes are separated by `,`, not by a space."
    );
    assert!(told[1].starts_with("`token_type` may be `jwt`"), "{told:?}");
}

#[test]
fn what_the_extension_says_is_told() {
    let operation = json!({"x-tokensmith": {
        "client-auth": {"method": "secret", "scheme": "Client", "client-id": "key", "audience": "issuer"},
        "access-token": "/jwt",
        "fields": {"refresh_token": "/refresh"},
        "expiry": {"format": "minutes", "lifetime": 60},
        "failure": [{"at": "/ok", "is": [false]}, {"at": "/code", "is-not": [0, 200]}],
        "error": {
            "code": "/code", "description": ["/error_description", "/message", "/text"],
            "codes": {"-1": "server_error", "45009": "rate_limited"}
        }
    }});
    assert_eq!(
        deviations(&operation, &json!({})),
        [
            "The token endpoint takes the client secret alone in the `Authorization` header, after `Client`.",
            "The token endpoint calls the client id `key`.",
            "The access token is at `/jwt` of the response.",
            "`refresh_token` is at `/refresh` of the response.",
            "`expires_in` is the lifetime in minutes, not the lifetime in seconds.",
            "The token endpoint responds with a failure at HTTP 200 as well: `/ok` is `false`.",
            "The token endpoint responds with a failure at HTTP 200 as well: `/code` is not `0` or `200`.",
            "The code of an error is looked for at `/code` first.",
            "The description of an error may be at `/message` or `/text`.",
            "The token endpoint responds with its own error codes: `-1` means `server_error`, `45009` means `rate_limited`.",
        ]
    );
    assert_eq!(
        notes(&operation, &json!({})),
        [
            "Client assertions are made out to the issuer, not to the URL of the endpoint.",
            "A token whose response does not say when it expires is taken to be good for 60 s.",
        ]
    );
}

#[test]
fn what_stands_in_the_url_is_told() {
    let operation = json!({
        "parameters": [
            {"name": "grant_type", "in": "query", "schema": {"enum": ["client_credentials"]}},
            {"name": "client_secret", "in": "query", "required": true, "schema": {"type": "string"}}
        ],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {}}}},
    });
    assert_eq!(
        deviations(&operation, &json!({})),
        [
            "The token endpoint takes client id and secret in the query of the URL, which logs often keep; RFC 6749, section 2.3.1 forbids it.",
            "The token endpoint takes `grant_type` in the query of the URL, not in the body.",
        ]
    );
}

#[test]
fn what_is_in_the_body_anyway_is_not_there_as_well() {
    let text = json!({"type": "string"});
    let schema = json!({
        "required": ["grant_type", "client_id", "client_secret"],
        "properties": {
            "grant_type": {"enum": ["client_credentials"]},
            "client_id": text,
            "client_secret": text
        }
    });
    let operation = json!({
        "security": [],
        "parameters": [{"name": "client_id", "in": "query", "required": true, "schema": text}],
        "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": schema}}}
    });
    assert_eq!(
        deviations(&operation, &json!({})),
        [
            "The token endpoint takes client id and secret in the body; RFC 6749, section 2.3.1 asks for HTTP Basic.",
            "The token endpoint wants `client_id` in the query of the URL as well.",
        ]
    );
}

#[test]
fn paths_tell_endpoints_apart_unless_a_sentence_holds_for_all() {
    let responses = |status: &str| json!({status: {}});
    let operation = |responses: Value, grant: &str| {
        let schema = json!({"properties": {"grant_type": {"enum": [grant]}}});
        let content = json!({"application/x-www-form-urlencoded": {"schema": schema}});
        json!({"post": {
            "security": [{"basic": []}],
            "requestBody": {"content": content},
            "responses": responses
        }})
    };
    let others = json!({
        "/b/token": operation(responses("400"), "own"),
        "/c/token": operation(responses("401"), "own")
    });
    let told = deviations(&json!({"responses": {"503": {}, "default": {}}}), &others);
    assert_eq!(
        told,
        [
            "The token endpoint `/token` declares no body for any other error status: there may be no `error` to read.",
            "The token endpoints `/b/token` and `/c/token` take `own`, a grant type of the provider's own.",
            "The token endpoint `/b/token` declares no body for 400: there may be no `error` to read.",
            "The token endpoint `/c/token` declares no body for 401: there may be no `error` to read.",
        ]
    );
}

#[test]
fn what_a_refresh_does_is_allowed_and_told_all_the_same() {
    let rotates = |how: &str| json!({"x-tokensmith": {"refresh-token": {"rotates": how}}});
    for (how, told) in [
        (
            "always",
            "A refresh returns a new refresh token, which takes the place of the one before.",
        ),
        (
            "sometimes",
            "A refresh may return a new refresh token, which takes the place of the one before.",
        ),
        ("never", "A refresh token stays valid when it is used."),
    ] {
        let nothing: [&str; 0] = [];
        assert_eq!(deviations(&rotates(how), &json!({})), nothing);
        assert_eq!(notes(&rotates(how), &json!({})), [told]);
    }
}

#[test]
fn a_place_of_errors_names_its_endpoints_where_there_are_several() {
    let operation = json!({"x-tokensmith": {"error": {"code": "/errorCode"}}});
    let text = json!({"type": "string"});
    let content = json!({"application/x-www-form-urlencoded": {
        "schema": {"properties": {"token": text}}
    }});
    let revocation = |extension: Value| {
        json!({"/revoke": {"post": {
            "x-tokensmith": extension, "security": [{"basic": []}],
            "requestBody": {"content": content}, "responses": {}
        }}})
    };
    assert_eq!(
        deviations(&operation, &revocation(json!({}))),
        ["At the token endpoint, the code of an error is looked for at `/errorCode` first."]
    );
    let both = revocation(operation["x-tokensmith"].clone());
    assert_eq!(
        deviations(&operation, &both),
        [
            "At the token and revocation endpoints, the code of an error is looked for at `/errorCode` first."
        ]
    );
    assert_eq!(
        deviations(&operation, &json!({})),
        ["The code of an error is looked for at `/errorCode` first."]
    );
}

#[test]
fn a_body_of_an_example_is_a_body() {
    let example = json!({"content": {"application/json": {
        "example": {"error": "invalid_request"}
    }}});
    let nothing: [&str; 0] = [];
    assert_eq!(
        deviations(&json!({"responses": {"400": example}}), &json!({})),
        nothing
    );
}

#[test]
fn an_empty_member_marks_a_failure() {
    let operation = json!({"x-tokensmith": {"failure": [
        {"at": "/error", "is-not": [""]}, {"at": "/token", "is": [""]}
    ]}});
    assert_eq!(
        deviations(&operation, &json!({})),
        [
            "The token endpoint responds with a failure at HTTP 200 as well: `/error` is not empty.",
            "The token endpoint responds with a failure at HTTP 200 as well: `/token` is empty.",
        ]
    );
}

#[test]
fn statuses_are_listed_in_a_sentence() {
    let schema = json!({"properties": {"message": {"type": "string"}}});
    let own = json!({"content": {"application/json": {"schema": schema}}});
    let operation =
        json!({"responses": {"400": own, "401": own, "429": own, "500": {}, "503": {}}});
    assert_eq!(
        deviations(&operation, &json!({})),
        [
            "The description of an error may be at `/message`.",
            "The token endpoint has error responses of the provider's own form for 400 and 401, without `error`.",
        ]
    );
    assert_eq!(
        notes(&operation, &json!({})),
        [
            "The document declares no body for 500 and 503.",
            "Error responses for 429 have the provider's own form, without `error`.",
        ]
    );
}

#[test]
fn the_place_of_an_identifier_alone_is_told() {
    let text = json!({"type": "string"});
    let operation = json!({
        "x-tokensmith": {"client-auth": {"method": "none"}},
        "parameters": [{"name": "client_id", "in": "query", "required": true, "schema": text}]
    });
    assert_eq!(
        deviations(&operation, &json!({})),
        ["The token endpoint takes the client id in the query of the URL, not in the body."]
    );
}

#[test]
fn endpoints_of_one_path_are_told_apart_by_their_requests() {
    let operation = |grant: &str, responses: Value, host: &str| {
        let schema = json!({"properties": {"grant_type": {"enum": [grant]}}});
        let content = json!({"application/x-www-form-urlencoded": {"schema": schema}});
        json!({
            "servers": [{"url": host}],
            "security": [{"basic": []}],
            "requestBody": {"content": content},
            "responses": responses
        })
    };
    let paths = json!({
        "/token": {"post": operation("client_credentials", json!({"400": {}}), "https://a.example")},
        "/token#password": {"post": operation("password", json!({}), "https://b.example")}
    });
    let told = deviations(&json!({}), &paths);
    assert_eq!(
        told,
        [
            "The token endpoint `/token` (`ClientCredentials`) declares no body for 400: there may be no `error` to read."
        ]
    );
}

#[test]
fn bodies_in_another_form_are_declared() {
    let text = json!({"content": {"text/plain": {"schema": {"type": "string"}}}});
    let responses = json!({
        "200": {"content": {"application/vnd.acme+json": {"schema": {
            "properties": {"access_token": {"type": "string"}}
        }}}},
        "400": text,
        "401": {"content": {"application/json": {}}},
        "500": text
    });
    assert_eq!(
        deviations(&json!({"responses": responses}), &json!({})),
        [
            "The token endpoint responds with JSON under the media type `application/vnd.acme+json`, not `application/json`.",
            "The token endpoint has error responses of the provider's own form for 400, without `error`."
        ]
    );
}

#[test]
fn nothing_is_said_of_the_form_of_bodies_that_are_not_sent() {
    let grant =
        json!({"in": "query", "name": "grant_type", "schema": {"enum": ["client_credentials"]}});
    let operation = json!({
        "parameters": [grant],
        "requestBody": {"content": {"application/json": {}}}
    });
    let said = deviations(&operation, &json!({}));
    assert!(said.iter().all(|said| !said.contains("JSON")), "{said:?}");
}
