//! A transport for tests: nothing leaves the program.

mod assertions;
mod sent;
mod wait;

use std::collections::VecDeque;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use http::header::CONTENT_TYPE;

pub use self::sent::{NotOneRequest, SentRequest};
use super::{BlockingTransport, Spawner, Transport, TransportError};
use crate::TransportErrorKind;

/// Gives responses that were made up beforehand, in their order, and keeps what was sent. The last
/// response is given for as long as it is asked for. No time is spent waiting before a retry, and
/// none before a response, unless it has a [`delay`](Self::delay).
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
///
/// A server that is busy, one that cannot be reached, and one that is too slow:
///
/// ```
/// use std::time::Duration;
/// use tokensmith_runtime::{MockTransport, TransportErrorKind};
///
/// let server = MockTransport::new()
///     .respond(429, "application/json", r#"{"error": "slow_down"}"#)
///     .header("Retry-After", "3")
///     .fail(TransportErrorKind::Connect, false)
///     .fail(TransportErrorKind::Timeout, true)
///     .respond(200, "application/json", r#"{"access_token": "abc"}"#)
///     .delay(Duration::from_millis(50));
/// ```
#[derive(Clone, Default)]
pub struct MockTransport {
    script: Arc<Mutex<Script>>,
}

#[derive(Default)]
struct Script {
    prepared: VecDeque<Prepared>,
    sent: Vec<SentRequest>,
}

/// What becomes of a request.
#[derive(Clone)]
struct Prepared {
    outcome: Outcome,
    delay: Duration,
}

#[derive(Clone)]
enum Outcome {
    Response {
        status: u16,
        headers: Vec<(String, String)>,
        body: Vec<u8>,
    },
    Failure(TransportErrorKind, bool),
    /// The test is wrong, and how.
    Mistake(&'static str),
}

impl MockTransport {
    /// A transport without responses: each request fails after it was sent.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a response.
    #[must_use]
    pub fn respond(self, status: u16, content_type: &str, body: impl Into<Vec<u8>>) -> Self {
        let content_type = (CONTENT_TYPE.to_string(), content_type.to_owned());
        self.prepare(Outcome::Response {
            status,
            headers: vec![content_type],
            body: body.into(),
        })
    }

    /// Adds a header to the response that was added last, beside those that it has.
    #[must_use]
    pub fn header(self, name: &str, value: &str) -> Self {
        let mut script = self.script();
        let last = script.prepared.back_mut().map(|last| &mut last.outcome);
        let Some(Outcome::Response { headers, .. }) = last else {
            drop(script);
            return self.prepare(Outcome::Mistake("`header` has to follow `respond`"));
        };
        headers.push((name.to_owned(), value.to_owned()));
        drop(script);
        self
    }

    /// Adds a request that gets no response: [`TransportErrorKind::Connect`] if the server cannot be
    /// reached, [`TransportErrorKind::Timeout`] if it is too slow. `sent` says whether the request may
    /// have reached it.
    #[must_use]
    pub fn fail(self, kind: TransportErrorKind, sent: bool) -> Self {
        self.prepare(Outcome::Failure(kind, sent))
    }

    /// Lets the response or the failure that was added last come after a time, which really passes.
    #[must_use]
    pub fn delay(self, by: Duration) -> Self {
        let mut script = self.script();
        let Some(last) = script.prepared.back_mut() else {
            drop(script);
            return self.prepare(Outcome::Mistake(
                "`delay` has to follow `respond` or `fail`",
            ));
        };
        last.delay = by;
        drop(script);
        self
    }

    fn prepare(self, outcome: Outcome) -> Self {
        let delay = Duration::ZERO;
        self.script()
            .prepared
            .push_back(Prepared { outcome, delay });
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

    /// Keeps a request, and returns what becomes of it and after what time.
    fn play(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> (Duration, Result<http::Response<Vec<u8>>, TransportError>) {
        let mut script = self.script();
        script.sent.push(SentRequest(request));
        let prepared = match script.prepared.len() {
            0 | 1 => script.prepared.front().cloned(),
            _ => script.prepared.pop_front(),
        };
        match prepared {
            Some(prepared) => (prepared.delay, prepared.outcome.result()),
            None => (Duration::ZERO, Err(mistake("no response was prepared"))),
        }
    }
}

impl Outcome {
    fn result(self) -> Result<http::Response<Vec<u8>>, TransportError> {
        match self {
            Self::Response {
                status,
                headers,
                body,
            } => {
                let head = http::Response::builder().status(status);
                let with = |head: http::response::Builder, (name, value)| head.header(name, value);
                headers
                    .into_iter()
                    .fold(head, with)
                    .body(body)
                    .map_err(|_| mistake("the prepared response is not valid HTTP"))
            }
            Self::Failure(kind, sent) => Err(TransportError::new(kind, sent, "a prepared failure")),
            Self::Mistake(message) => Err(mistake(message)),
        }
    }
}

/// The test is wrong.
fn mistake(message: &str) -> TransportError {
    TransportError::new(TransportErrorKind::Other, true, message)
}

impl fmt::Debug for MockTransport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let script = self.script();
        formatter
            .debug_struct("MockTransport")
            .field("responses", &script.prepared.len())
            .field("sent", &script.sent.len())
            .finish()
    }
}

impl BlockingTransport for MockTransport {
    fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (delay, result) = self.play(request);
        std::thread::sleep(delay);
        result
    }

    fn sleep(&self, _: Duration) {}
}

impl Transport for MockTransport {
    async fn send(
        &self,
        request: http::Request<Vec<u8>>,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (delay, result) = self.play(request);
        wait::wait(delay).await;
        result
    }

    async fn sleep(&self, _: Duration) {}

    fn spawner(&self) -> Option<Spawner> {
        Some(Spawner::threads())
    }
}

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
            .map(|_| transport.play(request("")).1.unwrap().status().as_u16())
            .collect();
        assert_eq!(statuses, [503, 200, 200]);
        assert_eq!(transport.only_request().unwrap_err(), NotOneRequest(3));
    }

    #[test]
    fn without_a_response_the_request_counts_as_sent() {
        let error = MockTransport::new().play(request("")).1.unwrap_err();
        assert!(error.may_have_been_sent());
        let odd = MockTransport::new().respond(9999, "text/plain", "");
        assert!(odd.play(request("")).1.is_err());
    }

    #[test]
    fn a_request_is_kept_and_not_shown() {
        let transport = MockTransport::new().respond(200, "application/json", "{}");
        transport.play(request("b=2&a=s+3%26")).1.unwrap();
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

    #[test]
    fn responses_have_headers_and_requests_fail() {
        let transport = MockTransport::new()
            .respond(429, "text/plain", "")
            .header("Retry-After", "3")
            .header("x-a", "1")
            .fail(TransportErrorKind::Connect, false)
            .fail(TransportErrorKind::Timeout, true);
        let response = transport.play(request("")).1.unwrap();
        assert_eq!(response.headers()["retry-after"], "3");
        assert_eq!(response.headers().len(), 3);
        for expected in [
            (TransportErrorKind::Connect, false),
            (TransportErrorKind::Timeout, true),
        ] {
            let error = transport.play(request("")).1.unwrap_err();
            assert_eq!((error.kind(), error.may_have_been_sent()), expected);
        }
    }

    #[test]
    fn what_belongs_to_nothing_is_told() {
        let told = |transport: MockTransport| {
            let error = transport.play(request("")).1.unwrap_err();
            let source = std::error::Error::source(&error).unwrap().to_string();
            assert!(source.contains("has to follow"), "{source}");
        };
        told(MockTransport::new().header("a", "b"));
        told(MockTransport::new().delay(Duration::from_secs(1)));
        let invalid = MockTransport::new().respond(200, "text/plain", "");
        assert!(invalid.header("a b", "c").play(request("")).1.is_err());
    }

    #[test]
    fn a_response_is_late() {
        let time = Duration::from_millis(30);
        let transport = MockTransport::new()
            .respond(200, "text/plain", "")
            .delay(time);
        let start = std::time::Instant::now();
        BlockingTransport::send(&transport, request("")).unwrap();
        assert!(start.elapsed() >= time);
        let start = std::time::Instant::now();
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        let sent = Transport::send(&transport, request(""));
        runtime.unwrap().block_on(sent).unwrap();
        assert!(start.elapsed() >= time);
    }
}
