//! The two body formats of token requests, read without mercy.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;

/// Names and values in the order they were sent in, repetitions included.
pub type Parameters = Vec<(String, String)>;

/// How the body of a request is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// `application/x-www-form-urlencoded`
    Form,
    /// `application/json`
    Json,
}

impl Format {
    /// The media type, as it stands in `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Form => "application/x-www-form-urlencoded",
            Self::Json => "application/json",
        }
    }

    /// Reads a body.
    ///
    /// # Errors
    ///
    /// A sentence that says what is wrong with it.
    pub fn read(self, body: &[u8]) -> Result<Parameters, String> {
        match self {
            Self::Form => form(body),
            Self::Json => json(body),
        }
    }
}

/// Reads a form body as the WHATWG URL standard writes it: only characters that need no escape may
/// stand for themselves.
///
/// # Errors
///
/// A sentence that says what is wrong with it.
pub fn form(body: &[u8]) -> Result<Parameters, String> {
    let text = std::str::from_utf8(body).map_err(|_| "the form body is not UTF-8".to_owned())?;
    if text.is_empty() {
        return Ok(Vec::new());
    }
    text.split('&')
        .map(|pair| {
            let (name, value) = pair
                .split_once('=')
                .ok_or_else(|| format!("the form field {pair:?} has no `=`"))?;
            Ok((form_decode(name)?, form_decode(value)?))
        })
        .collect()
}

/// Undoes the form encoding of one name or value.
///
/// # Errors
///
/// A sentence that says what is wrong with it.
pub fn form_decode(text: &str) -> Result<String, String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        match byte {
            b'+' => bytes.push(b' '),
            b'%' => {
                let digits = [rest.next(), rest.next()]
                    .map(|digit| digit.and_then(|digit| char::from(digit).to_digit(16)));
                let [Some(high), Some(low)] = digits else {
                    return Err(format!("{text:?} has a `%` without two digits"));
                };
                bytes.push(u8::try_from(high * 16 + low).map_err(|error| error.to_string())?);
            }
            b'*' | b'-' | b'.' | b'_' | b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' => bytes.push(byte),
            _ => {
                return Err(format!(
                    "{text:?} has a character that form encoding escapes"
                ));
            }
        }
    }
    String::from_utf8(bytes).map_err(|_| format!("{text:?} is not UTF-8"))
}

/// Reads a JSON body that is one flat object of strings, in which no name is repeated.
///
/// # Errors
///
/// A sentence that says what is wrong with it.
pub fn json(body: &[u8]) -> Result<Parameters, String> {
    struct Members;
    impl<'de> Visitor<'de> for Members {
        type Value = Vec<(String, Value)>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut members = Vec::new();
            while let Some(member) = map.next_entry()? {
                members.push(member);
            }
            Ok(members)
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(body);
    let members = reader
        .deserialize_map(Members)
        .map_err(|error| format!("the JSON body: {error}"))?;
    reader
        .end()
        .map_err(|error| format!("after the JSON body: {error}"))?;
    let mut parameters = Parameters::new();
    for (name, value) in members {
        if parameters.iter().any(|(other, _)| *other == name) {
            return Err(format!("the JSON member {name:?} is repeated"));
        }
        match value {
            Value::String(value) => parameters.push((name, value)),
            _ => return Err(format!("the JSON member {name:?} is not a string")),
        }
    }
    Ok(parameters)
}
