//! How a client proves who it is.

use alloc::string::String;
use core::fmt;
use core::str::FromStr;

/// How the client authenticates itself to an endpoint (RFC 6749 section 2.3).
///
/// Whatever is chosen, a request carries one authentication at most. A client that has nothing to
/// authenticate with is a public one: its identifier goes in the body, however this is set. Only
/// with `Basic` and `BasicRaw` a secret that was given and is empty is sent as such; and where the
/// endpoint says so ([`Endpoint::with_public_by_basic`](crate::Endpoint::with_public_by_basic)), a
/// secret that was not given as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ClientAuth {
    /// `Basic`, then `Body` where the server refuses the first as client authentication: with HTTP
    /// 401 or `invalid_client`. What worked is remembered per token URL and client. A credential
    /// that can be used once (a code, a refresh token) is never sent twice. A client that has an
    /// assertion and no secret sends that.
    #[default]
    Auto,
    /// HTTP Basic, identifier and secret form-encoded before base64 (RFC 6749 section 2.3.1).
    /// [`Endpoint::with_auth_scheme`](crate::Endpoint::with_auth_scheme) has another word in the
    /// place of `Basic`.
    Basic,
    /// HTTP Basic without the form encoding, for servers that do not decode it. An identifier with
    /// a colon in it is refused: the server would take what follows the colon for the secret (RFC
    /// 7617 section 2).
    BasicRaw,
    /// `client_id` and `client_secret` in the body.
    Body,
    /// `client_id` and `client_secret` in the query of the URL, which logs often keep: for servers
    /// that take them nowhere else.
    Query,
    /// `client_id` and `client_secret` as headers of their own, under the names that
    /// [`Endpoint::with_client_names`](crate::Endpoint::with_client_names) gives them: API gateways
    /// ask for that.
    Header,
    /// The secret alone in the `Authorization` header, after the scheme: Square's revocation takes
    /// `Client SECRET`.
    Secret,
    /// HTTP Basic with the secret as the user name and an empty password; the identifier is not
    /// sent. Stripe's tokens take the secret key that way.
    BasicSecret,
    /// `client_id` in the body and no secret, even where there is one.
    None,
    /// A JWT signed with the client secret (RFC 7523 section 2.2, OpenID Connect Core section 9):
    /// made of the secret, with the feature `jwt`, unless the credentials have an assertion.
    ClientSecretJwt,
    /// An assertion, such as a JWT signed with a private key (RFC 7523 section 2.2, OpenID Connect
    /// Core section 9).
    PrivateKeyJwt,
    /// An assertion as `PrivateKeyJwt` has it, sent in the place of the secret, in the body: Apple
    /// calls such a JWT the client secret. Credentials with a secret and no assertion send the secret,
    /// which may be a JWT that was signed before.
    AssertionSecret,
    /// The certificate of the connection (RFC 8705 section 2), which the transport has; the
    /// identifier is in the body.
    TlsClientAuth,
}

impl ClientAuth {
    /// Every value, in the order of their declaration.
    pub const ALL: &'static [Self] = &[
        Self::Auto,
        Self::Basic,
        Self::BasicRaw,
        Self::Body,
        Self::Query,
        Self::Header,
        Self::Secret,
        Self::BasicSecret,
        Self::None,
        Self::ClientSecretJwt,
        Self::PrivateKeyJwt,
        Self::AssertionSecret,
        Self::TlsClientAuth,
    ];

    /// The name used in documents and on the command line: `auto`, `basic`, `basic-raw`, `body`,
    /// `query`, `header`, `secret`, `basic-secret`, `none`, `client-secret-jwt`, `private-key-jwt`,
    /// `assertion-secret` or `tls-client-auth`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Basic => "basic",
            Self::BasicRaw => "basic-raw",
            Self::Body => "body",
            Self::Query => "query",
            Self::Header => "header",
            Self::Secret => "secret",
            Self::BasicSecret => "basic-secret",
            Self::None => "none",
            Self::ClientSecretJwt => "client-secret-jwt",
            Self::PrivateKeyJwt => "private-key-jwt",
            Self::AssertionSecret => "assertion-secret",
            Self::TlsClientAuth => "tls-client-auth",
        }
    }

    /// Whether the client authenticates in the `Authorization` header, with `Auto` at first.
    pub const fn is_in_authorization(self) -> bool {
        matches!(
            self,
            Self::Auto | Self::Basic | Self::BasicRaw | Self::BasicSecret | Self::Secret
        )
    }

    /// Whether requests carry the identifier of the client and no credential of it.
    pub const fn sends_identifier_only(self) -> bool {
        matches!(self, Self::None | Self::TlsClientAuth)
    }

    /// Whether requests carry a `client_assertion` (RFC 7521 section 4.2).
    pub const fn sends_client_assertion(self) -> bool {
        matches!(self, Self::ClientSecretJwt | Self::PrivateKeyJwt)
    }

    /// Whether the credential is a JWT that is signed with a key of the client's own.
    pub const fn is_signed_with_key(self) -> bool {
        matches!(self, Self::PrivateKeyJwt | Self::AssertionSecret)
    }
}

impl fmt::Display for ClientAuth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.as_str())
    }
}

impl FromStr for ClientAuth {
    type Err = UnknownClientAuth;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|auth| auth.as_str() == name)
            .ok_or(UnknownClientAuth)
    }
}

/// The error for a text that does not name a [`ClientAuth`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnknownClientAuth;

impl fmt::Display for UnknownClientAuth {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(
            "unknown client authentication: expected auto, basic, basic-raw, body, query, header, secret, \
             basic-secret, none, client-secret-jwt, private-key-jwt, assertion-secret or tls-client-auth",
        )
    }
}

impl core::error::Error for UnknownClientAuth {}

/// Whom a client assertion is for: the `aud` of a JWT (RFC 7523 section 3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Audience<T> {
    /// The URL of the endpoint that the request goes to, without its query.
    Url,
    /// The issuer identifier of the authorization server (RFC 8414 section 2): the one that the
    /// client was told, or else the base URL without a slash at its end.
    Issuer,
    /// This text.
    Fixed(T),
}

impl Audience<String> {
    pub(crate) fn lend(&self) -> Audience<&str> {
        match self {
            Self::Url => Audience::Url,
            Self::Issuer => Audience::Issuer,
            Self::Fixed(text) => Audience::Fixed(text),
        }
    }
}
