//! Clients that are described by settings, and the options that stand for them.

use std::fs;

use serde_json::json;
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{tokensmith, tokensmith_with};

/// A server that gives everybody a token.
fn server() -> Server {
    Server::start(|_| ServerResponse::json(200, r#"{"access_token":"t0ken","expires_in":60}"#))
}

/// A file with these settings; it goes with the folder.
fn file(settings: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("connector.yaml");
    fs::write(&path, settings).expect("a file");
    let path = path.display().to_string();
    (folder, path)
}

#[test]
fn the_settings_say_it_all() {
    let server = server();
    let (_folder, file) = file(&format!(
        "kind: oauth2\n\
         grant_type: client_credentials\n\
         token_url: {}/oauth2/token\n\
         client_id: abcd-1234\n\
         client_authentication: body\n\
         scopes: [read, write]\n\
         additional_headers: {{X-Tenant: '7'}}\n\
         additional_request_data: {{Custom-body: abcde12345}}\n\
         header_key: X-Access-Token\n\
         header_value_pattern: 'Token {{token}}'\n",
        server.url()
    ));
    let secret = [("TOKENSMITH_CLIENT_SECRET", "secret123456")];
    let run = tokensmith_with(
        &["token", "--connector", &file, "--output", "header"],
        &secret,
    );
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "X-Access-Token: Token t0ken\n")
    );
    let requests = server.requests();
    assert_eq!(requests[0].header("x-tenant"), Some("7"));
    let mut parameters: Vec<_> = requests[0].text().split('&').collect();
    parameters.sort_unstable();
    assert_eq!(
        parameters,
        [
            "Custom-body=abcde12345",
            "client_id=abcd-1234",
            "client_secret=secret123456",
            "grant_type=client_credentials",
            "scope=read+write",
        ]
    );
}

#[test]
fn what_is_known_needs_no_server() {
    for (settings, header) in [
        (
            json!({"kind": "bearer", "token": "b"}),
            "Authorization: Bearer b\n",
        ),
        (json!({"kind": "api_key", "key": "k"}), "X-API-Key: k\n"),
        (
            json!({"kind": "basic", "username": "u", "password": "p"}),
            "Authorization: Basic dTpw\n",
        ),
    ] {
        let (_folder, file) = file(&settings.to_string());
        let run = tokensmith(&["token", "--connector", &file, "--output", "header"]);
        assert_eq!((run.code, run.stdout.as_str()), (Some(0), header));
        let run = tokensmith(&["token", "--connector", &file]);
        assert!(run.usage().contains("--output header"));
    }
}

#[test]
fn wrong_settings_are_named() {
    let (_folder, file) = file("kind: oauth2\nclient_id: x\ntoken_uri: https://a.example\n");
    let error = tokensmith(&["token", "--connector", &file]).error();
    let message = error["message"].as_str().unwrap_or_default();
    let expected =
        "connector.yaml: line 3: `token_uri`: unknown setting: did you mean `token_url`?";
    assert!(message.contains(expected), "{message}");
    let run = tokensmith(&["token", "--connector", &file, "--grant", "password"]);
    assert!(run.usage().contains("cannot be used with"));
}

#[test]
fn an_error_says_where_and_what() {
    let settings = "wiki:\n  kind: none\ncrm:\n  kind: oauth2\n  client_id: a\n\n  \
                    token_url: htps://auth.example.com/token\n";
    let (_folder, path) = file(settings);
    let named = ["token", "--connector", &path, "--connector-name", "crm"];
    let error = tokensmith(&named).error();
    let message = error["message"].as_str().unwrap_or_default();
    let expected = "connector.yaml: line 7: connector `crm`: `token_url`: invalid URL \
                    `htps://auth.example.com/token`: the scheme must be `https`";
    assert!(message.ends_with(expected), "{message}");
    let error = tokensmith(&["token", "--connector", &path]).error();
    assert!(error.to_string().contains("--connector-name"), "{error}");
    let named = ["token", "--connector", &path, "--connector-name", "erp"];
    let error = tokensmith(&named).error();
    assert!(
        error.to_string().contains("the file has crm, wiki"),
        "{error}"
    );
}

#[test]
fn one_of_several_gets_a_token_with_secrets_from_elsewhere() {
    let server = server();
    let (folder, path) = file(&format!(
        "crm:\n  kind: oauth2\n  grant_type: authorization_code\n  token_url: {}/token\n  \
         client_id: a\n  client_authentication: body\n  client_secret: env:CRM_SECRET\n  \
         refresh_token: file:refresh\n  additional_request_data: {{level: 3}}\n  \
         header_value_pattern: Token %s\n",
        server.url()
    ));
    fs::write(folder.path().join("refresh"), "r3fresh\n").expect("a file");
    let arguments = [
        "token",
        "--connector",
        &path,
        "--connector-name",
        "crm",
        "--output",
        "header",
    ];
    let run = tokensmith_with(&arguments, &[("CRM_SECRET", "s3cret")]);
    let header = "Authorization: Token t0ken\n";
    assert_eq!(
        (run.code, run.stdout.as_str(), run.stderr.as_str()),
        (Some(0), header, "")
    );
    let requests = server.requests();
    let mut parameters: Vec<_> = requests[0].text().split('&').collect();
    parameters.sort_unstable();
    assert_eq!(
        parameters,
        [
            "client_id=a",
            "client_secret=s3cret",
            "grant_type=refresh_token",
            "level=3",
            "refresh_token=r3fresh",
        ]
    );
    let run = tokensmith_with(&arguments, &[]);
    assert_eq!(run.code, Some(1));
    let expected = "line 7: connector `crm`: `client_secret`: the environment variable `CRM_SECRET` is not set";
    assert!(run.stderr.contains(expected), "{}", run.stderr);
    // What only prints needs no client secret.
    let printed = [&arguments[..5], &["--dry-run"]].concat();
    let run = tokensmith_with(&printed, &[]);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(!run.stdout.contains("r3fresh"), "{}", run.stdout);
}

#[test]
fn keys_and_signed_tokens_are_headers() {
    let header = |settings: &str| {
        let (folder, path) = file(settings);
        let key = include_str!("rsa.pem");
        fs::write(folder.path().join("key.pem"), key).expect("a file");
        tokensmith(&["token", "--connector", &path, "--output", "header"])
    };
    let several = "kind: api_key\nkeys:\n- {key: a, header_key: DD-API-KEY}\n\
                   - {key: b, header_key: DD-APPLICATION-KEY, header_value_pattern: Key %s}\n";
    let run = header(several);
    let expected = "DD-API-KEY: a\nDD-APPLICATION-KEY: Key b\n";
    assert_eq!((run.code, run.stdout.as_str()), (Some(0), expected));
    let run = header("kind: jwt\nkey: file:key.pem\nissuer: app\nheader_key: X-Gateway\n");
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    assert!(
        run.stdout.starts_with("X-Gateway: Bearer ey"),
        "{}",
        run.stdout
    );
    let run = header("kind: api_key\nkey: canary\nparameter_name: appid\n");
    assert_eq!(run.code, Some(1));
    assert!(run.stderr.contains("`appid`"), "{}", run.stderr);
    assert!(!run.stderr.contains("canary"), "{}", run.stderr);
    assert_eq!(header("kind: none\n").code, Some(1));
}

#[test]
fn the_same_options_without_a_file() {
    let server = Server::start(|_| ServerResponse::json(200, r#"{"data":{"token":"t0ken"}}"#));
    let run = tokensmith(&[
        "token",
        "--token-url",
        &server.url(),
        "--client-auth",
        "query",
        "--grant",
        "account_credentials",
        "--param",
        "account_id=7",
        "--scope",
        "a",
        "--scope",
        "b",
        "--scope-separator",
        ",",
        "--access-token",
        "/data/token",
        "--header-key",
        "X-Auth",
        "--header-pattern",
        "{token}",
        "--output",
        "header",
    ]);
    assert_eq!(
        (run.code, run.stdout.as_str()),
        (Some(0), "X-Auth: t0ken\n"),
        "{}",
        run.stderr
    );
    let request = &server.requests()[0];
    assert!(request.target.contains("client_secret="));
    assert!(request.text().contains("scope=a%2Cb") && request.text().contains("account_id=7"));
}

#[cfg(unix)]
#[test]
fn a_key_takes_the_place_of_the_secret() {
    let server = server();
    let key = rcgen::KeyPair::generate().expect("a key").serialize_pem();
    let (_folder, file) = file(&key);
    allow(&file, 0o600);
    let arguments = [
        "token",
        "--token-url",
        &server.url(),
        "--client-auth",
        "private-key-jwt",
        "--client-key",
        &file,
        "--client-key-id",
        "k1",
        "--client-key-algorithm",
        "ES256",
    ];
    let client = [("TOKENSMITH_CLIENT_ID", "me")];
    tokensmith_with(&arguments, &client).token();
    let request = &server.requests()[0];
    let assertion = request
        .text()
        .split('&')
        .find_map(|pair| pair.strip_prefix("client_assertion="));
    assert_eq!(
        assertion.map(|assertion| assertion.split('.').count()),
        Some(3)
    );
    assert!(!request.text().contains("client_secret"));

    // A key that others can read is used, with a warning; an error is still JSON on the last line.
    for mode in [0o640, 0o604, 0o644, 0o660] {
        allow(&file, mode);
        let run = tokensmith_with(&arguments, &client);
        assert_eq!(run.code, Some(0));
        assert!(run.stderr.starts_with("warning: "), "{}", run.stderr);
        let expected = format!(
            "connector.yaml: users other than its owner can read this private key (mode {mode:o})"
        );
        assert!(run.stderr.contains(&expected), "{}", run.stderr);
        assert_eq!(run.stderr.lines().count(), 1);
    }
    allow(&file, 0o700);
    assert_eq!(tokensmith_with(&arguments, &client).stderr, "");
}

#[cfg(unix)]
fn allow(file: &str, mode: u32) {
    use std::os::unix::fs::PermissionsExt as _;
    fs::set_permissions(file, fs::Permissions::from_mode(mode)).expect("permissions");
}

#[test]
fn what_cannot_be_read_is_not_quoted() {
    let head = "kind: oauth2\ntoken_url: https://auth.example.com/token\nclient_id: a\n";
    for text in [
        format!("{head}client_secret: 83629174553\n"),
        format!("{head}client_secret: 8362917.4553\n"),
        format!("{head}additional_headers: {{X-Key: 83629174553}}\n"),
        format!("{head}additional_headers: {{83629174553: x}}\n"),
        format!("{head}header_value_pattern: Bearer 83629174553\n"),
        format!("{head}client_secret: env:83629174553=\n"),
        "kind: bearer\ntoken: 83629174553\n".to_owned(),
        "kind: basic\nusername: a\npassword: 83629174553\n".to_owned(),
        "kind: api_key\nkey: 83629174553\n".to_owned(),
        "client_secret:83629174553".to_owned(),
        format!("{head}client-secret=83629174553: \n"),
        "83629174553\n".to_owned(),
    ] {
        let (_folder, file) = file(&text);
        let error = tokensmith(&["token", "--connector", &file])
            .error()
            .to_string();
        assert!(error.contains("connector.yaml: "), "{text}: {error}");
        assert!(!error.contains("8362917"), "{text}: {error}");
    }
}
