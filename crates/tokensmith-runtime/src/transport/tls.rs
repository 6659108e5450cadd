//! What the transport needs of rustls.

use std::fmt;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;
use rustls_platform_verifier::Verifier;

use crate::{Error, ErrorKind};

/// Whom a transport trusts, and how it proves who it is, beside what the operating system says.
#[derive(Default)]
pub struct TlsOptions {
    roots: Vec<CertificateDer<'static>>,
    #[cfg(feature = "tls-client-auth")]
    identity: Option<Identity>,
}

impl TlsOptions {
    /// Trusts the certificates in a PEM text as well: those of a company's own authority.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if it has no certificate, or one that cannot be read.
    pub fn with_roots(mut self, pem: &str) -> Result<Self, Error> {
        self.roots.extend(certificates(pem)?);
        Ok(self)
    }

    /// Proves by a certificate who the client is (RFC 8705 section 2).
    #[cfg(feature = "tls-client-auth")]
    #[must_use]
    pub fn with_identity(mut self, identity: Identity) -> Self {
        self.identity = Some(identity);
        self
    }
}

impl fmt::Debug for TlsOptions {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("TlsOptions")
            .field("roots", &self.roots.len())
            .finish_non_exhaustive()
    }
}

/// The certificate of a client, with its private key.
#[cfg(feature = "tls-client-auth")]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: rustls::pki_types::PrivateKeyDer<'static>,
}

#[cfg(feature = "tls-client-auth")]
impl Identity {
    /// A certificate, with those that lead from it to its authority, and its private key, both in
    /// PEM.
    ///
    /// # Errors
    ///
    /// Of the kind `config` if one of them is missing or cannot be read.
    pub fn from_pem(chain: &str, key: &crate::Secret) -> Result<Self, Error> {
        let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(key.expose().as_bytes());
        Ok(Self {
            chain: certificates(chain)?,
            key: key.map_err(|_| {
                Error::config("expected a private key in PEM, which begins with `-----BEGIN PRIVATE KEY-----`")
            })?,
        })
    }
}

#[cfg(feature = "tls-client-auth")]
impl fmt::Debug for Identity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Identity(..)")
    }
}

fn certificates(pem: &str) -> Result<Vec<CertificateDer<'static>>, Error> {
    let read: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem.as_bytes()).collect();
    read.ok().filter(|read| !read.is_empty()).ok_or_else(|| {
        Error::config(
            "expected a certificate in PEM, which begins with `-----BEGIN CERTIFICATE-----`",
        )
    })
}

/// TLS 1.2 or later, with the application's own cryptography where it has installed one (a FIPS
/// module, say), and ring's else.
pub(super) fn config(options: TlsOptions) -> Result<ClientConfig, Error> {
    let provider = CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(ring::default_provider()));
    let verifier =
        Verifier::new_with_extra_roots(options.roots, Arc::clone(&provider)).map_err(unusable)?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(unusable)?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(verifier));
    #[cfg(feature = "tls-client-auth")]
    if let Some(Identity { chain, key }) = options.identity {
        return builder.with_client_auth_cert(chain, key).map_err(unusable);
    }
    Ok(builder.with_no_client_auth())
}

fn unusable(error: rustls::Error) -> Error {
    Error::local(ErrorKind::Tls, "TLS cannot be set up").with_source(error)
}
