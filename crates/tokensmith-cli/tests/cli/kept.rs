//! Tokens that are kept under a name.

mod advice;
mod folder;
mod home;
#[cfg(target_os = "linux")]
mod interrupted;
mod key;
#[cfg(target_os = "linux")]
mod keyring;
mod log_out;
mod many;
mod openid;
mod replaced;

use serde_json::{Value, json};
use tokensmith_mock::{MockServer, Options};

use crate::login::standard;
use home::Home;

/// The arguments of a grant with a user's password.
const PASSWORD: [&str; 6] = [
    "--grant",
    "password",
    "--param",
    "username=a",
    "--secret-param",
    "password=TOKENSMITH_CLIENT_SECRET",
];

/// How the documents of these tests end: with requests for new tokens, and what a token comes with.
const REFRESHING: &str = "                - type: object
                  required: [grant_type, refresh_token]
                  properties:
                    grant_type: {type: string, enum: [refresh_token]}
                    refresh_token: {type: string}
                    client_id: {type: string}
                    client_secret: {type: string}
      responses:
        '200':
          description: a token
          content:
            application/json:
              schema:
                type: object
                required: [access_token]
                properties:
                  access_token: {type: string}
                  token_type: {type: string}
                  expires_in: {type: integer}
                  refresh_token: {type: string}
";

/// A key of 32 bytes.
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// Signs in at a server, and keeps the tokens under a name.
#[track_caller]
fn keep(home: &Home, server: &MockServer, name: &str, more: &[&str]) -> Value {
    let url = server.url();
    let arguments = ["--issuer", &url, "--scope", "openid", "--keep", name];
    let run = home.login(&[&arguments[..], more].concat());
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    serde_json::from_str(&run.stdout).expect("JSON")
}

/// The arguments by which a client of a mock of GitLab keeps tokens: an access token and a refresh
/// token.
fn of_gitlab<'a>(url: &'a str, name: &'a str) -> Vec<&'a str> {
    let arguments = ["token", "gitlab", "--server", url, "--keep", name];
    [&arguments[..], &PASSWORD].concat()
}

/// The paths that a mock was asked at, since it started.
fn paths(server: &MockServer) -> Vec<String> {
    let requests = server.provider().requests();
    let requests = requests.iter();
    requests.map(|request| request.path.clone()).collect()
}

/// How many requests with this grant a mock has seen.
fn count(server: &MockServer, grant: &str) -> usize {
    let requests = server.provider().requests();
    let requests = requests.iter();
    requests
        .filter(|request| request.grant.as_deref() == Some(grant))
        .count()
}

#[test]
fn a_name_is_enough_for_a_valid_token() {
    let (home, server) = (Home::new(), standard(Options::new().approve().rotate(true)));
    let kept = keep(&home, &server, "work", &[]);
    assert_eq!(kept[0]["name"], "work");
    assert_eq!(kept[0]["provider"], server.url().as_str());
    assert_eq!(
        (&kept[0]["renews"], &kept[0]["key"]),
        (&json!(true), &json!("environment"))
    );
    assert!(kept[0]["expires_at"].is_u64(), "{kept}");

    let first = home.token("work");
    assert_eq!(
        (&first["refresh_token"], &first["id_token"]),
        (&Value::Null, &Value::Null)
    );
    assert!(first["expires_in"].is_u64(), "{first}");
    assert_eq!(home.token("work")["access_token"], first["access_token"]);
    assert_eq!(count(&server, "refresh_token"), 0);
    let header = home.run(&["token", "--kept", "work", "--output", "header"]);
    let access_token = first["access_token"].as_str().expect("a text");
    assert_eq!(
        header.stdout,
        format!("Authorization: Bearer {access_token}\n")
    );

    home.lose_access_tokens();
    let next = home.token("work");
    assert_ne!(next["access_token"], first["access_token"]);
    home.lose_access_tokens();
    assert_ne!(home.token("work")["access_token"], next["access_token"]);
    assert_eq!(count(&server, "refresh_token"), 2);
}

#[test]
fn what_is_printed_is_what_is_asked_for() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    let token = keep(&home, &server, "work", &["--output", "json"]);
    assert_eq!(home.token("work")["access_token"], token["access_token"]);
    let run = home.run(&["kept", "--output", "text"]);
    let rows: Vec<Vec<&str>> = run
        .stdout
        .lines()
        .map(|line| line.split_whitespace().collect())
        .collect();
    assert_eq!(rows[0][..2], ["NAME", "PROVIDER"]);
    assert_eq!(
        rows[1][..6],
        ["work", &server.url(), "expires", "in", "1", "hour"]
    );
    let kept: Value = serde_json::from_str(&home.run(&["kept"]).stdout).expect("JSON");
    assert_eq!(kept.as_array().map(Vec::len), Some(1));
}

#[test]
fn nothing_that_is_secret_is_readable() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    let token = keep(&home, &server, "work", &["--output", "json"]);
    let secrets = ["access_token", "refresh_token", "id_token"];
    let mut secrets: Vec<&str> = secrets
        .iter()
        .filter_map(|name| token[name].as_str())
        .collect();
    assert_eq!(secrets.len(), 3);
    secrets.push("s3cret");
    let files = home.files();
    assert!(files.len() > 3, "{files:?}");
    for (path, content) in files {
        let content = String::from_utf8_lossy(&content);
        for secret in &secrets {
            assert!(!content.contains(secret), "{}", path.display());
        }
    }
    home.lose_access_tokens();
    let shown = home.run(&["token", "--kept", "work", "-vv"]);
    assert_eq!(shown.code, Some(0), "{}", shown.stderr);
    assert!(
        shown.stderr.contains("grant_type=refresh_token"),
        "{}",
        shown.stderr
    );
    let next: Value = serde_json::from_str(&shown.stdout).expect("JSON");
    secrets.push(next["access_token"].as_str().expect("a text"));
    for secret in secrets {
        assert!(!shown.stderr.contains(secret), "{}", shown.stderr);
    }
}

#[test]
fn a_client_of_its_own_asks_again() {
    let (home, server) = (Home::new(), standard(Options::new()));
    let url = format!("{}/token", server.url());
    let arguments = [
        "token",
        "--token-url",
        &url,
        "--scope",
        "read",
        "--keep",
        "payments",
    ];
    let kept = home.run_as_client(&arguments);
    assert_eq!(kept.code, Some(0), "{}", kept.stderr);
    let first = home.token("payments");
    assert_eq!(first["scope"], json!(["read"]));
    assert_eq!(
        home.token("payments")["access_token"],
        first["access_token"]
    );
    assert_eq!(count(&server, "client_credentials"), 2);
    home.lose_access_tokens();
    assert_ne!(
        home.token("payments")["access_token"],
        first["access_token"]
    );
}

#[test]
fn a_built_in_provider_is_refreshed_as_its_document_says() {
    let (home, server) = (Home::new(), crate::login::mock_of("zoom"));
    let url = server.url();
    let kept = home.login(&["zoom", "--server", &url, "--keep", "meetings"]);
    assert_eq!(kept.code, Some(0), "{}", kept.stderr);
    let first = home.token("meetings");
    home.lose_access_tokens();
    assert_ne!(
        home.token("meetings")["access_token"],
        first["access_token"]
    );
    assert_eq!(count(&server, "refresh_token"), 1);
}

#[test]
fn a_name_has_tokens_of_one_provider() {
    let (home, server) = (Home::new(), standard(Options::new().approve()));
    keep(&home, &server, "work", &[]);
    // The same provider again.
    keep(&home, &server, "work", &[]);
    let other = standard(Options::new().approve());
    let other = other.url();
    let run = home.run_as_client(&["login", "--issuer", &other, "--keep", "work"]);
    let message = run.error()["message"].to_string();
    assert!(
        message.contains(&server.url()) && message.contains("logout work"),
        "{message}"
    );
}

#[test]
fn what_is_not_kept_is_said() {
    let home = Home::new();
    for arguments in [
        &["token", "--kept", "work"][..],
        &["logout", "work"],
        &["userinfo", "--kept", "work"],
    ] {
        let message = home.run(arguments).error()["message"].to_string();
        assert!(
            message.contains("no tokens are kept as `work`"),
            "{message}"
        );
    }
    assert_eq!(home.run(&["kept"]).stdout, "[]\n");
    let text = home.run(&["kept", "--output", "text"]);
    assert_eq!(text.stdout, "");
    assert!(text.stderr.contains("--keep NAME"), "{}", text.stderr);
    for name in ["Work", "../work", "-work", ""] {
        let name = format!("--kept={name}");
        assert!(home.run(&["token", &name]).usage().contains("lower-case"));
    }
    for other in [
        &["--scope", "a"][..],
        &["--server", "https://example.com"],
        &["--dry-run"],
        &["--keep", "b"],
    ] {
        home.run(&[&["token", "--kept", "work"], other].concat())
            .usage();
    }
}
