//! Both transports against a server on loopback that responds as it is told.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use super::{BlockingHyperTransport, HyperTransport, MAX_BODY, Timeouts};
use crate::testing::{CLIENT_CREDENTIALS, TOKEN, TOKEN_BODY};
use crate::{
    Any, Client, Credentials, Error, ErrorKind, Retry, Token, TokenRequest, client::blocking,
};

/// Accepts one connection, reads the request, writes the response, and gives back what it read.
fn serve(response: Vec<u8>, stall: Duration) -> (SocketAddr, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
        while !read.ends_with(b"grant_type=client_credentials") {
            match stream.read(&mut buffer) {
                Ok(0) | Err(_) => break,
                Ok(count) => read.extend_from_slice(&buffer[..count]),
            }
        }
        // The client may hang up before it has everything.
        let _ = stream.write_all(&response);
        std::thread::sleep(stall);
        String::from_utf8_lossy(&read).into_owned()
    });
    (address, server)
}

fn http(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\ncontent-length: {length}\r\n{headers}\r\n{body}").into_bytes()
}

const QUICK: Timeouts = Timeouts {
    connect: Duration::from_secs(2),
    total: Duration::from_millis(500),
};

fn asynchronously(url: &str) -> Result<Token, Error> {
    let transport = HyperTransport::with_timeouts(QUICK)?;
    let client = Client::<Any, _>::with_transport(transport, url, Credentials::new("a", "b"))?
        .retry(Retry::never());
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(is_send(
        client.send(TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS)),
    ))
}

/// A future that a multi-threaded runtime takes.
fn is_send<F: Future + Send>(future: F) -> F {
    future
}

fn blockingly(url: &str) -> Result<Token, Error> {
    let transport = BlockingHyperTransport::with_timeouts(QUICK)?;
    let client =
        blocking::Client::<Any, _>::with_transport(transport, url, Credentials::new("a", "b"))?
            .retry(Retry::never());
    client.send(&TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS))
}

/// What came of one response, by either transport, and the request that the server read.
fn exchange(response: &[u8], stall: Duration) -> Vec<(Result<Token, Error>, String)> {
    [asynchronously, blockingly]
        .into_iter()
        .map(|send| {
            let (address, server) = serve(response.to_vec(), stall);
            let outcome = send(&format!("http://{address}"));
            (outcome, server.join().unwrap())
        })
        .collect()
}

fn errors(response: &[u8], stall: Duration) -> Vec<Error> {
    let outcomes = exchange(response, stall).into_iter();
    outcomes.map(|(outcome, _)| outcome.unwrap_err()).collect()
}

#[test]
fn a_token_comes_over_the_wire() {
    for (outcome, request) in exchange(&http("200 OK", "", TOKEN_BODY), Duration::ZERO) {
        assert_eq!(outcome.unwrap().access_token.expose(), "t0ken");
        let request = request.to_ascii_lowercase();
        assert!(
            request.starts_with("post /oauth2/token http/1.1\r\n"),
            "{request}"
        );
        assert!(
            request.contains("authorization: basic ytpi\r\n"),
            "{request}"
        );
        assert!(
            request.contains("accept-encoding: identity\r\n"),
            "{request}"
        );
        assert_eq!(request.matches("content-type:").count(), 1);
        assert_eq!(request.matches("user-agent: tokensmith/").count(), 1);
    }
}

#[test]
fn a_thread_that_belongs_to_a_runtime_may_block() {
    let (address, server) = serve(http("200 OK", "", TOKEN_BODY), Duration::ZERO);
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    let outcome = runtime.block_on(async { blockingly(&format!("http://{address}")) });
    assert_eq!(outcome.unwrap().access_token.expose(), "t0ken");
    server.join().unwrap();
}

#[test]
fn every_status_is_a_response() {
    for error in errors(
        &http("503 Busy", "retry-after: 3\r\nrequest-id: r\r\n", ""),
        Duration::ZERO,
    ) {
        assert_eq!(error.kind(), ErrorKind::Server);
        assert_eq!(error.retry_after(), Some(Duration::from_secs(3)));
        assert_eq!(error.request_id(), Some("r"));
    }
    let redirect = http("307 Elsewhere", "location: http://127.0.0.1:1/\r\n", "");
    for error in errors(&redirect, Duration::ZERO) {
        assert_eq!(
            (error.kind(), error.status()),
            (ErrorKind::Redirect, Some(307))
        );
    }
}

#[test]
fn reading_stops_at_the_cap() {
    let announced = format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{{",
        MAX_BODY + 1
    );
    let mut endless = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    endless.resize(endless.len() + MAX_BODY * 2, b' ');
    for response in [announced.into_bytes(), endless] {
        for error in errors(&response, Duration::ZERO) {
            assert_eq!(error.kind(), ErrorKind::TooLarge, "{error:?}");
            assert!(error.may_have_been_sent());
        }
    }
    let mut body = TOKEN_BODY.to_owned();
    body.push_str(&" ".repeat(MAX_BODY - body.len()));
    for (outcome, _) in exchange(&http("200 OK", "", &body), Duration::ZERO) {
        assert!(outcome.is_ok());
    }
}

#[test]
fn a_server_that_stalls_is_given_up() {
    let partial = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{".to_vec();
    for (response, missing) in [
        (Vec::new(), ": no response within 500ms"),
        (partial, ": the response was not complete within 500ms"),
    ] {
        let before = Instant::now();
        for error in errors(&response, Duration::from_millis(1_000)) {
            assert_eq!(error.kind(), ErrorKind::Timeout, "{error:?}");
            let shown = error.to_string();
            assert!(
                shown.starts_with("timed out waiting for the response of POST 127.0.0.1:")
                    && shown.ends_with(missing),
                "{shown}"
            );
            assert!(error.may_have_been_sent() && !error.is_retryable());
        }
        assert!(before.elapsed() < Duration::from_secs(10));
    }
}

#[test]
fn a_server_that_hangs_up_or_speaks_no_http() {
    let truncated = b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{}".to_vec();
    for response in [Vec::new(), b"nonsense\r\n\r\n".to_vec(), truncated] {
        for error in errors(&response, Duration::ZERO) {
            assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
            assert!(error.may_have_been_sent());
        }
    }
}

#[test]
fn a_server_that_is_not_there() {
    let free = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    for send in [asynchronously, blockingly] {
        let error = send(&format!("http://{free}")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        assert!(error.is_retryable() && !error.may_have_been_sent());
        let refused = format!("cannot connect to {free}: connection refused");
        assert_eq!(error.to_string(), refused);
    }
}

#[test]
fn a_name_that_nobody_has_is_told_from_a_server_that_is_not_there() {
    for send in [asynchronously, blockingly] {
        let error = send("https://no-such-host.invalid:8443").unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Transport, "{error:?}");
        assert!(error.is_retryable() && !error.may_have_been_sent());
        let shown = error.to_string();
        assert!(
            shown.starts_with("cannot resolve no-such-host.invalid: "),
            "{shown}"
        );
    }
}

#[test]
fn a_server_without_tls_gets_nothing() {
    for send in [asynchronously, blockingly] {
        let (address, server) = serve(http("400 Bad Request", "", ""), Duration::ZERO);
        let error =
            std::thread::spawn(move || send(&format!("https://localhost:{}", address.port())));
        let error = error.join().unwrap().unwrap_err();
        assert!(
            matches!(error.kind(), ErrorKind::Tls | ErrorKind::Timeout),
            "{error:?}"
        );
        assert!(
            error
                .to_string()
                .contains(&format!("localhost:{}", address.port())),
            "{error}"
        );
        drop(server);
    }
}

#[test]
fn each_connection_is_told_of() {
    let (address, server) = serve(http("200 OK", "", TOKEN_BODY), Duration::ZERO);
    let seen = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = std::sync::Arc::clone(&seen);
    let transport = BlockingHyperTransport::with_timeouts(QUICK)
        .unwrap()
        .on_connect(move |connection| sink.lock().unwrap().push(connection.clone()));
    let url = format!("http://localhost:{}", address.port());
    let credentials = Credentials::new("a", "b");
    let client = blocking::Client::<Any, _>::with_transport(transport, url.as_str(), credentials);
    let request = TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS);
    client.unwrap().send(request).unwrap();
    server.join().unwrap();
    let seen = seen.lock().unwrap();
    let [connection] = &seen[..] else {
        panic!("{seen:?}");
    };
    assert_eq!(connection.peer, Some(address));
    assert!(connection.lookup.is_some(), "the host has a name");
    assert!(connection.tls.is_none(), "the scheme is http");
}
