//! What happens between the request and the outcome.

use std::time::{Duration, SystemTime};

use super::request::Plan;
use super::request::fresh::Fresh;
use super::response::{self, Refused};
#[cfg(feature = "discovery")]
use super::source::SiteSource;
use super::{Settings, Site, Step, retry};
use crate::TransportError;
use crate::client_auth::{Style, Styles};
use crate::error::report::{Previous, Report};
use crate::{Body, Error, ErrorCode, ErrorKind, Received};

/// Everything but the types of the response, so that it is compiled once and not for each request.
pub(super) struct Engine<'a> {
    pub(super) settings: &'a Settings,
    pub(super) plan: Option<Plan<'a>>,
    styles: Styles,
    pub(super) state: State<'a>,
    /// The assertions in what was sent last.
    fresh: Fresh<'a>,
    /// How often the request was sent with the current style.
    pub(super) attempts: u32,
    /// Whether any of the requests may have reached the server.
    pub(super) sent: bool,
    /// The refusal of the first style.
    refused: Option<(Style, Report)>,
    /// Whether a proof was refused for want of the server's nonce.
    #[cfg(feature = "dpop")]
    pub(super) proved_anew: bool,
    pub(super) site: Site<'a>,
}

pub(super) enum State<'a> {
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

impl<'a> Engine<'a> {
    pub(super) fn new(site: Site<'a>, plan: Result<Plan<'a>, Error>) -> Self {
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

    pub(super) fn step(&mut self, now: SystemTime) -> Step {
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

    pub(super) fn receive(
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
        let read = response.map(|response| response::read(plan.endpoint, response, now));
        let (report, body) = match read {
            Ok(Ok((received, raw))) => {
                plan.learn(self.styles.first);
                self.state = State::Received(Box::new(self.accept(plan, received)), raw);
                return;
            }
            Ok(Err(refused)) => self.refuse(plan, *refused, now),
            Err(error) => (self.lose(plan, error), Body::new(None)),
        };
        self.fail(report, body);
    }

    /// Adds to a response what only the request tells.
    fn accept(&self, plan: &Plan<'a>, mut received: Received<'a>) -> Received<'a> {
        received.proves_possession = self.settings.binds_tokens();
        #[cfg(feature = "discovery")]
        {
            received.source = Some(Box::new(SiteSource::new(self.site, plan.url.clone())));
        }
        // A proxy may make the request's id of what the request holds, and the id is shown.
        if let Some(request_id) = &mut received.request_id
            && !plan.is_clean(request_id, &self.fresh)
        {
            plan.mask(&self.fresh).secrets_in(request_id);
        }
        received
    }

    /// Describes a response that is an error.
    fn refuse(&self, plan: &Plan<'_>, refused: Refused, now: SystemTime) -> (Report, Body) {
        let Refused {
            mut report,
            mut body,
            headers,
        } = refused;
        let is_repeatable = !plan.one_time && plan.operation.grant_type() != Some("password");
        report.retry_after = report
            .status
            .and_then(|status| retry::wait(&headers, status, now));
        report.retryable = report.is_transient() && is_repeatable;
        let mask = plan.mask(&self.fresh);
        report.mask(&mask);
        body.mask(&mask);
        (report, body)
    }

    /// Describes why no response came.
    fn lose(&self, plan: &Plan<'_>, error: TransportError) -> Report {
        let mut report = Report::from(error);
        let connecting = matches!(report.kind, ErrorKind::Transport | ErrorKind::Timeout);
        report.retryable = connecting && !report.sent;
        let mask = plan.mask(&self.fresh);
        report.cause = report.cause.map(|cause| mask.line(&cause));
        report
    }

    /// Tries again, later or with the second style, or ends with the error.
    fn fail(&mut self, mut report: Report, body: Body) {
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
