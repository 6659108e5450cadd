//! A response as it may be shown.

use http::HeaderMap;
use serde_json::Value;
use tokensmith_codegen::diagnostic::output::{Style, Styled};
use tokensmith_runtime::protocol::Mask;

/// Headers whose values are shown, with what the mask leaves of them.
const SHOWN_HEADERS: [&str; 25] = [
    "age",
    "allow",
    "cache-control",
    "connection",
    "content-encoding",
    "content-language",
    "content-length",
    "content-type",
    "date",
    "expires",
    "keep-alive",
    "pragma",
    "ratelimit-limit",
    "ratelimit-remaining",
    "ratelimit-reset",
    "request-id",
    "retry-after",
    "server",
    "tokensmith-mock-refusal",
    "transfer-encoding",
    "vary",
    "via",
    "www-authenticate",
    "x-correlation-id",
    "x-request-id",
];

/// Members of a success whose values are shown.
const SHOWN_MEMBERS: [&str; 16] = [
    "token_type",
    "tokenType",
    "expires_in",
    "expiresIn",
    "expires_at",
    "expires_on",
    "expires",
    "refresh_token_expires_in",
    "refresh_expires_in",
    "issued_at",
    "issued_token_type",
    "created_at",
    "scope",
    "scopes",
    "active",
    "interval",
];

const MASKED: &str = "[redacted]";

/// Writes status, headers and body, each line after a prefix. Of a success only members are shown
/// that cannot hold a token.
pub(super) fn write(
    text: &mut Styled,
    response: &http::Response<Vec<u8>>,
    mask: &Mask,
    prefix: &str,
) {
    let status = response.status();
    let reason = status.canonical_reason().unwrap_or_default();
    let line = format!("HTTP {} {reason}", status.as_u16());
    text.push(Style::Label, prefix);
    text.push(Style::Strong, line.trim_end()).end_line();
    headers(text, response.headers(), mask, prefix);
    let body = response.body();
    if body.trim_ascii().is_empty() {
        return;
    }
    text.push(Style::Label, prefix.trim_end()).end_line();
    let shown = match status.is_success() {
        true => success(body, mask),
        // An escape or a character that is cut at the end is read as far as it goes.
        false => mask.line(&String::from_utf8_lossy(body)),
    };
    text.push(Style::Label, prefix).text(&shown).end_line();
}

fn headers(text: &mut Styled, headers: &HeaderMap, mask: &Mask, prefix: &str) {
    for (name, value) in headers {
        let name = name.as_str();
        let value = String::from_utf8_lossy(value.as_bytes());
        let shown = match name {
            // The rest of a URL may hold what a user is to bring back.
            "location" => mask.line(value.split(['?', '#']).next().unwrap_or_default()),
            _ if SHOWN_HEADERS.contains(&name) => mask.line(&value),
            _ => MASKED.to_owned(),
        };
        text.push(Style::Label, prefix);
        text.push(Style::Literal, &mask.line(name));
        text.text(&format!(": {shown}\n"));
    }
}

/// The body of a success: its members, of which most values are masked.
fn success(body: &[u8], mask: &Mask) -> String {
    match serde_json::from_slice::<Value>(body) {
        Ok(value @ (Value::Object(_) | Value::Array(_))) => json(&value, false, mask).to_string(),
        _ => format!("{MASKED} ({} bytes)", body.len()),
    }
}

/// The value with what may be a token masked.
fn json(value: &Value, is_shown: bool, mask: &Mask) -> Value {
    match value {
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| {
                let is_shown = SHOWN_MEMBERS.contains(&name.as_str());
                (mask.line(name), json(value, is_shown, mask))
            });
            Value::Object(members.collect())
        }
        Value::Array(items) => items
            .iter()
            .map(|item| json(item, is_shown, mask))
            .collect(),
        Value::String(text) if is_shown => mask.line(text).into(),
        Value::Number(number) if is_shown => number.clone().into(),
        Value::Null | Value::Bool(_) => value.clone(),
        _ => MASKED.into(),
    }
}
