//! `x-tokensmith`: the meaning that plain OpenAPI cannot express.
//!
//! Each key exists because a provider needs it; `specs/x-tokensmith.schema.json` names which.

mod client_auth;
mod grants;
mod name;
mod response;
mod stated_endpoint;
mod token_use;

use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer};
use serde_json::Value;
use tokensmith_description::{CodeChallengeMethod, PushedRequests, Rotation, SourceKind, TokenUse};

pub(crate) use client_auth::ClientAuthExtension;
pub(crate) use grants::RepeatableGrants;
pub(crate) use response::{ExpiryExtension, FailureExtension, ZeroLifetime};
pub(crate) use stated_endpoint::StatedEndpoint;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::openapi::grammar::Part;
use crate::pointer;

/// The extension's name in a document.
pub(crate) const KEY: &str = "x-tokensmith";

/// `x-tokensmith` on an operation.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct OperationExtension {
    pub(crate) endpoint: Option<StatedEndpoint>,
    pub(crate) alternative_of: Option<String>,
    pub(crate) grants: Option<Vec<String>>,
    pub(crate) repeatable_grants: Option<RepeatableGrants>,
    pub(crate) grant_type_parameter: Option<String>,
    #[serde(default)]
    pub(crate) client_auth: ClientAuthExtension,
    #[serde(default, deserialize_with = "code_challenge")]
    pub(crate) code_challenge: Option<CodeChallengeMethod>,
    pub(crate) scope_separator: Option<String>,
    pub(crate) response_scope_separator: Option<String>,
    pub(crate) access_token: Option<OneOrMore>,
    #[serde(default)]
    pub(crate) fields: BTreeMap<String, String>,
    pub(crate) expiry: Option<ExpiryExtension>,
    #[serde(default)]
    pub(crate) failure: Vec<FailureExtension>,
    #[serde(default)]
    pub(crate) error: ErrorExtension,
    pub(crate) request_id: Option<OneOrMore>,
    #[serde(default, deserialize_with = "token_use::token_use")]
    pub(crate) token_use: Option<TokenUse<String>>,
    pub(crate) required_scopes: Option<Vec<String>>,
    #[serde(default, deserialize_with = "fragment")]
    pub(crate) fragment: Option<String>,
    #[serde(default)]
    pub(crate) refresh_token: RefreshTokenExtension,
    pub(crate) required_in_redirect: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) server_in_redirect: BTreeMap<String, String>,
    pub(crate) signature_in_redirect: Option<String>,
    pub(crate) state: Option<StatePlace>,
    #[serde(default, deserialize_with = "pushed_requests")]
    pub(crate) pushed_authorization: Option<PushedRequests>,
}

/// Where an authorization request has its `state`, if not in a parameter of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum StatePlace {
    /// In the query of `redirect_uri`.
    InRedirectUri,
}

/// `x-tokensmith` on a parameter or a schema.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ValueExtension {
    /// Whether the value is a credential, whatever it is called.
    pub(crate) secret: Option<bool>,
    /// What is made anew for each request where the caller gives no value.
    pub(crate) random: Option<Random>,
}

/// A kind of random values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Random {
    /// A random UUID (RFC 9562 section 5.4).
    Uuid,
}

/// Reads the extension of the parameter or schema at `at`. One that cannot be read says nothing.
pub(crate) fn value<'a>(
    extensions: impl IntoIterator<Item = (&'a String, &'a Value)>,
    at: &str,
    diagnostics: &mut Diagnostics,
) -> ValueExtension {
    let mut extensions = extensions.into_iter();
    let Some((_, extension)) = extensions.find(|(key, _)| *key == KEY) else {
        return ValueExtension::default();
    };
    parsed(Some(extension), at).unwrap_or_else(|diagnostic| {
        diagnostics.push(diagnostic);
        ValueExtension::default()
    })
}

/// Reads what may stand after `#` in a URL (RFC 3986 section 3.5).
fn fragment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let is_allowed =
        |byte: u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=:@/?".contains(&byte);
    if text.is_empty() || !text.bytes().all(is_allowed) {
        return Err(serde::de::Error::custom(
            "a fragment is what stands after `#`, such as `wechat_redirect`",
        ));
    }
    Ok(Some(text))
}

fn code_challenge<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<CodeChallengeMethod>, D::Error> {
    let all = CodeChallengeMethod::ALL;
    name::by_name(deserializer, all, CodeChallengeMethod::as_str).map(Some)
}

/// Where an error response has its code and description, looked at before the places that RFC 6749
/// names, and what the provider's own codes mean.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ErrorExtension {
    pub(crate) code: Option<OneOrMore>,
    pub(crate) description: Option<OneOrMore>,
    #[serde(default, deserialize_with = "response::error_codes")]
    pub(crate) codes: BTreeMap<String, String>,
}

/// What is said of refresh tokens.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct RefreshTokenExtension {
    #[serde(default, deserialize_with = "rotation")]
    pub(crate) rotates: Option<Rotation>,
}

fn pushed_requests<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<PushedRequests>, D::Error> {
    let all = PushedRequests::ALL;
    name::by_name(deserializer, all, PushedRequests::as_str).map(Some)
}

fn rotation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Rotation>, D::Error> {
    name::by_name(deserializer, Rotation::ALL, Rotation::as_str).map(Some)
}

/// `x-tokensmith` in `info`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct InfoExtension {
    pub(crate) title: Option<String>,
    pub(crate) version: Option<String>,
    /// Where the facts of the document come from.
    #[serde(default)]
    pub(crate) sources: Vec<SourceExtension>,
    /// How well they are known; else as the best source has it.
    #[serde(default, deserialize_with = "verified")]
    pub(crate) verified: Option<SourceKind>,
}

/// A source of facts in the `x-tokensmith` of `info`.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct SourceExtension {
    pub(crate) url: String,
    pub(crate) date: String,
    #[serde(deserialize_with = "source_kind")]
    pub(crate) kind: SourceKind,
    pub(crate) facts: Option<String>,
}

fn source_kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SourceKind, D::Error> {
    name::by_name(deserializer, SourceKind::ALL, SourceKind::as_str)
}

fn verified<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<SourceKind>, D::Error> {
    source_kind(deserializer).map(Some)
}

/// `x-tokensmith` on a server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct ServerExtension {
    pub(crate) name: Option<String>,
    pub(crate) issuer: Option<String>,
}

/// `x-tokensmith` on a variable of a server.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct VariableExtension {
    /// As the key `pattern` of the variable, which validators of OpenAPI do not take.
    pub(crate) pattern: Option<String>,
}

/// Whether a key of the vendor's has the value `deprecated`, such as `x-release-status: DEPRECATED`.
pub(crate) fn has_deprecated_mark<'a>(
    keys: impl IntoIterator<Item = (&'a String, &'a Value)>,
) -> bool {
    let mut texts = keys.into_iter().filter_map(|(_, value)| value.as_str());
    texts.any(|text| text.eq_ignore_ascii_case("deprecated"))
}

/// Whether the extension means something on such a part.
pub(crate) fn has_meaning_on(part: Part) -> bool {
    match part {
        Part::Info
        | Part::Operation
        | Part::Parameter
        | Part::Schema
        | Part::Server
        | Part::Variable
        | Part::Unknown => true,
        Part::Document
        | Part::Components
        | Part::PathItem
        | Part::Callback
        | Part::Body
        | Part::Media
        | Part::Encoding
        | Part::Response
        | Part::Header
        | Part::Link
        | Part::Discriminator
        | Part::Example
        | Part::SecurityScheme
        | Part::Flows
        | Part::Flow
        | Part::Requirement => false,
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
    pub(crate) fn to_vec(&self) -> Vec<String> {
        match self {
            Self::One(pointer) => vec![pointer.clone()],
            Self::More(pointers) => pointers.clone(),
        }
    }
}

/// Reads the extension of the object at `at`; absent reads as empty.
pub(crate) fn read<T: Default + for<'de> Deserialize<'de>>(
    owner: &Value,
    at: &str,
) -> Result<T, Diagnostic> {
    parsed(owner.get(KEY), at)
}

/// The same for an extension that was taken out of its object.
pub(crate) fn parsed<T: Default + for<'de> Deserialize<'de>>(
    extension: Option<&Value>,
    at: &str,
) -> Result<T, Diagnostic> {
    let Some(extension) = extension else {
        return Ok(T::default());
    };
    serde_path_to_error::deserialize(extension).map_err(|error| {
        let place = pointer::join(at, KEY) + &pointer::of_path(error.path());
        Diagnostic::new(
            Rule::Extension,
            place,
            format!("`{KEY}` cannot be read: {}", error.inner()),
        )
        .help("see specs/x-tokensmith.schema.json for the keys and values it takes")
    })
}

impl OperationExtension {
    /// Reports what should be a JSON Pointer and is none; `at` is the operation.
    pub(crate) fn check_pointers(&self, at: &str, diagnostics: &mut Diagnostics) {
        let key = pointer::join(at, KEY);
        let texts = |list: &Option<OneOrMore>| list.as_ref().map_or(Vec::new(), OneOrMore::to_vec);
        let mut pointers: Vec<(String, String)> = Vec::new();
        let mut add = |place: &[&str], pointer: &str| {
            pointers.push((pointer::join_all(&key, place), pointer.to_owned()));
        };
        // The empty pointer means the whole response, which only a token can be.
        for text in texts(&self.access_token)
            .iter()
            .filter(|text| !text.is_empty())
        {
            add(&["access-token"], text);
        }
        for text in texts(&self.request_id) {
            add(&["request-id"], &text);
        }
        for (name, text) in &self.fields {
            add(&["fields", name], text);
        }
        for text in self.expiry.iter().filter_map(|expiry| expiry.at.as_ref()) {
            add(&["expiry", "at"], text);
        }
        for (index, failure) in self.failure.iter().enumerate() {
            add(&["failure", &index.to_string(), "at"], &failure.at);
        }
        for (name, list) in [
            ("code", &self.error.code),
            ("description", &self.error.description),
        ] {
            for text in texts(list) {
                add(&["error", name], &text);
            }
        }
        for (place, text) in pointers
            .into_iter()
            .filter(|(_, text)| !pointer::is_valid(text))
        {
            let message = format!("`{}` is not a JSON Pointer", text.escape_debug());
            diagnostics.push(
                Diagnostic::new(Rule::Extension, place, message)
                    .help("write it as /data/access_token"),
            );
        }
    }
}

#[cfg(test)]
mod tests;
