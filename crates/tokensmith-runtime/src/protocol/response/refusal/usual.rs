//! What servers say of a refusal outside the places of RFC 6749, without a declaration: JSON:API,
//! RFC 9457, and the members that many APIs have.

use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use tokensmith_description::refusal::{CODES, CONTAINERS, DESCRIPTIONS};

use crate::protocol::response::body_kind;
use crate::{Endpoint, ErrorCode};

/// What else holds a code of the provider's own.
const OTHER_OWN_CODES: [&str; 3] = ["error", "err", "statuscode"];

/// What else may hold a code of an RFC: what stands there counts only if it is one.
const OTHER_CODES: [&str; 5] = ["error", "type", "status", "reason", "message"];

/// How many texts of a list are taken.
const LISTED: usize = 3;

/// How deep a description is looked for.
const DEPTH: usize = 4;

/// How long a body of plain text may be that is taken for a description, in bytes.
const PLAIN_TEXT: usize = 300;

/// The description in a body. Text without a name counts only where the status says that it is one:
/// in a success it may be a token.
pub(super) fn description(body: &Value, status: StatusCode) -> Option<String> {
    let is_error = status.is_client_error() || status.is_server_error();
    find(body, DEPTH, DESCRIPTIONS, is_error, &|text: &str| {
        Some(text.to_owned())
    })
}

/// What is left to say of a refusal that is not described: its code, which no RFC knows.
pub(super) fn own_code(body: &Value) -> Option<String> {
    own_code_in(body, DEPTH)
}

fn own_code_in(value: &Value, depth: usize) -> Option<String> {
    let deeper = depth.checked_sub(1)?;
    match value {
        Value::Array(items) => items.iter().find_map(|item| own_code_in(item, deeper)),
        Value::Object(members) => {
            let named = |wanted: &&str| {
                members
                    .iter()
                    .find(|(name, _)| body_kind::is_alike(wanted, name))
            };
            let said = CODES
                .iter()
                .chain(&OTHER_OWN_CODES)
                .filter_map(named)
                .find_map(|(name, value)| match value {
                    // A sentence needs no name.
                    Value::String(text) if text.trim().contains(' ') => Some(text.clone()),
                    Value::String(text) if !text.trim().is_empty() => {
                        Some(format!("`{name}`: {text}"))
                    }
                    Value::Number(number) => Some(format!("`{name}`: {number}")),
                    _ => None,
                });
            said.or_else(|| {
                let mut containers = CONTAINERS.iter().filter_map(named);
                containers.find_map(|(_, value)| own_code_in(value, deeper))
            })
        }
        _ => None,
    }
}

/// A code of an RFC in a body.
pub(super) fn code(body: &Value) -> Option<String> {
    let known = |text: &str| {
        let is_known = !matches!(ErrorCode::from(text), ErrorCode::Other(_));
        is_known.then(|| text.to_owned())
    };
    let names = [&OTHER_CODES, CODES].concat();
    find(body, DEPTH, &names, false, &known)
}

/// What some servers say beside a description that is too general.
pub(super) fn hint(body: &Value) -> Option<&str> {
    body.get("hint")?
        .as_str()
        .filter(|hint| !hint.trim().is_empty())
}

/// What is said of parameters of the request, as in `{"scope": "unknown scope"}`.
pub(super) fn refused_parameters(endpoint: &Endpoint<'_>, body: &Value) -> Option<String> {
    let places = ["errors", "error", "message", "detail", "details"];
    let reasons: Vec<String> = [body]
        .into_iter()
        .chain(places.iter().filter_map(|place| body.get(place)))
        .filter_map(Value::as_object)
        .flatten()
        .filter(|(name, _)| body_kind::is_parameter(endpoint, name))
        .filter_map(|(name, reason)| {
            let reason = reason.as_str().or_else(|| reason.get(0)?.as_str())?;
            is_reason(reason).then(|| format!("`{name}`: {reason}"))
        })
        .collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
}

/// What is said of members of the request, as web frameworks do: `{"errors": {"name": ["is too
/// short"]}}`. What a description says already is left out.
pub(super) fn refused_members(body: &Value, description: Option<&str>) -> Option<String> {
    let members = body.get("errors")?.as_object()?;
    let description = description.unwrap_or_default();
    let reason = |reasons: &Value| {
        let listed = reasons.as_array().map_or(&[][..], Vec::as_slice);
        let texts = listed.iter().filter_map(Value::as_str);
        let mut texts = reasons.as_str().into_iter().chain(texts);
        texts.find(|text| is_reason(text)).map(str::to_owned)
    };
    let named = members.iter().filter(|(name, _)| is_member(name));
    let mut said: Vec<String> = named
        .filter_map(|(name, reasons)| Some((name, reason(reasons)?)))
        .filter(|(_, reason)| !description.contains(reason.as_str()))
        .map(|(name, reason)| format!("`{name}`: {reason}"))
        .collect();
    let left = said.len().saturating_sub(LISTED);
    said.truncate(LISTED);
    if left > 0 {
        said.push(format!("{left} more"));
    }
    (!said.is_empty()).then(|| said.join("; "))
}

/// Whether a text says what is wrong. A single word may be the value that was sent.
fn is_reason(text: &str) -> bool {
    const WORDS: [&str; 14] = [
        "blank",
        "disabled",
        "empty",
        "expired",
        "forbidden",
        "inactive",
        "incorrect",
        "invalid",
        "missing",
        "required",
        "revoked",
        "taken",
        "unknown",
        "unsupported",
    ];
    let text = text.trim();
    text.contains(' ')
        || WORDS.iter().any(|word| {
            let text = text.trim_end_matches('.');
            text.eq_ignore_ascii_case(word)
        })
}

/// Whether a name is written as those of members are: `client.id`, `scopes[0]`.
fn is_member(name: &str) -> bool {
    const LONGEST: usize = 40;
    name.len() <= LONGEST
        && name.starts_with(|first: char| first.is_ascii_alphabetic())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"_-.[]".contains(&byte))
}

/// A short line of a body that is declared to be plain text.
pub(super) fn plain_text(headers: &HeaderMap, raw: &[u8]) -> Option<String> {
    let media_type = headers.get(header::CONTENT_TYPE)?.to_str().ok()?;
    let text = std::str::from_utf8(raw).ok()?.trim();
    let is_line = !text.is_empty()
        && text.len() <= PLAIN_TEXT
        && !text.starts_with('<')
        && !text.contains('\n');
    (media_type.starts_with("text/plain") && is_line).then(|| text.to_owned())
}

/// The first text that counts: in a member of one of the names, or in what contains such members.
fn find(
    value: &Value,
    depth: usize,
    names: &[&str],
    bare: bool,
    counts: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let deeper = depth.checked_sub(1)?;
    match value {
        Value::String(text) if bare && !text.trim().is_empty() => counts(text),
        Value::Array(items) => items
            .iter()
            .find_map(|item| find(item, deeper, names, bare, counts)),
        Value::Object(members) => {
            let named = |wanted: &&str| {
                members
                    .iter()
                    .find(|(name, _)| body_kind::is_alike(wanted, name))
            };
            let mut said = names.iter().filter_map(named);
            said.find_map(|(_, value)| match value {
                Value::String(text) => counts(text).filter(|_| !text.trim().is_empty()),
                // Only an error has anything but a text there.
                value if bare => inner(value, deeper, names, counts),
                _ => None,
            })
            .or_else(|| {
                let containers = CONTAINERS.iter().filter_map(named);
                let mut containers = containers.filter(|(_, value)| !value.is_string());
                containers.find_map(|(_, value)| find(value, deeper, names, bare, counts))
            })
        }
        _ => None,
    }
}

/// What a member says whose name is that of a text, and whose value is a list of texts or an
/// object.
fn inner(
    value: &Value,
    depth: usize,
    names: &[&str],
    counts: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let texts: Vec<&str> = match value {
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    if let [_, _, ..] = texts[..] {
        let texts = texts.into_iter().filter(|text| !text.trim().is_empty());
        return counts(&texts.take(LISTED).collect::<Vec<_>>().join("; "));
    }
    match value {
        Value::Array(_) => find(value, depth, names, true, counts),
        Value::Object(members) => find(value, depth, names, true, counts).or_else(|| {
            let text = members.get("text")?.as_str()?;
            counts(text).filter(|_| !text.trim().is_empty())
        }),
        _ => None,
    }
}
