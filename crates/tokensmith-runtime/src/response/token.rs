//! Reading the object that holds the access token.

use std::borrow::Cow;

use serde_json::{Map, Value};

use crate::response::authorization_details::AUTHORIZATION_DETAILS;
use crate::response::expiry::{self, Expires};
use crate::response::metadata::Extra;
use crate::response::scope;
use crate::{
    AuthorizationDetails, Metadata, Received, TokenResponse, Unusable, response::lenient,
    response::pointer,
};

/// Reads a response with a token into its type: the token and the fields beside it get their names
/// in RFC 6749.
pub(crate) fn read<T: TokenResponse>(mut received: Received<'_>) -> Result<T, Unusable> {
    let (Some(mut root), Some(pointer)) = (received.body.take(), received.access_token) else {
        return Err(Unusable::new("the response has no access token"));
    };
    let (parent, name) = match pointer.rsplit_once('/') {
        Some(split) => split,
        None => {
            // The response is the token and nothing else.
            root = Map::from_iter([(ACCESS_TOKEN.to_owned(), root)]).into();
            ("", ACCESS_TOKEN)
        }
    };
    // Read before anything is moved.
    let declared = received.endpoint.expiry().pointer;
    let expiry = declared.map(|place| (place, pointer::find(&root, place).cloned()));

    let mut displaced = Vec::new();
    for (name, pointer) in received.endpoint.fields() {
        let value = move_field(&mut root, pointer, parent, name);
        displaced.extend(value.map(|value| (format!("{parent}/{name}"), value)));
    }
    let mut token = root
        .pointer_mut(parent)
        .map(Value::take)
        .unwrap_or_default();
    let value = rename_token(&mut token, &unescape(name));
    displaced.extend(value.map(|value| (format!("{parent}/{ACCESS_TOKEN}"), value)));

    let mut metadata = describe(&token, parent, expiry, &received);
    metadata.status = Some(received.status);
    metadata.request_id = received.request_id;
    metadata.envelope = envelope(root, parent);
    for (pointer, value) in displaced {
        metadata.set_aside.insert(pointer, value);
    }
    for odd in received.oddities {
        metadata.warn(&odd.pointer, odd.message);
        if let Some(text) = odd.set_aside {
            metadata.set_aside.insert(odd.pointer, text.into());
        }
    }
    drop_empty(&mut token);
    let separator = received.endpoint.response_scope_separator();
    let read = lenient::read::<T>(token, separator, Some(ACCESS_TOKEN))
        .map_err(|_| Unusable::new("the object with the access token cannot be read"))?;
    for (pointer, value) in read.set_aside {
        let pointer = format!("{parent}{pointer}");
        metadata.warn(
            &pointer,
            "is of another type than declared, and was set aside",
        );
        metadata.set_aside.insert(pointer, value);
    }
    let mut response = read.value;
    #[cfg(feature = "oidc")]
    {
        let received = received.source.zip(response.id_token());
        metadata.receipt = received.map(|(source, id_token)| source.origin().receipt(id_token));
    }
    *response.metadata_mut() = metadata;
    Ok(response)
}

/// An empty text is no token: it must not take the place of one that is good.
fn drop_empty(token: &mut Value) {
    if let Some(members) = token.as_object_mut() {
        for name in ["refresh_token", "id_token"] {
            let value = members.get(name).and_then(Value::as_str);
            if value.is_some_and(|text| text.trim().is_empty()) {
                members.remove(name);
            }
        }
    }
}

/// Moves the value at the pointer into the object at `parent`, under its name in the RFC; gives
/// back what had that name.
pub(crate) fn move_field(
    root: &mut Value,
    pointer: &str,
    parent: &str,
    name: &str,
) -> Option<Value> {
    if root.pointer(pointer).is_none_or(Value::is_null) {
        return None;
    }
    let (holder, member) = pointer.rsplit_once('/')?;
    let value = match root.pointer_mut(holder)? {
        Value::Object(members) => members.remove(unescape(member).as_ref())?,
        // Taking it out would change the place of the others.
        Value::Array(items) => items.get(member.parse::<usize>().ok()?)?.clone(),
        _ => return None,
    };
    root.pointer_mut(parent)?
        .as_object_mut()?
        .insert(name.to_owned(), value)
}

/// A reference token of a JSON Pointer as the name it stands for (RFC 6901 section 4).
fn unescape(token: &str) -> Cow<'_, str> {
    if token.contains('~') {
        return token.replace("~1", "/").replace("~0", "~").into();
    }
    token.into()
}

/// The member that every [`TokenResponse`] has, whatever the provider calls it.
const ACCESS_TOKEN: &str = "access_token";

/// Gives the access token its name in RFC 6749; gives back what had that name without being the
/// token.
fn rename_token(token: &mut Value, name: &str) -> Option<Value> {
    let members = token.as_object_mut().filter(|_| name != ACCESS_TOKEN)?;
    let value = members.remove(name)?;
    members.insert(ACCESS_TOKEN.to_owned(), value)
}

/// What the members that RFC 6749 section 5.1 defines say, whatever types they have.
fn describe(
    token: &Value,
    parent: &str,
    declared: Option<(&str, Option<Value>)>,
    received: &Received<'_>,
) -> Metadata {
    let endpoint = received.endpoint;
    let mut metadata = Metadata::default();
    let odd = |metadata: &mut Metadata, pointer: String, value: &Value, message| {
        metadata.warn(&pointer, message);
        metadata.set_aside.insert(pointer, value.clone());
    };
    let beside = |name: &str| format!("{parent}/{name}");
    let value = match &declared {
        Some((_, value)) => value.as_ref(),
        None => token.get("expires_in"),
    };
    let mut expires = expiry::read(value, endpoint.expiry(), received.now);
    if let (Expires::Unknown, Some(seconds)) = (expires, endpoint.expiry().lifetime) {
        expires = expiry::from_now(seconds, received.now);
    }
    match expires {
        Expires::Unknown => {}
        Expires::Never => metadata.never_expires = true,
        Expires::Unreadable => odd(
            &mut metadata,
            declared
                .as_ref()
                .map_or_else(|| beside("expires_in"), |(place, _)| (*place).to_owned()),
            value.unwrap_or(&Value::Null),
            "is not a time or lifetime in the declared form: when the token expires is unknown",
        ),
        Expires::Known(lifetime, at) => {
            metadata.expires_in = Some(lifetime);
            metadata.expires_at = Some(at);
        }
    }
    match token.get("scope") {
        None | Some(Value::Null) => {}
        Some(value) => match scopes(value, endpoint.response_scope_separator()) {
            Some(scopes) => metadata.scopes = Some(scopes),
            None => odd(
                &mut metadata,
                beside("scope"),
                value,
                "is neither a text nor a list of texts",
            ),
        },
    }
    match token.get(AUTHORIZATION_DETAILS) {
        None | Some(Value::Null) => {}
        Some(value) => match AuthorizationDetails::read(value) {
            Some(details) => metadata.authorization_details = Some(details),
            None => odd(
                &mut metadata,
                beside(AUTHORIZATION_DETAILS),
                value,
                "is not a list of objects with a `type`",
            ),
        },
    }
    match token.get("token_type") {
        None | Some(Value::Null) => {}
        Some(Value::String(token_type)) if token_type.is_empty() => {}
        Some(Value::String(token_type)) => metadata.token_type.clone_from(token_type),
        Some(value) => odd(
            &mut metadata,
            beside("token_type"),
            value,
            "is not a string: read as Bearer",
        ),
    }
    if received.proves_possession && !metadata.is_dpop() {
        metadata.warn(
            &beside("token_type"),
            "is not DPoP, which was asked for: the token is not bound to the client's key",
        );
    }
    metadata
}

fn scopes(value: &Value, separator: &str) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(scope::split(text, separator)),
        Value::Array(values) => {
            let texts = values.iter().map(Value::as_str);
            let texts: Option<Vec<&str>> = texts.collect();
            let texts = texts?.into_iter().map(str::trim);
            let texts = texts.filter(|scope| !scope.is_empty());
            Some(texts.map(str::to_owned).collect())
        }
        _ => None,
    }
}

/// What is left of a response from which the object at the pointer was taken: its members, without
/// those that held nothing else.
fn envelope(mut root: Value, taken: &str) -> Extra {
    let mut pointer = taken;
    while let Some((parent, name)) = pointer.rsplit_once('/') {
        let name = unescape(name);
        let Some(Value::Object(members)) = root.pointer_mut(parent) else {
            break;
        };
        members.remove(name.as_ref());
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
