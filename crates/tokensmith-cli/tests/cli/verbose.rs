//! What `-v` shows of requests and responses.

use tokensmith_mock::{MockServer, Options, Provider};
use tokensmith_tests::endpoint::{CLIENT_ID, CLIENT_SECRET};
use tokensmith_tests::strict_server::{Server, ServerResponse};

use crate::run::{tokensmith, tokensmith_with};
use crate::shown::server;

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

#[test]
fn times_and_tls_are_shown_when_asked_for_twice() {
    let mock = MockServer::start(
        Provider::standard(Options::new()),
        "127.0.0.1:0".parse().expect("an address"),
    )
    .expect("a free port");
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("mock.pem");
    let certificate = mock.certificate().expect("a certificate");
    std::fs::write(&file, certificate).expect("there is room");
    let url = format!("{}/token", mock.https_url());
    let run = |flag| {
        let variables = [
            ("TOKENSMITH_CLIENT_ID", "app"),
            ("TOKENSMITH_CLIENT_SECRET", "s3cret"),
            ("SSL_CERT_FILE", file.to_str().expect("UTF-8")),
        ];
        let run = tokensmith_with(&["token", "--token-url", &url, flag], &variables);
        assert_eq!(run.code, Some(0), "{}", run.stderr);
        run.stderr
    };
    let twice = run("-vv");
    for part in [
        "* connected to ",
        "* TLS 1.3, TLS13_",
        " from the server\n",
        "* time: ",
        ", TLS ",
    ] {
        assert!(twice.contains(part), "{part} in {twice}");
    }
    let once = run("-v");
    assert!(!once.contains("* "), "{once}");
}
