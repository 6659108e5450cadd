mod key;
mod map;
mod moveworks;
mod schema;
mod setting;

use serde_json::{Value, json};

use super::{Connector, OAuth2};
use crate::testing::{form, play, response};
use crate::{ClientAuth, Error, ErrorKind, Secret};

fn connector(settings: Value) -> Connector {
    serde_json::from_value(settings).unwrap()
}

/// The settings of a client, and these.
fn oauth2(more: Value) -> Box<OAuth2> {
    let mut settings = json!({
        "kind": "oauth2",
        "token_url": "https://auth.example.com/oauth2/token?tenant=1",
        "client_id": "abcd-1234",
        "client_secret": "secret123456",
    });
    let members = settings.as_object_mut().unwrap();
    members.extend(more.as_object().unwrap().clone());
    match connector(settings) {
        Connector::OAuth2(oauth2) => oauth2,
        other => panic!("{other:?}"),
    }
}

fn sent(oauth2: &OAuth2) -> http::Request<Vec<u8>> {
    let responses = [response(200, r#"{"access_token":"t"}"#)];
    let played = play(
        &oauth2.settings().unwrap(),
        &oauth2.request().unwrap(),
        responses,
    );
    assert!(played.outcome.is_ok());
    played.sent.into_iter().next().unwrap()
}

fn pairs(request: &http::Request<Vec<u8>>) -> Vec<(String, String)> {
    let mut pairs = form(request);
    pairs.sort();
    pairs
}

fn owned(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    pairs.iter().map(owned).collect()
}

#[test]
fn hosts_are_named_that_plain_http_may_reach() {
    let url = "http://keycloak:8080/token";
    let refused = oauth2(json!({ "token_url": url })).settings().unwrap_err();
    assert!(
        refused.to_string().contains("`plain_http_hosts`"),
        "{refused}"
    );
    let named = oauth2(json!({ "token_url": url, "plain_http_hosts": ["keycloak:8080"] }));
    assert_eq!(sent(&named).uri(), url);
    let odd = oauth2(json!({ "token_url": url, "plain_http_hosts": ["*"] }));
    assert_eq!(odd.settings().unwrap_err().kind(), ErrorKind::Config);
}

#[test]
fn a_blank_scope_is_none_and_a_name_has_no_colon() {
    let request = sent(&oauth2(json!({ "scopes": ["", "read"] })));
    assert!(form(&request).contains(&("scope".to_owned(), "read".to_owned())));
    let request = sent(&oauth2(json!({ "scopes": [""] })));
    assert!(form(&request).iter().all(|(name, _)| name != "scope"));
    let basic = connector(json!({ "kind": "basic", "username": "a:b", "password": "canary" }));
    let error = basic.header(None).unwrap_err();
    assert!(error.to_string().contains("`username`"), "{error}");
}

#[test]
fn client_credentials_with_data_of_its_own() {
    let request = sent(&oauth2(json!({
        "client_authentication": "body",
        "scopes": ["read", "write"],
        "additional_request_data": {"Custom-body": "abcde12345"},
        "additional_headers": {"X-Tenant": "7"},
    })));
    assert_eq!(
        request.uri(),
        "https://auth.example.com/oauth2/token?tenant=1"
    );
    assert_eq!(request.headers()["x-tenant"], "7");
    assert_eq!(
        pairs(&request),
        owned(&[
            ("Custom-body", "abcde12345"),
            ("client_id", "abcd-1234"),
            ("client_secret", "secret123456"),
            ("grant_type", "client_credentials"),
            ("scope", "read write"),
        ])
    );
}

#[test]
fn a_blank_authentication_is_both_in_turn() {
    for blank in [json!(null), json!(""), json!(" "), json!("auto")] {
        let oauth2 = oauth2(json!({"client_authentication": blank}));
        let responses = [response(401, ""), response(200, r#"{"access_token":"t"}"#)];
        let played = play(
            &oauth2.settings().unwrap(),
            &oauth2.request().unwrap(),
            responses,
        );
        assert!(played.sent[0].headers().contains_key("authorization"));
        assert!(
            pairs(&played.sent[1])
                .contains(&("client_secret".to_owned(), "secret123456".to_owned()))
        );
    }
    let basic = oauth2(json!({"client_authentication": "basic"}));
    assert_eq!(basic.client_authentication, Some(ClientAuth::Basic));
}

#[test]
fn every_grant_has_its_settings() {
    let grant = |more| {
        let mut parameters = pairs(&sent(&oauth2(more)));
        parameters.retain(|(name, _)| name != "grant_type");
        parameters
    };
    assert_eq!(
        grant(json!({"grant_type": "password", "username": "u", "password": "p", "scopes": "a b"})),
        owned(&[("password", "p"), ("scope", "a b"), ("username", "u")])
    );
    assert_eq!(
        grant(json!({"grant_type": "refresh_token", "refresh_token": "r"})),
        owned(&[("refresh_token", "r")])
    );
    assert_eq!(
        grant(
            json!({"grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer", "assertion": "j.w.t"})
        ),
        owned(&[("assertion", "j.w.t")])
    );
    let custom = oauth2(json!({
        "custom_grant_type": "account_credentials",
        "additional_request_data": {"account_id": "7"},
        "format": "json",
    }));
    let body: Value = serde_json::from_slice(sent(&custom).body()).unwrap();
    assert_eq!(
        body,
        json!({"grant_type": "account_credentials", "account_id": "7"})
    );
}

#[test]
fn the_issuer_is_one_that_redirects_and_assertions_are_compared_with() {
    let named = oauth2(json!({"issuer": "https://issuer.example"}));
    let settings = named.settings().unwrap();
    assert_eq!(settings.known_issuer(), Some("https://issuer.example"));
    let settings = oauth2(json!({})).settings().unwrap();
    assert_eq!(settings.known_issuer(), None);
}

#[test]
fn an_authorization_code_is_given_to_the_request() {
    let oauth2 = oauth2(json!({
        "grant_type": "authorization_code",
        "authorization_url": "https://auth.example.com/authorize?prompt=consent",
        "redirect_uri": "https://app.example/cb",
        "client_authentication": "none",
        "scopes": ["read"],
    }));
    let request = oauth2
        .request()
        .unwrap()
        .code("c", Some(&Secret::from("v")));
    let responses = [response(200, r#"{"access_token":"t"}"#)];
    let played = play(&oauth2.settings().unwrap(), &request, responses);
    assert_eq!(
        pairs(&played.sent[0]),
        owned(&[
            ("client_id", "abcd-1234"),
            ("code", "c"),
            ("code_verifier", "v"),
            ("grant_type", "authorization_code"),
            ("redirect_uri", "https://app.example/cb"),
        ])
    );
    // Without the code nothing is sent.
    let played = play(&oauth2.settings().unwrap(), &oauth2.request().unwrap(), []);
    assert!(
        played
            .outcome
            .unwrap_err()
            .to_string()
            .contains("`code` is required")
    );

    let refresh = oauth2.refresh("r").unwrap();
    let responses = [response(200, r#"{"access_token":"t"}"#)];
    let played = play(&oauth2.settings().unwrap(), &refresh, responses);
    assert!(
        pairs(&played.sent[0]).contains(&("grant_type".to_owned(), "refresh_token".to_owned()))
    );

    #[cfg(feature = "authorization")]
    {
        let url = oauth2.authorization().unwrap().url;
        assert!(url.starts_with("https://auth.example.com/authorize?prompt=consent&response_type=code&client_id=abcd-1234&"));
        assert!(
            url.contains("scope=read")
                && url.contains("redirect_uri=https%3A%2F%2Fapp.example%2Fcb")
        );
    }
}

#[test]
fn a_setting_of_another_grant_is_refused() {
    let refused = |more| {
        let error = oauth2(more).request().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        error.to_string()
    };
    let message = refused(json!({"username": "u"}));
    assert!(
        message
            .contains("`username`: it is set, and the grant `client_credentials` does not take it"),
        "{message}"
    );
    assert!(refused(json!({"grant_type": "password", "username": "u", "password": "p", "refresh_token": "r"})).contains("`refresh_token`"));
    // What a grant needs is missed when it is sent.
    let password = oauth2(json!({"grant_type": "password", "username": "u"}));
    let played = play(
        &password.settings().unwrap(),
        &password.request().unwrap(),
        [],
    );
    assert!(
        played
            .outcome
            .unwrap_err()
            .to_string()
            .contains("`password` is required")
    );
}

#[test]
fn the_header_is_as_the_pattern_says() {
    let header = |connector: &Connector| {
        let (name, value) = connector.header(Some(&Secret::from("t0k"))).unwrap();
        assert!(value.is_sensitive());
        format!("{name}: {}", value.to_str().unwrap())
    };
    let shopify =
        json!({"header_key": "X-Shopify-Access-Token", "header_value_pattern": "{token}"});
    assert_eq!(
        header(&Connector::OAuth2(oauth2(shopify))),
        "x-shopify-access-token: t0k"
    );
    assert_eq!(
        header(&Connector::OAuth2(oauth2(json!({})))),
        "authorization: Bearer t0k"
    );
    assert_eq!(
        header(&connector(json!({"kind": "bearer", "token": "b"}))),
        "authorization: Bearer b"
    );
    assert_eq!(
        header(&connector(json!({"kind": "api_key", "key": "k"}))),
        "x-api-key: k"
    );
    assert_eq!(
        header(&connector(
            json!({"kind": "api_key", "key": "k", "header_key": "Authorization", "header_value_pattern": "ApiKey {token}"})
        )),
        "authorization: ApiKey k"
    );
    assert_eq!(
        header(&connector(
            json!({"kind": "basic", "username": "u", "password": "p"})
        )),
        "authorization: Basic dTpw"
    );
}

#[test]
fn what_cannot_be_used_is_refused_before_a_token_is_asked_for() {
    let config = |outcome: Result<crate::protocol::Settings, Error>| {
        let error = outcome.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Config);
        error.to_string()
    };
    for pattern in ["Bearer", "{token} {token}", ""] {
        let message = config(oauth2(json!({"header_value_pattern": pattern})).settings());
        assert!(
            message.contains("`header_value_pattern`: expected `{token}`"),
            "{message}"
        );
    }
    config(oauth2(json!({"header_key": "no header"})).settings());
    config(oauth2(json!({"token_url": "http://auth.example.com"})).settings());
    config(oauth2(json!({"additional_headers": {"Authorization": "x"}})).settings());
    for wrong in [
        json!({"kind": "oauth2", "token_url": "https://a.example", "client_id": "x", "token_uri": "y"}),
        json!({"kind": "oauth2", "token_url": "https://a.example", "client_id": "x", "grant_type": "a", "custom_grant_type": "b"}),
        json!({"kind": "oauth2", "token_url": "https://a.example", "client_id": "x", "client_authentication": "bodily"}),
        json!({"kind": "oauth2", "client_id": "x"}),
        json!({"kind": "magic"}),
        json!({"kind": "bearer", "token": "t", "password": "p"}),
    ] {
        assert!(
            serde_json::from_value::<Connector>(wrong.clone()).is_err(),
            "{wrong}"
        );
    }
}

#[test]
fn debug_shows_no_secret() {
    let oauth2 = oauth2(json!({
        "grant_type": "password", "username": "u", "password": "canary", "client_secret": "canary",
        "additional_headers": {"X-Key": "canary"}, "additional_request_data": {"key": "canary"},
    }));
    let shown = format!("{:?} {:?}", oauth2, oauth2.request().unwrap());
    assert!(!shown.contains("canary"));
}
