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

use crate::client_auth::{Style, Styles};
use crate::error::report::{Previous, Report};
#[cfg(feature = "discovery")]
use crate::server::url;
use crate::transport::TransportError;
use crate::{
    Body, Endpoint, EndpointAddress, Error, ErrorBody as _, ErrorCode, ErrorKind, Parameters,
    Provider, Received, Request, Response as _,
};

pub(crate) mod address;
#[cfg(feature = "authorization")]
mod authorize;
pub(crate) mod drive;
mod identity;
#[cfg(feature = "authorization")]
mod logout;
#[cfg(feature = "oidc")]
mod origin;
#[cfg(feature = "device")]
mod polling;
#[cfg(feature = "dpop")]
mod possession;
mod request;
mod response;
pub(crate) mod retry;
pub(crate) mod settings;

#[cfg(feature = "authorization")]
pub use authorize::{PushedAuthorizationRequest, authorize};
pub use identity::{client_identity, has_parameter, identity, sign_in_identity};
#[cfg(feature = "authorization")]
pub use logout::logout;
#[cfg(feature = "device")]
pub use polling::Polling;
use request::Plan;
use request::fresh::Fresh;
use response::Refused;
#[cfg(feature = "discovery")]
pub(crate) use response::challenge::{Challenge, challenges};
pub use settings::Settings;

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
    core: Core<'a>,
    request: PhantomData<fn() -> R>,
}

/// Everything but the types of the response, so that it is compiled once and not for each request.
struct Core<'a> {
    settings: &'a Settings,
    plan: Option<Plan<'a>>,
    styles: Styles,
    state: State<'a>,
    /// The assertions in what was sent last.
    fresh: Fresh<'a>,
    /// How often the request was sent with the current style.
    attempts: u32,
    /// Whether any of the requests may have reached the server.
    sent: bool,
    /// The refusal of the first style.
    refused: Option<(Style, Report)>,
    /// Whether a proof was refused for want of the server's nonce.
    #[cfg(feature = "dpop")]
    proved_anew: bool,
    site: Site<'a>,
}

/// Who is asked and where: what an error names.
#[derive(Clone, Copy)]
struct Site<'a> {
    settings: &'a Settings,
    provider: &'a str,
    endpoint: &'a Endpoint<'a>,
    path: &'a str,
}

impl<'a> Site<'a> {
    fn new<R: Request>(settings: &'a Settings, request: &'a R) -> Self {
        let provider = match settings.provider.as_str() {
            "" => <R::Provider as Provider>::DESCRIPTION.name(),
            provider => provider,
        };
        Self {
            settings,
            provider,
            endpoint: request.endpoint(),
            path: request.path(),
        }
    }

    fn name(&self, report: Report) -> Report {
        let address = EndpointAddress::new(self.settings, self.endpoint, self.path);
        report.at(self.provider, address)
    }
}

/// Returns what errors call the provider of a request: its name in the settings or in the document,
/// else the host of the endpoint.
pub fn provider_name<R: Request>(settings: &Settings, request: &R) -> String {
    let site = Site::new(settings, request);
    if !site.provider.is_empty() {
        return site.provider.to_owned();
    }
    let address = EndpointAddress::new(settings, site.endpoint, site.path);
    address.map_or_else(String::new, |address| address.host().to_owned())
}

enum State<'a> {
    Ready,
    Sent,
    Waiting(Duration),
    Received(Box<Received<'a>>, Vec<u8>),
    Failed(Box<Report>, Body),
}

impl State<'_> {
    /// Nothing was sent.
    fn failed(error: Error) -> Self {
        Self::Failed(Box::new(error.into_report()), Body::new(None))
    }
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
            core: Core::new(Site::new(settings, request), plan),
            request: PhantomData,
        }
    }

    /// What to do next, at this time by this machine's clock.
    pub fn step(&mut self, now: SystemTime) -> Step {
        self.core.step(now)
    }

    /// Tells how sending went, and when that was known by this machine's clock.
    pub fn receive(
        &mut self,
        response: Result<http::Response<Vec<u8>>, TransportError>,
        now: SystemTime,
    ) {
        self.core.receive(response, now);
    }

    /// Tells that the request of the last [`Step::Send`] was not sent and will not be. The outcome
    /// is an error of the kind `request`.
    pub fn withhold(&mut self) {
        if let State::Sent = self.core.state {
            let message = "the request was not sent, since it was cancelled immediately before";
            let report = Report {
                sent: self.core.sent,
                ..Report::new(ErrorKind::Request, message)
            };
            self.core.state = State::Failed(Box::new(report), Body::new(None));
        }
    }

    /// The outcome, once [`step`](Self::step) says that it is there.
    ///
    /// # Errors
    ///
    /// See [`ErrorKind`].
    pub fn finish(self) -> Result<R::Response, Error<R::Error>> {
        let site = self.core.site;
        let (report, body) = match self.core.state {
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
                    sent: self.core.sent || matches!(state, State::Sent),
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
            .field("attempts", &self.core.attempts)
            .finish_non_exhaustive()
    }
}

impl<'a> Core<'a> {
    fn new(site: Site<'a>, plan: Result<Plan<'a>, Error>) -> Self {
        let (plan, state) = match plan {
            Ok(plan) => (Some(plan), State::Ready),
            Err(error) => (None, State::failed(error)),
        };
        let styles = plan.as_ref().map_or(
            Styles {
                first: Style::Public,
                second: None,
            },
            |plan| plan.styles,
        );
        Self {
            settings: site.settings,
            site,
            plan,
            styles,
            state,
            fresh: Fresh::default(),
            attempts: 0,
            sent: false,
            refused: None,
            #[cfg(feature = "dpop")]
            proved_anew: false,
        }
    }

    fn step(&mut self, now: SystemTime) -> Step {
        match (&self.state, &self.plan) {
            (State::Ready, Some(plan)) => match self.write(plan, now) {
                Ok((request, fresh)) => {
                    self.attempts += 1;
                    self.fresh = fresh;
                    self.state = State::Sent;
                    Step::Send(request)
                }
                Err(error) => {
                    self.state = State::failed(error);
                    Step::Done
                }
            },
            (State::Waiting(delay), _) => {
                let delay = *delay;
                self.state = State::Ready;
                Step::Wait(delay)
            }
            // A driver that does not tell how sending went cannot be helped: the request must not
            // go out twice.
            _ => Step::Done,
        }
    }

    fn write(
        &self,
        plan: &Plan<'a>,
        now: SystemTime,
    ) -> Result<(http::Request<Vec<u8>>, Fresh<'a>), Error> {
        let style = self.styles.first;
        let fresh = Fresh::make(plan, style, now)?;
        let request = plan.write(style, &fresh)?;
        #[cfg(feature = "dpop")]
        let request = self.prove(request, now)?;
        Ok((request, fresh))
    }

    fn receive(
        &mut self,
        response: Result<http::Response<Vec<u8>>, TransportError>,
        now: SystemTime,
    ) {
        let (State::Sent, Some(plan)) = (&self.state, &self.plan) else {
            return;
        };
        #[cfg(feature = "dpop")]
        if self.wants_nonce(&response) {
            self.attempts = self.attempts.saturating_sub(1);
            self.proved_anew = true;
            self.sent = true;
            self.state = State::Ready;
            return;
        }
        let repeatable = !plan.one_time && plan.operation.grant_type() != Some("password");
        let (mut report, body) = match response {
            Err(error) => {
                let mut report = Report::from(error);
                let connecting = matches!(report.kind, ErrorKind::Transport | ErrorKind::Timeout);
                report.retryable = connecting && !report.sent;
                let mask = plan.mask(&self.fresh);
                report.cause = report.cause.map(|cause| mask.line(&cause));
                (report, Body::new(None))
            }
            Ok(response) => match response::read(plan.endpoint, response, now) {
                Ok((mut received, raw)) => {
                    #[cfg(feature = "dpop")]
                    {
                        received.proves_possession = self.settings.dpop.is_some();
                    }
                    #[cfg(feature = "discovery")]
                    {
                        received.url = url::asked(self.site.path, &plan.url);
                    }
                    #[cfg(feature = "oidc")]
                    {
                        let origin = origin::origin(self.settings, self.site.path, &plan.url);
                        received.origin = Some(origin);
                    }
                    plan.learn(self.styles.first);
                    // A proxy may make the request's id of what the request holds, and the id is
                    // shown.
                    if let Some(request_id) = &mut received.request_id
                        && !plan.is_clean(request_id, &self.fresh)
                    {
                        plan.mask(&self.fresh).secrets_in(request_id);
                    }
                    self.state = State::Received(Box::new(received), raw);
                    return;
                }
                Err(refused) => {
                    let Refused {
                        mut report,
                        mut body,
                        headers,
                    } = *refused;
                    report.retry_after = retry::retry_after(&headers, now);
                    report.retryable = report.is_transient() && repeatable;
                    let mask = plan.mask(&self.fresh);
                    report.mask(&mask);
                    body.mask(&mask);
                    (report, body)
                }
            },
        };
        self.sent |= report.sent;
        report.sent = self.sent;

        if report.retryable
            && let Some(delay) = self.settings.retry.delay(self.attempts, report.retry_after)
        {
            self.state = State::Waiting(delay);
            return;
        }
        if is_client_refused(&report)
            && let Some(second) = self.styles.second.take()
        {
            self.refused = Some((self.styles.first, report));
            self.styles.first = second;
            self.attempts = 0;
            self.state = State::Ready;
            return;
        }
        report.previous = self.refused.take().map(|(style, refused)| Previous {
            style: style.as_str(),
            then: self.styles.first.as_str(),
            error: refused.into(),
        });
        self.state = State::Failed(Box::new(report), body);
    }
}

/// Whether a response refuses the client authentication, and not the grant: then another style may
/// do.
fn is_client_refused(report: &Report) -> bool {
    let by_status = report.status == Some(401);
    report.kind == ErrorKind::Provider
        && match &report.code {
            Some(ErrorCode::InvalidClient) => true,
            Some(ErrorCode::InvalidGrant) => false,
            // The document says that the code means something else.
            _ => by_status && !report.is_mapped,
        }
}

#[cfg(test)]
mod tests;
