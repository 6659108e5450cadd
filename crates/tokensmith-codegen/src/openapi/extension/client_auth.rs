//! `client-auth`: how a client authenticates.

use std::fmt;

use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// How a client proves who it is ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-2.3), section 2.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ClientAuth {
    /// Basic first, the body when Basic is refused.
    Auto,
    /// HTTP Basic, form-encoded as RFC 6749 asks.
    Basic,
    /// HTTP Basic without form-encoding.
    BasicRaw,
    /// `client_id` and `client_secret` among the parameters.
    Body,
    /// `client_id` and `client_secret` in the query of the URL.
    Query,
    /// `client_id` and `client_secret` as headers of their own.
    Header,
    /// The secret alone in the `Authorization` header.
    Secret,
    /// `client_id` alone: a public client.
    None,
    /// A JWT signed with the client secret (RFC 7523, section 2.2).
    ClientSecretJwt,
    /// A JWT signed with a private key (RFC 7523, section 2.2).
    PrivateKeyJwt,
    /// The certificate of the connection (RFC 8705, section 2).
    TlsClientAuth,
}

impl ClientAuth {
    /// Every method.
    pub const ALL: [Self; 11] = [
        Self::Auto,
        Self::Basic,
        Self::BasicRaw,
        Self::Body,
        Self::Query,
        Self::Header,
        Self::Secret,
        Self::None,
        Self::ClientSecretJwt,
        Self::PrivateKeyJwt,
        Self::TlsClientAuth,
    ];

    /// The method of this name.
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|method| method.as_str() == name)
    }

    /// The name that the command line and the document use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Basic => "basic",
            Self::BasicRaw => "basic-raw",
            Self::Body => "body",
            Self::Query => "query",
            Self::Header => "header",
            Self::Secret => "secret",
            Self::None => "none",
            Self::ClientSecretJwt => "client-secret-jwt",
            Self::PrivateKeyJwt => "private-key-jwt",
            Self::TlsClientAuth => "tls-client-auth",
        }
    }
}

/// The method alone, or all that there is to say about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientAuthExtension {
    pub(crate) method: Option<ClientAuth>,
    pub(crate) scheme: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) audience: Option<String>,
}

/// The object that the extension may be.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Members {
    method: Option<ClientAuth>,
    scheme: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    audience: Option<String>,
}

impl<'de> Deserialize<'de> for ClientAuthExtension {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MethodOrMembers)
    }
}

/// An untagged enum would not say which value is wrong.
struct MethodOrMembers;

impl<'de> Visitor<'de> for MethodOrMembers {
    type Value = ClientAuthExtension;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("the name of a method, or an object with `method`")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        let method = ClientAuth::deserialize(StrDeserializer::new(name))?;
        Ok(ClientAuthExtension {
            method: Some(method),
            ..ClientAuthExtension::default()
        })
    }

    fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Self::Value, A::Error> {
        let Members {
            method,
            scheme,
            client_id,
            client_secret,
            audience,
        } = Members::deserialize(MapAccessDeserializer::new(members))?;
        Ok(ClientAuthExtension {
            method,
            scheme,
            client_id,
            client_secret,
            audience,
        })
    }
}
