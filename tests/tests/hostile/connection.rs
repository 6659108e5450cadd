//! Connections that stall, trickle, or break.

use std::io::Write as _;
use std::net::{Shutdown, TcpListener};
use std::time::{Duration, Instant};

use tokensmith_runtime::{
    Any, BlockingHyperTransport, Credentials, ErrorKind, Retry, Timeouts, TokenRequest, blocking,
};

use crate::server::{JSON, TOKEN, stall};
use crate::{CLIENT_CREDENTIALS, ask, kinds};

#[test]
fn one_that_stalls_runs_out_of_time() {
    assert_eq!(kinds(|_| stall()), ["timeout"; 2]);
    assert_eq!(
        kinds(|stream| {
            write!(stream, "{JSON}content-length: 30\r\n\r\n")?;
            stall()
        }),
        ["timeout"; 2]
    );
    assert_eq!(
        kinds(|stream| {
            write!(stream, "HTTP/1.1 200")?;
            stall()
        }),
        ["timeout"; 2]
    );
}

#[test]
fn one_that_trickles_runs_out_of_time() {
    let outcomes = ask(|stream| {
        write!(stream, "{JSON}content-length: {}\r\n\r\n", TOKEN.len())?;
        for byte in TOKEN.bytes() {
            stream.write_all(&[byte])?;
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(())
    });
    for outcome in outcomes {
        let error = outcome.expect_err("an error");
        assert_eq!(error.kind(), ErrorKind::Timeout);
        assert!(error.may_have_been_sent());
    }
}

#[test]
fn one_that_closes_early_breaks_off() {
    assert_eq!(kinds(|_| Ok(())), ["transport"; 2]);
    assert_eq!(
        kinds(|stream| stream.shutdown(Shutdown::Write)),
        ["transport"; 2]
    );
    assert_eq!(
        kinds(|stream| write!(stream, "HTTP/1.1 200 OK\r\ncontent-le")),
        ["transport"; 2]
    );
    // Shorter than announced.
    assert_eq!(
        kinds(|stream| write!(stream, "{JSON}content-length: 100\r\n\r\n{TOKEN}")),
        ["transport"; 2]
    );
    // A chunk that never ends.
    assert_eq!(
        kinds(|stream| write!(
            stream,
            "{JSON}transfer-encoding: chunked\r\n\r\nff\r\n{TOKEN}"
        )),
        ["transport"; 2]
    );
}

#[test]
fn one_that_nobody_accepts_runs_out_of_time_or_is_not_there() {
    // Nobody listens there any more.
    let gone = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let url = format!("http://{}", gone.local_addr().expect("an address"));
    drop(gone);
    let start = Instant::now();
    let transport =
        BlockingHyperTransport::with_timeouts(Timeouts::default()).expect("a transport");
    let client =
        blocking::Client::<Any, _>::with_transport(transport, url, Credentials::public("x"));
    let request = TokenRequest::new(&crate::TOKEN, &CLIENT_CREDENTIALS);
    let error = client
        .expect("a client")
        .retry(Retry::never())
        .send(request)
        .expect_err("an error");
    assert_eq!(error.kind(), ErrorKind::Transport);
    assert!(!error.may_have_been_sent() && error.is_retryable());
    assert!(start.elapsed() < crate::PATIENCE);
}
