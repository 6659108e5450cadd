//! One connection to the loopback port: a request is read within bounds, and responded to.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

/// How long a request may take to arrive, and a response to leave. Browsers open connections in
/// advance that they use later or never.
const PATIENCE: Duration = Duration::from_secs(10);

/// The longest head of a request, in bytes: the longest URL that is read, and headers.
const MAX_HEAD: usize = 96 * 1024;

/// The most headers of a request.
const MAX_HEADERS: usize = 100;

/// Reads the request of a connection: the target of a GET, or nothing for anything else.
pub(super) fn target(stream: &mut TcpStream) -> Option<String> {
    // Some systems hand the socket's own setting on.
    stream.set_nonblocking(false).ok()?;
    stream.set_write_timeout(Some(PATIENCE)).ok()?;
    let deadline = Instant::now() + PATIENCE;
    let mut head = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let left = deadline.checked_duration_since(Instant::now())?;
        stream
            .set_read_timeout(Some(left.max(Duration::from_millis(1))))
            .ok()?;
        let count = match stream.read(&mut buffer) {
            Ok(0) => return None,
            Ok(count) => count,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(_) => return None,
        };
        head.extend(buffer.iter().take(count));
        if head.len() > MAX_HEAD {
            return None;
        }
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        match request.parse(&head) {
            Ok(httparse::Status::Complete(_)) => {
                let target = request.path.filter(|_| request.method == Some("GET"));
                return target.map(str::to_owned);
            }
            Ok(httparse::Status::Partial) => {}
            Err(_) => return None,
        }
    }
}

/// Sends a response, and ends the connection. Whether the browser takes it changes nothing.
pub(super) fn respond(mut stream: TcpStream, response: &str) {
    let _ = stream.write_all(response.as_bytes());
    let _ = stream.shutdown(Shutdown::Write);
}
