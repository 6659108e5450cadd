//! Making connections: directly or through a proxy, secured for `https`, in limited time.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use http::Uri;
use hyper_rustls::{HttpsConnector, MaybeHttpsStream};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use hyper_util::client::proxy::matcher::Matcher;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tower_service::Service;

use super::resolve::Resolver;

type BoxError = Box<dyn StdError + Send + Sync>;
type Connecting<T> = Pin<Box<dyn Future<Output = Result<T, BoxError>> + Send>>;

/// Connects to the host of a URL.
#[derive(Clone)]
pub(super) struct Connector {
    secured: HttpsConnector<Route>,
    limit: Duration,
}

impl Connector {
    /// A connector that gives up after a time, the securing of the connection included.
    pub(super) fn new(
        tls: rustls::ClientConfig,
        proxies: Option<Matcher>,
        limit: Duration,
    ) -> Self {
        let mut http = HttpConnector::new_with_resolver(Resolver::new());
        http.enforce_http(false);
        http.set_nodelay(true);
        let route = Route {
            http,
            proxies: proxies.map(Arc::new),
        };
        Self {
            secured: HttpsConnector::from((route, tls)),
            limit,
        }
    }

    /// The same, with another time to connect.
    pub(super) fn within(self, limit: Duration) -> Self {
        Self { limit, ..self }
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
}

impl Service<Uri> for Route {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Connecting<Self::Response>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.http.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, url: Uri) -> Self::Future {
        let is_https = url.scheme() == Some(&http::uri::Scheme::HTTPS);
        let proxies = self.proxies.as_ref().filter(|_| is_https);
        let Some(proxy) = proxies.and_then(|proxies| proxies.intercept(&url)) else {
            let connecting = self.http.call(url);
            return Box::pin(async { Ok(connecting.await?) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.http.clone());
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        Box::pin(async move { Ok(tunnel.call(url).await?) })
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
