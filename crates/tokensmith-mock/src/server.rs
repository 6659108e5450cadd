//! Serving a provider over HTTP.

mod broken_off;
mod connection;
mod tls;

use std::fmt;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use hyper::body::Bytes;
use tokio::sync::{Semaphore, watch};

use crate::provider::Provider;
use tls::Tls;

/// A mock that is being served; it stops when it is dropped.
///
/// It has a thread of its own, so that it serves blocking clients and any asynchronous runtime. One
/// port serves http and https.
pub struct MockServer {
    shared: Arc<Shared>,
    stop: watch::Sender<bool>,
    thread: Option<JoinHandle<()>>,
}

impl MockServer {
    /// Serves a provider at an address; port 0 is a free one.
    ///
    /// # Errors
    ///
    /// If the address cannot be listened at.
    pub fn start(provider: Provider, address: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind(address)?;
        listener.set_nonblocking(true)?;
        let address = listener.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()?;
        let shared = Arc::new(Shared {
            provider,
            address,
            tls: OnceLock::new(),
            large_bodies: Semaphore::new(LARGE_BODIES),
        });
        let (stop, stopped) = watch::channel(false);
        let served = Arc::clone(&shared);
        let thread = thread::Builder::new().name("tokensmith-mock".to_owned());
        let thread = thread.spawn(move || {
            runtime.block_on(serve(listener, served, stopped));
        })?;
        Ok(Self {
            shared,
            stop,
            thread: Some(thread),
        })
    }

    /// Returns the provider.
    pub fn provider(&self) -> &Provider {
        &self.shared.provider
    }

    /// Returns the address that it listens at.
    pub fn address(&self) -> SocketAddr {
        self.shared.address
    }

    /// Returns the base URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// Returns the base URL over TLS, without a slash at its end.
    pub fn https_url(&self) -> String {
        format!("https://{}", self.address())
    }

    /// Returns the certificate that clients have to trust to use [`https_url`](Self::https_url), as
    /// PEM. It is made when it is first asked for, and is of no use after this process. Certified
    /// are `localhost`, names below it, the loopback addresses, and the address of the mock.
    ///
    /// # Errors
    ///
    /// If the system has no random bytes.
    pub fn certificate(&self) -> io::Result<&str> {
        let tls = self.shared.tls().map_err(io::Error::other)?;
        Ok(&tls.authority)
    }

    /// Waits until it stops by itself, which is never.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

impl fmt::Debug for MockServer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("MockServer")
            .field("address", &self.address())
            .finish_non_exhaustive()
    }
}

impl Drop for MockServer {
    fn drop(&mut self) {
        self.stop.send_replace(true);
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
    }
}

async fn serve(listener: TcpListener, shared: Arc<Shared>, mut stopped: watch::Receiver<bool>) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(connection::converse(stream, Arc::clone(&shared)));
                }
                // Too many open files, say.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
}

/// The body of a response: its length is announced, even if less than that is sent.
type Body = http_body_util::combinators::BoxBody<Bytes, io::Error>;

/// What all connections share.
struct Shared {
    provider: Provider,
    address: SocketAddr,
    /// Made when somebody first asks for it.
    tls: OnceLock<Result<Tls, String>>,
    /// How many more large bodies may be read at once.
    large_bodies: Semaphore,
}

/// How many large bodies are read at once: 64 megabytes.
const LARGE_BODIES: usize = 64;

impl Shared {
    fn tls(&self) -> Result<&Tls, &str> {
        let made = self.tls.get_or_init(|| {
            let made = Tls::make(self.address.ip());
            made.map_err(|error| error.to_string())
        });
        made.as_ref().map_err(String::as_str)
    }
}
