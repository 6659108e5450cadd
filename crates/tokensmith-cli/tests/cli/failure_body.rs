//! What is shown of the body of a refusal.

use serde_json::json;
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{tokensmith, tokensmith_with};

#[test]
fn the_response_body_is_shown_when_asked_for_and_masked() {
    let body = json!({
        "unknown": "the tenant is asleep", "echo": CLIENT_SECRET, "session_token": "swordfish",
        "\u{1b}[2J": "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
    });
    let server = Server::start(move |_| ServerResponse::json(422, body.to_string()));
    let run = |output, more: &[&str]| {
        let url = server.url();
        let arguments = ["token", "moov", "--server", &url, "--output", output];
        tokensmith(&[&arguments[..], more].concat())
    };
    for output in ["json", "token"] {
        let quiet = run(output, &["--client-auth", "basic"]);
        assert!(!quiet.stderr.contains("asleep"), "{}", quiet.stderr);
        let hint = match output {
            "json" => "bytes); `--verbose` shows the response body",
            _ => "-v shows the request and the response",
        };
        assert!(quiet.stderr.contains(hint), "{}", quiet.stderr);
        assert!(!quiet.stderr.contains("raw_body"), "{}", quiet.stderr);
        for flag in ["-v", "--verbose"] {
            let run = run(output, &[flag, "--client-auth", "basic"]);
            assert!(
                run.stderr.contains("\n< {") && run.stderr.contains("the tenant is asleep"),
                "{}",
                run.stderr
            );
            for secret in [CLIENT_SECRET, "swordfish", "eyJ", "\u{1b}"] {
                assert!(!run.stderr.contains(secret), "{secret} in {}", run.stderr);
            }
            let last = |text: &str| text.lines().last().map(str::to_owned);
            if output == "json" {
                assert_eq!(
                    last(&run.stderr),
                    last(&quiet.stderr),
                    "the last line is the same"
                );
            }
        }
    }
}

#[test]
fn the_body_of_a_success_is_not_shown() {
    let server =
        Server::start(|_| ServerResponse::json(200, r#"{"access_token":{"value":"swordfish"}}"#));
    let run = tokensmith(&["token", "moov", "-v", "--server", &server.url()]);
    assert!(
        run.stderr
            .contains("\n< {\"access_token\":{\"value\":\"[redacted]\"}}\n"),
        "{}",
        run.stderr
    );
    assert!(!run.stderr.contains("swordfish"), "{}", run.stderr);
    assert_eq!(run.error()["kind"], "malformed");
}

#[test]
fn what_a_server_says_of_its_body_is_repeated_as_it_is() {
    let said = "no tenant, which `Error::raw_body` returns";
    let server = Server::start(move |_| {
        let body = json!({"error": "invalid_scope", "error_description": said});
        ServerResponse::json(400, body.to_string())
    });
    let error = tokensmith(&["token", "moov", "--server", &server.url()]).error();
    let message = error["message"].as_str().expect("a message");
    assert!(
        message.ends_with(&format!("invalid_scope: {said}")),
        "{message}"
    );
}

#[test]
fn of_two_refusals_both_bodies_are_shown() {
    let server = Server::start(|request| match request.header("authorization") {
        Some(_) => ServerResponse::json(401, r#"{"a":"not by Basic"}"#),
        None => ServerResponse::new(400),
    });
    let run = tokensmith(&["token", "moov", "-v", "--server", &server.url()]);
    let is_response = |line: &&str| line.starts_with("< HTTP") || line.starts_with("< {");
    let responses: Vec<&str> = run.stderr.lines().filter(is_response).collect();
    let expected = [
        "< HTTP 401 Unauthorized",
        r#"< {"a":"not by Basic"}"#,
        "< HTTP 400 Bad Request",
    ];
    assert_eq!(responses, expected);
    run.error();
}

#[test]
fn secrets_that_a_server_echoes_stay_secret() {
    const REFRESH: &str = "canary-refresh-token";
    let server = Server::start(|request| {
        let said = format!(
            "{} {}",
            request.header("authorization").unwrap_or_default(),
            request.text()
        );
        let body = json!({"error": said, "error_description": said, "error_uri": said, "message": CLIENT_SECRET});
        ServerResponse::json(401, body.to_string()).header("X-Request-Id", REFRESH)
    });
    let variables = [
        ("TOKENSMITH_CLIENT_ID", CLIENT_ID),
        ("TOKENSMITH_CLIENT_SECRET", CLIENT_SECRET),
        ("REFRESH", REFRESH),
    ];
    for output in ["json", "token"] {
        for auth in ["auto", "basic", "body"] {
            for grant in ["client_credentials", "refresh_token"] {
                let arguments = [
                    "token",
                    "--token-url",
                    &server.url(),
                    "--grant",
                    grant,
                    "--client-auth",
                    auth,
                    "--output",
                    output,
                    "--secret-param",
                    "refresh_token=REFRESH",
                    "--header",
                    "X-Key=canary-header",
                ];
                let run = tokensmith_with(&arguments, &variables);
                assert_eq!(run.code, Some(1));
                for secret in [CLIENT_SECRET, REFRESH, "s3cret%26", "canary-header"] {
                    assert!(
                        !run.stderr.contains(secret) && !run.stdout.contains(secret),
                        "{secret} in {}",
                        run.stderr
                    );
                }
                let basic = server
                    .requests()
                    .iter()
                    .find_map(|request| request.header("authorization").map(str::to_owned));
                let basic = basic.unwrap_or_default();
                let pair = basic.strip_prefix("Basic ").unwrap_or("no header was sent");
                assert!(!run.stderr.contains(pair), "{pair} in {}", run.stderr);
            }
        }
    }
}
