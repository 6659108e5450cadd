//! A token endpoint on loopback that always responds the same.

use std::io::{self, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::thread;

/// Moov's, in size and in headers.
const BODY: &str = concat!(
    r#"{"access_token":"example-access-token-not-real","expires_in":900,"#,
    r#""refresh_token":"example-refresh-token-not-real","scope":"/accounts.write","token_type":"Bearer"}"#,
);
const HEAD: &str = "HTTP/1.1 200 OK\r\n\
    content-type: application/json\r\n\
    cache-control: no-store\r\n\
    date: Thu, 01 Jan 1970 00:00:00 GMT\r\n\
    x-request-id: 00000000-0000-4000-8000-000000000000\r\n";

/// What every client has to send, in whatever order: `example-client-id` and its secret, by Basic.
const SENT: [&str; 5] = [
    "POST /oauth2/token HTTP/1.1\r\n",
    "Basic ZXhhbXBsZS1jbGllbnQtaWQ6ZXhhbXBsZS1jbGllbnQtc2VjcmV0LW5vdC1yZWFs\r\n",
    "application/x-www-form-urlencoded",
    "grant_type=client_credentials",
    "scope=%2Faccounts.write",
];

/// Starts the server and gives its URL.
pub(super) fn start() -> Result<String, String> {
    let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
    let address = listener.local_addr().map_err(|error| error.to_string())?;
    thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            thread::spawn(move || serve(stream));
        }
    });
    Ok(format!("http://{address}"))
}

/// Responses until the client goes, or sends something else than it should.
fn serve(mut stream: TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let response = format!("{HEAD}content-length: {}\r\n\r\n{BODY}", BODY.len());
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let length = stream.read(&mut buffer)?;
        if length == 0 {
            return Ok(());
        }
        received.extend_from_slice(&buffer[..length]);
        if !is_complete(&received) {
            continue;
        }
        let request = String::from_utf8_lossy(&received);
        if SENT.iter().any(|part| !request.contains(part)) {
            return stream.write_all(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n");
        }
        stream.write_all(response.as_bytes())?;
        received.clear();
    }
}

/// Whether a request has come in whole.
fn is_complete(received: &[u8]) -> bool {
    let request = String::from_utf8_lossy(received);
    let Some((head, body)) = request.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().ok())?
    });
    length.is_some_and(|length: usize| body.len() >= length)
}
