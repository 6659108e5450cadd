//! What is a secret by the document's own marks, or by its name.

use serde_json::json;
use tokensmith_codegen::emit::{Manifest, Options, emit};
use tokensmith_codegen::{Source, read};

/// Whatever a document marks is not shown: not in a list, not as a number, not in one branch of several.
#[test]
fn what_is_marked_as_a_secret_is_one_whatever_its_shape() {
    let marked = |kind: &str| json!({"type": kind, "format": "password"});
    let properties = json!({
        "grant_type": {"type": "string", "enum": ["client_credentials"]},
        "hints": {"type": "array", "items": marked("string")},
        "parts": {"type": "array", "items": {"type": "string", "writeOnly": true}},
        "one_of_two": {"anyOf": [marked("string"), {"type": "integer"}]},
        "number": marked("integer"),
        "amount": marked("number"),
        "security_answer": {"type": "string"},
        "shared_key": {"type": "string"},
        "plain": {"type": "array", "items": {"type": "string"}},
        "count": {"type": "integer"},
    });
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Example", "version": "1"},
        "servers": [{"url": "https://api.example.com"}],
        "paths": {"/token": {"post": {
            "security": [{"basic": []}],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
                "type": "object", "properties": properties,
            }}}},
            "responses": {"200": {"description": "", "content": {"application/json": {"schema": {
                "type": "object", "properties": {"access_token": {"type": "string"}, "pin_number": marked("integer")},
            }}}}}
        }}},
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    });
    let text = document.to_string();
    let reading = read("example", Source::new("a.json", text.as_bytes()), None);
    let model = reading.model.expect("has no errors");
    let parameters = &model.endpoints[0].operations[0].parameters;
    let mut shown: Vec<&str> = parameters
        .iter()
        .filter(|parameter| !parameter.secret)
        .map(|parameter| parameter.wire.as_str())
        .collect();
    shown.sort_unstable();
    assert_eq!(shown, ["count", "plain"]);
    let files = emit(
        &model,
        &Options {
            source: "a.json".to_owned(),
            command: "a test".to_owned(),
            manifest: Manifest::Workspace,
        },
    );
    assert!(
        files["src/response.rs"].contains("pub pin_number: Option<tokensmith_runtime::Untyped>")
    );
    assert!(files["src/request.rs"].contains("hints: Vec<tokensmith_runtime::Secret>"));
}
