//! Processes that are interrupted while a refresh token is on its way.

use std::fs;
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tokensmith_mock::{Fault, MockServer, Options};
use tokensmith_runtime::EndpointKind;

use super::{Home, count, keep, of_gitlab, paths};
use crate::login::{mock_with, standard};
use crate::run::command;

/// Starts a refresh whose response is late, and sends a signal before it comes.
fn interrupt(home: &Home, server: &MockServer, signal: Signal) -> Option<i32> {
    home.token("work");
    home.lose_access_tokens();
    let child = command(&["token", "--kept", "work"])
        .envs(home.variables())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    while count(server, "refresh_token") == 0 {
        thread::sleep(Duration::from_millis(10));
    }
    kill_process(Pid::from_child(&child), signal).expect("is ours");
    let output = child.wait_with_output().expect("ends");
    output.status.signal()
}

/// A server whose first refresh takes some time.
fn slow(options: Options) -> MockServer {
    let slow = Fault::delayed(Duration::from_secs(3));
    let slow = slow.grant("refresh_token").times(1);
    standard(options.approve().rotate(true).fault(slow))
}

#[test]
fn ctrl_c_waits_until_the_new_refresh_token_is_saved() {
    let (home, server) = (Home::new(), slow(Options::new()));
    keep(&home, &server, "work", &[]);
    assert_eq!(
        interrupt(&home, &server, Signal::INT),
        Some(Signal::INT.as_raw())
    );
    home.token("work");
    home.lose_access_tokens();
    home.token("work");
    assert_eq!(count(&server, "refresh_token"), 2);
}

/// Another process has kept other tokens under the name meanwhile.
#[test]
fn a_late_token_changes_no_other_record() {
    let (home, server) = (Home::new(), slow(Options::new()));
    keep(&home, &server, "work", &[]);
    home.token("work");
    home.lose_access_tokens();
    let child = command(&["token", "--kept", "work"])
        .envs(home.variables())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the command runs");
    while count(&server, "refresh_token") == 0 {
        thread::sleep(Duration::from_millis(10));
    }
    let file = home.path().join("names/work.json");
    let mut record: Value =
        serde_json::from_slice(&fs::read(&file).expect("a file")).expect("JSON");
    record["sealed"] = "b3RoZXI=".into();
    record["stored"] = serde_json::json!({"access_tokens": ["other"], "refresh_tokens": []});
    fs::write(&file, record.to_string()).expect("there is room");
    assert!(child.wait_with_output().expect("ends").status.success());
    let after: Value = serde_json::from_slice(&fs::read(&file).expect("a file")).expect("JSON");
    assert_eq!(after, record);
}

/// Nobody knows whether the provider has replaced the refresh token. This one takes it again.
#[test]
fn a_process_that_is_killed_leaves_the_refresh_token_behind() {
    let server = slow(Options::new().grace(Duration::from_secs(600)));
    let home = Home::new();
    keep(&home, &server, "work", &[]);
    assert_eq!(
        interrupt(&home, &server, Signal::KILL),
        Some(Signal::KILL.as_raw())
    );
    let next = home.run(&["token", "--kept", "work"]);
    assert_eq!(next.code, Some(0), "{}", next.stderr);
    assert!(next.stderr.contains("sent again"), "{}", next.stderr);
    assert_eq!(count(&server, "refresh_token"), 2);
}

/// A revocation that takes some time.
fn slow_revocation() -> Fault {
    Fault::delayed(Duration::from_secs(3)).endpoint(EndpointKind::Revocation)
}

/// Presses Ctrl-C as soon as a run has asked to revoke a token.
fn interrupt_revocation(mut command: Command, server: &MockServer) -> Option<i32> {
    let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn();
    let child = child.expect("the command runs");
    while !paths(server).iter().any(|path| path.ends_with("/revoke")) {
        thread::sleep(Duration::from_millis(10));
    }
    kill_process(Pid::from_child(&child), Signal::INT).expect("is ours");
    child.wait_with_output().expect("ends").status.signal()
}

#[test]
fn ctrl_c_waits_until_a_sign_out_is_complete() {
    let server = standard(Options::new().approve().fault(slow_revocation()));
    let home = Home::new();
    keep(&home, &server, "work", &[]);
    let mut command = command(&["logout", "work"]);
    command.envs(home.variables());
    assert_eq!(
        interrupt_revocation(command, &server),
        Some(Signal::INT.as_raw())
    );
    assert!(!home.is_kept());
}

#[test]
fn ctrl_c_waits_until_new_tokens_are_kept_and_old_ones_are_signed_out() {
    let server = mock_with("gitlab", Options::new().fault(slow_revocation()));
    let home = Home::new();
    let url = server.url();
    assert_eq!(home.run_as("one", &of_gitlab(&url, "ci")).code, Some(0));
    let first = home.token("ci");
    let command = home.command_as("two", &of_gitlab(&url, "ci"));
    assert_eq!(
        interrupt_revocation(command, &server),
        Some(Signal::INT.as_raw())
    );
    assert_ne!(home.token("ci")["access_token"], first["access_token"]);
    assert_eq!(
        (home.access_tokens().len(), home.refresh_tokens().len()),
        (1, 1)
    );
}
