//! Plain http to hosts that are named one by one.

use std::fs;

use serde_json::json;
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{spec_argument, tokensmith};

/// A server that gives everybody a token, its host under a name that leads to this machine without being among those that
/// plain http may always reach.
fn server() -> (Server, String) {
    let server = Server::start(|_| ServerResponse::json(200, r#"{"access_token":"t0ken"}"#));
    let host = server.url().replace("http://127.0.0.1", "0.0.0.0");
    (server, host)
}

#[test]
fn a_host_that_is_named_gets_the_request() {
    let (server, host) = server();
    let url = format!("http://{host}/token");
    let spec = spec_argument("workiva.yaml");
    let ways: [&[&str]; 3] = [
        &["--token-url", &url],
        &["workiva", "--server", &url],
        &["--spec", &spec, "--server", &url],
    ];
    for way in ways {
        let command = [&["token"], way].concat();
        let error = tokensmith(&command).error();
        assert_eq!(
            (&error["kind"], &error["sent"]),
            (&json!("config"), &json!(false))
        );
        let message = error["message"].as_str().unwrap_or_default();
        assert!(message.contains(&format!("`{host}`")), "{message}");
        assert!(message.contains("--allow-plain-http"), "{message}");
        for other in ["payments", "0.0.0.0:1", "127.0.0.1"] {
            let command = [&command[..], &["--allow-plain-http", other]].concat();
            assert_eq!(tokensmith(&command).error()["kind"], "config");
        }
        let named = [
            "--allow-plain-http",
            "payments",
            "--allow-plain-http",
            "0.0.0.0",
        ];
        let token = tokensmith(&[&command[..], &named].concat()).token();
        assert_eq!(token["access_token"], "t0ken");
    }
    assert_eq!(server.count(), ways.len());
}

#[test]
fn a_connector_names_it_in_its_settings_or_on_the_command_line() {
    let (server, host) = server();
    let folder = tempfile::tempdir().expect("a folder");
    let connector = |more: &str| {
        let path = folder.path().join("connector.yaml");
        let settings =
            format!("kind: oauth2\ntoken_url: http://{host}/token\nclient_id: a\n{more}\n");
        fs::write(&path, settings).expect("a file");
        path.display().to_string()
    };
    let file = connector("");
    let error = tokensmith(&["token", "--connector", &file]).error();
    assert_eq!(error["kind"], "config");
    let named = ["token", "--connector", &file, "--allow-plain-http", &host];
    assert_eq!(tokensmith(&named).token()["access_token"], "t0ken");
    let file = connector(&format!("plain_http_hosts: ['{host}']"));
    let token = tokensmith(&["token", "--connector", &file]).token();
    assert_eq!(token["access_token"], "t0ken");
    assert_eq!(server.count(), 2);
}

#[test]
fn what_is_not_a_host_is_a_usage_error() {
    for host in ["*", "http://keycloak", "keycloak/token", ""] {
        let command = ["token", "moov", "--allow-plain-http", host];
        let run = tokensmith(&command);
        assert!(run.usage().contains("`keycloak`"), "{}", run.stderr);
    }
}
