//! Telling responses that hold what was asked for from those that do not.

pub(super) mod body_kind;
pub(super) mod challenge;
mod compression;
mod redirect;
mod refusal;

use std::borrow::Cow;
use std::time::SystemTime;

use http::response::Parts;
use http::{HeaderMap, HeaderName, Response, StatusCode};
use serde_json::Value;

use self::refusal::Refusal;
use crate::error::report::Report;
use crate::transport::MAX_BODY;
use crate::{Body, Endpoint, EndpointKind, ErrorKind, Received, response::body, response::pointer};

/// A response that is an error.
pub(super) struct Refused {
    pub(super) report: Report,
    pub(super) body: Body,
    pub(super) headers: HeaderMap,
}

/// Why a response is one, in our words where the server has none.
type Reason = (ErrorKind, Option<Cow<'static, str>>);

type Parsed = Result<body::Parsed, serde_json::Error>;

/// Where providers put the identifier of a request, the most telling first.
static REQUEST_IDS: [HeaderName; 10] = {
    use tokensmith_description::refusal::REQUEST_ID_HEADERS as NAMES;
    [
        HeaderName::from_static(NAMES[0]),
        HeaderName::from_static(NAMES[1]),
        HeaderName::from_static(NAMES[2]),
        HeaderName::from_static(NAMES[3]),
        HeaderName::from_static(NAMES[4]),
        HeaderName::from_static(NAMES[5]),
        HeaderName::from_static(NAMES[6]),
        HeaderName::from_static(NAMES[7]),
        HeaderName::from_static(NAMES[8]),
        HeaderName::from_static(NAMES[9]),
    ]
};

/// Reads a response as far as its type does not matter. Beside it comes the body as it was.
pub(super) fn read<'e>(
    endpoint: &'e Endpoint<'e>,
    response: Response<Vec<u8>>,
    now: SystemTime,
) -> Result<(Received<'e>, Vec<u8>), Box<Refused>> {
    let (head, raw) = response.into_parts();
    let status = head.status;
    // A transport should have stopped before. What one lets through is dropped unread.
    let too_large = raw.len() > MAX_BODY;
    let raw = if too_large { Vec::new() } else { raw };
    let parsed = match too_large {
        true => Ok(Value::Null.into()),
        false => parse(endpoint, status, &raw),
    };
    let value = parsed.as_ref().ok().map(|parsed| &parsed.value);
    let request_id = value
        .and_then(|value| stated_request_id(endpoint, value))
        .or_else(|| request_id(&head.headers));
    let mut refusal = refusal::read(endpoint, value, &head.headers, status);
    let judged = if too_large {
        let message = "the response body is larger than 1 MiB";
        Err((ErrorKind::TooLarge, Some(message.into())))
    } else {
        judge(endpoint, &head, &parsed, &refusal)
    };
    let (kind, message) = match judged {
        Ok(access_token) => {
            let (body, oddities) = match parsed {
                Ok(parsed) => (Some(parsed.value), parsed.oddities),
                Err(_) => (None, Vec::new()),
            };
            let received = Received {
                endpoint,
                status: status.as_u16(),
                request_id,
                now,
                body,
                oddities,
                access_token,
                proves_possession: false,
                #[cfg(feature = "discovery")]
                source: None,
            };
            return Ok((received, raw));
        }
        Err(reason) => reason,
    };
    if let Some(value) = value {
        refusal.complete(endpoint, value, status);
    } else {
        refusal.complete_by_text(endpoint, &head.headers, &raw);
    }
    let received = (kind != ErrorKind::TooLarge).then(|| {
        let compressed = compression::complaint(&head.headers, &raw).filter(|_| value.is_none());
        compressed.map_or_else(
            || body_kind::describe(endpoint, &raw, value),
            Cow::into_owned,
        )
    });
    let mut report = Report {
        message,
        request_id,
        code: refusal.code.map(Into::into),
        description: refusal.description,
        uri: refusal.uri,
        location: (kind == ErrorKind::Redirect)
            .then(|| redirect::target(&head.headers).ok())
            .flatten(),
        received,
        raw_body: raw,
        ..Report::responded(kind, status.as_u16())
    };
    if let Some(meaning) = refusal.meaning {
        report.means(meaning);
    }
    Err(Box::new(Refused {
        report,
        body: Body::new(parsed.ok().map(|parsed| parsed.value)),
        headers: head.headers,
    }))
}

/// Parses a body as its endpoint and its status have it.
fn parse(endpoint: &Endpoint<'_>, status: StatusCode, raw: &[u8]) -> Parsed {
    let may_be_plain = status.is_success() && endpoint.access_token().contains(&"");
    let plain = may_be_plain.then(|| body::plain_token(raw)).flatten();
    match plain {
        Some(token) => Ok(token.into()),
        // A document that was not written as metadata must not pass for such.
        None if status.is_success() && !endpoint.kind().authenticates_client() => {
            body::parse_strictly(raw)
        }
        None => body::parse(raw),
    }
}

/// Says where the access token is, if the endpoint gives one, or why the response is an error.
fn judge<'e>(
    endpoint: &Endpoint<'e>,
    head: &Parts,
    parsed: &Parsed,
    refusal: &Refusal,
) -> Result<Option<&'e str>, Reason> {
    match head.status.as_u16() {
        200..=299 => {}
        300..=399 => {
            let message = match redirect::target(&head.headers) {
                Ok(_) => NOT_FOLLOWED.into(),
                Err(hidden) => format!("{}; {NOT_FOLLOWED}", hidden.as_str()).into(),
            };
            return Err((ErrorKind::Redirect, Some(message)));
        }
        429 => return Err((ErrorKind::RateLimited, None)),
        400..=499 => return Err((ErrorKind::Provider, None)),
        500..=599 => return Err((ErrorKind::Server, None)),
        _ => {
            return Err((
                ErrorKind::Malformed,
                Some("HTTP does not define this status".into()),
            ));
        }
    }
    if refusal.is_marked {
        return Err((ErrorKind::Provider, None));
    }
    let malformed = |message: Cow<'static, str>| Err((ErrorKind::Malformed, Some(message)));
    match endpoint.kind() {
        EndpointKind::Token => {}
        EndpointKind::Revocation | EndpointKind::Authorization | EndpointKind::EndSession => {
            return Ok(None);
        }
        // Nothing is left of a registration that was deleted (RFC 7592 section 2.3).
        EndpointKind::Registration if head.status == StatusCode::NO_CONTENT => return Ok(None),
        EndpointKind::Introspection
        | EndpointKind::DeviceAuthorization
        | EndpointKind::PushedAuthorization
        | EndpointKind::Metadata
        | EndpointKind::Registration => {
            return match parsed.as_ref().map(|parsed| &parsed.value) {
                Ok(Value::Object(_)) if refusal.code.is_some() => Err((ErrorKind::Provider, None)),
                Ok(Value::Object(_)) => Ok(None),
                _ => malformed("the response has to be a JSON object".into()),
            };
        }
    }
    let value = parsed.as_ref().map(|parsed| &parsed.value);
    match value.map(|value| access_token(endpoint, value)) {
        Ok(Some(pointer)) => Ok(Some(pointer)),
        Ok(None) if refusal.code.is_some() => Err((ErrorKind::Provider, None)),
        _ => {
            let places = endpoint.access_token().join("` or `");
            malformed(match places.as_str() {
                "" => "the response has to be an access token".into(),
                places => format!("the response has no access token at `{places}`").into(),
            })
        }
    }
}

const NOT_FOLLOWED: &str =
    "redirects are not followed, because they would carry the credentials along";

/// The first pointer that leads to a usable access token: a text that is not empty, in an object.
fn access_token<'e>(endpoint: &Endpoint<'e>, value: &Value) -> Option<&'e str> {
    let usable = |pointer: &&str| {
        let text = pointer::find(value, pointer).and_then(Value::as_str);
        let parent = pointer
            .rsplit_once('/')
            .map_or(Some(&Value::Null), |(parent, _)| {
                pointer::find(value, parent)
            });
        // U+FFFD stands for bytes that were no UTF-8: what they were is lost.
        text.is_some_and(|text| !text.is_empty() && !text.contains(char::REPLACEMENT_CHARACTER))
            && parent.is_some_and(|parent| parent.is_object() || pointer.is_empty())
    };
    endpoint.access_token().iter().copied().find(usable)
}

/// The identifier of the request in a body, where the document says that it is there. A longer text
/// is something else.
fn stated_request_id(endpoint: &Endpoint<'_>, body: &Value) -> Option<String> {
    const LONGEST: usize = 200;
    let mut found = endpoint
        .request_id()
        .iter()
        .filter_map(|at| match pointer::find(body, at)? {
            Value::String(text) => Some(text.trim().to_owned()),
            Value::Number(number) => Some(number.to_string()),
            _ => None,
        });
    found.find(|text| {
        (1..=LONGEST).contains(&text.len())
            && text.bytes().all(|byte| (b' '..=b'~').contains(&byte))
    })
}

fn request_id(headers: &HeaderMap) -> Option<String> {
    let values = REQUEST_IDS.iter().filter_map(|name| headers.get(name));
    let texts = values
        .filter_map(|value| value.to_str().ok())
        .map(str::trim);
    texts
        .filter(|text| !text.is_empty())
        .map(str::to_owned)
        .next()
}
