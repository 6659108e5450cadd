//! Reading a response into a type.

pub(crate) mod authorization_details;
pub(crate) mod body;
pub(crate) mod device;
pub(crate) mod error_body;
pub(crate) mod expiry;
pub(crate) mod failure;
pub(crate) mod form;
pub(crate) mod introspection;
pub(crate) mod lenient;
pub(crate) mod metadata;
pub(crate) mod pointer;
pub(crate) mod pushed_authorization;
#[cfg(feature = "oidc")]
pub(crate) mod receipt;
pub(crate) mod scope;
#[cfg(feature = "discovery")]
pub(crate) mod server_metadata;
pub(crate) mod token;

use std::fmt;
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::response::body::Oddity;
use crate::{Endpoint, Metadata, Secret};

/// What a successful response is read into.
///
/// Implemented for every [`TokenResponse`], and for `()`, which takes any response that is no
/// error.
pub trait Response: Sized {
    /// Reads the response.
    ///
    /// # Errors
    ///
    /// If the response lacks what the type cannot do without; the error that the caller sees is of
    /// the kind `malformed`.
    fn read(received: Received<'_>) -> Result<Self, Unusable>;
}

/// A response with a token in it, as a provider's document declares it.
///
/// Whatever the provider calls the access token, and wherever it is: the type is read from the
/// object that holds it, with the token as `access_token`. Every other field is optional: what a
/// provider leaves out or writes oddly must not cost the token.
pub trait TokenResponse: DeserializeOwned {
    /// The access token.
    fn access_token(&self) -> &Secret;
    /// The refresh token, where there is one.
    fn refresh_token(&self) -> Option<&Secret>;
    /// The ID token of OpenID Connect, where there is one. It says who signed in only when it was
    /// checked: see `Client::id_token`, with the feature `oidc`.
    fn id_token(&self) -> Option<&Secret> {
        None
    }
    /// What is known of the token beside its own fields.
    fn metadata(&self) -> &Metadata;
    /// The same, for the engine to fill in.
    fn metadata_mut(&mut self) -> &mut Metadata;
}

/// A response that is no error, parsed and not yet read into a type.
pub struct Received<'e> {
    pub(crate) endpoint: &'e Endpoint<'e>,
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) now: SystemTime,
    pub(crate) body: Option<Value>,
    /// What was odd about the body.
    pub(crate) oddities: Vec<Oddity>,
    /// The JSON Pointer to the access token.
    pub(crate) access_token: Option<&'e str>,
    /// Whether the request asked for a token that is bound to a key (RFC 9449).
    pub(crate) proves_possession: bool,
    /// Where it came from.
    #[cfg(feature = "discovery")]
    pub(crate) source: Option<Box<dyn Source + 'e>>,
}

/// Where a response came from. It is found out for the few responses that need it.
#[cfg(feature = "discovery")]
pub(crate) trait Source: Send + Sync {
    /// Returns the URL that was asked, whatever takes the place of its server.
    fn asked_url(&self) -> String;

    /// Says whose response it is, for the ID token that it has.
    #[cfg(feature = "oidc")]
    fn origin(&self) -> receipt::Origin;
}

/// A response that is no error, and yet of no use.
#[derive(Debug, Clone)]
pub struct Unusable(pub(crate) &'static str);

impl fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Unusable {}

impl Unusable {
    /// A response that is of no use for a reason, which must not hold anything that the server
    /// sent.
    pub const fn new(reason: &'static str) -> Self {
        Self(reason)
    }
}

impl<T: TokenResponse> Response for T {
    fn read(received: Received<'_>) -> Result<Self, Unusable> {
        token::read(received)
    }
}

impl Response for () {
    fn read(_received: Received<'_>) -> Result<Self, Unusable> {
        Ok(())
    }
}

impl fmt::Debug for Received<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Received")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

impl Received<'_> {
    /// The HTTP status, a 2xx.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The parsed body: JSON, or a form as an object of strings. `None` if there is none or it is
    /// neither.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    /// Reads the whole response into a type. What has another type than an optional field is left
    /// out.
    ///
    /// # Errors
    ///
    /// If the response lacks what the type cannot do without.
    pub fn read<T: DeserializeOwned>(self) -> Result<T, Unusable> {
        let mut root = self.body.unwrap_or_default();
        for (name, pointer) in self.endpoint.fields() {
            token::move_field(&mut root, pointer, "", name);
        }
        lenient::read(root, self.endpoint.response_scope_separator(), None)
            .map(|read| read.value)
            .map_err(|_| Unusable("the response lacks a required member"))
    }
}

#[cfg(test)]
mod tests;
