//! How a mock behaves beyond what the provider's document says.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::Value;

use crate::certificate::thumbprint;
use crate::fault::Fault;
use crate::seen_requests::SeenRequest;

/// How a mock behaves beyond what the provider's document says.
///
/// ```
/// use std::time::Duration;
/// use tokensmith_mock::{MockClient, Options};
///
/// let options = Options::new()
///     .client(MockClient::new("app", "secret").redirect_uri("https://app.example/callback"))
///     .lifetime(Duration::from_secs(60))
///     .grace(Duration::from_secs(10));
/// ```
#[derive(Clone, Default)]
pub struct Options {
    pub(crate) clients: Vec<MockClient>,
    pub(crate) lifetime: Option<Duration>,
    pub(crate) grace: Duration,
    pub(crate) rotate: Option<bool>,
    pub(crate) approve: bool,
    pub(crate) pushes: bool,
    pub(crate) refuse_undeclared: bool,
    pub(crate) reveal: bool,
    pub(crate) seed: u64,
    pub(crate) faults: Vec<Fault>,
    pub(crate) observer: Option<Observer>,
}

type Observer = Arc<dyn Fn(&SeenRequest) + Send + Sync>;

impl Options {
    /// Creates the options of a mock that takes any client.
    pub fn new() -> Self {
        Self::default()
    }

    /// Registers a client. Clients that are not registered are refused from then on.
    #[must_use]
    pub fn client(mut self, client: MockClient) -> Self {
        self.clients.push(client);
        self
    }

    /// Sets how long access tokens are valid. Without it, it is as long as in the document's
    /// examples, or else an hour.
    #[must_use]
    pub fn lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = Some(lifetime);
        self
    }

    /// Sets how long a refresh token can be used again after its first use. Without it, a second use
    /// is taken for theft and revokes all tokens of that sign-in.
    #[must_use]
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Sets whether a refresh replaces the refresh token, whatever the document says.
    #[must_use]
    pub fn rotate(mut self, rotate: bool) -> Self {
        self.rotate = Some(rotate);
        self
    }

    /// Approves authorization requests at once, without a page, and devices at their first request.
    #[must_use]
    pub fn approve(mut self) -> Self {
        self.approve = true;
        self
    }

    /// Names the endpoint for pushed authorization requests (RFC 9126) in the metadata of a plain
    /// server, which takes them in any case.
    #[must_use]
    pub fn push_authorization(mut self) -> Self {
        self.pushes = true;
        self
    }

    /// Refuses parameters that the document does not declare. Otherwise they are noted and ignored
    /// (RFC 6749 section 3.1).
    #[must_use]
    pub fn refuse_undeclared(mut self) -> Self {
        self.refuse_undeclared = true;
        self
    }

    /// Shows secrets in the requests that were seen.
    #[must_use]
    pub fn reveal_secrets(mut self) -> Self {
        self.reveal = true;
        self
    }

    /// Sets what tokens and the probabilities of faults are made of.
    #[must_use]
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = seed;
        self
    }

    /// Adds a fault.
    #[must_use]
    pub fn fault(mut self, fault: Fault) -> Self {
        self.faults.push(fault);
        self
    }

    /// Calls a function with each request that was seen, after its response is made.
    #[must_use]
    pub fn observe(mut self, observer: impl Fn(&SeenRequest) + Send + Sync + 'static) -> Self {
        self.observer = Some(Arc::new(observer));
        self
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Options")
            .field("clients", &self.clients)
            .field("lifetime", &self.lifetime)
            .field("faults", &self.faults)
            .finish_non_exhaustive()
    }
}

/// A client that a mock knows.
#[derive(Clone)]
pub struct MockClient {
    pub(crate) id: String,
    pub(crate) secret: Option<String>,
    pub(crate) redirect_uris: Vec<String>,
    pub(crate) post_logout_redirect_uris: Vec<String>,
    pub(crate) keys: Vec<Value>,
    /// The thumbprints of certificates.
    pub(crate) certificates: Vec<String>,
}

impl MockClient {
    /// Creates a client with a secret.
    pub fn new(id: impl Into<String>, secret: impl Into<String>) -> Self {
        Self {
            secret: Some(secret.into()),
            ..Self::public(id)
        }
    }

    /// Creates a client without a secret.
    pub fn public(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            secret: None,
            redirect_uris: Vec::new(),
            post_logout_redirect_uris: Vec::new(),
            keys: Vec::new(),
            certificates: Vec::new(),
        }
    }

    /// Adds a public key, as a JSON Web Key (RFC 7517), that verifies the client's assertions. Those
    /// of `client_secret_jwt` are verified by the secret.
    ///
    /// # Errors
    ///
    /// If the text is not JSON.
    pub fn key(mut self, jwk: &str) -> Result<Self, serde_json::Error> {
        self.keys.push(serde_json::from_str(jwk)?);
        Ok(self)
    }

    /// Adds a certificate, as PEM, that the client proves to have in the TLS handshake (RFC 8705
    /// section 2). The mock compares the certificate itself: who issued it is not checked.
    ///
    /// # Errors
    ///
    /// If the text has no certificate.
    pub fn certificate(mut self, pem: &str) -> Result<Self, BadCertificate> {
        let der = CertificateDer::from_pem_slice(pem.as_bytes()).map_err(|_| BadCertificate)?;
        self.certificates.push(thumbprint(&der));
        Ok(self)
    }

    /// Adds a redirect URI. If there are any, authorization requests with others are refused.
    #[must_use]
    pub fn redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.redirect_uris.push(uri.into());
        self
    }

    /// Adds a URI that users come back to after they have signed out. If there are any, logout
    /// requests with others are refused.
    #[must_use]
    pub fn post_logout_redirect_uri(mut self, uri: impl Into<String>) -> Self {
        self.post_logout_redirect_uris.push(uri.into());
        self
    }
}

/// A text that has no certificate in PEM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BadCertificate;

impl fmt::Display for BadCertificate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "expected a certificate in PEM, which begins with `-----BEGIN CERTIFICATE-----`",
        )
    }
}

impl std::error::Error for BadCertificate {}

impl fmt::Debug for MockClient {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_tuple("MockClient").field(&self.id).finish()
    }
}
