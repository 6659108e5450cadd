//! Asking for the token of a device until its user has decided (RFC 8628 section 3.5).

use std::fmt;
use std::time::{Duration, SystemTime};

use super::drive::Drive;
use super::{Exchange, Settings, Site, Step};
use crate::error::report::Report;
use crate::{DeviceAuthorization, Error, ErrorCode, ErrorKind, Request, TransportError};

/// How much longer each wait is once the server has asked to slow down (RFC 8628 section 3.5).
const SLOW_DOWN: Duration = Duration::from_secs(5);

/// Sends a request again and again, waiting before each time, until the response is something else
/// than `authorization_pending`, or the codes expire.
///
/// Driven like an [`Exchange`]. After a connection that timed out or broke, and after HTTP 429 and
/// 5xx, each wait is twice as long. To cancel, stop driving.
pub struct Polling<'a, R: Request> {
    settings: &'a Settings,
    request: &'a R,
    interval: Duration,
    expires_at: Option<SystemTime>,
    sent: bool,
    state: State<'a, R>,
}

enum State<'a, R: Request> {
    Waiting(Duration),
    Waited,
    Asking(Box<Exchange<'a, R>>),
    Done(Result<R::Response, Error<R::Error>>),
}

impl<'a, R: Request> Polling<'a, R> {
    /// Polling with a request that carries the device code of an authorization.
    pub fn new(
        settings: &'a Settings,
        request: &'a R,
        authorization: &DeviceAuthorization,
    ) -> Self {
        let interval = authorization.interval();
        Self {
            settings,
            request,
            interval,
            expires_at: authorization.expires_at(),
            sent: false,
            state: State::Waiting(interval),
        }
    }

    /// What to do next, at this time by this machine's clock.
    pub fn step(&mut self, now: SystemTime) -> Step {
        loop {
            match &mut self.state {
                State::Waiting(delay) => {
                    let delay = *delay;
                    let is_late =
                        |expires_at| now.checked_add(delay).is_none_or(|then| then >= expires_at);
                    if self.expires_at.is_some_and(is_late) {
                        self.state = State::Done(Err(self.expired()));
                        continue;
                    }
                    self.state = State::Waited;
                    return Step::Wait(delay);
                }
                State::Waited => {
                    let exchange = Exchange::new(self.settings, self.request);
                    self.state = State::Asking(Box::new(exchange));
                }
                State::Asking(exchange) => match exchange.step(now) {
                    Step::Done => {
                        // The place is taken by what comes next in any case.
                        let State::Asking(exchange) =
                            std::mem::replace(&mut self.state, State::Waited)
                        else {
                            continue;
                        };
                        self.state = self.judge(exchange.finish());
                    }
                    step => return step,
                },
                State::Done(_) => return Step::Done,
            }
        }
    }

    /// Tells how sending went, and when that was known by this machine's clock.
    pub fn receive(
        &mut self,
        response: Result<http::Response<Vec<u8>>, TransportError>,
        now: SystemTime,
    ) {
        if let State::Asking(exchange) = &mut self.state {
            exchange.receive(response, now);
        }
    }

    /// The outcome, once [`step`](Self::step) says that it is there.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`]. The code is `access_denied` when the user refused, `expired_token` when
    /// nobody decided in time.
    pub fn finish(self) -> Result<R::Response, Error<R::Error>> {
        let site = Site::new(self.settings, self.request);
        match self.state {
            State::Done(outcome) => outcome,
            State::Asking(exchange) => exchange.finish(),
            State::Waiting(_) | State::Waited => {
                let report = Report {
                    sent: self.sent,
                    ..Report::new(ErrorKind::Transport, "polling was given up")
                };
                Err(Error::new(site.name(report), None))
            }
        }
    }

    fn judge(&mut self, outcome: Result<R::Response, Error<R::Error>>) -> State<'a, R> {
        let Err(error) = &outcome else {
            return State::Done(outcome);
        };
        self.sent |= error.may_have_been_sent();
        let asked = error.retry_after().unwrap_or_default();
        match (error.code(), error.kind()) {
            (Some(ErrorCode::AuthorizationPending), _) => {}
            (Some(ErrorCode::SlowDown), _) => {
                self.interval = self.interval.saturating_add(SLOW_DOWN);
            }
            (
                _,
                ErrorKind::Transport
                | ErrorKind::Timeout
                | ErrorKind::RateLimited
                | ErrorKind::Server,
            ) => self.interval = self.interval.saturating_mul(2),
            _ => return State::Done(outcome),
        }
        State::Waiting(self.interval.max(asked))
    }

    fn expired(&self) -> Error<R::Error> {
        let report = Report {
            code: Some(ErrorCode::ExpiredToken),
            sent: self.sent,
            ..Report::new(
                ErrorKind::Provider,
                "the user has not decided before the codes expired: start again",
            )
        };
        let site = Site::new(self.settings, self.request);
        Error::new(site.name(report), None)
    }
}

impl<R: Request> Drive for Polling<'_, R> {
    type Output = R::Response;
    type Body = R::Error;

    fn step(&mut self, now: SystemTime) -> Step {
        self.step(now)
    }

    fn receive(
        &mut self,
        response: Result<http::Response<Vec<u8>>, TransportError>,
        now: SystemTime,
    ) {
        self.receive(response, now);
    }

    fn finish(self) -> Result<Self::Output, Error<Self::Body>> {
        self.finish()
    }
}

impl<R: Request> fmt::Debug for Polling<'_, R> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Polling")
            .field("interval", &self.interval)
            .field("expires_at", &self.expires_at)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
