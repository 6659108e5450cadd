//! Certificates of clients (RFC 8705).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::Request;

/// The certificate that the client of a request has proved to have, in the TLS handshake.
///
/// A server puts it into the request's extensions, for
/// [`Provider::respond`](crate::Provider::respond).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClientCertificate {
    thumbprint: String,
}

impl ClientCertificate {
    /// Creates it of the certificate's bytes (DER).
    pub fn from_der(der: &[u8]) -> Self {
        Self {
            thumbprint: thumbprint(der),
        }
    }

    /// Returns the certificate of a request, as its thumbprint.
    pub(crate) fn of<B>(request: &Request<B>) -> Option<&str> {
        let certificate = request.extensions().get::<Self>()?;
        Some(certificate.thumbprint.as_str())
    }
}

/// Returns the SHA-256 of a certificate's bytes in base64url (RFC 8705 section 3.1).
pub(crate) fn thumbprint(der: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(ring::digest::digest(&ring::digest::SHA256, der))
}
