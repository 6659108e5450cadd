//! What can be seen from outside: counts and events.

mod event;
mod metrics;

pub(crate) use event::Watchers;
pub use event::{Event, EventKind};
pub(crate) use metrics::Counters;
pub use metrics::Metrics;
