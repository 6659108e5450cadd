//! What is read: tokens and errors.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Map, Value, json};
use tokensmith_runtime::{ClientAuth, DeviceAuthorization, EndpointKind, Error, Token};

use crate::wire::{Exchange, Wire, texts};
use crate::{Settings, action, carrying};

/// Checks how a response is read.
pub(crate) fn response(
    input: &Map<String, Value>,
    context: &Map<String, Value>,
    settings: &Settings,
    expected: &Map<String, Value>,
) -> Vec<String> {
    let wire = match response_of(input) {
        Ok(response) => Wire::new(response),
        Err(error) => return vec![error],
    };
    let mut exchange = Exchange {
        auth: ClientAuth::Body,
        id: "client".to_owned(),
        secret: Some("secret".to_owned()),
        settings: settings.clone(),
        ..Exchange::default()
    };
    for (name, value) in context {
        match (name.as_str(), value.as_str()) {
            ("grant", Some(grant)) => exchange.grant = Some(grant.to_owned()),
            ("old_refresh_token", Some(token)) => {
                exchange
                    .texts
                    .push(("refresh_token".to_owned(), token.to_owned()));
            }
            _ => return vec![format!("there is no way to set {name}")],
        }
    }
    if expected.get("outcome") == Some(&json!("device_authorization")) {
        exchange.endpoint = Some(EndpointKind::DeviceAuthorization);
        return match exchange.run::<DeviceAuthorization>(&wire) {
            Ok(authorization) => expected
                .iter()
                .filter_map(|(key, value)| device_entry(key, value, &authorization))
                .collect(),
            Err(error) => vec![error.to_string()],
        };
    }
    match exchange.run::<Token>(&wire) {
        Ok(token) => expected
            .iter()
            .filter_map(|(key, value)| {
                let old = context.get("old_refresh_token").and_then(Value::as_str);
                match (key.as_str(), old) {
                    ("refresh_token", Some(old)) => {
                        let found = json!(carrying::next(old, wire.response()));
                        (found != *value).then(|| format!("{key}: expected {value}, used {found}"))
                    }
                    _ => token_entry(key, value, &token),
                }
            })
            .collect(),
        Err(error) => expected
            .iter()
            .filter_map(|(key, value)| match key.as_str() {
                "action" | "dpop_nonce" => action::differs(value, wire.response()),
                _ => error_entry(key, value, &error),
            })
            .collect(),
    }
}

fn response_of(input: &Map<String, Value>) -> Result<http::Response<Vec<u8>>, String> {
    let mut response = http::Response::builder();
    let mut body = Vec::new();
    for (name, value) in input {
        match (name.as_str(), value) {
            ("status", value) => {
                let status = value.as_u64().and_then(|status| u16::try_from(status).ok());
                response = response.status(status.ok_or("the status is no status")?);
            }
            ("content_type", Value::Null) => {}
            ("content_type", Value::String(text)) => {
                response = response.header("content-type", text)
            }
            ("body", Value::String(text)) => body.extend_from_slice(text.as_bytes()),
            ("headers", value) => {
                for (name, value) in texts(value) {
                    response = response.header(name, value);
                }
            }
            _ => return Err(format!("there is no way to set {name}")),
        }
    }
    response.body(body).map_err(|error| error.to_string())
}

/// What differs from one entry of an expectation, when there are codes for a device.
fn device_entry(key: &str, wanted: &Value, authorization: &DeviceAuthorization) -> Option<String> {
    let found = match key {
        "outcome" => json!("device_authorization"),
        "interval" => json!(authorization.interval().as_secs()),
        "expires_in" => {
            let left = authorization
                .expires_at()
                .and_then(|at| at.duration_since(SystemTime::now()).ok());
            json!(left.map(|left| left.as_secs_f64().ceil() as u64))
        }
        _ => return Some(format!("there is no check for {key} of a device")),
    };
    (found != *wanted).then(|| format!("{key}: expected {wanted}, read {found}"))
}

/// What differs from one entry of an expectation, when there is a token.
fn token_entry(key: &str, wanted: &Value, token: &Token) -> Option<String> {
    let metadata = &token.metadata;
    let extra = |name: &str| token.extra.get(name).cloned().unwrap_or_default();
    let found = match key {
        "outcome" => json!("token"),
        "access_token" => json!(token.access_token.expose()),
        "refresh_token" => json!(token.refresh_token.as_ref().map(|secret| secret.expose())),
        // RFC 6749 section 5.1: the type is case-insensitive.
        "token_type" | "authorization_scheme" => {
            let same = wanted
                .as_str()
                .is_some_and(|wanted| wanted.eq_ignore_ascii_case(&metadata.token_type));
            return (!same)
                .then(|| format!("{key}: expected {wanted}, read {}", metadata.token_type));
        }
        "expires_in" => json!(metadata.expires_in.map(|lifetime| lifetime.as_secs())),
        "expires_at" => {
            let since = metadata
                .expires_at
                .and_then(|at| at.duration_since(UNIX_EPOCH).ok());
            json!(since.map(|since| since.as_secs()))
        }
        "scopes" => json!(metadata.scopes),
        "scope" | "scope_raw" => match extra("scope") {
            Value::Null => json!(metadata.scopes.as_ref().map(|scopes| scopes.join(" "))),
            raw => raw,
        },
        "warnings" => json!(
            metadata
                .warnings
                .iter()
                .map(|warning| &warning.pointer)
                .collect::<Vec<_>>()
        ),
        "issued_token_type" => extra(key),
        "extra" => {
            let members = wanted.as_object().into_iter().flatten();
            Value::Object(
                members
                    .map(|(name, _)| (name.clone(), extra(name)))
                    .collect(),
            )
        }
        _ => return Some(format!("there is no check for {key} of a token")),
    };
    (found != *wanted).then(|| format!("{key}: expected {wanted}, read {found}"))
}

/// What differs from one entry of an expectation, when there is an error.
fn error_entry(key: &str, wanted: &Value, error: &Error) -> Option<String> {
    let code = error.code().map(|code| code.as_str().to_owned());
    let body = serde_json::from_slice::<Value>(error.raw_body()).unwrap_or_default();
    let found = match (key, wanted.as_str()) {
        ("outcome", Some("oauth_error")) => json!(if code.is_some() {
            "oauth_error"
        } else {
            "an error without a code"
        }),
        ("outcome", Some("http_error" | "provider_error" | "unparseable_header")) => {
            return code.map(|code| format!("{key}: expected no code, read {code}"));
        }
        ("outcome", Some("error" | "challenge")) => return None,
        ("outcome", _) => json!(format!("error: {error}")),
        ("error", _) => json!(code),
        ("error_description", _) => json!(error.description()),
        ("error_uri", _) => json!(error.uri()),
        ("status", _) => json!(error.status()),
        ("transient", _) => json!(error.is_retryable()),
        ("body_preserved", _) => json!(!error.raw_body().is_empty()),
        ("fields" | "extra", _) => {
            let members = wanted.as_object().into_iter().flatten();
            Value::Object(
                members
                    .map(|(name, _)| (name.clone(), body[name].clone()))
                    .collect(),
            )
        }
        ("message_contains", Some(text)) => {
            let message = error.to_string();
            return (!message.contains(text))
                .then(|| format!("{key}: {text:?} is not in {message:?}"));
        }
        // Of a challenge, only the error is ours to read.
        ("challenges", _) => {
            let challenges = wanted.as_array().into_iter().flatten();
            let mut errors =
                challenges.filter_map(|challenge| challenge["parameters"]["error"].as_str());
            let (wanted, found) = (errors.next(), code.as_deref());
            return (found != wanted)
                .then(|| format!("{key}: expected {wanted:?}, read {found:?}"));
        }
        // The source's own words.
        ("reason" | "display", _) => return None,
        _ => return Some(format!("there is no check for {key} of an error")),
    };
    (found != *wanted).then(|| format!("{key}: expected {wanted}, read {found} ({error})"))
}
