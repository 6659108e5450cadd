//! What goes wrong on purpose.

mod script;
mod tally;

pub use script::BadScript;
pub(crate) use tally::{Faults, Target};

use std::time::Duration;

use tokensmith_runtime::EndpointKind;

use crate::clock::MOST_SECONDS;

/// How many faults a mock has at most.
pub(crate) const MOST_FAULTS: usize = 1_000;

/// Something that goes wrong, and for which requests.
///
/// ```
/// use std::time::Duration;
/// use tokensmith_mock::Fault;
///
/// // The first two refreshes are told to come back later.
/// let busy = Fault::status(429)
///     .retry_after(Duration::from_secs(3))
///     .grant("refresh_token")
///     .times(2);
/// // Every tenth response or so is lost, after the tokens were issued.
/// let lossy = Fault::lost().probability(0.1);
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Fault {
    pub(crate) effect: Option<Effect>,
    pub(crate) delay: Duration,
    pub(crate) retry_after: Option<Duration>,
    grant: Option<String>,
    client: Option<String>,
    endpoint: Option<&'static str>,
    times: Option<u64>,
    after: u64,
    probability: Option<f64>,
}

/// What a fault does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// A status, before anything else happens.
    Status(u16),
    /// A refusal with a code of the RFCs, as the provider has it.
    Refuse(String),
    /// The same with status 200.
    RefuseAtSuccess(String),
    /// The request is handled, and its response is lost.
    Lost,
    /// The response ends after so many bytes of its body.
    Truncated(usize),
    /// Values have other types, but for the access token.
    WrongTypes,
    /// A page of HTML with status 200, from somebody in between.
    CaptivePortal,
    /// A redirect.
    Redirect(String),
    /// The server's clock is off by so many seconds.
    Skewed(i64),
    /// The body is compressed, whatever the client accepts.
    Gzip,
}

impl Fault {
    fn new(effect: Option<Effect>) -> Self {
        Self {
            effect,
            delay: Duration::ZERO,
            retry_after: None,
            grant: None,
            client: None,
            endpoint: None,
            times: None,
            after: 0,
            probability: None,
        }
    }

    /// Responds with a status, as the provider does; the request is not handled.
    pub fn status(status: u16) -> Self {
        Self::new(Some(Effect::Status(status)))
    }

    /// Refuses with a code of the RFCs, in the provider's way; the request is not handled.
    pub fn refuse(code: impl Into<String>) -> Self {
        Self::new(Some(Effect::Refuse(code.into())))
    }

    /// Refuses in the provider's way, but with status 200.
    pub fn refuse_at_success(code: impl Into<String>) -> Self {
        Self::new(Some(Effect::RefuseAtSuccess(code.into())))
    }

    /// Sends the response later.
    pub fn delayed(by: Duration) -> Self {
        Self::new(None).delay(by)
    }

    /// Handles the request, and closes the connection without a response.
    pub fn lost() -> Self {
        Self::new(Some(Effect::Lost))
    }

    /// Handles the request, and closes the connection after so many bytes of the body.
    pub fn truncated(bytes: usize) -> Self {
        Self::new(Some(Effect::Truncated(bytes)))
    }

    /// Gives the values of a token response other types, but for the access token.
    pub fn wrong_types() -> Self {
        Self::new(Some(Effect::WrongTypes))
    }

    /// Responds with the page of a captive portal: HTML, with status 200.
    pub fn captive_portal() -> Self {
        Self::new(Some(Effect::CaptivePortal))
    }

    /// Redirects (HTTP 307) to a URL.
    pub fn redirect(url: impl Into<String>) -> Self {
        Self::new(Some(Effect::Redirect(url.into())))
    }

    /// Sets the server's clock forward or back, by at most a thousand years: the header `Date`, and
    /// all times in the body.
    pub fn skewed(seconds: i64) -> Self {
        let most = MOST_SECONDS.cast_signed();
        Self::new(Some(Effect::Skewed(seconds.clamp(-most, most))))
    }

    /// Compresses the body by gzip, whatever the client accepts (RFC 9110 section 8.4.1.3).
    pub fn gzip() -> Self {
        Self::new(Some(Effect::Gzip))
    }

    /// Sends the response later as well.
    #[must_use]
    pub fn delay(mut self, by: Duration) -> Self {
        self.delay = by;
        self
    }

    /// Adds the header `Retry-After`.
    #[must_use]
    pub fn retry_after(mut self, after: Duration) -> Self {
        self.retry_after = Some(after);
        self
    }

    /// Limits it to one grant.
    #[must_use]
    pub fn grant(mut self, grant_type: impl Into<String>) -> Self {
        self.grant = Some(grant_type.into());
        self
    }

    /// Limits it to one client.
    #[must_use]
    pub fn client(mut self, id: impl Into<String>) -> Self {
        self.client = Some(id.into());
        self
    }

    /// Limits it to endpoints of one kind.
    #[must_use]
    pub fn endpoint(mut self, kind: EndpointKind) -> Self {
        self.endpoint = Some(kind.as_str());
        self
    }

    /// Limits it to the keys of a plain server, at `/jwks`.
    #[must_use]
    pub fn jwks(mut self) -> Self {
        self.endpoint = Some("jwks");
        self
    }

    /// Limits it to the endpoint of a plain server that says who the user is, at `/userinfo`.
    #[must_use]
    pub fn userinfo(mut self) -> Self {
        self.endpoint = Some("userinfo");
        self
    }

    /// Sets how often it happens; without it, it goes on.
    #[must_use]
    pub fn times(mut self, times: u64) -> Self {
        self.times = Some(times);
        self
    }

    /// Sets how many requests it spares first.
    #[must_use]
    pub fn after(mut self, requests: u64) -> Self {
        self.after = requests;
        self
    }

    /// Sets how likely it is for each request, from 0 to 1.
    #[must_use]
    pub fn probability(mut self, probability: f64) -> Self {
        self.probability = Some(probability);
        self
    }

    /// Reads a script: a YAML or JSON list of faults.
    ///
    /// Each has one of `status`, `refuse`, `refuse-at-success`, `lost`, `truncate`, `wrong-types`,
    /// `captive-portal`, `redirect`, `clock-skew` and `gzip`, or only a `delay` in milliseconds; and
    /// for which requests: `grant`, `client`, `endpoint`, `times`, `after`, `probability`.
    ///
    /// ```
    /// use tokensmith_mock::Fault;
    ///
    /// let faults = Fault::script("
    ///     - {status: 429, retry-after: 3, grant: refresh_token, times: 2}
    ///     - {lost: true, probability: 0.1}
    /// ")?;
    /// assert_eq!(faults.len(), 2);
    /// # Ok::<(), tokensmith_mock::BadScript>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If it is not such a list.
    pub fn script(text: &str) -> Result<Vec<Self>, BadScript> {
        script::read(text)
    }

    /// Returns how it is called in what was seen.
    pub(crate) fn name(&self) -> &'static str {
        match &self.effect {
            None => "delay",
            Some(Effect::Status(_)) => "status",
            Some(Effect::Refuse(_)) => "refuse",
            Some(Effect::RefuseAtSuccess(_)) => "refuse-at-success",
            Some(Effect::Lost) => "lost",
            Some(Effect::Truncated(_)) => "truncate",
            Some(Effect::WrongTypes) => "wrong-types",
            Some(Effect::CaptivePortal) => "captive-portal",
            Some(Effect::Redirect(_)) => "redirect",
            Some(Effect::Skewed(_)) => "clock-skew",
            Some(Effect::Gzip) => "gzip",
        }
    }
}
