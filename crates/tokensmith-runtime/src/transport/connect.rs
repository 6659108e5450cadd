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

use crate::Error;

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
    pub(super) fn new(tls: rustls::ClientConfig, limit: Duration) -> Result<Self, Error> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        let route = Route {
            http,
            proxies: proxies()?.map(Arc::new),
        };
        Ok(Self {
            secured: HttpsConnector::from((route, tls)),
            limit,
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
        let connecting = timeout(self.limit, self.secured.call(url));
        Box::pin(async { connecting.await.map_err(|_| ConnectTimeout)? })
    }
}

/// Connects to the host itself, or to the proxy that leads there.
#[derive(Clone)]
struct Route {
    http: HttpConnector,
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

/// The proxy that the environment names for `https`.
fn proxies() -> Result<Option<Matcher>, Error> {
    let variable = |names: &[&'static str]| {
        let mut named = names
            .iter()
            .filter_map(|name| Some((*name, std::env::var(name).ok()?)));
        named.find(|(_, value)| !value.trim().is_empty())
    };
    let Some((name, url)) = variable(&["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"])
    else {
        return Ok(None);
    };
    let url = url.trim();
    let is_http = match url.split_once("://") {
        Some((scheme, _)) => scheme.eq_ignore_ascii_case("http"),
        None => true,
    };
    let (_, exempt) = variable(&["NO_PROXY", "no_proxy"]).unwrap_or_default();
    let matcher = Matcher::builder().https(url).no(exempt).build();
    let probe = Uri::from_static("https://proxied.invalid/");
    // A proxy for everything but some hosts is there for a host that nobody exempts.
    let is_used = Matcher::builder()
        .https(url)
        .build()
        .intercept(&probe)
        .is_some();
    if is_http && is_used {
        return Ok(Some(matcher));
    }
    Err(Error::config(format!(
        "the environment variable {name} names no proxy that can be used: it begins with `http://`"
    )))
}

/// The connection was not there in time.
#[derive(Debug)]
struct ConnectTimeout;

impl fmt::Display for ConnectTimeout {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("no connection in time")
    }
}

impl StdError for ConnectTimeout {}

/// Whether the time for connecting had run out.
pub(super) fn is_timeout(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<ConnectTimeout>() {
            return true;
        }
        next = error.source();
    }
    false
}
