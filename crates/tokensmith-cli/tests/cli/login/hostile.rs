//! What comes to the loopback port from elsewhere, and what does not come.

use std::net::TcpStream;
use std::process::Command;

use tokensmith_mock::Options;

use super::browser::{Login, get, pairs, send};
use super::standard;

#[test]
fn only_the_redirect_with_the_state_is_taken() {
    let server = standard(Options::new().approve());
    let url = server.url();
    let login = Login::start(&["--issuer", &url]);
    let callback = login.callback();
    // A browser opens connections in advance.
    let _idle = TcpStream::connect(&callback).expect("it listens");
    let state = &pairs(&login.url)["state"];
    let of = |method: &str, target: &str| {
        format!("{method} {target} HTTP/1.1\r\nHost: {callback}\r\n\r\n")
    };
    for request in [
        of("GET", "/"),
        of("GET", "/favicon.ico"),
        of("GET", "/callback"),
        of("GET", "/callback?code=stolen"),
        of("GET", "/callback?code=stolen&state=guessed"),
        of(
            "GET",
            &format!("/callback?code=stolen&state={state}&state=guessed"),
        ),
        of("GET", &format!("/callback/?code=stolen&state={state}")),
        of("GET", &format!("/begin/{state}")),
        of("POST", &format!("/callback?code=stolen&state={state}")),
        of("HEAD", &format!("/callback?code=stolen&state={state}")),
        of(
            "GET",
            &format!("http://{callback}/callback?code=stolen&state={state}"),
        ),
        "nonsense\r\n\r\n".to_owned(),
    ] {
        let reply = send(&callback, &request);
        assert_eq!(reply.status, 404, "{request}");
        assert!(!reply.body.contains(state.as_str()));
    }
    assert_eq!(get(&login.away()).status, 200);
    login.finish().token_after_sign_in();
    assert!(TcpStream::connect(&callback).is_err(), "it still listens");
}

#[test]
fn a_redirect_of_another_issuer_is_refused() {
    let server = standard(Options::new().approve());
    let url = server.url();
    for (from, to, message) in [
        (
            "&iss=",
            "&iss=https%3A%2F%2Fevil.example&was=",
            "another issuer",
        ),
        ("&iss=", "&was=", "does not name its issuer"),
        ("code=", "was=", "no code"),
    ] {
        let login = Login::start(&["--issuer", &url]);
        let back = login.away();
        assert!(back.contains(from), "{back}");
        let page = get(&back.replacen(from, to, 1));
        assert!(page.body.contains("There was no sign-in"), "{page:?}");
        let error = login.finish().error();
        assert_eq!(error["kind"], "malformed");
        let said = error["message"].to_string();
        assert!(said.contains(message), "{said}");
    }
}

#[test]
fn a_browser_that_never_comes_back_is_not_waited_for() {
    let server = standard(Options::new());
    let url = server.url();
    let login = Login::start(&["--issuer", &url, "--timeout", "1"]);
    let callback = login.callback();
    let error = login.finish().error();
    assert_eq!(error["kind"], "timeout");
    let said = error["message"].to_string();
    assert!(said.contains("1 s") && said.contains("--timeout"), "{said}");
    assert!(TcpStream::connect(&callback).is_err());
}

/// No signal is handled. It is not that of Ctrl-C here: what a shell runs in the background ignores
/// that one.
#[test]
fn a_signal_ends_it_and_closes_the_port() {
    use std::os::unix::process::ExitStatusExt as _;

    let server = standard(Options::new());
    let url = server.url();
    let mut login = Login::start(&["--issuer", &url]);
    let callback = login.callback();
    let id = login.child.id().to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status();
    assert!(sent.expect("there is kill").success());
    let status = login.child.wait().expect("is a child");
    assert_eq!(status.signal(), Some(15));
    assert!(TcpStream::connect(&callback).is_err());
}
