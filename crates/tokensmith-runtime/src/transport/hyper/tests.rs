//! Connections that are kept for the next request, and die.

use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};

use tokio::runtime::{Builder, Runtime};

use super::super::{Transport as _, TransportError};
use super::{HyperTransport, TRAVEL};
use crate::TransportErrorKind;

const RESPONSE: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}";

/// A client that is driven only while it sends: it cannot hear of a connection's end before.
struct Client {
    transport: HyperTransport,
    runtime: Runtime,
    listener: TcpListener,
}

impl Client {
    fn new() -> Self {
        Self {
            transport: HyperTransport::new().unwrap(),
            runtime: Builder::new_current_thread().enable_all().build().unwrap(),
            listener: TcpListener::bind("127.0.0.1:0").unwrap(),
        }
    }

    /// Sends a request some time after the last response.
    fn send(&self, body: &str) -> Result<http::Response<Vec<u8>>, TransportError> {
        let url = format!("http://{}/token", self.listener.local_addr().unwrap());
        let request = http::Request::post(url).body(body.as_bytes().to_vec());
        std::thread::sleep(2 * TRAVEL);
        self.runtime.block_on(self.transport.send(request.unwrap()))
    }

    /// What a server does with a connection while the client sends a request.
    fn send_to<T: Send>(
        &self,
        body: &str,
        server: impl FnOnce(&TcpListener) -> T + Send,
    ) -> (Result<http::Response<Vec<u8>>, TransportError>, T) {
        std::thread::scope(|scope| {
            let server = scope.spawn(|| server(&self.listener));
            (self.send(body), server.join().unwrap())
        })
    }

    /// Nobody else has tried to connect.
    fn is_done(&self) -> bool {
        self.listener.set_nonblocking(true).unwrap();
        self.listener
            .accept()
            .is_err_and(|error| error.kind() == ErrorKind::WouldBlock)
    }
}

fn read(stream: &mut TcpStream, body: &str) {
    let (mut read, mut buffer) = (Vec::new(), [0; 1024]);
    while !read.ends_with(body.as_bytes()) {
        let count = stream.read(&mut buffer).unwrap();
        assert_ne!(count, 0, "{}", String::from_utf8_lossy(&read));
        read.extend_from_slice(&buffer[..count]);
    }
    let heads = String::from_utf8_lossy(&read).matches("POST ").count();
    assert_eq!(heads, 1, "a request of its own");
}

fn response_on_a_new_connection(listener: &TcpListener, body: &str) -> TcpStream {
    let (mut stream, _) = listener.accept().unwrap();
    read(&mut stream, body);
    stream.write_all(RESPONSE).unwrap();
    stream
}

#[test]
fn a_connection_serves_the_next_request() {
    let client = Client::new();
    let (response, mut stream) = client.send_to("first", |listener| {
        response_on_a_new_connection(listener, "first")
    });
    assert_eq!(response.unwrap().body(), b"{}");
    let (response, ()) = client.send_to("second", |_| {
        read(&mut stream, "second");
        stream.write_all(RESPONSE).unwrap();
    });
    assert!(response.is_ok() && client.is_done());
}

#[test]
fn one_that_died_in_the_meantime_is_replaced_and_nothing_is_lost() {
    let client = Client::new();
    let (response, stream) = client.send_to("first", |listener| {
        response_on_a_new_connection(listener, "first")
    });
    assert!(response.is_ok());
    drop(stream);
    let (response, _stream) = client.send_to("second", |listener| {
        response_on_a_new_connection(listener, "second")
    });
    assert!(response.is_ok() && client.is_done());
}

#[test]
fn one_that_dies_with_the_request_is_not_and_nothing_goes_out_twice() {
    let client = Client::new();
    let (response, mut stream) = client.send_to("first", |listener| {
        response_on_a_new_connection(listener, "first")
    });
    assert!(response.is_ok());
    let (response, ()) = client.send_to("second", move |_| {
        read(&mut stream, "second");
    });
    let error = response.unwrap_err();
    assert_eq!(error.kind(), TransportErrorKind::Other, "{error:?}");
    assert!(error.may_have_been_sent() && client.is_done());
}

#[test]
fn what_follows_a_response_is_not_the_response_to_the_next_request() {
    let client = Client::new();
    let (response, _stream) = client.send_to("first", |listener| {
        let (mut stream, _) = listener.accept().unwrap();
        read(&mut stream, "first");
        stream.write_all(&RESPONSE.repeat(2)).unwrap();
        stream
    });
    assert!(response.is_ok());
    let (response, _stream) = client.send_to("second", |listener| {
        response_on_a_new_connection(listener, "second")
    });
    assert!(response.is_ok() && client.is_done());
}
