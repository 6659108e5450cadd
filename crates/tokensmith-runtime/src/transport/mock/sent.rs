//! What a mock transport was given to send.

use std::error::Error as StdError;
use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

/// A request as it would have gone out. It holds secrets: `Debug` shows none of it but its host: a
/// path may hold some, too.
#[derive(Clone)]
pub struct SentRequest(pub(super) http::Request<Vec<u8>>);

impl SentRequest {
    /// The HTTP method.
    pub fn method(&self) -> &str {
        self.0.method().as_str()
    }

    /// Where it went, with the query.
    pub fn url(&self) -> String {
        self.0.uri().to_string()
    }

    /// The parameters of the URL's query, each as `name=value` and decoded, sorted.
    pub fn query(&self) -> Vec<String> {
        let query = self.0.uri().query().unwrap_or_default();
        let pairs = form_urlencoded::parse(query.as_bytes());
        let mut pairs: Vec<String> = pairs
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        pairs.sort();
        pairs
    }

    /// The value of a header, if it is there once and is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.0.headers().get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    }

    /// The client's identifier and secret as `id:secret`, if they are in the `Authorization` header
    /// (RFC 7617), form-decoded as RFC 6749 section 2.3.1 has it.
    pub fn basic(&self) -> Option<String> {
        let encoded = self.header("authorization")?.strip_prefix("Basic ")?;
        let pair = String::from_utf8(STANDARD.decode(encoded).ok()?).ok()?;
        let (id, secret) = pair.split_once(':')?;
        let decoded = |text: &str| {
            let text = text.replace('+', " ");
            let decoded = percent_encoding::percent_decode_str(&text).decode_utf8();
            Some(decoded.ok()?.into_owned())
        };
        Some(format!("{}:{}", decoded(id)?, decoded(secret)?))
    }

    /// The body.
    pub fn body(&self) -> &[u8] {
        self.0.body()
    }

    /// The fields of a form-encoded body, each as `name=value` and decoded, sorted.
    pub fn form(&self) -> Vec<String> {
        let fields = form_urlencoded::parse(self.body());
        let mut fields: Vec<String> = fields
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        fields.sort();
        fields
    }

    /// The fields of a body in parts (RFC 7578), each as `name=value`, sorted; none where it is
    /// another body.
    pub fn parts(&self) -> Vec<String> {
        let media_type = self.header("content-type").unwrap_or_default();
        let Some((_, boundary)) = media_type.split_once("boundary=") else {
            return Vec::new();
        };
        let body = String::from_utf8_lossy(self.body());
        let mark = format!("--{boundary}");
        let part = |part: &str| {
            let (head, value) = part.split_once("\r\n\r\n")?;
            let (_, name) = head.split_once("name=\"")?;
            let (name, _) = name.split_once('"')?;
            let value = value.strip_suffix("\r\n")?;
            Some(format!("{name}={value}"))
        };
        let mut parts: Vec<String> = body.split(&mark).filter_map(part).collect();
        parts.sort();
        parts
    }

    /// The value of a JSON body.
    ///
    /// # Errors
    ///
    /// If the body is not JSON.
    pub fn json(&self) -> Result<Value, serde_json::Error> {
        serde_json::from_slice(self.body())
    }
}

impl fmt::Debug for SentRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("SentRequest")
            .field("method", &self.method())
            .field("host", &self.0.uri().host())
            .finish_non_exhaustive()
    }
}

/// Another number of requests was sent than one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotOneRequest(pub(super) usize);

impl fmt::Display for NotOneRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} requests were sent, not one", self.0)
    }
}

impl StdError for NotOneRequest {}
