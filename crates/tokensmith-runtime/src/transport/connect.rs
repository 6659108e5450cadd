//! Making connections: directly or through a proxy, secured for `https`, in limited time.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

use super::connection::{Observer, Stopwatch};
use super::resolve::Resolver;

type BoxError = Box<dyn StdError + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Connects to the host of a URL.
#[derive(Clone)]
pub(super) struct Connector {
    secured: HttpsConnector<Route>,
    tls: Arc<rustls::ClientConfig>,
    proxies: Option<Arc<Matcher>>,
    limit: Duration,
    observer: Option<Observer>,
}

impl Connector {
    /// A connector that gives up after a time, the securing of the connection included.
    pub(super) fn new(
        tls: rustls::ClientConfig,
        proxies: Option<Matcher>,
        limit: Duration,
    ) -> Self {
        let (tls, proxies) = (Arc::new(tls), proxies.map(Arc::new));
        let route = Route::new(proxies.clone(), None);
        Self {
            secured: HttpsConnector::from((route, Arc::clone(&tls))),
            tls,
            proxies,
            limit,
            observer: None,
        }
    }

    /// The same, with another time to connect.
    pub(super) fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
    }

    /// The same, which tells of each connection.
    pub(super) fn observed(self, observer: Observer) -> Self {
        let observer = Some(observer);
        Self { observer, ..self }
    }

    /// Connects, and tells how.
    fn observe(&self, url: Uri, observer: Observer) -> <Self as Service<Uri>>::Future {
        let stopwatch = Stopwatch::default();
        let route = Route::new(self.proxies.clone(), Some(stopwatch.clone()));
        let mut secured = HttpsConnector::from((route, Arc::clone(&self.tls)));
        let limit = self.limit;
        let start = Instant::now();
        Box::pin(async move {
            let connecting = timeout(limit, secured.call(url));
            let stream = connecting.await.map_err(|_| ConnectTimeout(limit))??;
            let tls = match &stream {
                MaybeHttpsStream::Https(stream) => Some(stream.inner().get_ref().1),
                MaybeHttpsStream::Http(_) => None,
            };
            (observer.0)(&stopwatch.finish(start, tls));
            Ok(stream)
        })
    }
}

impl Service<Uri> for Connector {
    type Response = MaybeHttpsStream<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.secured.poll_ready(context)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        if let Some(observer) = &self.observer {
            return self.observe(url, observer.clone());
        }
        let limit = self.limit;
        let connecting = timeout(limit, self.secured.call(url));
        Box::pin(async move { connecting.await.map_err(|_| ConnectTimeout(limit))? })
    }
}

/// Connects to the host itself, or to the proxy that leads there.
#[derive(Clone)]
struct Route {
    http: HttpConnector<Resolver>,
    proxies: Option<Arc<Matcher>>,
    stopwatch: Option<Stopwatch>,
}

impl Route {
    fn new(proxies: Option<Arc<Matcher>>, stopwatch: Option<Stopwatch>) -> Self {
        let mut http = HttpConnector::new_with_resolver(Resolver::new(stopwatch.clone()));
        http.enforce_http(false);
        http.set_nodelay(true);
        Self {
            http,
            proxies,
            stopwatch,
        }
    }
}

fn connected(stopwatch: Option<Stopwatch>, stream: &TokioIo<TcpStream>) {
    if let Some(stopwatch) = stopwatch {
        stopwatch.connected(stream.inner().peer_addr().ok());
    }
}

impl Service<Uri> for Route {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let stopwatch = self.stopwatch.clone();
        let is_https = url.scheme() == Some(&http::uri::Scheme::HTTPS);
        let proxies = self.proxies.as_ref().filter(|_| is_https);
        let Some(proxy) = proxies.and_then(|proxies| proxies.intercept(&url)) else {
            let connecting = self.http.call(url);
            return Box::pin(async {
                let stream = connecting.await?;
                connected(stopwatch, &stream);
                Ok(stream)
            });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.http.clone());
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        Box::pin(async move {
            let stream = tunnel.call(url).await?;
            connected(stopwatch, &stream);
            Ok(stream)
        })
    }
}

/// The connection was not there in time.
#[derive(Debug)]
pub(super) struct ConnectTimeout(Duration);

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "no connection within {:?}", self.0)
    }
}

impl StdError for ConnectTimeout {}
