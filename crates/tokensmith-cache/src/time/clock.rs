//! The time that tokens live by.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// A clock that only goes forward, and goes on while the machine sleeps.
///
/// Nobody can set it, so that a correction of the time of day neither brings a token back to life nor kills one.
pub trait Clock: Send + Sync + 'static {
    /// The time since some moment that stays the same for as long as the process runs.
    fn now(&self) -> Duration;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Duration {
        (**self).now()
    }
}

/// The clock of the operating system: `CLOCK_BOOTTIME` on Linux and Android, `CLOCK_MONOTONIC` on Apple's systems, which
/// goes on in sleep there, and on other Unixes; the performance counter on Windows, which does too.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemClock;

#[cfg(unix)]
impl Clock for SystemClock {
    fn now(&self) -> Duration {
        use rustix::time::{ClockId, clock_gettime};
        #[cfg(any(target_os = "linux", target_os = "android"))]
        const CLOCK: ClockId = ClockId::Boottime;
        #[cfg(not(any(target_os = "linux", target_os = "android")))]
        const CLOCK: ClockId = ClockId::Monotonic;
        let time = clock_gettime(CLOCK);
        let (seconds, nanoseconds) = (u64::try_from(time.tv_sec), u32::try_from(time.tv_nsec));
        Duration::new(seconds.unwrap_or_default(), nanoseconds.unwrap_or_default())
    }
}

#[cfg(not(unix))]
impl Clock for SystemClock {
    fn now(&self) -> Duration {
        static START: std::sync::LazyLock<std::time::Instant> =
            std::sync::LazyLock::new(std::time::Instant::now);
        START.elapsed()
    }
}

/// Nanoseconds by a clock: they fit in 64 bits for 584 years.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Moment(pub(crate) u64);

const SECOND: u64 = 1_000_000_000;

impl Moment {
    pub(crate) const NEVER: Self = Self(u64::MAX);

    pub(crate) fn after(self, duration: Duration) -> Self {
        let duration = Self::from(duration);
        Self(self.0.saturating_add(duration.0))
    }

    pub(crate) fn before(self, duration: Duration) -> Self {
        Self(self.0.saturating_sub(Self::from(duration).0))
    }

    /// Zero if that is past.
    pub(crate) fn until(self, later: Self) -> Duration {
        Duration::from_nanos(later.0.saturating_sub(self.0))
    }
}

/// A moment that others can set.
#[derive(Debug, Default)]
pub(crate) struct AtomicMoment(AtomicU64);

impl AtomicMoment {
    pub(crate) fn load(&self) -> Moment {
        Moment(self.0.load(Ordering::Relaxed))
    }

    pub(crate) fn store(&self, moment: Moment) {
        self.0.store(moment.0, Ordering::Relaxed);
    }
}

impl From<Duration> for Moment {
    fn from(time: Duration) -> Self {
        let seconds = time.as_secs().saturating_mul(SECOND);
        Self(seconds.saturating_add(time.subsec_nanos().into()))
    }
}
