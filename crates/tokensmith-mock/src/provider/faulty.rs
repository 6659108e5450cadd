//! What a fault does in the place of the provider, and to its response on the way.

use std::io::Write as _;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use http::{Response, header};
use serde_json::Value;

use super::{Outcome, Provider, lock, page};
use crate::fault::{Effect, Fault, Target};
use crate::refusal::Refusal;
use crate::reply::{Delivery, Reply, respond, set};
use crate::seen_requests::SeenRequest;

/// The code that stands for a status.
const CODES: [(u16, &str); 6] = [
    (401, "invalid_client"),
    (403, "access_denied"),
    (429, "rate_limited"),
    (500, "server_error"),
    (502, "server_error"),
    (503, "temporarily_unavailable"),
];

/// How the endpoint behaves that a fault befalls.
pub(super) struct Manners<'m> {
    /// Makes a refusal.
    pub(super) refuse: &'m dyn Fn(Refusal) -> Outcome,
    /// Where the access token is in a response.
    pub(super) access_token: &'m [&'m str],
}

impl Provider {
    /// Responds to a request, unless a fault befalls it; `handle` takes how far off the clock is
    /// that clients see, in milliseconds.
    pub(super) fn befall(
        &self,
        target: Target<'_>,
        now: i64,
        seen: &mut SeenRequest,
        manners: &Manners<'_>,
        handle: impl FnOnce(i64) -> Outcome,
    ) -> Reply {
        let fault = lock(&self.faults).pick(target, || lock(&self.state).random());
        seen.fault = fault.as_ref().map(|fault| fault.name().to_owned());
        let skew = match fault.as_ref().and_then(|fault| fault.effect.as_ref()) {
            Some(Effect::Skewed(seconds)) => seconds.saturating_mul(1_000),
            _ => 0,
        };
        let instead = fault.as_ref().and_then(|fault| instead(fault, manners));
        let outcome = instead.unwrap_or_else(|| handle(skew));
        if let Some(refusal) = &outcome.refusal {
            seen.refused = Some(refusal.code.to_owned());
            seen.reason = Some(refusal.reason.clone());
        }
        let mut reply = Reply::from(outcome.response);
        let date = u64::try_from(now.saturating_add(skew) / 1_000).unwrap_or_default();
        let date = std::time::UNIX_EPOCH + Duration::from_secs(date);
        let date = httpdate::fmt_http_date(date);
        set(&mut reply.response, header::DATE.as_str(), &date);
        if let Some(fault) = &fault {
            after(fault, manners, &mut reply);
        }
        reply
    }
}

/// What a fault does in the place of the provider.
fn instead(fault: &Fault, manners: &Manners<'_>) -> Option<Outcome> {
    let response = match fault.effect.as_ref()? {
        Effect::Status(status @ 0..400) => respond(*status, "", ""),
        Effect::Status(status) => {
            let mut codes = CODES.iter();
            let code = codes.find(|(known, _)| known == status);
            let code = code.map_or("invalid_request", |(_, code)| code);
            let refusal = Refusal::new(code, "a fault of the script").with_status(*status);
            return Some((manners.refuse)(refusal));
        }
        Effect::Refuse(code) | Effect::RefuseAtSuccess(code) => {
            let refusal = Refusal::new(standard_code(code), "a fault of the script");
            let mut outcome = (manners.refuse)(refusal);
            if matches!(fault.effect, Some(Effect::RefuseAtSuccess(_))) {
                *outcome.response.status_mut() = http::StatusCode::OK;
            }
            return Some(outcome);
        }
        Effect::CaptivePortal => respond(200, "text/html", page::captive_portal()),
        Effect::Redirect(url) => {
            let mut response = respond(307, "", "");
            set(&mut response, header::LOCATION.as_str(), url);
            response
        }
        _ => return None,
    };
    Some(Outcome {
        response,
        refusal: None,
    })
}

/// What a fault does to a response on its way.
fn after(fault: &Fault, manners: &Manners<'_>, reply: &mut Reply) {
    reply.delay = fault.delay;
    if let Some(after) = fault.retry_after {
        let seconds = after.as_secs().to_string();
        set(&mut reply.response, header::RETRY_AFTER.as_str(), &seconds);
    }
    match fault.effect {
        Some(Effect::Lost) => reply.delivery = Delivery::Lost,
        Some(Effect::Truncated(bytes)) => reply.delivery = Delivery::Truncated(bytes),
        Some(Effect::Gzip) => compress(&mut reply.response),
        Some(Effect::WrongTypes) => {
            let body = serde_json::from_slice(reply.response.body());
            if let Ok(Value::Object(mut members)) = body {
                for (name, value) in &mut members {
                    let at = format!("/{name}");
                    let mut kept = manners.access_token.iter();
                    if !kept.any(|pointer| pointer.starts_with(&at)) {
                        *value = mistyped(value);
                    }
                }
                *reply.response.body_mut() = Value::Object(members).to_string().into_bytes();
            }
        }
        _ => {}
    }
}

/// Compresses a body, whatever the client accepts.
fn compress(response: &mut Response<Vec<u8>>) {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    // Writing to memory does not fail.
    let written = encoder.write_all(response.body());
    if let Ok(body) = written.and_then(|()| encoder.finish()) {
        *response.body_mut() = body;
        set(response, header::CONTENT_ENCODING.as_str(), "gzip");
    }
}

/// The same in another type.
fn mistyped(value: &Value) -> Value {
    match value {
        Value::String(_) => Value::from(7),
        Value::Number(_) => Value::from("soon"),
        Value::Bool(_) => Value::from("yes"),
        _ => Value::from(false),
    }
}

/// The code of an RFC by its text.
fn standard_code(code: &str) -> &'static str {
    let mut known = tokensmith_description::refusal::MEANINGS.iter().copied();
    known
        .find(|known| *known == code)
        .unwrap_or("invalid_request")
}
