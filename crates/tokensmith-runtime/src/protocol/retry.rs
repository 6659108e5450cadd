//! When to try again, and after how long.

mod rate_limit;

use std::hash::{BuildHasher as _, RandomState};
use std::time::{Duration, SystemTime};

use http::{HeaderMap, header};

/// How often and after how long a request is tried again.
///
/// A request is sent again if it provably never left. Unless it carries a credential that can be
/// used once, it is also sent again after HTTP 408, 429, 502, 503 and 504. Between two tries lies
/// the wait that the response asks for, or else a delay that doubles each time, with jitter. It asks
/// by `Retry-After` or, where a limit is reached, by `RateLimit`, `RateLimit-Reset` or
/// `X-RateLimit-Reset`. A wait beyond the longest delay is not waited for: the error is returned, and
/// says when to come back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retry {
    attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
}

impl Default for Retry {
    /// Three attempts, a first delay of up to 500 ms, none longer than 10 s.
    fn default() -> Self {
        Self {
            attempts: 3,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(10),
        }
    }
}

impl Retry {
    /// One attempt and no more.
    pub fn never() -> Self {
        Self::default().with_attempts(1)
    }

    /// Sets how often a request is tried at most, the first time included.
    #[must_use]
    pub const fn with_attempts(mut self, attempts: u32) -> Self {
        self.attempts = attempts;
        self
    }

    /// Sets the first delay, from which half may be taken off at random. It doubles each time.
    #[must_use]
    pub const fn with_base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the longest delay.
    #[must_use]
    pub const fn with_max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// How long to wait after that many failed attempts; `None` when it was the last, or the wait
    /// would be too long.
    pub(crate) fn delay(&self, attempts: u32, retry_after: Option<Duration>) -> Option<Duration> {
        if attempts >= self.attempts {
            return None;
        }
        let Some(wanted) = retry_after else {
            let doubled = self
                .base_delay
                .saturating_mul(1 << (attempts.max(1) - 1).min(16));
            return Some(jitter(doubled.min(self.max_delay)));
        };
        (wanted <= self.max_delay).then_some(wanted)
    }
}

/// Half of the delay for certain, the other half at random: clients that failed together do not
/// come back together.
fn jitter(delay: Duration) -> Duration {
    // The keys of a `RandomState` are random, and differ from one to the next.
    let random = RandomState::new().hash_one(0_u8) as u32;
    let half = delay / 2;
    half + half.mul_f64(f64::from(random) / f64::from(u32::MAX))
}

/// The wait that a response asks for.
pub(crate) fn wait(headers: &HeaderMap, status: u16, now: SystemTime) -> Option<Duration> {
    retry_after(headers, now).or_else(|| rate_limit::wait(headers, status, now))
}

/// The `Retry-After` of a response: seconds, or a date (RFC 9110 section 10.2.3), of which the past
/// means now.
fn retry_after(headers: &HeaderMap, now: SystemTime) -> Option<Duration> {
    let text = headers.get(header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse::<u64>() {
        return Some(Duration::from_secs(seconds));
    }
    if let Ok(seconds) = text.parse::<f64>() {
        return Duration::try_from_secs_f64(seconds).ok();
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(now).unwrap_or_default())
}

#[cfg(test)]
mod tests;
