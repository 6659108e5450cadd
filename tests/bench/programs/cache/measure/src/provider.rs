//! A provider that always gives the same token.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;

/// The token that every cache gets, of the length that Google's have.
pub const TOKEN: &str = concat!(
    "example-access-token-not-real-example-access-token-not-real-",
    "example-access-token-not-real-example-access-token-not-real-",
    "example-access-token-not-real-example-access-token-not-real-",
    "example-access-token",
);

/// How long the token lives.
pub const LIFETIME: Duration = Duration::from_secs(24 * 60 * 60);

/// Clones count together.
#[derive(Debug, Clone)]
pub struct Provider {
    delay: Duration,
    asked: Arc<AtomicU32>,
}

impl Provider {
    /// A provider that takes this long for each response.
    pub fn new(delay: Duration) -> Self {
        Self {
            delay,
            asked: Arc::default(),
        }
    }

    /// How often it was asked.
    pub fn asked(&self) -> u32 {
        self.asked.load(Relaxed)
    }

    /// The body of its response, as JSON.
    pub async fn response(&self) -> String {
        self.asked.fetch_add(1, Relaxed);
        if !self.delay.is_zero() {
            tokio::time::sleep(self.delay).await;
        }
        let lifetime = LIFETIME.as_secs();
        format!(
            r#"{{"access_token":"{TOKEN}","expires_in":{lifetime},"scope":"example","token_type":"Bearer"}}"#
        )
    }

    /// Responses over HTTP, until the other side goes.
    ///
    /// # Errors
    ///
    /// If the connection breaks.
    pub async fn serve(self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        let mut received = Vec::new();
        loop {
            while !is_complete(&received) {
                if stream.read_buf(&mut received).await? == 0 {
                    return Ok(());
                }
            }
            received.clear();
            let body = self.response().await;
            let head = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
                body.len()
            );
            stream.write_all((head + &body).as_bytes()).await?;
        }
    }

    /// Responses over HTTP on loopback, and gives the URL: for caches that take no other transport than their own.
    ///
    /// # Errors
    ///
    /// If there is no free port.
    pub async fn listen(&self) -> io::Result<String> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = listener.local_addr()?;
        let provider = self.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(provider.clone().serve(stream));
            }
        });
        Ok(format!("http://{address}/"))
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
