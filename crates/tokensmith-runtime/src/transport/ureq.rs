//! The blocking transport, on ureq.

use std::fmt;

use http::uri::Scheme;
use ureq::config::AutoHeaderValue;
use ureq::tls::{RootCerts, TlsConfig};
use ureq::{Agent, Timeout};

use super::{BlockingTransport, MAX_BODY, Timeouts, TransportError, TransportErrorKind, tls};

/// Sends requests with ureq, on the caller's thread: HTTP/1.1, TLS 1.2 or later by rustls, certificates checked as the
/// operating system does.
///
/// Clones share their connections. Requests to `https` go through the proxy that `ALL_PROXY`, `HTTPS_PROXY` or
/// `HTTP_PROXY` names, unless `NO_PROXY` names the host; requests in plain text, which go to loopback hosts only, never
/// leave the machine for a proxy.
#[derive(Clone)]
pub struct UreqTransport {
    agent: Agent,
}

impl UreqTransport {
    /// A transport with the default [`Timeouts`].
    pub fn new() -> Self {
        Self::with_timeouts(Timeouts::default())
    }

    /// A transport with other timeouts.
    pub fn with_timeouts(timeouts: Timeouts) -> Self {
        let tls = TlsConfig::builder()
            .unversioned_rustls_crypto_provider(tls::provider())
            .root_certs(RootCerts::PlatformVerifier)
            .build();
        let agent = Agent::config_builder()
            .tls_config(tls)
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .accept_encoding(AutoHeaderValue::None)
            .timeout_connect(Some(timeouts.connect))
            .timeout_global(Some(timeouts.total))
            .build()
            .new_agent();
        Self { agent }
    }
}

impl Default for UreqTransport {
    fn default() -> Self {
        Self::new()
    }
}

impl BlockingTransport for UreqTransport {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let plain = request.uri().scheme() == Some(&Scheme::HTTP);
        let request = if plain {
            self.agent.configure_request(request).proxy(None).build()
        } else {
            request
        };
        let (head, mut body) = self.agent.run(request).map_err(classify)?.into_parts();
        if body
            .content_length()
            .is_some_and(|announced| announced > MAX_BODY as u64)
        {
            return Err(TransportError::too_large());
        }
        // ureq takes reaching the limit for exceeding it, hence one more.
        let body = body
            .with_config()
            .limit(MAX_BODY as u64 + 1)
            .read_to_vec()
            .map_err(|error| match error {
                ureq::Error::BodyExceedsLimit(_) => TransportError::too_large(),
                error => TransportError::new(classify(error).kind(), true, "the answer broke off"),
            })?;
        if body.len() > MAX_BODY {
            return Err(TransportError::too_large());
        }
        Ok(http::Response::from_parts(head, body))
    }
}

impl fmt::Debug for UreqTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("UreqTransport")
    }
}

fn classify(error: ureq::Error) -> TransportError {
    use TransportErrorKind::{Connect, Other, Timeout as TimedOut, Tls};
    use std::io::ErrorKind::{ConnectionRefused, HostUnreachable, NetworkUnreachable};

    let (kind, sent) = match &error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => (Connect, false),
        ureq::Error::Timeout(Timeout::Resolve | Timeout::Connect) => (TimedOut, false),
        ureq::Error::Timeout(_) => (TimedOut, true),
        ureq::Error::Io(error)
            if matches!(
                error.kind(),
                ConnectionRefused | HostUnreachable | NetworkUnreachable
            ) =>
        {
            (Connect, false)
        }
        // The handshake happens with the first write: a certificate that is refused has seen nothing of the request,
        // of other alerts this cannot be told.
        ureq::Error::Rustls(rustls::Error::InvalidCertificate(_)) => (Tls, false),
        error if tls::is_cause_of(error) => (Tls, true),
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => (Tls, true),
        ureq::Error::InvalidProxyUrl | ureq::Error::BadUri(_) | ureq::Error::Http(_) => {
            (Other, false)
        }
        _ => (Other, true),
    };
    TransportError::new(kind, sent, error)
}
