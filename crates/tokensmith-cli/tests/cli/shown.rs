//! What is shown of requests and responses: `-v`, `--dry-run` and `--curl`.

use std::process::Command;

use serde_json::json;
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{spec_argument, tokensmith, tokensmith_with};

const TOKEN: &str = r#"{"access_token":"swordfish-access","refresh_token":"swordfish-refresh","custom":"swordfish-custom","expires_in":60,"scope":"a b"}"#;

fn server() -> Server {
    Server::start(|_| {
        ServerResponse::json(200, TOKEN)
            .header("Set-Cookie", "session=swordfish-cookie")
            .header("X-Request-Id", "r-1")
    })
}

#[test]
fn verbose_shows_both_sides_without_secrets() {
    let server = server();
    let run = tokensmith_with(
        &[
            "token",
            "--token-url",
            &server.url(),
            "--grant",
            "refresh_token",
            "--secret-param",
            "refresh_token=REFRESH",
            "--param",
            "audience=https://api.example",
            "--header",
            "X-Key=canary-header",
            "-v",
            "--output",
            "json",
        ],
        &[
            ("TOKENSMITH_CLIENT_ID", CLIENT_ID),
            ("TOKENSMITH_CLIENT_SECRET", CLIENT_SECRET),
            ("REFRESH", "canary-refresh"),
        ],
    );
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    for shown in [
        "> POST http://127.0.0.1:",
        "> Authorization: Basic [redacted]\n",
        "> X-Key: [redacted]\n",
        "audience=https%3A%2F%2Fapi.example",
        "refresh_token=[redacted]",
        "< HTTP 200 OK\n",
        "< x-request-id: r-1\n",
        "< set-cookie: [redacted]\n",
        r#""expires_in":60"#,
        r#""scope":"a b""#,
        r#""access_token":"[redacted]""#,
    ] {
        assert!(run.stderr.contains(shown), "{shown} in {}", run.stderr);
    }
    for secret in ["canary", "swordfish", CLIENT_SECRET] {
        assert!(!run.stderr.contains(secret), "{secret} in {}", run.stderr);
    }
}

#[test]
fn a_dry_run_sends_nothing_and_needs_no_credentials() {
    let server = server();
    let arguments = [
        "token",
        "moov",
        "--server",
        &server.url(),
        "--scope",
        "/accounts.write",
        "--dry-run",
    ];
    let run = tokensmith_with(&arguments, &[]);
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
    let expected = format!(
        "POST {}/oauth2/token\n\
         User-Agent: tokensmith/0.1.0\n\
         Accept: application/json\n\
         Accept-Encoding: identity\n\
         Content-Type: application/x-www-form-urlencoded\n\
         Authorization: Basic base64($TOKENSMITH_CLIENT_ID:$TOKENSMITH_CLIENT_SECRET)\n\
         \n\
         grant_type=client_credentials&scope=%2Faccounts.write\n",
        server.url()
    );
    assert_eq!(run.stdout, expected);
    let run = tokensmith(&arguments);
    assert!(run.stdout.contains("Basic base64("), "{}", run.stdout);
    assert!(!run.stdout.contains(CLIENT_SECRET), "{}", run.stdout);
    assert_eq!(server.count(), 0);
}

#[test]
fn a_dry_run_says_what_is_wrong_with_the_request() {
    let arguments = ["token", "moov", "--grant", "refresh_token", "--dry-run"];
    let error = tokensmith_with(&arguments, &[]).error();
    assert_eq!(error["kind"], "request");
}

#[test]
fn a_secret_in_the_place_of_a_variable_is_not_printed() {
    for option in ["--dry-run", "--curl"] {
        let arguments = [
            "token",
            "moov",
            "--grant",
            "refresh_token",
            "--secret-param",
            "refresh_token=canary",
            option,
        ];
        let run = tokensmith_with(&arguments, &[]);
        assert_eq!(run.code, Some(1));
        let printed = run.stdout + &run.stderr;
        assert!(!printed.contains("canary"), "{printed}");
    }
}

/// What a server receives from the command itself, and from curl as `--curl` says.
fn both(arguments: &[&str]) {
    let variables = [
        ("TOKENSMITH_CLIENT_ID", CLIENT_ID),
        ("TOKENSMITH_CLIENT_SECRET", "a secret with $(echo spaces)"),
        ("REFRESH", "canary refresh"),
        ("X_KEY", "k"),
    ];
    let server = server();
    let url = server.url();
    let arguments: Vec<&str> = arguments
        .iter()
        .map(|argument| {
            if *argument == "URL" {
                url.as_str()
            } else {
                argument
            }
        })
        .collect();
    let run = tokensmith_with(&arguments, &variables);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let run = tokensmith_with(&[&arguments[..], &["--curl"]].concat(), &variables);
    assert_eq!(run.code, Some(0), "{}", run.stderr);
    let is_noted = run
        .stderr
        .starts_with("note: the client id or the secret has characters");
    assert_eq!(is_noted, arguments.contains(&"moov"), "{}", run.stderr);
    for secret in ["canary", "spaces"] {
        assert!(!run.stdout.contains(secret), "{}", run.stdout);
    }
    let shell = Command::new("sh")
        .args([
            "-c",
            &format!(
                "{}\n",
                run.stdout
                    .replacen("curl ", "curl --silent --show-error --noproxy '*' ", 1)
            ),
        ])
        .envs(variables)
        .output()
        .expect("there is a shell");
    assert!(shell.status.success(), "{shell:?}");
    let requests = server.requests();
    let [ours, curls] = &requests[..] else {
        panic!("{} requests", requests.len());
    };
    assert_eq!(ours.text(), curls.text(), "{}", run.stdout);
    for header in ["content-type", "accept", "x-key", "authorization"] {
        // The command encodes what is in Basic as a form, and curl does not.
        let is_same = ours.header(header) == curls.header(header);
        assert!(
            is_same || header == "authorization",
            "{header}: {}",
            run.stdout
        );
        assert_eq!(
            ours.header(header).is_some(),
            curls.header(header).is_some()
        );
    }
}

#[test]
fn curl_sends_the_same_request() {
    both(&[
        "token", "moov", "--server", "URL", "--scope", "/a", "--scope", "/b",
    ]);
    both(&[
        "token",
        "--token-url",
        "URL",
        "--client-auth",
        "body",
        "--header",
        "X-Key=k",
    ]);
    both(&[
        "token",
        "--token-url",
        "URL",
        "--client-auth",
        "body",
        "--format",
        "json",
        "--param",
        "a=it's \"quoted\"",
    ]);
    both(&[
        "token",
        "--token-url",
        "URL",
        "--client-auth",
        "basic-raw",
        "--grant",
        "refresh_token",
        "--secret-param",
        "refresh_token=REFRESH",
    ]);
}

#[test]
fn a_document_is_printed_like_a_built_in_provider() {
    let file = spec_argument("moov.yaml");
    let shown = |whose: &[&str]| {
        let run = tokensmith_with(&[&["token"], whose, &["--dry-run"]].concat(), &[]);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        run.stdout
    };
    assert_eq!(shown(&["moov"]), shown(&["--spec", &file]));
}

#[test]
fn settings_of_a_connector_are_not_printed() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("connector.yaml");
    let settings = json!({
        "kind": "oauth2", "token_url": "https://auth.example.com/token", "client_id": "abc",
        "client_secret": "canary-secret", "client_authentication": "body",
        "additional_request_data": {"Custom-body": "canary-data"},
        "additional_headers": {"X-Key": "canary-key"},
    });
    std::fs::write(&file, settings.to_string()).expect("there is room");
    let name = file.to_str().expect("UTF-8");
    for option in ["--dry-run", "--curl"] {
        let run = tokensmith_with(&["token", "--connector", name, option], &[]);
        assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
        assert!(!run.stdout.contains("canary"), "{}", run.stdout);
        for variable in ["TOKENSMITH_CLIENT_SECRET", "CUSTOM_BODY", "X_KEY"] {
            assert!(
                run.stdout.contains(variable),
                "{variable} in {}",
                run.stdout
            );
        }
    }
}

#[test]
fn of_two_refusals_people_read_both() {
    let server = Server::start(|request| match request.header("authorization") {
        Some(_) => ServerResponse::json(401, r#"{"error":"invalid_client"}"#),
        None => ServerResponse::json(400, r#"{"error":"unauthorized_client"}"#),
    });
    let url = server.url();
    let arguments = ["token", "moov", "--server", &url, "--output", "text"];
    let run = tokensmith(&arguments);
    assert_eq!((run.code, run.stdout.as_str()), (Some(1), ""));
    for part in [
        "error: Moov refused the request: invalid_client\n",
        "response  HTTP 401 Unauthorized\n",
        "then, with the other client authentication:\n",
        "error     unauthorized_client\n",
    ] {
        assert!(run.stderr.contains(part), "{part} in {}", run.stderr);
    }
}
