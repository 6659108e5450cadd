//! The asynchronous transport, on reqwest and tokio.

use std::fmt;
use std::time::Duration;

use reqwest::{NoProxy, Proxy, redirect};
use rustls_platform_verifier::BuilderVerifierExt;

use super::{MAX_BODY, Timeouts, Transport, TransportError, TransportErrorKind, tls};
use crate::{Error, ErrorKind};

/// Sends requests with reqwest: HTTP/1.1, TLS 1.2 or later by rustls, certificates checked as the operating system does.
///
/// Needs a tokio runtime with I/O and time. Clones share their connections. Requests to `https` go through the proxy that
/// `HTTPS_PROXY` or `ALL_PROXY` names, unless `NO_PROXY` names the host; requests in plain text, which go to loopback
/// hosts only, never leave the machine for a proxy.
#[derive(Clone)]
pub struct ReqwestTransport {
    client: reqwest::Client,
}

impl ReqwestTransport {
    /// A transport with the default [`Timeouts`].
    ///
    /// # Errors
    ///
    /// Of the kind `tls` if the operating system's certificates cannot be read, `config` if the proxy is no URL.
    pub fn new() -> Result<Self, Error> {
        Self::with_timeouts(Timeouts::default())
    }

    /// A transport with other timeouts.
    ///
    /// # Errors
    ///
    /// As for [`new`](Self::new).
    pub fn with_timeouts(timeouts: Timeouts) -> Result<Self, Error> {
        Self::build(timeouts, usize::MAX)
    }

    /// A transport that keeps this many connections per host for the next request.
    pub(super) fn build(timeouts: Timeouts, idle: usize) -> Result<Self, Error> {
        let tls = rustls::ClientConfig::builder_with_provider(tls::provider())
            .with_safe_default_protocol_versions()
            .and_then(BuilderVerifierExt::with_platform_verifier)
            .map_err(|error| {
                Error::local(ErrorKind::Tls, "TLS cannot be set up").with_source(error)
            })?
            .with_no_client_auth();
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .connect_timeout(timeouts.connect)
            .timeout(timeouts.total)
            .pool_max_idle_per_host(idle)
            .no_proxy();
        if let Some(proxy) = proxy()? {
            builder = builder.proxy(proxy);
        }
        let client = builder.build().map_err(|error| {
            Error::config("the HTTP client cannot be set up").with_source(error.without_url())
        })?;
        Ok(Self { client })
    }

    async fn exchange(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let request = reqwest::Request::try_from(request).map_err(|error| {
            TransportError::new(TransportErrorKind::Other, false, error.without_url())
        })?;
        let mut response = self.client.execute(request).await.map_err(|error| {
            // While the connection is being made nothing of the request has left.
            let connecting = error.is_connect();
            classify(error, connecting)
        })?;
        let announced = response.content_length().unwrap_or_default();
        if announced > MAX_BODY as u64 {
            return Err(TransportError::too_large());
        }
        let mut body = Vec::with_capacity(usize::try_from(announced).unwrap_or_default());
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| classify(error, false))?
        {
            if body.len() + chunk.len() > MAX_BODY {
                return Err(TransportError::too_large());
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = http::Response::new(body);
        *answer.status_mut() = response.status();
        *answer.headers_mut() = std::mem::take(response.headers_mut());
        Ok(answer)
    }
}

impl Transport for ReqwestTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.exchange(request).await
    }

    async fn sleep(&self, duration: Duration) {
        tokio::time::sleep(duration).await;
    }
}

impl fmt::Debug for ReqwestTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("ReqwestTransport")
    }
}

/// The proxy that the environment names for `https`.
fn proxy() -> Result<Option<Proxy>, Error> {
    let named = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"]
        .into_iter()
        .filter_map(|name| Some((name, std::env::var(name).ok()?)))
        .find(|(_, url)| !url.trim().is_empty());
    let Some((name, url)) = named else {
        return Ok(None);
    };
    let proxy = Proxy::https(url)
        .map_err(|_| Error::config(format!("the environment variable {name} is no proxy URL")))?;
    Ok(Some(proxy.no_proxy(NoProxy::from_env())))
}

fn classify(error: reqwest::Error, connecting: bool) -> TransportError {
    let kind = if error.is_timeout() {
        TransportErrorKind::Timeout
    } else if tls::is_cause_of(&error) {
        TransportErrorKind::Tls
    } else if connecting {
        TransportErrorKind::Connect
    } else {
        TransportErrorKind::Other
    };
    // The URL may hold parameters.
    TransportError::new(kind, !connecting, error.without_url())
}
