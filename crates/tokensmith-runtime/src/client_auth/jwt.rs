//! Signed assertions: JSON Web Tokens (RFC 7519) that prove who a client is, or on whose behalf it
//! asks.
//!
//! ```
//! use tokensmith_runtime::jwt::{Algorithm, Assertion, Key};
//! use tokensmith_runtime::{Credentials, Secret};
//!
//! // The key of a client that authenticates by private_key_jwt would come from a PEM file: `Key::from_pem`.
//! let key = Key::from_secret(&Secret::from("a secret of at least thirty-two bytes"), Algorithm::HS256)?.with_id("2026-11");
//! let credentials = Credentials::with_assertion("client-id", Assertion::client(key));
//! # Ok::<(), tokensmith_runtime::Error>(())
//! ```

mod algorithm;
mod assertion;
mod jwk;
mod key;
mod sign;

pub use algorithm::{Algorithm, UnknownAlgorithm};
pub use assertion::Assertion;
pub(crate) use assertion::unix_seconds;
#[cfg(feature = "dpop")]
pub(crate) use jwk::{jwk, thumbprint};
pub use key::{Key, Thumbprint};
pub(crate) use sign::sign;

#[cfg(test)]
mod tests;
