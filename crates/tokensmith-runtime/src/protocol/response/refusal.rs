//! What a server says about a refusal, wherever it says it.

use http::{HeaderMap, StatusCode};
use serde_json::Value;
use tokensmith_description::refusal::{
    CODES_OF_ERROR, DESCRIPTIONS_OF_ERROR, STANDARD_CODE, STANDARD_DESCRIPTION,
};

use super::challenge;
use crate::error::meaning::{self, Meaning};
use crate::response::failure;
use crate::{Endpoint, response::pointer};

mod usual;

/// What a server says about a refusal.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::protocol) struct Refusal {
    /// Whether there is an `error` that makes the response an error whatever its status.
    pub(in crate::protocol) is_marked: bool,
    pub(in crate::protocol) code: Option<String>,
    pub(in crate::protocol) description: Option<String>,
    pub(in crate::protocol) uri: Option<String>,
    /// What the document says that the code or the description means.
    pub(in crate::protocol) meaning: Option<Meaning>,
}

impl Refusal {
    /// Adds what a body says in places that neither RFC 6749 nor the document names. It makes no
    /// error of a success.
    pub(in crate::protocol) fn complete(
        &mut self,
        endpoint: &Endpoint<'_>,
        body: &Value,
        status: StatusCode,
    ) {
        if self.code.is_none() {
            self.code = usual::code(body);
        }
        if self.description.is_none() {
            self.description = usual::description(body, status);
        }
        let mut members = None;
        if status.is_client_error() {
            members = usual::refused_members(body, self.description.as_deref());
            if self.description.is_none() {
                let parameters = || usual::refused_parameters(endpoint, body);
                self.description = members.take().or_else(parameters);
            }
        }
        let is_error = status.is_client_error() || status.is_server_error();
        if self.description.is_none() && self.code.is_none() && is_error {
            self.description = usual::own_code(body);
        }
        self.look_up(endpoint);
        let Some(description) = &mut self.description else {
            return;
        };
        let hint = usual::hint(body).filter(|hint| !description.contains(hint));
        let beside = [hint.map(str::to_owned), members];
        for text in beside.into_iter().flatten() {
            *description = format!("{description} ({text})");
        }
    }

    /// Takes a body that is a line of plain text for the description.
    pub(in crate::protocol) fn complete_by_text(
        &mut self,
        endpoint: &Endpoint<'_>,
        headers: &HeaderMap,
        raw: &[u8],
    ) {
        if self.description.is_none() {
            self.description = usual::plain_text(headers, raw);
        }
        self.look_up(endpoint);
    }

    fn look_up(&mut self, endpoint: &Endpoint<'_>) {
        let codes = endpoint.error_codes().iter().copied();
        self.meaning = meaning::of(codes, self.code.as_deref(), self.description.as_deref());
    }
}

/// Looks in the places of RFC 6749 section 5.2, in those that the document declares, and where the
/// body names no error in `WWW-Authenticate`.
pub(in crate::protocol) fn read(
    endpoint: &Endpoint<'_>,
    body: Option<&Value>,
    headers: &HeaderMap,
    status: StatusCode,
) -> Refusal {
    let body = body.unwrap_or(&Value::Null);
    let error = body.get("error").filter(|error| is_mark(error));
    let nested = |names: &[&str]| {
        let error = error.filter(|error| error.is_object())?;
        names.iter().find_map(|name| text(error.get(name)))
    };
    let named = |pointer: &str| text_or_number(pointer::find(body, pointer));
    // What the document states comes first, unless it puts the standard places before.
    let find = |pointers: &[&str], standard: &str, find_standard: &dyn Fn() -> Option<String>| {
        let stated = pointers.iter().find_map(|pointer| {
            let found = (*pointer == standard).then(find_standard).flatten();
            found.or_else(|| named(pointer))
        });
        stated.or_else(find_standard)
    };
    // Where the document says that `error` describes the error, a text with spaces is no code.
    let is_described = endpoint.error_description().contains(&STANDARD_CODE);
    let is_code = |text: &String| !is_described || !text.contains(' ');
    let mut refusal = Refusal {
        is_marked: error.is_some()
            || endpoint
                .failures()
                .iter()
                .any(|mark| failure::is_marked(body, mark)),
        code: find(endpoint.error_code(), STANDARD_CODE, &|| {
            let code = text(error).filter(is_code);
            code.or_else(|| nested(CODES_OF_ERROR))
        })
        .or_else(|| named("/error/code")),
        description: find(endpoint.error_description(), STANDARD_DESCRIPTION, &|| {
            text(body.get("error_description")).or_else(|| nested(DESCRIPTIONS_OF_ERROR))
        }),
        uri: text(body.get("error_uri")).or_else(|| nested(&["error_uri"])),
        meaning: None,
    };
    if is_described && refusal.description == refusal.code {
        refusal.description = None;
    }
    let refused = status.is_client_error() || status.is_server_error();
    if refusal.code.is_none() && refused {
        from_challenges(&mut refusal, headers);
    }
    refusal
}

/// A text or an object that is not empty.
fn is_mark(error: &Value) -> bool {
    match error {
        Value::String(text) => !text.is_empty(),
        Value::Object(members) => !members.is_empty(),
        _ => false,
    }
}

fn text(value: Option<&Value>) -> Option<String> {
    let text = value?.as_str()?;
    (!text.is_empty()).then(|| text.to_owned())
}

fn text_or_number(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::Number(number) => Some(number.to_string()),
        value => text(Some(value)),
    }
}

/// RFC 6750 section 3, which token endpoints borrow. The challenge that names an error counts, else
/// one that describes it.
fn from_challenges(refusal: &mut Refusal, headers: &HeaderMap) {
    let challenges = challenge::challenges(headers);
    let with = |name| {
        challenges
            .iter()
            .find(|challenge| challenge.parameter(name).is_some())
    };
    if let Some(challenge) = with("error").or_else(|| with("error_description")) {
        let named = |name| challenge.parameter(name).map(str::to_owned);
        refusal.code = named("error");
        refusal.description = refusal
            .description
            .take()
            .or_else(|| named("error_description"));
        refusal.uri = refusal.uri.take().or_else(|| named("error_uri"));
    }
}
