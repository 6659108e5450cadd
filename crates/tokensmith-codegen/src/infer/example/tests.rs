use serde_json::{Value, json};

use crate::model::{Client, Examples, Meaning};
use crate::{Diagnostic, Rule, Source, read};

/// What the examples of a token endpoint are, and what is told of them.
fn examples(auth: &Value, request: &Value, responses: &Value) -> (Examples, Vec<Diagnostic>) {
    let text = || json!({"type": "string"});
    let schema = json!({
        "type": "object",
        "properties": {
            "grant_type": {"type": "string", "enum": ["client_credentials", "refresh_token"]},
            "client_id": text(), "client_secret": text(), "refresh_token": text(),
            "code_word": {"type": "string", "maxLength": 4},
            "mode": {"type": "string", "default": "slow"},
            "ratio": {"type": "number"}
        }
    });
    let response = |example: &Value| {
        let schema = json!({"type": "object"});
        json!({"description": "", "content": {"application/json": {"schema": schema, "example": example}}})
    };
    let responses: serde_json::Map<String, Value> = responses
        .as_object()
        .into_iter()
        .flatten()
        .map(|(status, example)| (status.clone(), response(example)))
        .collect();
    let form = json!({"schema": schema, "example": request});
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Example", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/token": {"post": {
            "security": auth,
            "requestBody": {"content": {"application/x-www-form-urlencoded": form}},
            "responses": responses
        }}},
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    })
    .to_string();
    let reading = read(
        "example",
        Source::new("example.json", document.as_bytes()),
        None,
    );
    let told = reading
        .diagnostics
        .into_iter()
        .filter(|diagnostic| diagnostic.rule == Rule::WrongExample)
        .collect();
    let mut endpoints = reading
        .model
        .map(|model| model.endpoints)
        .unwrap_or_default();
    (endpoints.remove(0).examples, told)
}

fn with_basic(request: &Value, responses: &Value) -> (Examples, Vec<Diagnostic>) {
    examples(&json!([{"basic": []}, {}]), request, responses)
}

#[test]
fn the_client_is_where_the_example_has_it() {
    let client = |request: &Value| {
        let (examples, told) = with_basic(request, &json!({}));
        assert!(told.is_empty(), "{told:?}");
        examples.requests[0].client.clone()
    };
    let id = || "a".to_owned();
    assert_eq!(
        client(&json!({"grant_type": "client_credentials"})),
        Client::Elsewhere
    );
    assert_eq!(
        client(&json!({"grant_type": "client_credentials", "client_id": "a"})),
        Client::Public { id: id() }
    );
    assert_eq!(
        client(
            &json!({"grant_type": "client_credentials", "client_id": "a", "client_secret": "s"})
        ),
        Client::Secret {
            id: id(),
            secret: "s".to_owned()
        }
    );
}

#[test]
fn what_is_sent_has_what_is_undeclared_but_no_optional_default_and_nothing_that_is_null() {
    let request =
        json!({"grant_type": "refresh_token", "refresh_token": "r", "own": 1, "other": null});
    let (examples, told) = with_basic(&request, &json!({}));
    assert!(told.is_empty(), "{told:?}");
    let example = &examples.requests[0];
    assert_eq!(example.extra, [("own".to_owned(), "1".to_owned())]);
    let body = json!({"grant_type": "refresh_token", "refresh_token": "r", "own": "1"});
    assert_eq!(Value::Object(example.body.clone()), body);
}

#[test]
fn requests_that_cannot_be_made_are_told() {
    for (request, what) in [
        // The schema says so already.
        (json!({"grant_type": "password"}), "`enum`"),
        (json!({"mode": "fast"}), "has no `grant_type`"),
        (
            json!({"grant_type": "refresh_token"}),
            "lacks `refresh_token`",
        ),
        (
            json!({"grant_type": "client_credentials", "code_word": "sesame"}),
            "longer",
        ),
        (
            json!({"grant_type": "client_credentials", "client_secret": ""}),
            "client_secret",
        ),
        (
            json!({"grant_type": "client_credentials", "own": {"a": 1}}),
            "`own`",
        ),
        (
            json!({"grant_type": "client_credentials", "ratio": "inf"}),
            "declared",
        ),
        (json!([1]), "declared"),
    ] {
        let (examples, told) = with_basic(&request, &json!({}));
        assert!(examples.requests.is_empty(), "{request}");
        assert!(
            told.iter().any(|told| told.message.contains(what)),
            "{request}: {told:?}"
        );
        assert_eq!(told.len(), 1, "{told:?}");
    }
}

#[test]
fn responses_are_what_they_mean() {
    let responses = json!({
        "200": {"access_token": "t", "expires_in": 60},
        "401": {"error": "invalid_client"},
        "default": {"message": "no"}
    });
    let request = json!({"grant_type": "client_credentials"});
    let (examples, told) = with_basic(&request, &responses);
    assert!(told.is_empty(), "{told:?}");
    let statuses: Vec<u16> = examples
        .responses
        .iter()
        .map(|response| response.status)
        .collect();
    assert_eq!(statuses, [200, 400, 401]);
    assert!(
        matches!(&examples.responses[0].meaning, Meaning::Token { access_token, .. } if access_token == "t")
    );
    let refused = |index: usize| match &examples.responses[index].meaning {
        Meaning::Refusal { code, case } => (code.as_deref(), *case),
        _ => (None, None),
    };
    assert_eq!(refused(1), (None, Some(1)));
    assert_eq!(refused(2), (Some("invalid_client"), Some(0)));
}

#[test]
fn a_success_without_a_token_is_told() {
    let request = json!({"grant_type": "client_credentials"});
    let (examples, told) = with_basic(&request, &json!({"200": {"token_type": "Bearer"}}));
    assert!(examples.responses.is_empty());
    assert!(
        told[0]
            .message
            .contains("no access token at `/access_token`"),
        "{told:?}"
    );
    assert_eq!(
        told[0].pointer,
        "/paths/~1token/post/responses/200/content/application~1json/example"
    );
}

#[test]
fn a_refusal_among_successes_is_told_with_what_marks_it() {
    let request = json!({"grant_type": "client_credentials"});
    let refusal = json!({"200": {"errcode": 40013, "errmsg": "invalid appid"}});
    let (_, told) = with_basic(&request, &refusal);
    let help = told[0].help.as_deref().unwrap_or_default();
    assert!(
        help.contains("failure: [{at: /errcode, is-not: [0]}]"),
        "{told:?}"
    );
}
