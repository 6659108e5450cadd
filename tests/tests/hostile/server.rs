//! A server that does as it is told to each connection.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::Duration;

/// What is done to a connection whose request was read.
pub(crate) type Behaviour = fn(&mut TcpStream) -> std::io::Result<()>;

/// A server that listens; its connections live as long as they are talked to.
pub(crate) struct Server(SocketAddr);

impl Server {
    pub(crate) fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = listener.local_addr().expect("an address");
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || serve(stream, behaviour));
            }
        });
        Self(address)
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.0)
    }
}

fn serve(mut stream: TcpStream, behaviour: Behaviour) {
    let (mut read, mut buffer) = (Vec::new(), [0; 4096]);
    while !read.ends_with(b"grant_type=client_credentials") {
        match stream.read(&mut buffer) {
            Ok(0) | Err(_) => return,
            Ok(count) => read.extend_from_slice(&buffer[..count]),
        }
    }
    // The client may hang up at any time, which is its right.
    drop(behaviour(&mut stream));
}

/// The head of a success, and a body that never says where it ends.
pub(crate) const JSON: &str = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";
pub(crate) const TOKEN: &str = r#"{"access_token":"t","expires_in":60}"#;

/// Writes a whole response.
pub(crate) fn response(stream: &mut TcpStream, body: &[u8]) -> std::io::Result<()> {
    write!(stream, "{JSON}content-length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)
}

/// Writes until the client hangs up or 100 MB are through.
pub(crate) fn flood(stream: &mut TcpStream, piece: &[u8]) -> std::io::Result<()> {
    static BLANK: [u8; 64 * 1024] = [b' '; 64 * 1024];
    let piece = if piece.is_empty() { &BLANK } else { piece };
    let mut written = 0;
    while written < 100_000_000 {
        stream.write_all(piece)?;
        written += piece.len();
    }
    Ok(())
}

/// Keeps the connection open for longer than anybody waits.
pub(crate) fn stall() -> std::io::Result<()> {
    thread::sleep(Duration::from_secs(5));
    Ok(())
}
