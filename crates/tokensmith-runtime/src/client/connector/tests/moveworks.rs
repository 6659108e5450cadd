//! The settings of Moveworks' HTTP connectors: of the page on client credentials and of its
//! siblings (docs.moveworks.com, agent-studio/connectors/http-connectors).

use serde_json::Value;

use super::{owned, pairs};
use crate::connector::{Connector, OAuth2};
use crate::testing::{play, response};
use crate::{ConnectorMap, Secret};

const SETTINGS: &str = include_str!("moveworks.json");

fn settings() -> ConnectorMap {
    serde_json::from_str(SETTINGS).unwrap()
}

fn oauth2(name: &str) -> OAuth2 {
    match settings().get(name) {
        Some(Connector::OAuth2(oauth2)) => (**oauth2).clone(),
        other => panic!("{name}: {other:?}"),
    }
}

/// The body of the token request, and that after the first one is refused.
fn bodies(name: &str, refusals: usize) -> Vec<Vec<(String, String)>> {
    let oauth2 = oauth2(name);
    let refused = (0..refusals).map(|_| response(401, r#"{"error":"invalid_client"}"#));
    let responses = refused.chain([response(200, r#"{"access_token":"t"}"#)]);
    let played = play(
        &oauth2.settings().unwrap(),
        &oauth2.request().unwrap(),
        responses,
    );
    assert!(played.outcome.is_ok());
    played.sent.iter().map(pairs).collect()
}

#[test]
fn all_of_them_are_read() {
    let map = settings();
    let value: Value = serde_json::from_str(SETTINGS).unwrap();
    assert_eq!(map.iter().count(), value.as_object().unwrap().len());
    #[cfg(feature = "jwt")]
    map.check().unwrap();
}

#[test]
fn known_credentials_are_on_the_request() {
    for (name, header, uri) in [
        ("no_auth", None, "https://api.example.com/"),
        (
            "basic",
            Some("Basic dXNlcjpwYXNzd29yZA=="),
            "https://api.example.com/",
        ),
        (
            "api_key_header",
            Some("ApiKey abc123"),
            "https://api.example.com/",
        ),
        (
            "api_key_query",
            None,
            "https://api.example.com/?api_key=abc123",
        ),
        ("bearer", Some("Bearer t0ken"), "https://api.example.com/"),
    ] {
        let mut request = http::Request::get("https://api.example.com/")
            .body(())
            .unwrap();
        let map = settings();
        map.get(name).unwrap().apply(None, &mut request).unwrap();
        let value = request.headers().get("authorization");
        assert_eq!(value.map(|value| value.to_str().unwrap()), header, "{name}");
        assert_eq!(request.uri(), uri, "{name}");
    }
}

#[test]
fn token_requests_are_those_of_the_pages() {
    let both = bodies("client_credentials", 1);
    assert_eq!(
        both[0],
        owned(&[
            ("Custom-body", "abcde12345"),
            ("grant_type", "client_credentials"),
            ("scope", "read write"),
        ])
    );
    assert!(both[1].contains(&("client_secret".to_owned(), "secret123456".to_owned())));
    let client = [
        ("client_id", "abcd-1234"),
        ("client_secret", "secret123456"),
    ];
    let with_client = |more: &[(&str, &str)]| {
        let mut all = owned(&[&client, more].concat());
        all.sort();
        all
    };
    for (name, more) in [
        (
            "refresh_token",
            [
                ("grant_type", "refresh_token"),
                ("refresh_token", "r3fresh"),
            ]
            .as_slice(),
        ),
        (
            "password",
            &[
                ("grant_type", "password"),
                ("username", "user"),
                ("password", "password"),
            ],
        ),
        (
            "custom_grant",
            &[("grant_type", "account_credentials"), ("account_id", "7")],
        ),
    ] {
        assert_eq!(bodies(name, 0), [with_client(more)], "{name}");
    }
    let header = settings()
        .get("custom_grant")
        .unwrap()
        .header(Some(&Secret::from("t")));
    let (name, value) = header.unwrap();
    assert_eq!(
        (name.as_str(), value.to_str().unwrap()),
        ("x-access-token", "t")
    );
}

#[cfg(feature = "jwt")]
#[test]
fn the_jwt_of_the_grant_and_of_jwks_auth_are_signed() {
    let body = bodies("jwt_bearer", 0).remove(0);
    let assertion = body.iter().find(|(name, _)| name == "assertion").unwrap();
    assert_eq!(assertion.1.split('.').count(), 3);
    let (_, value) = settings().get("jwks").unwrap().header(None).unwrap();
    assert!(value.to_str().unwrap().starts_with("Bearer ey"));
}
