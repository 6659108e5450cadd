//! An example of a response: what the document's own words make of it.

use serde_json::Value;
use tokensmith_description::refusal::{RATE_LIMITED, STANDARD_CODE};

use super::Fault;
use crate::model::example::{Meaning, ResponseExample};
use crate::model::name::letters;
use crate::model::{Attributes, Endpoint, ErrorCase, ExpiryFormat, OwnedFailureMark, Success};
use crate::openapi::media::{self, Example};
use crate::pointer;
use crate::prose::listed;

/// Reads an example; nothing where a status is of no interest, such as a redirection's.
pub(super) fn read(
    example: &Example<'_>,
    status: &str,
    media_type: &str,
    endpoint: &Endpoint,
) -> Result<Option<ResponseExample>, Fault> {
    let Some(status) = self::status(status, endpoint) else {
        return Ok(None);
    };
    let mut media_type = media::essence(media_type);
    if ["*/*", "application/*", ""].contains(&media_type.as_str()) {
        "application/json".clone_into(&mut media_type);
    }
    // A body may be written out as a text.
    let spelt_out = example.value.as_str().and_then(spelt_out);
    let value = spelt_out.as_ref().unwrap_or(example.value);
    let body = match value {
        Value::String(text) if !media_type.contains("json") => text.clone(),
        _ if media_type.contains("json") || media_type.starts_with("text/") => value.to_string(),
        _ => return Ok(None),
    };
    let meaning = meaning(value, status, endpoint)?;
    Ok(Some(ResponseExample {
        name: example.name.to_owned(),
        status,
        media_type,
        body,
        meaning,
    }))
}

fn spelt_out(text: &str) -> Option<Value> {
    let text = text.trim();
    let is_structure = text.starts_with('{') && text.ends_with('}');
    is_structure
        .then(|| serde_json::from_str(text).ok())
        .flatten()
}

/// A status that the key of a response is for.
fn status(key: &str, endpoint: &Endpoint) -> Option<u16> {
    let range = |key: &str| {
        let first = key.strip_suffix("XX").or_else(|| key.strip_suffix("xx"))?;
        first.parse::<u16>().ok().map(|first| first * 100)
    };
    match (key.parse::<u16>().ok().or_else(|| range(key)), key) {
        (Some(status @ (200..=299 | 400..=599)), _) => Some(status),
        // What no other response is for.
        (None, "default") => (400..=599).find(|status| {
            let case = endpoint.errors.iter().find(|case| covers(case, *status));
            case.is_some_and(|case| case.statuses.1 - case.statuses.0 > 100)
        }),
        _ => None,
    }
}

fn covers(case: &ErrorCase, status: u16) -> bool {
    (case.statuses.0..=case.statuses.1).contains(&status)
}

fn meaning(value: &Value, status: u16, endpoint: &Endpoint) -> Result<Meaning, Fault> {
    if status >= 400 || is_refusal(value, endpoint) {
        return Ok(refusal(value, status, endpoint));
    }
    match endpoint.response {
        Success::Token(_) => token(value, endpoint),
        Success::Introspection => {
            let active = member(value, "active", endpoint).and_then(Value::as_bool);
            let fault = || Fault::new("it does not say whether the token is `active`");
            Ok(Meaning::Introspection {
                active: active.ok_or_else(fault)?,
            })
        }
        Success::DeviceAuthorization => {
            let text = |name: &str| {
                let found = member(value, name, endpoint).and_then(Value::as_str);
                let text = found.filter(|text| !text.is_empty()).map(str::to_owned);
                text.ok_or_else(|| Fault::new(format!("it lacks `{name}`")))
            };
            text("verification_uri")?;
            Ok(Meaning::DeviceAuthorization {
                device_code: text("device_code")?,
                user_code: text("user_code")?,
            })
        }
        Success::PushedAuthorization => {
            let found = member(value, "request_uri", endpoint).and_then(Value::as_str);
            let found = found.filter(|text| !text.is_empty()).map(str::to_owned);
            let fault = || Fault::new("it lacks `request_uri`");
            Ok(Meaning::PushedAuthorization {
                request_uri: found.ok_or_else(fault)?,
            })
        }
        Success::Registration => {
            let found = member(value, "client_id", endpoint).and_then(Value::as_str);
            let found = found.filter(|text| !text.is_empty()).map(str::to_owned);
            let fault = || Fault::new("it lacks `client_id`");
            Ok(Meaning::Registration {
                client_id: found.ok_or_else(fault)?,
            })
        }
        Success::Nothing => Ok(Meaning::Nothing),
    }
}

/// The field of this name in the RFC, wherever the document has it.
fn member<'a>(value: &'a Value, name: &str, endpoint: &Endpoint) -> Option<&'a Value> {
    let mut fields = endpoint.attributes.fields.iter();
    match fields.find(|(field, _)| field == name) {
        Some((_, pointer)) => value.pointer(pointer),
        None => value.get(name),
    }
}

fn refusal(value: &Value, status: u16, endpoint: &Endpoint) -> Meaning {
    let mut cases = endpoint.errors.iter();
    let case = cases
        .position(|case| covers(case, status))
        .filter(|case| endpoint.errors[*case].body.is_none() || value.is_object());
    Meaning::Refusal {
        code: code(value, endpoint),
        case,
    }
}

/// The code that is read of a refusal; nothing where that is the runtime's matter.
fn code(value: &Value, endpoint: &Endpoint) -> Option<String> {
    let Attributes {
        error_code,
        error_codes,
        ..
    } = &endpoint.attributes;
    let text = |value: &Value| match value {
        Value::String(text) => (!text.is_empty()).then(|| text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let standard = (!error_code.iter().any(|at| at == STANDARD_CODE)).then_some(STANDARD_CODE);
    let mut places = error_code.iter().map(String::as_str).chain(standard);
    let found = places.find_map(|at| match value.pointer(at) {
        // Which of its members counts is the runtime's matter.
        Some(Value::Object(members)) if at == STANDARD_CODE && !members.is_empty() => Some(None),
        Some(Value::String(code)) if at == STANDARD_CODE && !code.is_empty() => {
            Some(Some((code.clone(), true)))
        }
        Some(_) if at == STANDARD_CODE => None,
        found => found.and_then(text).map(|code| Some((code, false))),
    })?;
    let (code, is_standard) = found?;
    let meaning = |code: &str| {
        let mut codes = error_codes.iter();
        codes.find(|(own, _)| own == code)
    };
    match meaning(&code) {
        Some((_, meaning)) if meaning != RATE_LIMITED => Some(meaning.clone()),
        // What a text means, the runtime finds; and what looks like a credential is masked.
        None if has_text(value, &|text| meaning(text).is_some()) => None,
        _ => Some(code).filter(|code| is_standard || is_word(code)),
    }
}

/// Whether any text in the value is of the kind.
fn has_text(value: &Value, is: &dyn Fn(&str) -> bool) -> bool {
    match value {
        Value::String(text) => is(text),
        Value::Array(items) => items.iter().any(|item| has_text(item, is)),
        Value::Object(members) => members.values().any(|member| has_text(member, is)),
        _ => false,
    }
}

/// Whether a code is a word, or a number as codes are.
fn is_word(code: &str) -> bool {
    const LONGEST: usize = 40;
    const DIGITS: usize = 6;
    let is_letter = |byte: u8| byte.is_ascii_alphabetic() || byte == b'_';
    code.len() <= LONGEST && code.bytes().all(is_letter)
        || code.len() <= DIGITS && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a success says that it is none.
fn is_refusal(value: &Value, endpoint: &Endpoint) -> bool {
    let is_named = match value.get("error") {
        Some(Value::String(code)) => !code.is_empty(),
        Some(Value::Object(error)) => !error.is_empty(),
        _ => false,
    };
    is_named
        || endpoint
            .attributes
            .failures
            .iter()
            .any(|mark| is_marked(value, mark))
}

fn is_marked(value: &Value, mark: &OwnedFailureMark) -> bool {
    let found = match value.pointer(&mark.pointer) {
        Some(Value::String(text)) => text.clone(),
        Some(value @ (Value::Bool(_) | Value::Number(_))) => value.to_string(),
        _ => return false,
    };
    mark.values.contains(&found) != mark.negated
}

fn token(value: &Value, endpoint: &Endpoint) -> Result<Meaning, Fault> {
    for pointer in &endpoint.attributes.access_token {
        let Some(text) = value.pointer(pointer).and_then(Value::as_str) else {
            continue;
        };
        if text.trim().is_empty() {
            continue;
        }
        let parent = pointer::parent(pointer);
        let holder = parent.and_then(|parent| value.pointer(parent)?.as_object().cloned());
        return Ok(Meaning::Token {
            access_token: text.to_owned(),
            members: holder.unwrap_or_default(),
            lifetime: lifetime(value, parent.unwrap_or_default(), endpoint),
            scopes: scopes(value, parent.unwrap_or_default(), endpoint),
        });
    }
    let places: Vec<String> = endpoint
        .attributes
        .access_token
        .iter()
        .map(|pointer| format!("`{pointer}`"))
        .collect();
    let places = listed(&places, "or");
    if let Some((at, shown)) = refusal_mark(value, endpoint) {
        let message = format!(
            "there is no access token at {places}; it looks like an error response, and nothing marks it as one"
        );
        return Err(Fault::new(message).help(format!(
            "say on the operation what tells refusals from tokens:\n\
             x-tokensmith: {{failure: [{{at: {at}, {shown}}}]}}"
        )));
    }
    Err(Fault::new(format!("there is no access token at {places}")))
}

/// The lifetime in seconds, where it is one and no time.
fn lifetime(value: &Value, parent: &str, endpoint: &Endpoint) -> Option<u64> {
    /// Greater numbers may be times (rule R6).
    const TEN_YEARS: u64 = 315_360_000;
    let expiry = &endpoint.attributes.expiry;
    let standard = || format!("{parent}/expires_in");
    let at = expiry.pointer.clone().unwrap_or_else(standard);
    let number = value.pointer(&at)?.as_u64()?;
    let seconds = match expiry.format {
        ExpiryFormat::Seconds => number,
        ExpiryFormat::Minutes => number.checked_mul(60)?,
        ExpiryFormat::Milliseconds if number.is_multiple_of(1_000) => number / 1_000,
        _ => return None,
    };
    (1..TEN_YEARS).contains(&seconds).then_some(seconds)
}

/// The scopes, which may be a text or a list.
fn scopes(value: &Value, parent: &str, endpoint: &Endpoint) -> Vec<String> {
    let mut fields = endpoint.attributes.fields.iter();
    let elsewhere = fields.find(|(name, _)| name == "scope");
    let at = elsewhere.map_or_else(|| format!("{parent}/scope"), |(_, at)| at.clone());
    let texts: Vec<&str> = match value.pointer(&at) {
        Some(Value::String(text)) => {
            let attributes = &endpoint.attributes;
            let own = attributes.response_scope_separator.as_ref();
            let separator = own.unwrap_or(&attributes.scope_separator).as_str();
            text.split(separator).collect()
        }
        Some(Value::Array(items)) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let texts = texts.into_iter().filter(|text| !text.is_empty());
    texts.map(str::to_owned).collect()
}

/// Where a response shows that it is a refusal, and which values do: a flag or a word before a code, of which there are many.
fn refusal_mark(value: &Value, endpoint: &Endpoint) -> Option<(String, String)> {
    const FLAGS: [&str; 4] = ["issuccess", "ok", "succeeded", "success"];
    const WORDS: [&str; 6] = [
        "outcome",
        "result",
        "resultstatus",
        "resulttype",
        "state",
        "status",
    ];
    const CODES: [&str; 4] = ["/errcode", "/error_code", "/errorCode", "/code"];
    let members = || value.as_object().into_iter().flatten();
    let named = |names: &'static [&'static str]| {
        members().filter(|(name, _)| names.contains(&letters(name).as_str()))
    };
    let at = |name: &str| pointer::join("", name);
    let mut flags = named(&FLAGS).filter(|(_, value)| **value == Value::Bool(false));
    if let Some((name, _)) = flags.next() {
        return Some((at(name), "is: [false]".to_owned()));
    }
    let mut words = named(&WORDS).filter(|(_, value)| {
        let is_word = |text: &str| !text.bytes().all(|byte| byte.is_ascii_digit());
        value.as_str().is_some_and(is_word)
    });
    if let Some((name, word)) = words.next() {
        return Some((at(name), format!("is: [{word}]")));
    }
    let declared = endpoint.attributes.error_code.iter().map(String::as_str);
    let code = declared.chain(CODES).find_map(|at| {
        let fine = match value.pointer(at)? {
            Value::Number(_) => "is-not: [0]",
            Value::String(text) if !text.is_empty() => "is-not: [\"\"]",
            _ => return None,
        };
        Some((at.to_owned(), fine.to_owned()))
    });
    code.or_else(|| {
        let (name, status) = named(&["status"]).next()?;
        let is_scalar = status.is_string() || status.is_number();
        is_scalar.then(|| (at(name), format!("is: [{status}]")))
    })
}
