//! Asks token endpoints on this machine for tokens, on one thread, as fast as they respond.
//!
//! Each line of the standard input is `ADDRESS PATH CONNECTIONS MILLISECONDS`. The program responds with the number of
//! tokens that it got in that time, by client credentials with HTTP Basic, each connection asking again and again.

use std::error::Error;
use std::io::{self, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

fn main() -> Result<(), Box<dyn Error>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    for line in io::stdin().lines() {
        let line = line?;
        let words: Vec<&str> = line.split_whitespace().collect();
        let [address, path, connections, milliseconds] = words.as_slice() else {
            return Err("expected ADDRESS PATH CONNECTIONS MILLISECONDS".into());
        };
        let connections: u32 = connections.parse()?;
        let time = Duration::from_millis(milliseconds.parse()?);
        let tokens = runtime.block_on(load(address.parse()?, path, connections, time))?;
        println!("{tokens}");
        io::stdout().flush()?;
    }
    Ok(())
}

/// Counts the tokens that so many connections get in a time.
async fn load(
    address: SocketAddr,
    path: &str,
    connections: u32,
    time: Duration,
) -> Result<u64, Box<dyn Error>> {
    let body = "grant_type=client_credentials";
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: {address}\r\nauthorization: Basic aWQ6c2VjcmV0\r\n\
         content-type: application/x-www-form-urlencoded\r\naccept: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut open = Vec::new();
    for _ in 0..connections {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        open.push(stream);
    }
    let end = Instant::now() + time;
    let mut tasks = JoinSet::new();
    for stream in open {
        let request = request.clone();
        tasks.spawn(async move { ask(stream, &request, end).await });
    }
    let mut tokens = 0;
    while let Some(outcome) = tasks.join_next().await {
        tokens += outcome??;
    }
    Ok(tokens)
}

/// Asks again and again on one connection, and counts the tokens.
async fn ask(mut stream: TcpStream, request: &str, end: Instant) -> io::Result<u64> {
    let mut buffer = vec![0; 16 * 1024];
    let mut tokens = 0;
    while Instant::now() < end {
        stream.write_all(request.as_bytes()).await?;
        let mut length = 0;
        loop {
            let room = buffer.get_mut(length..).unwrap_or_default();
            let read = stream.read(room).await?;
            if read == 0 {
                return Err(io::Error::other("the connection was closed"));
            }
            length += read;
            if is_token(buffer.get(..length).unwrap_or_default())? {
                break;
            }
        }
        tokens += 1;
    }
    Ok(tokens)
}

/// Whether a response is there in whole; it has to have a token.
fn is_token(received: &[u8]) -> io::Result<bool> {
    let Some(end) = received.windows(4).position(|four| four == b"\r\n\r\n") else {
        return Ok(false);
    };
    let (head, body) = received.split_at(end + 4);
    let head = String::from_utf8_lossy(head).to_ascii_lowercase();
    let length = head.split_once("content-length:").and_then(|(_, rest)| {
        let digits = rest.split("\r\n").next()?;
        digits.trim().parse::<usize>().ok()
    });
    let length = length.ok_or_else(|| io::Error::other("the response has no length"))?;
    if body.len() < length {
        return Ok(false);
    }
    let has_token = body.windows(14).any(|part| part == b"\"access_token\"");
    if !head.starts_with("http/1.1 200") || !has_token || body.len() > length {
        let response = String::from_utf8_lossy(received).into_owned();
        return Err(io::Error::other(format!("no token: {response}")));
    }
    Ok(true)
}
