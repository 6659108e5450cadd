//! Several connectors, and secrets that stand elsewhere.

use serde_json::{Value, json};

use super::{connector, oauth2};
use crate::ConnectorMap;
use crate::connector::{Connector, SecretSetting};

fn map(settings: Value) -> Result<ConnectorMap, crate::connector::SettingError> {
    let map = ConnectorMap::from_value(settings)?;
    map.check()?;
    Ok(map)
}

#[test]
fn an_error_names_the_connector_and_the_setting() {
    let crm = |more: (&str, Value)| {
        let mut settings = json!({
            "kind": "oauth2", "token_url": "https://auth.example.com/token", "client_id": "a",
        });
        settings[more.0] = more.1;
        map(json!({"wiki": {"kind": "none"}, "crm": settings})).unwrap_err()
    };
    let error = crm((
        "token_url",
        json!("htps://auth.example.com/token?key=canary"),
    ));
    assert_eq!(
        error.to_string(),
        "connector `crm`: `token_url`: invalid URL `htps://auth.example.com/token`: the scheme must be `https`"
    );
    assert_eq!(error.connector(), Some("crm"));
    assert_eq!(error.setting().as_deref(), Some("token_url"));
    assert_eq!(error.pointer(), "/crm/token_url");
    assert_eq!(error.line(), None);
    assert!(
        error
            .at_line(7)
            .to_string()
            .starts_with("line 7: connector `crm`: ")
    );

    for (setting, value, expected) in [
        (
            "client_id",
            json!(5),
            "`client_id`: invalid type: integer `5`, expected a string",
        ),
        (
            "client_authentication",
            json!("bodily"),
            "`client_authentication`: `bodily`: unknown client authentication",
        ),
        ("format", json!("xml"), "`format`: unknown variant `xml`"),
        (
            "client_secret",
            json!(836_291),
            "`client_secret`: expected a text",
        ),
        (
            "scopes",
            json!({"a": 1}),
            "`scopes`: expected a list of scopes",
        ),
        (
            "token_uri",
            json!("x"),
            "`token_uri`: unknown setting: did you mean `token_url`?",
        ),
        (
            "additional_headers",
            json!({"X-A": 836_291}),
            "`additional_headers.X-A`: expected a text",
        ),
        (
            "additional_headers",
            json!({"A b": "x"}),
            "`additional_headers.A b`: ",
        ),
        (
            "header_key",
            json!("no header"),
            "`header_key`: `no header` is not the name of a header",
        ),
        (
            "header_value_pattern",
            json!("Bearer canary"),
            "`header_value_pattern`: expected `{token}`",
        ),
        (
            "authorization_url",
            json!("auth"),
            "`authorization_url`: invalid URL `auth`",
        ),
        ("plain_http_hosts", json!(["*"]), "`plain_http_hosts`: "),
        (
            "assertion",
            json!({"keys": "x"}),
            "`assertion.keys`: unknown setting: did you mean `key`?",
        ),
        (
            "kind",
            json!("oauth"),
            "`kind`: expected one of `oauth2`, `jwt`",
        ),
    ] {
        let error = crm((setting, value)).to_string();
        assert!(
            error.starts_with(&format!("connector `crm`: {expected}")),
            "{error}"
        );
        assert!(
            !error.contains("canary") && !error.contains("836291"),
            "{error}"
        );
    }
    let error = map(json!({"a": {"kind": "bearer"}})).unwrap_err();
    assert_eq!(error.to_string(), "connector `a`: missing field `token`");
    let error = map(json!({"a": 1})).unwrap_err();
    assert!(error.to_string().contains("found a number"), "{error}");
    assert!(
        map(json!([]))
            .unwrap_err()
            .to_string()
            .contains("names of connectors")
    );
    let error = serde_json::from_value::<ConnectorMap>(json!({"a": {"kind": "none", "b": 1}}));
    let error = error.unwrap_err().to_string();
    assert_eq!(
        error,
        "connector `a`: `b`: unknown setting: this kind has no settings"
    );
}

#[test]
fn keys_are_told_apart_by_their_number() {
    for (settings, expected) in [
        (json!({"keys": []}), "`keys`: expected at least one key"),
        (
            json!({"keys": [{"key": "a"}, {"key": "b"}]}),
            "`keys.1`: an earlier key has the same place",
        ),
        (
            json!({"keys": [{"key": "a"}, {"key": "b", "header": "c"}]}),
            "`keys.1.header`: unknown setting",
        ),
        (json!({"key": "a", "keys": []}), "`keys` has all keys"),
        (json!({}), "`key` is missing"),
        (
            json!({"key": "a", "parameter_name": "p", "header_key": "h"}),
            "`header_key`: `parameter_name` is set",
        ),
        (
            json!({"key": "a", "parameter_name": ""}),
            "`parameter_name`: the name is empty",
        ),
    ] {
        let mut settings = settings;
        settings["kind"] = "api_key".into();
        let error = map(json!({"a": settings})).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}

#[test]
fn secrets_are_read_from_the_environment_and_from_files() {
    let folder = std::env::temp_dir().join(format!("tokensmith-connectors-{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("secret"), "from a file\r\n").unwrap();
    std::fs::write(folder.join("empty"), "\n").unwrap();
    let settings = json!({
        "client_secret": "file:secret",
        "refresh_token": "env:CARGO_PKG_NAME",
        "additional_headers": {"X-Key": "env:CARGO_PKG_NAME"},
        "additional_request_data": {"a": "file:secret", "b": "text:env:c", "n": 1},
    });
    let mut read = oauth2(settings);
    let error = read.settings().unwrap_err().to_string();
    assert!(
        error
            .contains("`client_secret`: the file `secret` has not been read: call `resolve` first"),
        "{error}"
    );
    let mut connector = Connector::OAuth2(read.clone());
    connector.resolve(&folder).unwrap();
    let Connector::OAuth2(resolved) = &connector else {
        panic!("it stays of its kind")
    };
    read = resolved.clone();
    assert_eq!(read.client_secret, Some(SecretSetting::from("from a file")));
    assert_eq!(
        read.refresh_token,
        Some(SecretSetting::from("tokensmith-runtime"))
    );
    assert_eq!(
        read.additional_headers["X-Key"],
        "tokensmith-runtime".into()
    );
    assert_eq!(read.additional_request_data["a"], "from a file".into());
    assert_eq!(read.additional_request_data["b"], "env:c".into());
    connector.check().unwrap();

    for (token, expected) in [
        (
            "env:TOKENSMITH_NEVER_SET",
            "the environment variable `TOKENSMITH_NEVER_SET` is not set",
        ),
        (
            "env:canary=1",
            "the environment variable after `env:` is not set",
        ),
        ("file:missing", "the file `missing` cannot be read"),
        ("file:empty", "the file `empty` is empty"),
    ] {
        let settings = json!({"a": {"kind": "bearer", "token": token}});
        let mut map = ConnectorMap::from_value(settings).unwrap();
        let error = map.resolve(&folder).unwrap_err().to_string();
        assert!(
            error.starts_with(&format!("connector `a`: `token`: {expected}")),
            "{error}"
        );
        assert!(!error.contains("canary"), "{error}");
    }
    std::fs::remove_dir_all(&folder).unwrap();
    for nothing in ["env:", "file:"] {
        let settings = json!({"a": {"kind": "bearer", "token": nothing}});
        let error = ConnectorMap::from_value(settings).unwrap_err().to_string();
        assert!(error.contains("`token`: expected"), "{error}");
    }
}

#[test]
fn every_secret_is_read() {
    for settings in [
        json!({"kind": "bearer", "token": "env:CARGO_PKG_NAME"}),
        json!({"kind": "basic", "username": "u", "password": "env:CARGO_PKG_NAME"}),
        json!({"kind": "api_key", "key": "env:CARGO_PKG_NAME"}),
        json!({"kind": "api_key", "keys": [{"key": "env:CARGO_PKG_NAME"}]}),
    ] {
        let mut connector = connector(settings);
        let error = connector.check().unwrap_err().to_string();
        assert!(error.contains("has not been read"), "{error}");
        connector.resolve(".").unwrap();
        connector.check().unwrap();
    }
    for (name, value) in [
        ("client_secret", json!("env:CARGO_PKG_NAME")),
        ("password", json!("env:CARGO_PKG_NAME")),
        ("refresh_token", json!("env:CARGO_PKG_NAME")),
        ("assertion", json!("env:CARGO_PKG_NAME")),
        (
            "additional_request_data",
            json!({"a": "env:CARGO_PKG_NAME"}),
        ),
    ] {
        let mut settings = json!({"grant_type": "custom"});
        settings[name] = value;
        let mut connector = Connector::OAuth2(oauth2(settings));
        let error = connector.check().unwrap_err().to_string();
        assert!(
            error.contains(name) && error.contains("has not been read"),
            "{error}"
        );
        connector.resolve(".").unwrap();
        connector.check().unwrap();
    }
}
