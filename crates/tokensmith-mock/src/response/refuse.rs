//! Refusals, as the provider has them.

use serde_json::{Value, json};
use tokensmith_runtime::Endpoint;

use super::body::{put, scalar};
use super::sample::{Sample, is_marked, mark_value};
use super::success::Written;
use crate::refusal::Refusal;

/// Where RFC 6749 has a code and a description.
const CODE: &str = "/error";
const DESCRIPTION: &str = "/error_description";
/// Where an `error` that is an object has its code and its description.
const CODES_OF_ERROR: [&str; 4] = ["code", "error", "type", "status"];
const DESCRIPTIONS_OF_ERROR: [&str; 3] = ["message", "error_description", "description"];

/// Writes a refusal: the example that means it; else the example of its status, with its code; else
/// what the description says of the places.
pub(crate) fn write(refusal: &Refusal, endpoint: &Endpoint<'_>, samples: &[Sample]) -> Written {
    let refusals: Vec<&Sample> = samples.iter().filter(|sample| sample.is_refusal).collect();
    let status = refusal.standard_status();
    let meant: Vec<&&Sample> = refusals
        .iter()
        .filter(|sample| means(sample, refusal.code, endpoint))
        .collect();
    let about = |code: &str| !refusal.about.is_empty() && code.contains(refusal.about);
    let fits = |sample: &&&&Sample| {
        let code = code_of(&sample.json, endpoint);
        let is_about = code.is_some_and(|(_, code)| about(&code));
        (is_about, sample.status == status)
    };
    let is_open = |sample: &&&&Sample| refusal.status.is_none_or(|status| sample.status == status);
    // The first of the best.
    if let Some(sample) = meant.iter().rev().filter(is_open).max_by_key(fits) {
        return as_it_is(sample);
    }
    let with = |wanted: fn(u16, u16) -> bool| {
        let mut refusals = refusals.iter();
        refusals.find(|sample| wanted(sample.status, status))
    };
    let envelope = with(|found, wanted| found == wanted);
    let envelope = match refusal.status {
        Some(_) => envelope,
        None => {
            let marks = !endpoint.failures().is_empty();
            envelope
                .or_else(|| with(|found, _| found == 400))
                .or_else(|| with(|found, _| found < 300).filter(|_| marks))
                .or_else(|| with(|found, _| (401..500).contains(&found) && found != 429))
                .or_else(|| with(|found, _| found < 300))
        }
    };
    match envelope {
        Some(sample) if sample.json.is_object() => with_code(sample, refusal.code, endpoint),
        Some(sample) => as_it_is(sample),
        None => made(refusal, endpoint, status),
    }
}

fn as_it_is(sample: &Sample) -> Written {
    Written {
        status: sample.status,
        media_type: sample.media_type.clone(),
        body: sample.body.clone(),
    }
}

/// The provider's own code for one of the RFCs.
fn own_code<'e>(code: &str, endpoint: &Endpoint<'e>) -> Option<&'e str> {
    let mut codes = endpoint.error_codes().iter();
    codes
        .find(|(_, meaning)| *meaning == code)
        .map(|(own, _)| *own)
}

/// Whether an example says what a code of the RFCs says.
pub(crate) fn means(sample: &Sample, code: &str, endpoint: &Endpoint<'_>) -> bool {
    if let Some((_, found)) = code_of(&sample.json, endpoint) {
        let mut codes = endpoint.error_codes().iter();
        return match codes.find(|(own, _)| *own == found) {
            Some((_, meaning)) => *meaning == code,
            None if found == code => true,
            None => has_text(&sample.json, code, endpoint),
        };
    }
    has_text(&sample.json, code, endpoint)
}

/// Whether a text of the body stands for the code.
fn has_text(json: &Value, code: &str, endpoint: &Endpoint<'_>) -> bool {
    match json {
        Value::String(text) => endpoint.error_codes().contains(&(text.as_str(), code)),
        Value::Array(items) => items.iter().any(|item| has_text(item, code, endpoint)),
        Value::Object(members) => members.values().any(|item| has_text(item, code, endpoint)),
        _ => false,
    }
}

/// The places where a body may have what the standard has elsewhere.
fn places(json: &Value, declared: &[&str], standard: &str, of_error: &[&str]) -> Vec<String> {
    let mut pointers: Vec<&str> = declared.to_vec();
    if !pointers.contains(&standard) {
        pointers.push(standard);
    }
    let mut places = Vec::new();
    for pointer in pointers {
        let is_object = json.pointer(CODE).is_some_and(Value::is_object);
        match pointer == standard && is_object {
            true => places.extend(of_error.iter().map(|name| format!("{CODE}/{name}"))),
            false => places.push(pointer.to_owned()),
        }
    }
    places
}

/// Where a body has its code, and which it is.
fn code_of(json: &Value, endpoint: &Endpoint<'_>) -> Option<(String, String)> {
    let places = places(json, endpoint.error_code(), CODE, &CODES_OF_ERROR);
    places.into_iter().find_map(|at| {
        let code = json.pointer(&at).and_then(scalar)?;
        (!code.is_empty()).then_some((at, code))
    })
}

/// Replaces the code of an example, unless that would invent one that the provider does not have.
fn with_code(sample: &Sample, code: &str, endpoint: &Endpoint<'_>) -> Written {
    let mut body = sample.json.clone();
    let Some((at, found)) = code_of(&body, endpoint) else {
        return as_it_is(sample);
    };
    let is_standard = at == CODE
        && found
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    let is_mapped = endpoint.error_codes().iter().any(|(own, _)| *own == found);
    let code = match own_code(code, endpoint) {
        Some(own) => own,
        None if is_standard && !is_mapped => code,
        None => return as_it_is(sample),
    };
    let is_number = body.pointer(&at).is_some_and(Value::is_number);
    let number = code.parse::<i64>().ok().filter(|_| is_number);
    put(
        &mut body,
        &at,
        number.map_or_else(|| json!(code), |number| json!(number)),
    );
    let descriptions = places(
        &body,
        endpoint.error_description(),
        DESCRIPTION,
        &DESCRIPTIONS_OF_ERROR,
    );
    for at in descriptions {
        if body.pointer(&at).is_some_and(Value::is_string) {
            put(&mut body, &at, json!(sentence(code)));
        }
    }
    Written {
        status: sample.status,
        media_type: sample.media_type.clone(),
        body: body.to_string(),
    }
}

/// Makes a refusal of what the description says, without any example.
fn made(refusal: &Refusal, endpoint: &Endpoint<'_>, status: u16) -> Written {
    let code = own_code(refusal.code, endpoint).unwrap_or(refusal.code);
    let mut body = Value::Null;
    let declared = endpoint.error_code().first().copied();
    put(&mut body, declared.unwrap_or(CODE), json!(code));
    let declared = endpoint.error_description().first().copied();
    put(
        &mut body,
        declared.unwrap_or(DESCRIPTION),
        json!(sentence(refusal.code)),
    );
    for mark in endpoint.failures() {
        if !is_marked(&body, mark)
            && let Some(value) = mark_value(mark, true)
        {
            put(&mut body, mark.pointer, value);
        }
    }
    // Whoever marks failures in the body does not do it by the status.
    let is_marked = !endpoint.failures().is_empty() && refusal.status.is_none();
    Written::json(if is_marked { 200 } else { status }, &body)
}

fn sentence(code: &str) -> &'static str {
    match code {
        "invalid_request" => "The request is missing a parameter or is otherwise malformed.",
        "invalid_client" => "Client authentication failed.",
        "invalid_grant" => "The grant is invalid, expired or revoked.",
        "unauthorized_client" => "The client may not use this grant.",
        "unsupported_grant_type" => "The grant type is not supported.",
        "invalid_scope" => "The scope is invalid or exceeds what was granted.",
        "access_denied" => "The user refused.",
        "authorization_pending" => "The user has not decided yet.",
        "slow_down" => "Wait longer before the next request.",
        "expired_token" => "The device code has expired.",
        "rate_limited" => "There were too many requests.",
        "server_error" | "temporarily_unavailable" => "The server cannot respond now.",
        _ => "The request was refused.",
    }
}
