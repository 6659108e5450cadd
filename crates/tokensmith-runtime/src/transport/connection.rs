//! How a connection was made, for whoever watches.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How a connection was made: to whom, how long it took, and how it is secured.
///
/// See [`HyperTransport::on_connect`](crate::HyperTransport::on_connect).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ConnectionInfo {
    /// The other end: the server, or the proxy that leads to it. `None` if the operating system
    /// does not say.
    pub peer: Option<SocketAddr>,
    /// How long it took to look up the host name. `None` if the URL has an address.
    pub lookup: Option<Duration>,
    /// How long it took to connect after that, to the proxy and through it where there is one.
    pub connect: Duration,
    /// How the connection is secured. `None` for plain http.
    pub tls: Option<TlsInfo>,
}

/// How a connection is secured.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct TlsInfo {
    /// How long the handshake took, the check of the certificate included.
    pub handshake: Duration,
    /// The version of the protocol: `TLS 1.3`.
    pub version: &'static str,
    /// The cipher suite: `TLS13_AES_256_GCM_SHA384`.
    pub cipher_suite: String,
    /// The certificates that the server sent, its own first, in DER.
    pub certificates: Vec<Vec<u8>>,
}

/// Who is told of each connection.
#[derive(Clone)]
pub(super) struct Observer(pub(super) Arc<dyn Fn(&ConnectionInfo) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Observer(..)")
    }
}

/// When the steps of one connection ended.
#[derive(Debug, Clone, Default)]
pub(super) struct Stopwatch(Arc<Mutex<Steps>>);

#[derive(Debug, Default)]
struct Steps {
    looked_up: Option<Instant>,
    connected: Option<Instant>,
    peer: Option<SocketAddr>,
}

impl Stopwatch {
    fn steps(&self) -> std::sync::MutexGuard<'_, Steps> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn looked_up(&self) {
        self.steps().looked_up = Some(Instant::now());
    }

    pub(super) fn connected(&self, peer: Option<SocketAddr>) {
        let mut steps = self.steps();
        steps.connected = Some(Instant::now());
        steps.peer = peer;
    }

    /// What is known of a connection that was begun at `start` and is ready now.
    pub(super) fn finish(
        &self,
        start: Instant,
        secured: Option<&rustls::ClientConnection>,
    ) -> ConnectionInfo {
        let steps = self.steps();
        let now = Instant::now();
        let connected = steps.connected.unwrap_or(now);
        let tls = secured.map(|connection| TlsInfo {
            handshake: now.saturating_duration_since(connected),
            version: version(connection),
            cipher_suite: cipher_suite(connection),
            certificates: certificates(connection),
        });
        ConnectionInfo {
            peer: steps.peer,
            lookup: steps
                .looked_up
                .map(|at| at.saturating_duration_since(start)),
            connect: connected.saturating_duration_since(steps.looked_up.unwrap_or(start)),
            tls,
        }
    }
}

fn version(connection: &rustls::ClientConnection) -> &'static str {
    match connection.protocol_version() {
        Some(rustls::ProtocolVersion::TLSv1_2) => "TLS 1.2",
        Some(rustls::ProtocolVersion::TLSv1_3) => "TLS 1.3",
        _ => "TLS",
    }
}

fn cipher_suite(connection: &rustls::ClientConnection) -> String {
    let suite = connection.negotiated_cipher_suite();
    suite.map_or_else(String::new, |suite| format!("{:?}", suite.suite()))
}

fn certificates(connection: &rustls::ClientConnection) -> Vec<Vec<u8>> {
    let certificates = connection.peer_certificates().unwrap_or_default();
    certificates.iter().map(|it| it.as_ref().to_vec()).collect()
}
