//! What a request carries, by place and name.

use http::{HeaderMap, Request, header};
use serde_json::Value;
use tokensmith_runtime::{BodyFormat, Endpoint, Location};

use super::multipart;
use crate::refusal::Refusal;

/// How many parameters the query or the body may have.
const MOST: usize = 1_000;

/// What a request carries, by place and name.
#[derive(Debug)]
pub(crate) struct Members<'r> {
    headers: &'r HeaderMap,
    /// All but headers, in the order of the request.
    pub(crate) listed: Vec<(Location, String, Value)>,
    /// Whether the body is a JSON object, in which values have types.
    pub(crate) is_json: bool,
}

impl<'r> Members<'r> {
    /// Reads the query and the body; `path` is what the path holds.
    pub(crate) fn read(
        request: &'r Request<Vec<u8>>,
        endpoint: &Endpoint<'_>,
        path: &[(String, String)],
    ) -> Result<Self, Refusal> {
        let mut members = Self {
            headers: request.headers(),
            listed: Vec::new(),
            is_json: false,
        };
        for (name, value) in path {
            members.push(Location::Path, name.clone(), value.clone());
        }
        let query = request.uri().query().unwrap_or_default();
        for (name, value) in form(query, "query")? {
            members.push(Location::Query, name, value);
        }
        members.read_body(request, endpoint)?;
        Ok(members)
    }

    fn push(&mut self, location: Location, name: String, value: String) {
        // A parameter without a value is omitted (RFC 6749 section 3.2).
        if !value.is_empty() {
            self.listed.push((location, name, Value::from(value)));
        }
    }

    fn read_body(
        &mut self,
        request: &Request<Vec<u8>>,
        endpoint: &Endpoint<'_>,
    ) -> Result<(), Refusal> {
        let body = std::str::from_utf8(request.body())
            .map_err(|_| Refusal::request("the body is not UTF-8"))?;
        if body.is_empty() {
            return Ok(());
        }
        if !endpoint.method().has_body() {
            let method = endpoint.method().as_str();
            return Err(Refusal::request(format!(
                "a {method} request has no body: its parameters are in the query"
            )));
        }
        let content_type = self.header(header::CONTENT_TYPE.as_str()).unwrap_or("");
        let format = format(content_type, endpoint)?;
        let pairs = match format {
            BodyFormat::Form => form(body, "body")?,
            BodyFormat::Multipart => multipart::read(content_type, body).ok_or_else(|| {
                Refusal::request("the body is not well-formed multipart/form-data")
            })?,
            BodyFormat::Json => {
                self.is_json = true;
                let Ok(Value::Object(members)) = serde_json::from_str(body) else {
                    return Err(Refusal::request("the body is not a JSON object"));
                };
                few(members.len(), "body")?;
                let present = members.into_iter().filter(|(_, value)| !value.is_null());
                let listed = present.map(|(name, value)| (Location::Body, name, value));
                self.listed.extend(listed);
                return Ok(());
            }
        };
        few(pairs.len(), "body")?;
        for (name, value) in pairs {
            self.push(Location::Body, name, value);
        }
        Ok(())
    }

    /// Returns the value of a header.
    pub(crate) fn header(&self, name: &str) -> Option<&'r str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Returns the values of a name in one place.
    pub(crate) fn values(&self, location: Location, name: &str) -> Vec<Value> {
        if location == Location::Header {
            let values = self.headers.get_all(name).iter();
            let texts = values.filter_map(|value| value.to_str().ok());
            return texts.map(Value::from).collect();
        }
        let listed = self.listed.iter();
        let found = listed.filter(|(place, other, _)| *place == location && other == name);
        found.map(|(_, _, value)| value.clone()).collect()
    }

    /// Returns the text of a name in one place; nothing if it is absent or no text.
    pub(crate) fn text(&self, location: Location, name: &str) -> Option<String> {
        let mut values = self.values(location, name).into_iter();
        values.next().map(|value| as_text(&value))
    }

    /// Returns the text of a name wherever it stands.
    pub(crate) fn anywhere(&self, name: &str) -> Option<String> {
        let mut listed = self.listed.iter();
        let found = listed.find(|(_, other, _)| other == name);
        found.map(|(_, _, value)| as_text(value))
    }
}

/// Returns a value as a form has it.
pub(crate) fn as_text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        value => value.to_string(),
    }
}

/// Returns how a place is called.
pub(crate) const fn place(location: Location) -> &'static str {
    match location {
        Location::Body => "body",
        Location::Query => "query",
        Location::Header => "header",
        Location::Path => "path",
    }
}

/// Returns a media type without its parameters, in lower case.
pub(crate) fn essence(media_type: &str) -> String {
    let essence = media_type.split(';').next().unwrap_or_default();
    essence.trim().to_ascii_lowercase()
}

fn format(content_type: &str, endpoint: &Endpoint<'_>) -> Result<BodyFormat, Refusal> {
    let sent = essence(content_type);
    let media_type = |format: BodyFormat| match format {
        BodyFormat::Json => endpoint.json_media_type(),
        format => format.media_type(),
    };
    let mut formats = endpoint.formats().iter().copied();
    let found = formats.find(|format| essence(media_type(*format)) == sent);
    found.ok_or_else(|| {
        let known = endpoint.formats().iter().map(|format| media_type(*format));
        let known: Vec<&str> = known.collect();
        let sent = sent.escape_debug();
        let known = known.join(" or ");
        Refusal::request(format!("the content type is `{sent}`, not {known}"))
    })
}

/// Reads `application/x-www-form-urlencoded`, strictly.
pub(crate) fn form(text: &str, place: &str) -> Result<Vec<(String, String)>, Refusal> {
    let mut pairs = Vec::new();
    for part in text.split('&').filter(|part| !part.is_empty()) {
        let (name, value) = part.split_once('=').unwrap_or((part, ""));
        let decode = |text| {
            form_text(text)
                .ok_or_else(|| Refusal::request(format!("the {place} is not form-encoded")))
        };
        pairs.push((decode(name)?, decode(value)?));
        few(pairs.len(), place)?;
    }
    Ok(pairs)
}

/// Checks that there are not so many parameters that looking at them takes long.
fn few(count: usize, place: &str) -> Result<(), Refusal> {
    match count > MOST {
        true => Err(Refusal::request(format!(
            "the {place} has more than {MOST} parameters"
        ))),
        false => Ok(()),
    }
}

/// Decodes a form-encoded text; nothing if it is malformed.
pub(crate) fn form_text(text: &str) -> Option<String> {
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let digits = rest.get(at + 1..at + 3)?;
        if !digits.iter().all(u8::is_ascii_hexdigit) {
            return None;
        }
        rest = rest.get(at + 3..)?;
    }
    let spaced = text.replace('+', " ");
    let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8();
    decoded.ok().map(|text| text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_are_read_strictly() {
        assert_eq!(form_text("a+b%2B%C3%A9").as_deref(), Some("a b+é"));
        for malformed in ["%", "%4", "%zz", "%C3"] {
            assert_eq!(form_text(malformed), None, "{malformed}");
        }
    }
}
