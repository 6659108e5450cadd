//! Connectors of a configuration that is loaded again.

use std::sync::Arc;

use serde_json::{Value, json};
use tokensmith_runtime::connector::ConnectorMap;

use super::grants;
use crate::testing::{HOUR, World, ask};
use crate::{Connectors, LoadedConnector, TokenErrorKind};

fn settings(value: Value) -> ConnectorMap {
    serde_json::from_value(value).expect("settings")
}

fn connectors(world: &World) -> Connectors<World> {
    Connectors::new(world.clone()).options(world.options())
}

/// Settings of a client, and these.
fn oauth2(more: &Value) -> Value {
    let mut settings = json!({
        "kind": "oauth2", "token_url": "https://auth.example.com/token", "client_id": "a",
        "client_secret": "S3cret-canary",
    });
    for (name, value) in more.as_object().expect("members") {
        settings[name] = value.clone();
    }
    settings
}

async fn token(world: &World, connector: &LoadedConnector) -> String {
    let tokens = connector.tokens().expect("a source");
    let token = ask(world, tokens).await.expect("a token");
    token.access_token().to_owned()
}

fn request() -> http::Request<()> {
    http::Request::new(())
}

#[tokio::test]
async fn what_has_not_changed_keeps_its_token() {
    let world = World::default();
    let connectors = connectors(&world);
    let map = |scope: &str| {
        settings(json!({
            "crm": oauth2(&json!({})), "erp": oauth2(&json!({"scopes": [scope]})),
            "wiki": {"kind": "none"},
        }))
    };
    let reload = connectors.load(&map("a")).expect("settings");
    assert_eq!(reload.added, ["crm", "erp", "wiki"]);
    let [crm, erp] = ["crm", "erp"].map(|name| connectors.get(name).expect("is there"));
    let first = token(&world, &crm).await;
    token(&world, &erp).await;
    assert_eq!(world.requests(), 2);

    let mut changed = map("b");
    changed = changed
        .iter()
        .filter(|(name, _)| *name != "wiki")
        .map(|(name, connector)| (name.to_owned(), connector.clone()))
        .collect();
    let reload = connectors.load(&changed).expect("settings");
    assert_eq!(
        (reload.kept.as_slice(), reload.replaced.as_slice()),
        (["crm".to_owned()].as_slice(), ["erp".to_owned()].as_slice())
    );
    assert_eq!(
        (reload.removed.as_slice(), reload.added.len()),
        (["wiki".to_owned()].as_slice(), 0)
    );
    assert_eq!(
        reload.to_string(),
        "connectors: 1 kept, replaced erp, removed wiki"
    );
    assert!(Arc::ptr_eq(&crm, &connectors.get("crm").expect("is there")));
    assert_eq!(token(&world, &crm).await, first);
    assert_eq!(world.requests(), 2);
    let replaced = connectors.get("erp").expect("is there");
    assert!(token(&world, &replaced).await.starts_with("b."));
    assert_eq!(connectors.names(), ["crm", "erp"]);
    assert!(connectors.get("wiki").is_none());
    // Who has the old one goes on with it.
    assert!(token(&world, &erp).await.starts_with("a."));
}

#[tokio::test]
async fn wrong_settings_change_nothing() {
    let world = World::default();
    let connectors = connectors(&world);
    connectors
        .load(&settings(json!({"crm": oauth2(&json!({}))})))
        .expect("settings");
    let before = connectors.get("crm").expect("is there");
    let wrong = settings(json!({
        "crm": oauth2(&json!({"scopes": ["a"]})),
        "erp": oauth2(&json!({"token_url": "htps://auth.example.com"})),
    }));
    let error = connectors.load(&wrong).expect_err("a wrong URL");
    assert_eq!(error.kind(), TokenErrorKind::Config);
    let message = error.to_string();
    assert!(
        message.contains("connector `erp`: `token_url`: invalid URL"),
        "{message}"
    );
    assert!(Arc::ptr_eq(
        &before,
        &connectors.get("crm").expect("is there")
    ));
    assert_eq!(connectors.names(), ["crm"]);
}

#[tokio::test]
async fn requests_carry_what_the_connector_has() {
    let world = World::default();
    let connectors = connectors(&world);
    connectors
        .load(&settings(json!({
            "crm": oauth2(&json!({"header_key": "X-Token", "header_value_pattern": "%s"})),
            "keys": {"kind": "api_key", "keys": [{"key": "k", "parameter_name": "key"}, {"key": "h"}]},
            "people": oauth2(&json!({"grant_type": "authorization_code"})),
        })))
        .expect("settings");
    let get = |name: &str| connectors.get(name).expect("is there");
    let crm = get("crm");
    let expected = token(&world, &crm).await;
    let mut carrying = request();
    crm.apply(&mut carrying).await.expect("a token at hand");
    let header = &carrying.headers()["x-token"];
    assert!(header.is_sensitive());
    assert_eq!(header.to_str().ok(), Some(expected.as_str()));
    let error = crm.apply(&mut carrying).await.expect_err("a second token");
    assert_eq!(error.kind(), TokenErrorKind::Refused);

    let mut carrying = http::Request::get("https://api.example.com/a?b=1")
        .body(())
        .expect("a request");
    get("keys").apply(&mut carrying).await.expect("keys");
    assert_eq!(carrying.uri(), "https://api.example.com/a?b=1&key=k");
    assert_eq!(carrying.headers()["x-api-key"], "h");

    let people = get("people");
    assert!(people.tokens().is_none());
    let error = people
        .apply(&mut request())
        .await
        .expect_err("nobody has signed in");
    assert_eq!(error.kind(), TokenErrorKind::UserRequired);
    assert!(error.to_string().contains("`people`"), "{error}");
}

#[tokio::test]
async fn a_refresh_token_that_was_rotated_outlives_a_load() {
    let world = World::default();
    world.provider(|provider| provider.rotates = true);
    let connectors = connectors(&world);
    let map = |pattern: &str| {
        settings(json!({"crm": oauth2(&json!({
            "grant_type": "authorization_code", "refresh_token": "refresh-0",
            "header_value_pattern": pattern,
        }))}))
    };
    for pattern in ["Bearer %s", "Token %s", "%s"] {
        let reload = connectors.load(&map(pattern)).expect("settings");
        assert!(reload.kept.is_empty());
        let crm = connectors.get("crm").expect("is there");
        token(&world, &crm).await;
        world.jump(2 * HOUR);
    }
    assert_eq!(grants(&world), ["refresh_token"; 3]);
    assert!(connectors.drain(HOUR).await.is_empty());
}
