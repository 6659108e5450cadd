//! Clients that are slow, many, or want more than their share.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use tokensmith_mock::{MockServer, Options};

use super::acme::{acme, redeem};

fn start(options: Options) -> MockServer {
    MockServer::start(acme(options), (Ipv4Addr::LOCALHOST, 0).into()).unwrap()
}

/// Opens a connection and sends the beginning of a request.
fn begin(server: &MockServer, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(server.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .unwrap();
    stream.write_all(text.as_bytes()).unwrap();
    stream
}

/// Sends a form as `id`, and returns the status.
fn status(server: &MockServer, form: &str) -> u16 {
    let head = head(server, form.len());
    let mut stream = begin(server, &format!("{head}{form}"));
    status_of(&mut stream)
}

fn status_of(stream: &mut TcpStream) -> u16 {
    let mut response = String::new();
    stream.read_to_string(&mut response).unwrap();
    let status = response.split(' ').nth(1).unwrap_or_default();
    status.parse().unwrap_or_else(|_| panic!("{response}"))
}

fn head(server: &MockServer, length: usize) -> String {
    format!(
        "POST /oauth/token HTTP/1.1\r\nHost: {}\r\nAuthorization: Basic aWQ6c2VjcmV0\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n",
        server.address()
    )
}

const GRANT: &str = "grant_type=client_credentials";

/// RFC 6749 section 4.1.2: a code is redeemed once, and what was issued for it is revoked when it is
/// used again.
#[test]
fn a_code_is_redeemed_once_by_whoever_comes_first() {
    let server = start(Options::new());
    server.provider().accept_code("c");
    let statuses: Vec<u16> = thread::scope(|scope| {
        let all = (0..24).map(|_| scope.spawn(|| status(&server, &redeem("c"))));
        let all: Vec<_> = all.collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let granted = statuses.iter().filter(|status| **status == 200).count();
    assert_eq!(granted, 1, "{statuses:?}");
    assert!(statuses.iter().all(|status| [200, 400].contains(status)));
    let count = server.provider().counts()["authorization_code"];
    assert_eq!((count.requests, count.refused), (24, 23));
}

#[test]
fn slow_and_idle_clients_hold_nobody_up() {
    let server = start(Options::new());
    let unfinished = head(&server, GRANT.len());
    let handshake = String::from_utf8(vec![22, 3, 1]).unwrap();
    let texts = [
        "",
        "P",
        "POST /oauth/token HTTP/1.1\r\nHost: a",
        &unfinished,
        &handshake,
    ];
    let open: Vec<TcpStream> = (0..200)
        .map(|number| begin(&server, texts[number % texts.len()]))
        .collect();
    let start = Instant::now();
    assert_eq!(status(&server, GRANT), 200);
    assert!(start.elapsed() < Duration::from_secs(5));
    drop(open);
}

#[test]
fn large_bodies_are_read_so_many_at_once() {
    let server = start(Options::new());
    let large = head(&server, 1 << 20);
    let mut open: Vec<TcpStream> = (0..65).map(|_| begin(&server, &large)).collect();
    let start = Instant::now();
    let refused = loop {
        let has_response = |stream: &&mut TcpStream| {
            stream.set_nonblocking(true).unwrap();
            let has_response = stream.peek(&mut [0]).is_ok();
            stream.set_nonblocking(false).unwrap();
            has_response
        };
        if let Some(stream) = open.iter_mut().find(has_response) {
            break status_of(stream);
        }
        assert!(start.elapsed() < Duration::from_secs(10));
    };
    assert_eq!(refused, 503);
    assert_eq!(status(&server, GRANT), 200);
    open.clear();
    let form = format!("{GRANT}&scope={}", "x".repeat(1 << 19));
    let start = Instant::now();
    while status(&server, &form) == 503 {
        assert!(start.elapsed() < Duration::from_secs(10));
    }
}
