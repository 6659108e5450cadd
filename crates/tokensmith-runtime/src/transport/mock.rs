//! A transport for tests: nothing leaves the program.

use std::collections::VecDeque;
use std::error::Error as StdError;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::{BlockingTransport, Spawner, Transport, TransportError, TransportErrorKind};

/// Gives responses that were made up beforehand, in their order, and keeps what was sent. The last
/// response is given for as long as it is asked for, and no time is spent waiting.
///
/// ```
/// use tokensmith_runtime::blocking::Client;
/// use tokensmith_runtime::{
///     Any, Credentials, Endpoint, EndpointKind, MockTransport, Operation, TokenRequest,
/// };
///
/// static CLIENT_CREDENTIALS: Operation<'static> = Operation::grant("client_credentials");
/// static TOKEN: Endpoint<'static> = Endpoint::new(EndpointKind::Token, &["/oauth2/token"]);
///
/// let server = MockTransport::new().respond(200, "application/json", r#"{"access_token": "abc"}"#);
/// let credentials = Credentials::new("id", "secret");
/// let client = Client::<Any, _>::with_transport(&server, "https://auth.example.com", credentials)?;
/// let token = client.send(TokenRequest::new(&TOKEN, &CLIENT_CREDENTIALS))?;
///
/// assert_eq!(token.access_token.expose(), "abc");
/// let sent = server.only_request()?;
/// assert_eq!(sent.url(), "https://auth.example.com/oauth2/token");
/// assert_eq!(sent.form(), ["grant_type=client_credentials"]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct MockTransport {
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    responses: VecDeque<Response>,
    sent: Vec<SentRequest>,
}

#[derive(Clone)]
struct Response {
    status: u16,
    content_type: String,
    body: Vec<u8>,
}

impl MockTransport {
    /// A transport without responses: each request fails after it was sent.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response.
    #[must_use]
    pub fn respond(self, status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        self.script().responses.push_back(Response {
            status,
            content_type: content_type.to_owned(),
            body: body.into(),
        });
        self
    }

    /// What was sent so far.
    pub fn requests(&self) -> Vec<SentRequest> {
        self.script().sent.clone()
    }

    /// The request that was sent, if it was one.
    ///
    /// # Errors
    ///
    /// If none or several were sent.
    pub fn only_request(&self) -> Result<SentRequest, NotOneRequest> {
        match self.script().sent.as_slice() {
            [only] => Ok(only.clone()),
            several => Err(NotOneRequest(several.len())),
        }
    }

    fn script(&self) -> MutexGuard<'_, Script> {
        // What is kept is whole between any two of its changes.
        self.script.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn play(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let mut script = self.script();
        script.sent.push(SentRequest(request));
        let response = match script.responses.len() {
            0 | 1 => script.responses.front().cloned(),
            _ => script.responses.pop_front(),
        };
        let failed = |message: &str| TransportError::new(TransportErrorKind::Other, true, message);
        let response = response.ok_or_else(|| failed("no response was prepared"))?;
        http::Response::builder()
            .status(response.status)
            .header(CONTENT_TYPE, response.content_type)
            .body(response.body)
            .map_err(|_| failed("the prepared response is not valid HTTP"))
    }
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.script();
        formatter
            .debug_struct("MockTransport")
            .field("responses", &script.responses.len())
            .field("sent", &script.sent.len())
            .finish()
    }
}

impl BlockingTransport for MockTransport {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.play(request)
    }

    fn sleep(&self, _: Duration) {}
}

impl Transport for MockTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        self.play(request)
    }

    async fn sleep(&self, _: Duration) {}

    fn spawner(&self) -> Option<Spawner> {
        Some(Spawner::threads())
    }
}

/// A request as it would have gone out. It holds secrets: `Debug` shows none of it but its host: a
/// path may hold some, too.
#[derive(Clone)]
pub struct SentRequest(http::Request<Vec<u8>>);

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
pub struct NotOneRequest(usize);

impl fmt::Display for NotOneRequest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} requests were sent, not one", self.0)
    }
}

impl StdError for NotOneRequest {}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &str) -> http::Request<Vec<u8>> {
        let request = http::Request::post("https://auth.example.com/token?a=b");
        request.body(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn the_last_response_is_given_again() {
        let transport = MockTransport::new().respond(503, "text/plain", "").respond(
            200,
            "application/json",
            "{}",
        );
        let statuses: Vec<u16> = (0..3)
            .map(|_| transport.play(request("")).unwrap().status().as_u16())
            .collect();
        assert_eq!(statuses, [503, 200, 200]);
        assert_eq!(transport.only_request().unwrap_err(), NotOneRequest(3));
    }

    #[test]
    fn without_a_response_the_request_counts_as_sent() {
        let error = MockTransport::new().play(request("")).unwrap_err();
        assert!(error.may_have_been_sent());
        let odd = MockTransport::new().respond(9999, "text/plain", "");
        assert!(odd.play(request("")).is_err());
    }

    #[test]
    fn a_request_is_kept_and_not_shown() {
        let transport = MockTransport::new().respond(200, "application/json", "{}");
        transport.play(request("b=2&a=s+3%26")).unwrap();
        let sent = transport.only_request().unwrap();
        assert_eq!(sent.form(), ["a=s 3&", "b=2"]);
        assert_eq!(sent.url(), "https://auth.example.com/token?a=b");
        assert!(sent.json().is_err());
        let shown = format!("{transport:?} {sent:?}");
        assert!(
            !shown.contains("s+3") && !shown.contains("/token"),
            "{shown}"
        );
    }
}
