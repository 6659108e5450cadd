//! Time: clocks, when tokens are refreshed, and waiting.

mod clock;
mod policy;
mod timer;

pub(crate) use clock::{AtomicMoment, Moment};
pub use clock::{Clock, SystemClock};
pub use policy::Policy;
pub(crate) use policy::{Lifetime, Schedule, random};
pub(crate) use timer::sleep;
