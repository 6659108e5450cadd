//! The error codes that the OAuth RFCs define.

use std::fmt;

use serde::Deserialize;

use crate::Unrecognized;

macro_rules! codes {
    ($($(#[$doc:meta])* $variant:ident = $code:literal,)*) => {
        /// An error code: one that an RFC defines, or the provider's own.
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Deserialize)]
        #[serde(from = "String")]
        #[non_exhaustive]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)*
            /// A code of the provider's own.
            Other(Unrecognized),
        }

        impl ErrorCode {
            /// The code as it stands on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Other(code) => code.as_str(),
                }
            }
        }

        impl From<&str> for ErrorCode {
            fn from(code: &str) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    _ => Self::Other(code.into()),
                }
            }
        }
    };
}

codes! {
    /// A parameter is missing, repeated or malformed (RFC 6749 section 5.2).
    InvalidRequest = "invalid_request",
    /// The client could not be authenticated (RFC 6749 section 5.2).
    InvalidClient = "invalid_client",
    /// The code, refresh token or assertion is invalid, expired, revoked or another client's (RFC
    /// 6749 section 5.2).
    InvalidGrant = "invalid_grant",
    /// The client may not use this grant (RFC 6749 section 5.2).
    UnauthorizedClient = "unauthorized_client",
    /// The server does not know the grant (RFC 6749 section 5.2).
    UnsupportedGrantType = "unsupported_grant_type",
    /// A scope is unknown, malformed or more than may be granted (RFC 6749 section 5.2).
    InvalidScope = "invalid_scope",
    /// The resource owner or the server refused (RFC 6749 section 4.1.2.1).
    AccessDenied = "access_denied",
    /// The server does not issue this kind of response (RFC 6749 section 4.1.2.1).
    UnsupportedResponseType = "unsupported_response_type",
    /// The server met something unexpected (RFC 6749 section 4.1.2.1).
    ServerError = "server_error",
    /// The server is overloaded or under maintenance (RFC 6749 section 4.1.2.1).
    TemporarilyUnavailable = "temporarily_unavailable",
    /// A token of this type cannot be revoked (RFC 7009 section 2.2.1).
    UnsupportedTokenType = "unsupported_token_type",
    /// The token is expired, revoked or malformed (RFC 6750 section 3.1).
    InvalidToken = "invalid_token",
    /// The token grants too little (RFC 6750 section 3.1).
    InsufficientScope = "insufficient_scope",
    /// The user has not decided yet (RFC 8628 section 3.5).
    AuthorizationPending = "authorization_pending",
    /// As `AuthorizationPending`, and polling has to slow down (RFC 8628 section 3.5).
    SlowDown = "slow_down",
    /// The device code has expired (RFC 8628 section 3.5).
    ExpiredToken = "expired_token",
    /// A resource is unknown or malformed (RFC 8707 section 2).
    InvalidTarget = "invalid_target",
    /// A redirect URI of the client that is to be registered is not allowed (RFC 7591 section
    /// 3.2.2).
    InvalidRedirectUri = "invalid_redirect_uri",
    /// What the client that is to be registered says of itself is not allowed (RFC 7591 section
    /// 3.2.2).
    InvalidClientMetadata = "invalid_client_metadata",
    /// The software statement is not valid (RFC 7591 section 3.2.2).
    InvalidSoftwareStatement = "invalid_software_statement",
    /// The software statement is not approved for use by this server (RFC 7591 section 3.2.2).
    UnapprovedSoftwareStatement = "unapproved_software_statement",
    /// The `authorization_details` are malformed, or of an unknown type (RFC 9396 section 5).
    InvalidAuthorizationDetails = "invalid_authorization_details",
    /// The DPoP proof is invalid (RFC 9449 section 5).
    InvalidDpopProof = "invalid_dpop_proof",
    /// The DPoP proof needs the nonce that came with the response (RFC 9449 section 8).
    UseDpopNonce = "use_dpop_nonce",
}

impl From<String> for ErrorCode {
    fn from(code: String) -> Self {
        Self::from(code.as_str())
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}
