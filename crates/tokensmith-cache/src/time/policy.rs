//! When a token is refreshed, and when it is used no more.

use std::time::Duration;

use ring::rand::{SecureRandom as _, SystemRandom};

use super::Moment;

/// When a token is refreshed, how long that may take, and what follows when it fails.
///
/// A token of 60 seconds is refreshed in its last 12, one of 60 days on its last day. Each process begins at a time of its
/// own, up to half of that later, so that a fleet does not ask at once. In its last twentieth, 10 seconds at most, it is no
/// longer handed out: requests take time, and clocks differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Policy {
    early: f64,
    jitter: f64,
    unknown_lifetime: Duration,
    deadline: Duration,
    first_cool_down: Duration,
    last_cool_down: Duration,
    pub(crate) longest_wait: Duration,
    pub(crate) min_age: Duration,
    pub(crate) grace_period: Duration,
    pub(crate) store_timeout: Duration,
    pub(crate) lease: Duration,
}

/// The longest time before its end at which a token is refreshed.
const EARLIEST: Duration = Duration::from_secs(24 * 60 * 60);

/// The longest time before its end at which a token is used no more.
const LONGEST_MARGIN: Duration = Duration::from_secs(10);

impl Default for Policy {
    fn default() -> Self {
        Self {
            early: 0.2,
            jitter: 0.5,
            unknown_lifetime: Duration::from_secs(5 * 60),
            // Longer than a transport waits: a request that is given up here may have used up a refresh token.
            deadline: Duration::from_secs(60),
            first_cool_down: Duration::from_secs(1),
            last_cool_down: Duration::from_secs(60),
            longest_wait: Duration::from_secs(60 * 60),
            min_age: Duration::from_secs(5),
            grace_period: Duration::ZERO,
            store_timeout: Duration::from_millis(500),
            lease: Duration::from_secs(10),
        }
    }
}

impl Policy {
    /// Sets in which last part of its lifetime a token is refreshed: a fifth unless set. Taken as between 0 and 0.9.
    #[must_use]
    pub fn with_early(mut self, part: f64) -> Self {
        self.early = within(part, 0.9);
        self
    }

    /// Sets which part of that time the processes are spread over: half of it unless set. Taken as between 0 and 1.
    #[must_use]
    pub fn with_jitter(mut self, part: f64) -> Self {
        self.jitter = within(part, 1.0);
        self
    }

    /// Sets how long a token is used whose lifetime the provider does not say: 5 minutes unless set.
    #[must_use]
    pub fn with_unknown_lifetime(mut self, lifetime: Duration) -> Self {
        self.unknown_lifetime = lifetime;
        self
    }

    /// Sets how long a refresh may take, tries and waits included: 60 seconds unless set. A request that carries a credential
    /// which can be used once is driven to its end all the same; whoever waits for it gets an error.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Sets how long nobody asks again after a failure, and the longest time to which that doubles: 1 and 60 seconds unless
    /// set. A longer `Retry-After` counts, up to [`with_longest_wait`](Self::with_longest_wait).
    #[must_use]
    pub fn with_cool_down(mut self, first: Duration, last: Duration) -> Self {
        (self.first_cool_down, self.last_cool_down) = (first, last.max(first));
        self
    }

    /// Sets how long a provider can have everybody wait by `Retry-After`: an hour unless set.
    #[must_use]
    pub fn with_longest_wait(mut self, wait: Duration) -> Self {
        self.longest_wait = wait;
        self
    }

    /// Sets how old a token has to be before an API's refusal replaces it: 5 seconds unless set. An API that refuses every token
    /// costs one request for a token in that time, and not one for each call.
    #[must_use]
    pub fn with_min_age(mut self, age: Duration) -> Self {
        self.min_age = age;
        self
    }

    /// Sets how long the provider takes a rotated refresh token again after its first use (its grace period, leeway or overlap):
    /// not at all unless set. It counts from when the request was sent, by the clocks of the machines: set it to less than the
    /// provider's, by what they may differ. Where the response to a refresh was lost, the refresh token is sent again within
    /// this time, and else the user has to sign in. Providers that do not rotate are known by their first response, and need no setting.
    #[must_use]
    pub fn with_grace_period(mut self, period: Duration) -> Self {
        self.grace_period = period;
        self
    }

    /// Sets how long an operation of a shared store may take before it counts as failed: half a second unless set.
    #[must_use]
    pub fn with_store_timeout(mut self, timeout: Duration) -> Self {
        self.store_timeout = timeout;
        self
    }

    /// Sets how long others wait for a machine that asks the provider and is heard of no more: 10 seconds unless set. If it may
    /// have sent a refresh token, they wait for another third of that and three times
    /// [`with_store_timeout`](Self::with_store_timeout), in which it may save what came.
    #[must_use]
    pub fn with_lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// How long whoever may still save is waited for, once a section has ended: they try every third of the lease, and the last
    /// try and the confirmation before it may take as long as an operation may. A third one is for the clocks.
    pub(crate) fn late_save(&self) -> Duration {
        self.lease / 3 + 3 * self.store_timeout
    }

    /// How long a section lasts before it is confirmed: longer than somebody else is waited for in it.
    pub(crate) fn section(&self) -> Duration {
        self.lease.max(self.late_save() + 2 * self.store_timeout)
    }

    pub(crate) fn deadline(&self) -> Duration {
        self.deadline
    }

    /// When a token that came at this time is to be refreshed, and from when on it is not used.
    pub(crate) fn schedule(&self, came: Moment, lifetime: Lifetime) -> Schedule {
        let lifetime = match lifetime {
            Lifetime::Known(lifetime) => lifetime,
            Lifetime::Unknown => self.unknown_lifetime,
            Lifetime::Endless => return Schedule::ENDLESS,
        };
        let margin = (lifetime / 20).min(LONGEST_MARGIN);
        let window = lifetime.mul_f64(self.early).min(EARLIEST);
        let window = window.mul_f64(1.0 - self.jitter * random());
        Schedule {
            refresh: came.after(lifetime.saturating_sub(window.max(margin))),
            end: came.after(lifetime.saturating_sub(margin)),
        }
    }

    /// How long nobody asks again after so many failures in a row.
    pub(crate) fn cool_down(&self, failures: u32, retry_after: Option<Duration>) -> Duration {
        let factor = 2_u32.saturating_pow(failures.saturating_sub(1).min(16));
        let backoff = self
            .first_cool_down
            .saturating_mul(factor)
            .min(self.last_cool_down);
        // Up to a quarter longer, so that machines that failed together do not come back together.
        let backoff = backoff.mul_f64(1.0 + self.jitter * random() / 2.0);
        backoff.max(retry_after.unwrap_or_default().min(self.longest_wait))
    }
}

/// How long a token is valid, as the provider says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lifetime {
    Known(Duration),
    Unknown,
    Endless,
}

/// The two ends of a token's use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) refresh: Moment,
    pub(crate) end: Moment,
}

impl Schedule {
    const ENDLESS: Self = Self {
        refresh: Moment::NEVER,
        end: Moment::NEVER,
    };
}

/// Limits a part to between 0 and `most`; NaN counts as 0.
fn within(part: f64, most: f64) -> f64 {
    if part.is_nan() {
        0.0
    } else {
        part.clamp(0.0, most)
    }
}

/// At least 0 and below 1; 0 if the operating system has none to give.
pub(crate) fn random() -> f64 {
    let mut bytes = [0; 4];
    match SystemRandom::new().fill(&mut bytes) {
        Ok(()) => f64::from(u32::from_le_bytes(bytes)) / (f64::from(u32::MAX) + 1.0),
        Err(_) => 0.0,
    }
}
