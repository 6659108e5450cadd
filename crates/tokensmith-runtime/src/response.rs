//! Reading an answer into a type.

use std::fmt;
use std::time::SystemTime;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::expiry::{self, Expiry};
use crate::metadata::Extra;
use crate::{Metadata, Secret, lenient};

/// What a successful answer is read into.
///
/// Implemented for every [`TokenResponse`], and for `()`, which takes any answer that is no error.
pub trait Response: Sized {
    /// Reads the answer.
    ///
    /// # Errors
    ///
    /// If the answer lacks what the type cannot do without; the error that the caller sees is of the kind `malformed`.
    fn read(received: Received) -> Result<Self, Unusable>;
}

/// An answer with a token in it, as a provider's document declares it.
///
/// Whatever the provider calls the access token, and wherever it is: the type is read from the object that holds it, with
/// the token as `access_token`. Every other field is optional: what a provider leaves out or writes oddly must not cost
/// the token.
pub trait TokenResponse: DeserializeOwned {
    /// The access token.
    fn access_token(&self) -> &Secret;
    /// The refresh token, where there is one.
    fn refresh_token(&self) -> Option<&Secret>;
    /// What is known of the token beside its own fields.
    fn metadata(&self) -> &Metadata;
    /// The same, for the engine to fill in.
    fn metadata_mut(&mut self) -> &mut Metadata;
}

/// An answer that is no error, parsed and not yet read into a type.
pub struct Received {
    pub(crate) status: u16,
    pub(crate) request_id: Option<String>,
    pub(crate) now: SystemTime,
    pub(crate) body: Option<Value>,
    /// The JSON Pointer to the access token.
    pub(crate) access_token: Option<String>,
    pub(crate) scope_separator: String,
}

/// An answer that is no error, and yet of no use.
#[derive(Debug, Clone)]
pub struct Unusable(pub(crate) &'static str);

impl fmt::Display for Unusable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.0)
    }
}

impl std::error::Error for Unusable {}

impl Unusable {
    /// An answer that is of no use for a reason, which must not hold anything that the server sent.
    pub const fn new(reason: &'static str) -> Self {
        Self(reason)
    }
}

impl<T: TokenResponse> Response for T {
    fn read(received: Received) -> Result<Self, Unusable> {
        received.token()
    }
}

impl Response for () {
    fn read(_received: Received) -> Result<Self, Unusable> {
        Ok(())
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Received")
            .field("status", &self.status)
            .field("request_id", &self.request_id)
            .finish_non_exhaustive()
    }
}

impl Received {
    /// The HTTP status, a 2xx.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The parsed body: JSON, or a form as an object of strings. `None` if there is none or it is neither.
    pub fn body(&self) -> Option<&Value> {
        self.body.as_ref()
    }

    fn token<T: TokenResponse>(self) -> Result<T, Unusable> {
        let (Some(mut root), Some(pointer)) = (self.body, self.access_token) else {
            return Err(Unusable("the answer holds no access token"));
        };
        let (parent, name) = pointer.rsplit_once('/').unwrap_or_default();
        let mut token = root
            .pointer_mut(parent)
            .map(Value::take)
            .unwrap_or_default();
        let mut metadata = describe(&token, parent, &self.scope_separator, self.now);
        metadata.status = Some(self.status);
        metadata.request_id = self.request_id;
        metadata.envelope = envelope(root, parent);

        let displaced = rename_token(&mut token, &name.replace("~1", "/").replace("~0", "~"));
        if let Some(displaced) = displaced {
            metadata
                .set_aside
                .insert(format!("{parent}/{ACCESS_TOKEN}"), displaced);
        }
        let read = lenient::read::<T>(token, &self.scope_separator, Some(ACCESS_TOKEN))
            .map_err(|_| Unusable("the object that holds the access token cannot be read"))?;
        for (pointer, value) in read.set_aside {
            let pointer = format!("{parent}{pointer}");
            metadata.warn(
                &pointer,
                "is of another type than declared, and was set aside",
            );
            metadata.set_aside.insert(pointer, value);
        }
        let mut response = read.value;
        *response.metadata_mut() = metadata;
        Ok(response)
    }
}

/// The member that every [`TokenResponse`] has, whatever the provider calls it.
const ACCESS_TOKEN: &str = "access_token";

/// Gives the access token its name in RFC 6749; gives back what had that name without being the token.
fn rename_token(token: &mut Value, name: &str) -> Option<Value> {
    let members = token.as_object_mut().filter(|_| name != ACCESS_TOKEN)?;
    let value = members.remove(name)?;
    members.insert(ACCESS_TOKEN.to_owned(), value)
}

/// What the members that RFC 6749 section 5.1 defines say, whatever types they have.
fn describe(token: &Value, parent: &str, separator: &str, now: SystemTime) -> Metadata {
    let mut metadata = Metadata::default();
    let odd = |metadata: &mut Metadata, name: &str, message| {
        let pointer = format!("{parent}/{name}");
        metadata.warn(&pointer, message);
        let value = token.get(name).cloned().unwrap_or_default();
        metadata.set_aside.insert(pointer, value);
    };
    match expiry::read(token.get("expires_in"), now) {
        Expiry::Unknown => {}
        Expiry::Unreadable => odd(
            &mut metadata,
            "expires_in",
            "is no lifetime in seconds: when the token expires is unknown",
        ),
        Expiry::Known(lifetime, at) => {
            metadata.expires_in = Some(lifetime);
            metadata.expires_at = Some(at);
        }
    }
    match token.get("scope") {
        None | Some(Value::Null) => {}
        Some(value) => match scopes(value, separator) {
            Some(scopes) => metadata.scopes = Some(scopes),
            None => odd(
                &mut metadata,
                "scope",
                "is neither a text nor a list of texts",
            ),
        },
    }
    match token.get("token_type") {
        None | Some(Value::Null) => {}
        Some(Value::String(token_type)) if token_type.is_empty() => {}
        Some(Value::String(token_type)) => metadata.token_type.clone_from(token_type),
        Some(_) => odd(&mut metadata, "token_type", "is no text: taken for Bearer"),
    }
    metadata
}

fn scopes(value: &Value, separator: &str) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(split_scopes(text, separator)),
        Value::Array(values) => {
            let texts = values.iter().map(|value| value.as_str().map(str::to_owned));
            texts.collect()
        }
        _ => None,
    }
}

pub(crate) fn split_scopes(text: &str, separator: &str) -> Vec<String> {
    let separator = if separator.is_empty() { " " } else { separator };
    text.split(separator)
        .map(str::trim)
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What is left of an answer from which the object at the pointer was taken: its members, without those that held nothing
/// else.
fn envelope(mut root: Value, taken: &str) -> Extra {
    let mut pointer = taken;
    while let Some((parent, name)) = pointer.rsplit_once('/') {
        let name = name.replace("~1", "/").replace("~0", "~");
        let Some(Value::Object(members)) = root.pointer_mut(parent) else {
            break;
        };
        members.remove(&name);
        if !members.is_empty() {
            break;
        }
        pointer = parent;
    }
    match root {
        Value::Object(members) => Extra::from(members),
        _ => Extra::default(),
    }
}

#[cfg(test)]
mod tests;
