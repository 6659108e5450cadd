//! Processes without an asynchronous runtime that share files.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokensmith_tests::example;
use tokensmith_tests::strict_server::{Server, ServerResponse};

const PROCESSES: usize = 3;

#[test]
fn three_blocking_processes_make_one_request() {
    let folder = tempfile::tempdir().expect("a folder");
    let body = r#"{"access_token":"the only one","expires_in":3600}"#;
    // Time for the others to come while the first one waits.
    let delay = Duration::from_secs(2);
    let provider = Server::start(move |_| ServerResponse::json(200, body).delay(delay));
    let start = || {
        Command::new(example::path("blocking_member"))
            .arg(folder.path().join("tokens"))
            .arg(provider.url())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process")
    };
    let processes: Vec<Child> = (0..PROCESSES).map(|_| start()).collect();
    // And one that finds the token.
    let outputs = processes.into_iter().map(Child::wait_with_output);
    let outputs: Vec<_> = outputs.collect();
    for output in outputs.into_iter().chain([start().wait_with_output()]) {
        let output = output.expect("an outcome");
        assert!(output.status.success(), "{output:?}");
        assert_eq!(
            String::from_utf8_lossy(&output.stdout).trim(),
            "the only one"
        );
    }
    assert_eq!(provider.count(), 1, "{:?}", provider.requests());
    assert_eq!(provider.complaints(), Vec::<String>::new());
}
