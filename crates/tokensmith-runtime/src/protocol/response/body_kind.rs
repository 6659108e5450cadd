//! What kind of body a response has, in words that show nothing of it but names everybody knows.

use std::fmt::Write as _;

use serde_json::Value;

use crate::Endpoint;

/// How many names are listed.
const LISTED: usize = 8;

/// Names of members that responses of token endpoints have, whatever the document says of them, and
/// however their words are put together.
const KNOWN: [&str; 48] = [
    "access_token",
    "active",
    "client_id",
    "code",
    "data",
    "description",
    "detail",
    "details",
    "device_code",
    "error",
    "error_code",
    "error_codes",
    "error_description",
    "error_message",
    "error_msg",
    "error_summary",
    "error_uri",
    "errors",
    "expires",
    "expires_at",
    "expires_in",
    "fault",
    "hint",
    "id_token",
    "instance",
    "issued_token_type",
    "issuer",
    "message",
    "meta",
    "msg",
    "ok",
    "path",
    "reason",
    "refresh_token",
    "request_id",
    "response",
    "result",
    "scope",
    "source",
    "status",
    "success",
    "timestamp",
    "title",
    "token",
    "token_type",
    "trace_id",
    "type",
    "warnings",
];

/// A clause such as ``the response body is a JSON object with the members `error` and 2 others``.
pub(in crate::protocol) fn describe(
    endpoint: &Endpoint<'_>,
    raw: &[u8],
    value: Option<&Value>,
) -> String {
    let trimmed = raw.trim_ascii();
    if trimmed.is_empty() {
        return "the response body is empty".to_owned();
    }
    let kind = match value {
        Some(Value::Object(members)) => {
            let kind = if trimmed.starts_with(b"{") {
                "a JSON object"
            } else {
                "a form"
            };
            let names = members.keys().map(String::as_str);
            format!("{kind} {}", listed(endpoint, names))
        }
        Some(Value::Array(items)) => format!("a JSON array of length {}", items.len()),
        Some(Value::String(_)) if trimmed.starts_with(b"\"") => "a JSON string".to_owned(),
        Some(Value::String(_)) => "plain text".to_owned(),
        Some(Value::Number(_)) => "a number".to_owned(),
        Some(Value::Bool(_) | Value::Null) => "a JSON literal".to_owned(),
        None => unread(trimmed).to_owned(),
    };
    let length = raw.len();
    let unit = if length == 1 { "byte" } else { "bytes" };
    format!("the response body is {kind} ({length} {unit})")
}

/// What a body is that is neither JSON nor a form.
fn unread(body: &[u8]) -> &'static str {
    let begins = |text: &str| {
        let head = body.get(..text.len()).unwrap_or_default();
        head.eq_ignore_ascii_case(text.as_bytes())
    };
    match body.first() {
        Some(b'<') if begins("<!doctype html") || begins("<html") => "an HTML page",
        Some(b'<') => "HTML or XML",
        Some(b'{' | b'[' | b'"') => "malformed JSON",
        _ if std::str::from_utf8(body).is_ok() => "text that is neither JSON nor a form",
        _ => "binary data that is neither JSON nor a form",
    }
}

/// The names that are known, and how many others there are.
fn listed<'n>(endpoint: &Endpoint<'_>, names: impl Iterator<Item = &'n str>) -> String {
    let (known, others): (Vec<_>, Vec<_>) = names.partition(|name| is_known(endpoint, name));
    let mut shown: Vec<String> = known.iter().map(|name| format!("`{name}`")).collect();
    let hidden = others.len() + shown.len().saturating_sub(LISTED);
    shown.truncate(LISTED);
    let mut text = match shown.len() {
        0 => String::new(),
        1 => format!("with the member {}", shown.join("")),
        _ => format!("with the members {}", shown.join(", ")),
    };
    let members = if hidden == 1 { "member" } else { "members" };
    // Writing to a string cannot fail.
    let _ = match (shown.len(), hidden) {
        (0, 0) => write!(text, "without members"),
        (0, _) => write!(text, "with {hidden} {members} of other names"),
        (_, 0) => Ok(()),
        _ => write!(text, " and {hidden} of other names"),
    };
    text
}

/// Whether a name is one that the document or everybody has, so that it cannot be something that a
/// server echoes.
pub(in crate::protocol) fn is_known(endpoint: &Endpoint<'_>, name: &str) -> bool {
    let pointers = [
        endpoint.access_token(),
        endpoint.error_code(),
        endpoint.error_description(),
    ];
    let mut steps = pointers
        .into_iter()
        .flatten()
        .flat_map(|pointer| pointer.split('/'));
    let mut fields = endpoint.fields().iter();
    KNOWN.iter().any(|known| is_alike(known, name))
        || is_parameter(endpoint, name)
        || steps.any(|step| step == name)
        || fields.any(|(_, pointer)| pointer.split('/').any(|step| step == name))
}

/// Whether two names are the same but for capitals, hyphens and underscores.
pub(super) fn is_alike(one: &str, other: &str) -> bool {
    fn letters(name: &str) -> impl Iterator<Item = u8> + '_ {
        let bytes = name.bytes().filter(|byte| !b"-_".contains(byte));
        bytes.map(|byte| byte.to_ascii_lowercase())
    }
    letters(one).eq(letters(other))
}

/// Whether a name is that of a parameter that requests have.
pub(in crate::protocol) fn is_parameter(endpoint: &Endpoint<'_>, name: &str) -> bool {
    const STANDARD: [&str; 12] = [
        "assertion",
        "audience",
        "client_id",
        "client_secret",
        "grant_type",
        "password",
        "redirect_uri",
        "refresh_token",
        "resource",
        "scope",
        "token",
        "username",
    ];
    let mut declared = endpoint
        .operations()
        .iter()
        .flat_map(|operation| operation.parameters());
    STANDARD.contains(&name)
        || name == endpoint.client_id()
        || name == endpoint.client_secret()
        || name == endpoint.grant_type()
        || declared.any(|parameter| parameter.name() == name)
}
