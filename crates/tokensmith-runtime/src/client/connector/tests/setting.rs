//! Settings that go out as they were meant: data of any type, and refresh tokens.

use serde_json::{Value, json};

use super::{connector, oauth2, owned, pairs, sent};
use crate::testing::{play, response};

#[test]
fn data_keeps_its_type() {
    let data = json!({
        "count": 3, "ratio": 0.5, "is_test": true, "nested": {"a": [1, "x"]}, "list": ["a"],
        "text": "t", "nothing": null,
    });
    let settings = |format: &str| {
        oauth2(json!({
            "client_authentication": "none", "format": format, "additional_request_data": data,
        }))
    };
    let body: Value = serde_json::from_slice(sent(&settings("json")).body()).unwrap();
    let mut expected = data.clone();
    expected["client_id"] = "abcd-1234".into();
    expected["grant_type"] = "client_credentials".into();
    assert_eq!(body, expected);
    assert_eq!(
        pairs(&sent(&settings("form"))),
        owned(&[
            ("client_id", "abcd-1234"),
            ("count", "3"),
            ("grant_type", "client_credentials"),
            ("is_test", "true"),
            ("list", r#"["a"]"#),
            ("nested", r#"{"a":[1,"x"]}"#),
            ("nothing", "null"),
            ("ratio", "0.5"),
            ("text", "t"),
        ])
    );
}

#[test]
fn texts_within_data_are_masked() {
    let oauth2 = oauth2(json!({
        "client_authentication": "none",
        "additional_request_data": {"nested": {"key": "canary-of-ours"}},
    }));
    assert!(!format!("{oauth2:?}").contains("canary"));
    let body = r#"{"error":"invalid_request","error_description":"not canary-of-ours"}"#;
    let responses = [response(400, body)];
    let played = play(
        &oauth2.settings().unwrap(),
        &oauth2.request().unwrap(),
        responses,
    );
    let error = played.outcome.unwrap_err();
    assert!(!format!("{error} {error:?}").contains("canary"), "{error}");
}

#[test]
fn a_refresh_token_is_used_whatever_the_grant_was() {
    let refreshed = owned(&[
        ("client_id", "abcd-1234"),
        ("grant_type", "refresh_token"),
        ("refresh_token", "r"),
    ]);
    for grant in ["client_credentials", "authorization_code", "refresh_token"] {
        let oauth2 = oauth2(json!({
            "grant_type": grant, "refresh_token": "r", "client_authentication": "none",
            "redirect_uri": "https://app.example/cb",
        }));
        assert_eq!(pairs(&sent(&oauth2)), refreshed, "{grant}");
    }
    let unset = oauth2(json!({
        "refresh_token": "r", "client_authentication": "none", "scopes": ["read"],
    }));
    assert_eq!(pairs(&sent(&unset)), refreshed);
    // Who asks for refresh tokens by name asks for their scopes, too.
    let named = oauth2(json!({
        "grant_type": "refresh_token", "refresh_token": "r", "client_authentication": "none",
        "scopes": ["read"],
    }));
    assert!(pairs(&sent(&named)).contains(&("scope".to_owned(), "read".to_owned())));
}

#[test]
fn a_code_takes_the_place_of_the_refresh_token() {
    let oauth2 = oauth2(json!({
        "grant_type": "authorization_code", "refresh_token": "r", "client_authentication": "none",
        "redirect_uri": "https://app.example/cb",
    }));
    let request = oauth2.request().unwrap().code("c", None);
    let responses = [response(200, r#"{"access_token":"t"}"#)];
    let played = play(&oauth2.settings().unwrap(), &request, responses);
    assert_eq!(
        pairs(&played.sent[0]),
        owned(&[
            ("client_id", "abcd-1234"),
            ("code", "c"),
            ("grant_type", "authorization_code"),
            ("redirect_uri", "https://app.example/cb"),
        ])
    );
}

#[test]
fn both_placeholders_are_known() {
    let header = |pattern: &str| {
        let settings = json!({"kind": "bearer", "token": "t", "header_value_pattern": pattern});
        let header = connector(settings).header(None);
        header.map(|(_, value)| value.to_str().unwrap().to_owned())
    };
    assert_eq!(header("Bearer %s").unwrap(), "Bearer t");
    assert_eq!(header("%s").unwrap(), "t");
    assert_eq!(header("Bearer {token}").unwrap(), "Bearer t");
    assert_eq!(header("%s={token}").unwrap(), "%s=t");
    header("%s %s").unwrap_err();
    header("Bearer").unwrap_err();
    let oauth2 = oauth2(json!({"header_value_pattern": "Token %s"}));
    assert_eq!(oauth2.pattern(), "Token {token}");
}
