//! What servers say of a refusal outside the places of RFC 6749, without a declaration: JSON:API,
//! RFC 9457, and the members that many APIs have.

use http::{HeaderMap, StatusCode, header};
use serde_json::Value;

use crate::protocol::response::body_kind;
use crate::{Endpoint, ErrorCode};

/// The members that hold a description, the most telling first, and those that hold an object or a
/// list with one. Case and underscores do not count.
const DESCRIPTIONS: [&str; 12] = [
    "errordescription",
    "errormessage",
    "errormsg",
    "errorsummary",
    "message",
    "msg",
    "detail",
    "description",
    "reason",
    "faultstring",
    "details",
    "title",
];
const CONTAINERS: [&str; 11] = [
    "error", "errors", "fault", "response", "data", "result", "details", "detail", "status",
    "meta", "messages",
];

/// The members that hold a code. What stands there counts only if it is a code of an RFC.
const CODES: [&str; 8] = [
    "error",
    "errorcode",
    "errortype",
    "code",
    "type",
    "status",
    "reason",
    "message",
];

/// How deep a description is looked for.
const DEPTH: usize = 4;

/// How long a body of plain text may be that is taken for a description, in bytes.
const PLAIN_TEXT: usize = 300;

/// The description in a body. Text without a name counts only where the status says that it is one:
/// in a success it may be a token.
pub(super) fn description(body: &Value, status: StatusCode) -> Option<String> {
    let is_error = status.is_client_error() || status.is_server_error();
    find(body, DEPTH, &DESCRIPTIONS, is_error, &|text: &str| {
        Some(text.to_owned())
    })
}

/// A code of an RFC in a body.
pub(super) fn code(body: &Value) -> Option<String> {
    let known = |text: &str| {
        let is_known = !matches!(ErrorCode::from(text), ErrorCode::Other(_));
        is_known.then(|| text.to_owned())
    };
    find(body, DEPTH, &CODES, false, &known)
}

/// What some servers say beside a description that is too general.
pub(super) fn hint(body: &Value) -> Option<&str> {
    body.get("hint")?
        .as_str()
        .filter(|hint| !hint.trim().is_empty())
}

/// What is said of parameters of the request, as in `{"scope": "unknown scope"}`.
pub(super) fn refused_parameters(endpoint: &Endpoint<'_>, body: &Value) -> Option<String> {
    let reasons: Vec<String> = [Some(body), body.get("errors")]
        .into_iter()
        .flatten()
        .filter_map(Value::as_object)
        .flatten()
        .filter(|(name, _)| body_kind::is_parameter(endpoint, name))
        .filter_map(|(name, reason)| {
            let reason = reason.as_str().or_else(|| reason.get(0)?.as_str())?;
            // A single word may be the value that was sent.
            reason.contains(' ').then(|| format!("`{name}`: {reason}"))
        })
        .collect();
    (!reasons.is_empty()).then(|| reasons.join("; "))
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
            let members: Vec<(String, &Value)> = members
                .iter()
                .map(|(name, value)| (name.replace(['_', '-'], "").to_ascii_lowercase(), value))
                .collect();
            let named = |wanted: &&str| members.iter().find(|(name, _)| name == wanted);
            let texts = names
                .iter()
                .filter_map(named)
                .filter_map(|(_, value)| value.as_str());
            let mut texts = texts.filter(|text| !text.trim().is_empty());
            let containers = CONTAINERS.iter().filter_map(named);
            texts.find_map(counts).or_else(|| {
                let mut containers = containers.filter(|(_, value)| !value.is_string());
                containers.find_map(|(_, value)| find(value, deeper, names, bare, counts))
            })
        }
        _ => None,
    }
}
