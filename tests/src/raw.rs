//! A client that sends the bytes it is given.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status code.
    pub status: u16,
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The value of the first header of this name, which is in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

/// Sends `bytes` and reads until the server closes; nothing if it closes without a response.
///
/// # Panics
///
/// When the server cannot be reached, or responds with something other than HTTP.
pub fn send(address: SocketAddr, bytes: &[u8]) -> Option<Reply> {
    let mut stream = TcpStream::connect(address).expect("a server that listens");
    stream
        .set_read_timeout(Some(Duration::from_secs(10)))
        .expect("a socket takes a timeout");
    stream.write_all(bytes).expect("a server that reads");
    let mut reply = Vec::new();
    stream
        .read_to_end(&mut reply)
        .expect("a server that closes");
    if reply.is_empty() {
        return None;
    }
    let reply = String::from_utf8(reply).expect("a reply in UTF-8");
    let (head, body) = reply.split_once("\r\n\r\n").expect("a reply with a head");
    let mut lines = head.split("\r\n");
    let status = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .and_then(|status| status.parse().ok());
    let headers = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()));
    Some(Reply {
        status: status.expect("a status line"),
        headers: headers.collect(),
        body: body.to_owned(),
    })
}

/// Writes a POST request: `headers` as given, after `Host`, `Content-Length` and `Connection:
/// close`.
pub fn post(target: &str, headers: &[(&str, &str)], body: &str) -> Vec<u8> {
    let mut request = format!(
        "POST {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {}\r\nConnection: close\r\n",
        body.len()
    );
    for (name, value) in headers {
        request.push_str(&format!("{name}: {value}\r\n"));
    }
    request.push_str("\r\n");
    request.push_str(body);
    request.into_bytes()
}
