//! The command opens the browser. A program of the test's takes its place.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use tokensmith_mock::Options;
use tokensmith_tests::chromium::Chromium;

use super::browser::{get, location};
use super::outside;
use super::standard;
use crate::run::command;
use crate::terminal::Session;

/// What takes the place of the program that opens the browser: it writes down what it is given.
struct Opener {
    folder: TempDir,
}

impl Opener {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("there is room");
        let program = folder.path().join("xdg-open");
        let script = "#!/bin/sh\necho \"$*\" > \"$OPENED.part\"\nmv \"$OPENED.part\" \"$OPENED\"\n";
        fs::write(&program, script).expect("there is room");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("is ours");
        Self { folder }
    }

    /// The environment of a run that finds it.
    fn variables(&self) -> [(&'static str, String); 2] {
        let path = std::env::var("PATH").unwrap_or_default();
        [
            ("PATH", format!("{}:{path}", self.folder.path().display())),
            (
                "OPENED",
                self.folder.path().join("opened").display().to_string(),
            ),
        ]
    }

    /// Waits for what the browser is opened with.
    fn link(&self) -> String {
        for _ in 0..6000 {
            if let Ok(text) = fs::read_to_string(self.folder.path().join("opened")) {
                return text.trim().to_owned();
            }
            thread::sleep(Duration::from_millis(5));
        }
        panic!("no browser is opened");
    }
}

/// Starts a run, and waits for what the browser is opened with.
fn open(issuer: &str) -> (Opener, Child, String) {
    let opener = Opener::new();
    let child = command(&["login", "--issuer", issuer])
        .envs(opener.variables())
        .env("TOKENSMITH_CLIENT_ID", "app")
        .env("TOKENSMITH_CLIENT_SECRET", "s3cret")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let link = opener.link();
    (opener, child, link)
}

#[test]
fn the_link_shows_no_state_and_leads_to_the_sign_in_page() {
    let server = standard(Options::new().approve());
    let (_opener, child, link) = open(&server.url());
    assert!(
        link.starts_with("http://127.0.0.1:") && !link.contains('?'),
        "{link}"
    );
    let url = location(&get(&link));
    assert!(
        url.starts_with(&server.url()) && url.contains("state="),
        "{url}"
    );
    assert_eq!(get(&location(&get(&url))).status, 200);
    let output = child.wait_with_output().expect("is a child");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{stderr}");
    assert!(stderr.contains("The browser opens 127.0.0.1"), "{stderr}");
    assert!(!stderr.contains("state="), "{stderr}");
}

#[test]
fn whoever_overtakes_the_browser_gets_nothing() {
    let server = standard(Options::new().approve());
    let (_opener, child, link) = open(&server.url());
    let url = location(&get(&link));
    assert_eq!(get(&link).status, 404);
    let output = child.wait_with_output().expect("is a child");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(stderr.contains("used twice"), "{stderr}");
    let back: http::Uri = location(&get(&url)).parse().expect("a URL");
    let authority = back.authority().expect("a host").as_str();
    assert!(std::net::TcpStream::connect(authority).is_err());
}

#[test]
fn chromium_signs_in_for_a_terminal() {
    let provider = outside::provider();
    let opener = Opener::new();
    let [path, opened] = opener.variables();
    let variables = [
        ("TERM", "xterm-256color"),
        ("NO_COLOR", "1"),
        ("TOKENSMITH_CLIENT_ID", "app"),
        (path.0, &path.1),
        (opened.0, &opened.1),
    ];
    let issuer = provider.issuer();
    let arguments = ["login", "--issuer", issuer, "--client-auth", "none"];
    let session = Session::start(
        &[&arguments[..], &["--scope", "openid"]].concat(),
        &variables,
    );

    let mut browser = Chromium::start();
    let place = browser.open(0, &opener.link());
    assert!(place.url.starts_with(issuer), "{place:?}");
    browser.fill(0, "input[name=login]", "alice");
    browser.fill(0, "input[name=password]", "any");
    browser.click(0, "button[type=submit]");
    let place = browser.click(0, "button[type=submit]");
    assert_eq!(place.title, "You can close this page", "{place:?}");

    let (screen, code) = session.finish();
    assert_eq!(code, Some(0), "{screen}");
    for shown in [
        "The browser opens 127.0.0.1 to sign in",
        "access token  ",
        "id token  ",
    ] {
        assert!(screen.contains(shown), "{shown} in {screen}");
    }
    assert!(!screen.contains("state="), "{screen}");
}
