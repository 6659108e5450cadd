//! The asynchronous transport, on hyper and tokio.

use std::error::Error as StdError;
use std::fmt;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use http_body_util::{BodyExt as _, Full};
use hyper::body::{Body as _, Bytes, Incoming};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::{CaptureConnection, capture_connection};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::runtime::{Builder, Handle};
use tokio::time::timeout;

use super::connect::{ConnectTimeout, Connector};
use super::connection::{ConnectionInfo, Observer};
use super::resolve::ResolveError;
use super::spawn::{Spawner, on_thread};
use super::{MAX_BODY, Timeouts, TlsOptions, Transport, TransportError, cause, proxy, tls};
use crate::Error;
use crate::TransportErrorKind;

/// How many bytes the head of a response may have. More than a hundred headers are refused before.
const MAX_HEAD: usize = 64 * 1024;

/// How long a connection is kept for the next request: less than most servers keep it.
const IDLE: Duration = Duration::from_secs(50);

/// How long after a response the end of a connection may still be on its way.
const TRAVEL: Duration = Duration::from_millis(10);

/// Sends requests with hyper: HTTP/1.1, TLS 1.2 or later by rustls, certificates checked as the
/// operating system does.
///
/// Needs a tokio runtime with I/O and time. Clones share their connections. Requests to `https` go
/// through the proxy that `HTTPS_PROXY` or `ALL_PROXY` names, unless `NO_PROXY` names the host;
/// requests in plain text, which go to loopback hosts and to those that were named only, never go
/// through a proxy.
#[derive(Clone)]
pub struct HyperTransport {
    connector: Connector,
    /// How many connections per host are kept for the next request.
    idle: usize,
    client: Client<Connector, Full<Bytes>>,
    total: Duration,
    responded: Arc<Mutex<Option<Instant>>>,
}

impl HyperTransport {
    /// A transport with the default [`Timeouts`].
    ///
    /// # Errors
    ///
    /// Of the kind `tls` if the operating system's certificates cannot be read, `config` if the
    /// proxy's URL is invalid.
    pub fn new() -> Result<Self, Error> {
        Self::with_timeouts(Timeouts::default())
    }

    /// A transport with other timeouts.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_timeouts(timeouts: Timeouts) -> Result<Self, Error> {
        Self::with_tls(timeouts, TlsOptions::default())
    }

    /// A transport that trusts more than the operating system does, or has a certificate of its
    /// own.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new), and of the kind `tls` if a certificate or its key cannot be used.
    pub fn with_tls(timeouts: Timeouts, options: TlsOptions) -> Result<Self, Error> {
        Self::build(timeouts, options, usize::MAX)
    }

    /// The same transport with other timeouts. It shares no connections with the one that it is made from.
    #[must_use]
    pub fn timeouts(self, timeouts: Timeouts) -> Self {
        let connector = self.connector.within(timeouts.connect);
        Self::over(connector, timeouts.total, self.idle)
    }

    /// The same transport, which calls a function with each new connection. It shares no
    /// connections with the one that it is made from.
    #[must_use]
    pub fn on_connect(self, observer: impl Fn(&ConnectionInfo) + Send + Sync + 'static) -> Self {
        let connector = self.connector.observed(Observer(Arc::new(observer)));
        Self::over(connector, self.total, self.idle)
    }

    /// A transport that keeps this many connections per host for the next request.
    pub(super) fn build(
        timeouts: Timeouts,
        options: TlsOptions,
        idle: usize,
    ) -> Result<Self, Error> {
        let proxies = proxy::of(|name| std::env::var(name).ok())?;
        let connector = Connector::new(tls::config(options)?, proxies, timeouts.connect);
        Ok(Self::over(connector, timeouts.total, idle))
    }

    pub(super) fn over(connector: Connector, total: Duration, idle: usize) -> Self {
        // A kept connection that turns out to be dead is replaced, but only if hyper gives the
        // request back because nothing of it was written.
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .pool_max_idle_per_host(idle)
            .http1_max_buf_size(MAX_HEAD)
            .build(connector.clone());
        Self {
            connector,
            idle,
            client,
            total,
            responded: Arc::default(),
        }
    }

    /// Lets a runtime that is driven only while requests are sent hear which kept connections have
    /// died. That takes system calls, which requests one after the other would spend for nothing.
    async fn hear(&self) {
        let responded = *self
            .responded
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if responded.is_some_and(|responded| responded.elapsed() >= TRAVEL) {
            tokio::task::yield_now().await;
        }
    }

    async fn exchange(
        &self,
        request: http::Request<Full<Bytes>>,
        has_head: &AtomicBool,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (head, body) = self
            .client
            .request(request)
            .await
            .map_err(|error| classify(error.is_connect(), error))?
            .into_parts();
        has_head.store(true, Ordering::Relaxed);
        let body = read(body).await?;
        *self
            .responded
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        Ok(http::Response::from_parts(head, body))
    }
}

impl Transport for HyperTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.hear().await;
        let mut request = request.map(Full::from);
        let connection = capture_connection(&mut request);
        let has_head = AtomicBool::new(false);
        let exchange = timeout(self.total, self.exchange(request, &has_head));
        exchange.await.unwrap_or_else(|_| {
            let missing = match has_head.load(Ordering::Relaxed) {
                true => "the response was not complete",
                false if is_connected(&connection) => "no response",
                false => "no connection",
            };
            let elapsed = Elapsed(missing, self.total);
            let connected = is_connected(&connection);
            Err(TransportError::new(
                TransportErrorKind::Timeout,
                connected,
                elapsed,
            ))
        })
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }

    /// The tokio runtime that the caller is on. Where there is none, a thread with a runtime of its
    /// own.
    fn spawner(&self) -> Option<Spawner> {
        Some(Spawner::new(|work| match Handle::try_current() {
            Ok(runtime) => drop(runtime.spawn(work)),
            Err(_) => on_thread(move || {
                if let Ok(runtime) = Builder::new_current_thread().enable_all().build() {
                    runtime.block_on(work);
                }
            }),
        }))
    }
}

impl fmt::Debug for HyperTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("HyperTransport")
    }
}

async fn read(mut incoming: Incoming) -> Result<Vec<u8>, TransportError> {
    let announced = incoming.size_hint().exact().unwrap_or_default();
    if announced > MAX_BODY as u64 {
        return Err(TransportError::too_large());
    }
    let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
    while let Some(frame) = incoming.frame().await {
        let frame = frame.map_err(|error| classify(false, error))?;
        if let Some(data) = frame.data_ref() {
            if body.len() + data.len() > MAX_BODY {
                return Err(TransportError::too_large());
            }
            body.extend_from_slice(data);
        }
    }
    Ok(body)
}

/// Without a connection nothing of the request has left.
fn is_connected(connection: &CaptureConnection) -> bool {
    connection.connection_metadata().is_some()
}

/// What was not there in time.
#[derive(Debug)]
struct Elapsed(&'static str, Duration);

impl fmt::Display for Elapsed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} within {:?}", self.0, self.1)
    }
}

impl StdError for Elapsed {}

fn classify(connecting: bool, error: impl StdError + Send + Sync + 'static) -> TransportError {
    let kind = if cause::is::<rustls::Error>(&error) {
        TransportErrorKind::Tls
    } else if cause::is::<ConnectTimeout>(&error) {
        TransportErrorKind::Timeout
    } else if cause::is::<ResolveError>(&error) {
        TransportErrorKind::Resolve
    } else if connecting {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Other
    };
    // hyper calls canceled what it has not begun to write.
    let canceled = cause::find(&error).is_some_and(hyper::Error::is_canceled);
    TransportError::new(kind, !connecting && !canceled, error)
}

#[cfg(test)]
mod tests;
