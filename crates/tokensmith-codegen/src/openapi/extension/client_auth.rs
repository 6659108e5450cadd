//! `client-auth`: how a client authenticates.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Error, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use tokensmith_description::ClientAuth;

use super::name::{by_name, named};

/// The method alone, or all that there is to say about it.
#[derive(Debug, Clone, Default)]
pub(crate) struct ClientAuthExtension {
    pub(crate) method: Option<ClientAuth>,
    pub(crate) scheme: Option<String>,
    pub(crate) client_id: Option<String>,
    pub(crate) client_secret: Option<String>,
    pub(crate) audience: Option<String>,
    /// Whether a client without a secret authenticates by HTTP Basic.
    pub(crate) public_by_basic: bool,
}

/// The object that the extension may be.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
struct Members {
    #[serde(default, deserialize_with = "method")]
    method: Option<ClientAuth>,
    scheme: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
    audience: Option<String>,
    #[serde(default, deserialize_with = "public")]
    public: Public,
}

/// How a client without a secret says who it is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Public {
    #[default]
    Body,
    Basic,
}

fn public<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Public, D::Error> {
    by_name(
        deserializer,
        &[Public::Body, Public::Basic],
        |public| match public {
            Public::Body => "body",
            Public::Basic => "basic",
        },
    )
}

fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ClientAuth>, D::Error> {
    by_name(deserializer, ClientAuth::ALL, ClientAuth::as_str).map(Some)
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
        let method = named(name, ClientAuth::ALL, ClientAuth::as_str)?;
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
            public,
        } = Members::deserialize(MapAccessDeserializer::new(members))?;
        Ok(ClientAuthExtension {
            method,
            scheme,
            client_id,
            client_secret,
            audience,
            public_by_basic: public == Public::Basic,
        })
    }
}
