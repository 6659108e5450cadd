//! Serving a provider over HTTP.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use http::{Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::provider::{Provider, origin};
use crate::reply::{Delivery, Reply, respond};

/// The largest body of a request.
const MAX_BODY: usize = 1 << 20;

/// A mock that is being served; it stops when it is dropped.
///
/// It has a thread of its own, so that it serves blocking clients and any asynchronous runtime.
#[derive(Debug)]
pub struct MockServer {
    provider: Arc<Provider>,
    address: SocketAddr,
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
        let provider = Arc::new(provider);
        let (stop, stopped) = watch::channel(false);
        let served = Arc::clone(&provider);
        let thread = thread::Builder::new().name("tokensmith-mock".to_owned());
        let thread = thread.spawn(move || {
            runtime.block_on(serve(listener, address, served, stopped));
        })?;
        Ok(Self {
            provider,
            address,
            stop,
            thread: Some(thread),
        })
    }

    /// Returns the provider.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Returns the address that it listens at.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the base URL, without a slash at its end.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Waits until it stops by itself, which is never.
    pub fn wait(mut self) {
        if let Some(thread) = self.thread.take() {
            drop(thread.join());
        }
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

async fn serve(
    listener: TcpListener,
    address: SocketAddr,
    provider: Arc<Provider>,
    mut stopped: watch::Receiver<bool>,
) {
    let Ok(listener) = tokio::net::TcpListener::from_std(listener) else {
        return;
    };
    loop {
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stopped| *stopped) => return,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    tokio::spawn(converse(stream, address, Arc::clone(&provider)));
                }
                // Too many open files, say.
                Err(_) => tokio::time::sleep(Duration::from_millis(10)).await,
            },
        }
    }
}

/// Serves one connection.
async fn converse(stream: TcpStream, address: SocketAddr, provider: Arc<Provider>) {
    drop(stream.set_nodelay(true));
    let service = service_fn(move |request| {
        let provider = Arc::clone(&provider);
        async move { exchange(request, address, &provider).await }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .serve_connection(TokioIo::new(stream), service);
    // How a connection ends is the client's matter.
    drop(connection.await);
}

/// The body of a response: its length is announced, even if less than that is sent.
type Body = http_body_util::combinators::BoxBody<Bytes, io::Error>;

async fn exchange(
    request: Request<Incoming>,
    address: SocketAddr,
    provider: &Provider,
) -> Result<Response<Body>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = match Limited::new(body, MAX_BODY).collect().await {
        Ok(body) => body.to_bytes().to_vec(),
        Err(_) => return Ok(whole(respond(413, "text/plain", "the body is too large"))),
    };
    if !is_own(&parts.headers, address) {
        let message = "the header Host names another host than the mock's";
        return Ok(whole(respond(
            StatusCode::MISDIRECTED_REQUEST.as_u16(),
            "text/plain",
            message,
        )));
    }
    let request = Request::from_parts(parts, body);
    let Reply {
        mut response,
        delay,
        delivery,
    } = provider.respond(&request);
    if !delay.is_zero() {
        tokio::time::sleep(delay).await;
    }
    match delivery {
        Delivery::Whole => Ok(whole(response)),
        Delivery::Lost => Err(io::Error::other("the response is lost")),
        Delivery::Truncated(bytes) => {
            let length = response.body().len().to_string();
            crate::reply::set(&mut response, header::CONTENT_LENGTH.as_str(), &length);
            Ok(response.map(|body| truncated(body, bytes)))
        }
    }
}

/// Whether a request names this machine: a name of somebody else's that leads here may be an attack
/// on the browser. Of a mock that others can reach, nobody knows the names.
fn is_own(headers: &http::HeaderMap, address: SocketAddr) -> bool {
    let host = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let Some(host) = host else { return false };
    let name = origin::name(host);
    let is_loopback = name
        .parse::<std::net::IpAddr>()
        .is_ok_and(|ip| ip.is_loopback());
    !address.ip().is_loopback()
        || is_loopback
        || name == "localhost"
        || name.ends_with(".localhost")
}

fn whole(response: Response<Vec<u8>>) -> Response<Body> {
    response.map(|body| {
        Full::new(Bytes::from(body))
            .map_err(|never| match never {})
            .boxed()
    })
}

/// A body that breaks off.
fn truncated(mut body: Vec<u8>, bytes: usize) -> Body {
    body.truncate(bytes);
    BrokenOff(Some(Bytes::from(body))).boxed()
}

struct BrokenOff(Option<Bytes>);

impl hyper::body::Body for BrokenOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: std::pin::Pin<&mut Self>,
        _: &mut std::task::Context<'_>,
    ) -> std::task::Poll<Option<Result<hyper::body::Frame<Bytes>, io::Error>>> {
        let frame = match self.0.take() {
            Some(bytes) if !bytes.is_empty() => Ok(hyper::body::Frame::data(bytes)),
            _ => Err(io::Error::other("the response is cut off")),
        };
        std::task::Poll::Ready(Some(frame))
    }
}
