//! The algorithms that a token is signed with.

use std::fmt;
use std::str::FromStr;

macro_rules! algorithms {
    ($($(#[$doc:meta])* $variant:ident = $name:literal,)*) => {
        /// A signature algorithm (RFC 7518 section 3.1, RFC 8037 section 3.1). ES512 is not among
        /// them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Algorithm {
            $($(#[$doc])* $variant,)*
        }

        impl Algorithm {
            /// Every value, in the order of their declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// The name in a token's header, such as `RS256`.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }
    };
}

algorithms! {
    /// HMAC with SHA-256, by a shared secret.
    HS256 = "HS256",
    /// HMAC with SHA-384, by a shared secret.
    HS384 = "HS384",
    /// HMAC with SHA-512, by a shared secret.
    HS512 = "HS512",
    /// RSA, PKCS #1 v1.5, with SHA-256.
    RS256 = "RS256",
    /// RSA, PKCS #1 v1.5, with SHA-384.
    RS384 = "RS384",
    /// RSA, PKCS #1 v1.5, with SHA-512.
    RS512 = "RS512",
    /// RSA, PSS, with SHA-256.
    PS256 = "PS256",
    /// RSA, PSS, with SHA-384.
    PS384 = "PS384",
    /// RSA, PSS, with SHA-512.
    PS512 = "PS512",
    /// ECDSA on P-256 with SHA-256.
    ES256 = "ES256",
    /// ECDSA on P-384 with SHA-384.
    ES384 = "ES384",
    /// Ed25519.
    EdDsa = "EdDSA",
}

impl fmt::Display for Algorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for Algorithm {
    type Err = UnknownAlgorithm;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|algorithm| algorithm.as_str() == name)
            .ok_or(UnknownAlgorithm)
    }
}

/// A name that is no [`Algorithm`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownAlgorithm;

impl fmt::Display for UnknownAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "unknown signature algorithm: expected HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, \
             ES256, ES384 or EdDSA",
        )
    }
}

impl std::error::Error for UnknownAlgorithm {}
