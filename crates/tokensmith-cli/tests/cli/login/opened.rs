//! The command opens the browser. A program of the test's takes its place.

#![cfg(target_os = "linux")]

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;
use tokensmith_mock::Options;

use super::browser::{get, location};
use super::standard;
use crate::run::command;

/// Starts a run, and waits for what the browser is opened with.
fn open(issuer: &str) -> (TempDir, Child, String) {
    let folder = tempfile::tempdir().expect("there is room");
    let program = folder.path().join("xdg-open");
    let script = "#!/bin/sh\necho \"$*\" > \"$OPENED.part\"\nmv \"$OPENED.part\" \"$OPENED\"\n";
    fs::write(&program, script).expect("there is room");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o700)).expect("is ours");
    let opened = folder.path().join("opened");
    let path = std::env::var("PATH").unwrap_or_default();
    let child = command(&["login", "--issuer", issuer])
        .env("PATH", format!("{}:{path}", folder.path().display()))
        .env("OPENED", &opened)
        .env("TOKENSMITH_CLIENT_ID", "app")
        .env("TOKENSMITH_CLIENT_SECRET", "s3cret")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    let link = wait_for(&opened);
    (folder, child, link)
}

fn wait_for(file: &Path) -> String {
    for _ in 0..6000 {
        if let Ok(text) = fs::read_to_string(file) {
            return text.trim().to_owned();
        }
        thread::sleep(Duration::from_millis(5));
    }
    panic!("no browser is opened");
}

#[test]
fn the_link_shows_no_state_and_leads_to_the_sign_in_page() {
    let server = standard(Options::new().approve());
    let (_folder, child, link) = open(&server.url());
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
    let (_folder, child, link) = open(&server.url());
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
