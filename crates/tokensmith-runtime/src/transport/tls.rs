//! What the transport needs of rustls.

use std::error::Error as StdError;
use std::io;
use std::sync::Arc;

use rustls::crypto::{CryptoProvider, ring};

/// The application's own cryptography where it has installed one (a FIPS module, say), and ring's else.
pub(super) fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default()
        .cloned()
        .unwrap_or_else(|| Arc::new(ring::default_provider()))
}

/// Whether rustls is at the bottom of an error.
pub(super) fn is_cause_of(error: &(dyn StdError + 'static)) -> bool {
    let mut next = Some(error);
    while let Some(error) = next {
        if error.is::<rustls::Error>() {
            return true;
        }
        // The source of an `io::Error` skips the error that it wraps.
        let wrapped = error
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref());
        next = match wrapped {
            Some(wrapped) => Some(wrapped),
            None => error.source(),
        };
    }
    false
}
