use serde_json::{Value, json};

use super::*;
use crate::Source as Document;

fn texts(grants: &BTreeSet<String>) -> Vec<&str> {
    grants.iter().map(String::as_str).collect()
}

#[test]
fn values_are_known_as_words_or_between_quotes() {
    let of = |text| named(text);
    assert_eq!(
        texts(&of("Always `client_credentials`.")),
        ["client_credentials"]
    );
    assert_eq!(
        texts(&of("Either \"password\" or client_credentials: see below")),
        ["client_credentials", "password"]
    );
    assert!(of("Send the password and my_client_credentials").is_empty());
    assert_eq!(
        texts(&of("`client_credentials`; `password` is not supported")),
        ["client_credentials"]
    );
    let list = "`authorization_code`, `password` and `refresh_token` are not supported";
    assert!(of(list).is_empty());
    let apart = "`client_credentials`, `password` is not supported";
    assert_eq!(texts(&of(apart)), ["client_credentials"]);
    let exchange = "urn:ietf:params:oauth:grant-type:token-exchange";
    assert_eq!(
        texts(&of(&format!("Must be `{exchange}`, which ..."))),
        [exchange]
    );
}

fn operation(description: &str) -> ApiOperation {
    ApiOperation {
        description: Some(description.to_owned()),
        ..ApiOperation::default()
    }
}

#[test]
fn an_operation_names_grants_in_words() {
    let one = by_words(&operation("A token by the Client Credentials flow"));
    assert_eq!(texts(&one), ["client_credentials"]);
    let two = by_words(&operation("Client credentials or authorization_code"));
    assert_eq!(texts(&two), ["authorization_code", "client_credentials"]);
    let again = by_words(&operation("not client credentials but client credentials"));
    assert_eq!(texts(&again), ["client_credentials"]);
    let denied = by_words(&operation("Client credentials, not authorization_code"));
    assert_eq!(texts(&denied), ["client_credentials"]);
}

#[test]
fn an_operation_names_several_grants_by_their_values() {
    for (text, expected) in [
        (
            "Supports the `client_credentials`, `refresh_token` and `password` grants.",
            vec!["client_credentials", "password", "refresh_token"],
        ),
        (
            "Use `grant_type=client_credentials` for machines, `grant_type=refresh_token` to refresh.",
            vec!["client_credentials", "refresh_token"],
        ),
        (
            "| grant_type | when |\n|---|---|\n| client_credentials | machines |\n| refresh_token | later |",
            vec!["client_credentials", "refresh_token"],
        ),
        (
            "Exchanges an `authorization_code` for an `access_token` and a `refresh_token`.",
            vec!["authorization_code"],
        ),
        ("Returns `access_token`, `refresh_token`.", vec![]),
    ] {
        assert_eq!(
            texts(&named_by_operation(&operation(text))),
            expected,
            "{text}"
        );
    }
}

/// The grants of the requests that a document with this token operation gets.
fn requested(grant_type: &Value, description: &str) -> BTreeSet<String> {
    let document = json!({
        "openapi": "3.0.3",
        "info": {"title": "Example", "version": "1"},
        "servers": [{"url": "https://a.example"}],
        "paths": {"/token": {"post": {
            "description": description,
            "security": [{"basic": []}],
            "requestBody": {"content": {"application/x-www-form-urlencoded": {"schema": {
                "properties": {"grant_type": grant_type}
            }}}},
            "responses": {}
        }}},
        "components": {"securitySchemes": {"basic": {"type": "http", "scheme": "basic"}}}
    });
    let text = document.to_string();
    let reading = crate::read("example", Document::new("a.json", text.as_bytes()), None);
    let model = reading
        .model
        .unwrap_or_else(|| panic!("{:?}", reading.diagnostics));
    let operations = model.endpoints.iter().flat_map(|one| &one.operations);
    operations.filter_map(|one| one.grant.clone()).collect()
}

#[test]
fn a_grant_that_a_text_denies_gets_no_request() {
    let any = json!({"type": "string"});
    let denied = "Must be client_credentials; authorization_code is not supported.";
    let listed = "Takes `client_credentials`. `authorization_code`, `password` are not supported.";
    for text in [denied, listed] {
        let described = json!({"type": "string", "description": text});
        assert_eq!(
            texts(&requested(&described, "")),
            ["client_credentials"],
            "{text}"
        );
    }
    for text in [denied, listed, "Client credentials, not authorization_code"] {
        assert_eq!(
            texts(&requested(&any, text)),
            ["client_credentials"],
            "{text}"
        );
    }
    let both = "One of `client_credentials`, AUTHORIZATION_CODE.";
    let named = requested(&any, both);
    assert_eq!(texts(&named), ["authorization_code", "client_credentials"]);
}
