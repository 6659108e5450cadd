//! `x-tokensmith`: the meaning that plain OpenAPI cannot express.
//!
//! Each key exists because a provider needs it; `specs/x-tokensmith.schema.json` names which.

use serde::Deserialize;
use serde_json::Value;

use crate::diagnostic::{Diagnostic, Rule};
use crate::pointer;

/// The extension's name in a document.
pub(crate) const KEY: &str = "x-tokensmith";

/// `x-tokensmith` on an operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct OperationExtension {
    pub(crate) endpoint: Option<Role>,
    pub(crate) grants: Option<Vec<String>>,
    pub(crate) client_auth: Option<ClientAuth>,
    pub(crate) access_token: Option<OneOrMore>,
    pub(crate) scope_separator: Option<String>,
    #[serde(default)]
    pub(crate) error: ErrorExtension,
    pub(crate) alternative_of: Option<String>,
}

/// Where an error response has its code and description, beside the places that RFC 6749 names.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ErrorExtension {
    pub(crate) code: Option<OneOrMore>,
    pub(crate) description: Option<OneOrMore>,
}

/// `x-tokensmith` in `info`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct InfoExtension {
    pub(crate) title: Option<String>,
}

/// `x-tokensmith` on a server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ServerExtension {
    pub(crate) name: Option<String>,
}

/// What an operation is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Role {
    /// Issues tokens ([RFC 6749](https://www.rfc-editor.org/rfc/rfc6749#section-3.2), section 3.2).
    Token,
    /// Revokes tokens ([RFC 7009](https://www.rfc-editor.org/rfc/rfc7009)).
    Revocation,
    /// Not an OAuth endpoint, though it looks like one.
    None,
}

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
    /// `client_id` alone: a public client.
    None,
}

impl ClientAuth {
    /// The name that the command line and the document use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Basic => "basic",
            Self::BasicRaw => "basic-raw",
            Self::Body => "body",
            Self::None => "none",
        }
    }
}

/// A JSON Pointer, or several of which the first that fits counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(untagged)]
pub(crate) enum OneOrMore {
    One(String),
    More(Vec<String>),
}

impl OneOrMore {
    pub(crate) fn as_slice(&self) -> &[String] {
        match self {
            Self::One(pointer) => std::slice::from_ref(pointer),
            Self::More(pointers) => pointers,
        }
    }
}

/// Reads the extension of the object at `at`; absent reads as empty.
pub(crate) fn read<T: Default + for<'de> Deserialize<'de>>(
    owner: &Value,
    at: &str,
) -> Result<T, Diagnostic> {
    let Some(extension) = owner.get(KEY) else {
        return Ok(T::default());
    };
    serde_path_to_error::deserialize(extension).map_err(|error| {
        let place = pointer::join(at, KEY) + &crate::parse::pointer_of(error.path());
        Diagnostic::new(
            Rule::Extension,
            place,
            format!("`{KEY}` cannot be read: {}", error.inner()),
        )
        .help("see specs/x-tokensmith.schema.json for the keys and values it takes")
    })
}
