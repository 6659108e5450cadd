//! The protocol without I/O.
//!
//! An [`Exchange`] says what to do next and is told how it went. Everything that OAuth asks for
//! happens in here: one client authentication at a time, the second one where the first is refused,
//! retries, `Retry-After`, reading the response. The clients are loops around it, and so is any
//! other driver:
//!
//! ```
//! use std::time::SystemTime;
//! use tokensmith_runtime::protocol::{Exchange, Settings, Step};
//! use tokensmith_runtime::{BlockingTransport, Error, Request};
//!
//! fn send<R: Request>(
//!     transport: &impl BlockingTransport,
//!     settings: &Settings,
//!     request: &R,
//! ) -> Result<R::Response, Error<R::Error>> {
//!     let mut exchange = Exchange::new(settings, request);
//!     loop {
//!         match exchange.step(SystemTime::now()) {
//!             Step::Send(request) => exchange.receive(transport.send(request), SystemTime::now()),
//!             Step::Wait(delay) => transport.sleep(delay),
//!             Step::Done => return exchange.finish(),
//!         }
//!     }
//! }
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::time::{Duration, SystemTime};

use crate::TransportError;
use crate::error::report::Report;
use crate::{Body, Error, ErrorBody as _, ErrorKind, Parameters, Request, Response as _};

pub(crate) mod address;
#[cfg(feature = "authorization")]
mod authorize;
pub(crate) mod drive;
mod engine;
mod identity;
#[cfg(feature = "authorization")]
mod logout;
#[cfg(feature = "device")]
mod polling;
#[cfg(feature = "dpop")]
mod possession;
mod request;
mod response;
pub(crate) mod retry;
pub(crate) mod settings;
mod site;
#[cfg(feature = "discovery")]
mod source;

#[cfg(feature = "authorization")]
pub use authorize::{PushedAuthorizationRequest, authorize};
use engine::{Engine, State};
pub use identity::{client_identity, has_parameter, identity, sign_in_identity};
#[cfg(feature = "authorization")]
pub use logout::logout;
#[cfg(feature = "device")]
pub use polling::Polling;
use request::Plan;
#[cfg(feature = "discovery")]
pub(crate) use response::challenge::{Challenge, challenges};
pub use settings::Settings;
use site::Site;
pub use site::provider_name;

pub use crate::error::mask::Mask;
pub use crate::server::url::{has_in_query, with_query};

/// What a driver has to do next.
#[must_use]
#[expect(
    clippy::large_enum_variant,
    reason = "it lives for the time of a match"
)]
pub enum Step {
    /// Send this, and tell [`Exchange::receive`] how it went.
    Send(http::Request<Vec<u8>>),
    /// Wait, and ask again.
    Wait(Duration),
    /// Nothing: [`Exchange::finish`] has the outcome.
    Done,
}

impl fmt::Debug for Step {
    /// Shows nothing of the request, whose URL and body may hold secrets.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Send(_) => formatter.write_str("Send(..)"),
            Self::Wait(delay) => formatter.debug_tuple("Wait").field(delay).finish(),
            Self::Done => formatter.write_str("Done"),
        }
    }
}

/// One request, and all that it takes to get a response.
pub struct Exchange<'a, R> {
    engine: Engine<'a>,
    request: PhantomData<fn() -> R>,
}

impl<'a, R: Request> Exchange<'a, R> {
    /// An exchange about to start. What is wrong with the request comes out of
    /// [`finish`](Self::finish).
    pub fn new(settings: &'a Settings, request: &'a R) -> Self {
        let mut parameters = Parameters::default();
        request.parameters(&mut parameters);
        let plan = Plan::new(
            settings,
            request.endpoint(),
            request.operation(),
            request.path(),
            parameters.into_named_values(),
        );
        Self {
            engine: Engine::new(Site::new(settings, request), plan),
            request: PhantomData,
        }
    }

    /// What to do next, at this time by this machine's clock.
    pub fn step(&mut self, now: SystemTime) -> Step {
        self.engine.step(now)
    }

    /// Tells how sending went, and when that was known by this machine's clock.
    pub fn receive(
        &mut self,
        response: Result<http::Response<Vec<u8>>, TransportError>,
        now: SystemTime,
    ) {
        self.engine.receive(response, now);
    }

    /// Tells that the request of the last [`Step::Send`] was not sent and will not be. The outcome
    /// is an error of the kind `request`.
    pub fn withhold(&mut self) {
        if let State::Sent = self.engine.state {
            let message = "the request was not sent, since it was cancelled immediately before";
            let report = Report {
                sent: self.engine.sent,
                ..Report::new(ErrorKind::Request, message)
            };
            self.engine.state = State::Failed(Box::new(report), Body::new(None));
        }
    }

    /// The outcome, once [`step`](Self::step) says that it is there.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`].
    pub fn finish(self) -> Result<R::Response, Error<R::Error>> {
        let site = self.engine.site;
        let (report, body) = match self.engine.state {
            State::Received(received, raw) => {
                let (status, request_id) = (received.status, received.request_id.clone());
                let unusable = match R::Response::read(*received) {
                    Ok(response) => return Ok(response),
                    Err(unusable) => unusable,
                };
                let value = crate::response::body::parse(&raw)
                    .ok()
                    .map(|parsed| parsed.value);
                let report = Report {
                    message: Some(unusable.0.into()),
                    request_id,
                    received: Some(response::body_kind::describe(
                        site.endpoint,
                        &raw,
                        value.as_ref(),
                    )),
                    raw_body: raw,
                    ..Report::responded(ErrorKind::Malformed, status)
                };
                (report, Body::new(None))
            }
            State::Failed(report, body) => (*report, body),
            state @ (State::Ready | State::Sent | State::Waiting(_)) => {
                let report = Report {
                    sent: self.engine.sent || matches!(state, State::Sent),
                    ..Report::new(ErrorKind::Transport, "the exchange was given up")
                };
                (report, Body::new(None))
            }
        };
        let body = report
            .status
            .and_then(|status| R::Error::read(status, &body));
        Err(Error::new(site.name(report), body))
    }
}

impl<R> fmt::Debug for Exchange<'_, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Exchange")
            .field("attempts", &self.engine.attempts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
