//! Processes that are interrupted while a refresh token is on its way.

use std::os::unix::process::ExitStatusExt as _;
use std::process::Stdio;
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tokensmith_mock::{Fault, MockServer, Options};

use super::{Home, count, keep};
use crate::login::standard;
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
