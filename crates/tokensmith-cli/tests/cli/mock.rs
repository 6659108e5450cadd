//! `tokensmith mock` in one terminal, and clients in another.

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::run::{spec_argument, tokensmith, tokensmith_with};

/// A mock that runs until it is dropped.
struct Mock {
    child: Child,
    lines: BufReader<ChildStdout>,
    url: String,
}

impl Mock {
    #[track_caller]
    fn start(arguments: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_tokensmith"))
            .arg("mock")
            .args(arguments)
            .args(["--listen", "127.0.0.1:0"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the command runs");
        let output = child.stdout.take().expect("a piped output");
        let mut mock = Self {
            child,
            lines: BufReader::new(output),
            url: String::new(),
        };
        let first = mock.line();
        let (_, url) = first.rsplit_once("http://").expect("a URL");
        mock.url = format!("http://{}", url.trim_end_matches(['"', '}']));
        mock
    }

    /// The next line that it prints.
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.lines.read_line(&mut line).expect("UTF-8");
        line.trim_end().to_owned()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

#[test]
fn a_reader_that_is_behind_does_not_hold_up_the_mock() {
    // More than a pipe takes, of which the test reads the first line only.
    const REQUESTS: usize = 300;
    let mock = Mock::start(&["moov"]);
    let address = mock.url.trim_start_matches("http://");
    let path = "a".repeat(1_000);
    for _ in 0..REQUESTS {
        let mut stream = TcpStream::connect(address).expect("it listens");
        let patience = Some(Duration::from_secs(20));
        stream.set_read_timeout(patience).expect("is possible");
        let request =
            format!("GET /{path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).expect("is sent");
        let mut response = String::new();
        stream.read_to_string(&mut response).expect("a response");
        assert!(response.starts_with("HTTP/1.1 404"), "{response}");
    }
}

#[test]
fn a_token_of_a_built_in_provider_comes_from_its_mock() {
    let mut mock = Mock::start(&["moov"]);
    let token = tokensmith(&["token", "moov", "--server", &mock.url]).token();
    assert!(
        token["access_token"]
            .as_str()
            .is_some_and(|token| token.starts_with("mock-access-"))
    );
    let line = mock.line();
    assert!(
        line.starts_with("POST /oauth2/token 200 client_credentials by "),
        "{line}"
    );
}

#[test]
fn a_token_of_any_document_comes_from_its_mock() {
    let file = spec_argument("ups.yaml");
    let mut mock = Mock::start(&["--spec", &file, "--output", "json", "--lifetime", "90"]);
    let arguments = ["token", "--spec", &file, "--server", &mock.url, "--grant"];
    let token = tokensmith(&[&arguments[..], &["client_credentials"]].concat()).token();
    // UPS writes numbers as texts.
    assert_eq!(token["expires_in"], 90);
    let seen: Value = serde_json::from_str(&mock.line()).expect("JSON");
    assert_eq!(
        (&seen["status"], &seen["client_auth"]),
        (&200.into(), &"basic".into())
    );
}

#[test]
fn a_refusal_is_the_providers_and_says_what_was_wrong() {
    let mut mock = Mock::start(&["ups"]);
    let arguments = [
        "token",
        "ups",
        "--server",
        &mock.url,
        "--grant",
        "refresh_token",
    ];
    let arguments = [
        &arguments[..],
        &[
            "--secret-param",
            "refresh_token=REFRESH",
            "--output",
            "json",
        ],
    ];
    let variables = [
        ("TOKENSMITH_CLIENT_ID", "app"),
        ("TOKENSMITH_CLIENT_SECRET", "s3cret"),
        ("REFRESH", "not-issued"),
    ];
    let error = tokensmith_with(&arguments.concat(), &variables).error();
    assert_eq!(error["status"], 400);
    let line = mock.line();
    assert!(
        line.contains("invalid_grant: the refresh token was never issued"),
        "{line}"
    );
    assert!(
        !line.contains("not-issued") && !line.contains("s3cret"),
        "{line}"
    );
}

#[test]
fn a_plain_server_needs_no_document() {
    let mut mock = Mock::start(&["--standard"]);
    let url = format!("{}/token", mock.url);
    let token = tokensmith(&["token", "--token-url", &url, "--scope", "a"]).token();
    assert_eq!(token["scope"][0], "a");
    assert!(
        mock.line()
            .starts_with("POST /token 200 client_credentials by ")
    );
}

#[test]
fn faults_come_from_a_file() {
    let folder = tempfile::tempdir().expect("there is room");
    let file = folder.path().join("faults.yaml");
    fs::write(&file, "- {status: 503, times: 9}").expect("there is room");
    let name = file.to_str().expect("UTF-8");
    let mut mock = Mock::start(&["moov", "--faults", name]);
    let error = tokensmith(&["token", "moov", "--server", &mock.url, "--output", "json"]).error();
    assert_eq!(
        (&error["kind"], &error["status"]),
        (&"server".into(), &503.into())
    );
    assert!(
        mock.line().contains(", fault status"),
        "the first request is told"
    );

    fs::write(&file, "- {stauts: 503}").expect("there is room");
    let run = tokensmith(&["mock", "moov", "--faults", name]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("unknown field `stauts`"),
        "{}",
        run.stderr
    );
}

#[test]
fn a_provider_or_a_document_is_needed() {
    assert!(tokensmith(&["mock"]).usage().contains("--spec"));
    assert!(tokensmith(&["mock", "nobody"]).usage().contains("nobody"));
    let run = tokensmith(&["mock", "moov", "--listen", "192.0.2.1:9"]);
    assert_eq!(run.code, Some(1));
    assert!(
        run.stderr.contains("cannot listen at 192.0.2.1:9"),
        "{}",
        run.stderr
    );
}
