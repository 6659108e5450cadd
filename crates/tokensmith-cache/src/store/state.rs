//! What stores keep under a name, and what the operations of the contracts do to it: the same for every store that has no
//! language of its own.

mod entry;
#[cfg(any(feature = "file", feature = "sqlite"))]
mod entry_store;
#[cfg(any(feature = "file", feature = "sqlite"))]
mod numbered;
mod record;
mod span;
#[cfg(any(feature = "file", feature = "sqlite"))]
mod time_of_day;

pub(super) use entry::Entry;
#[cfg(feature = "postgres")]
pub(super) use entry::LONGEST_SECTION;
#[cfg(any(feature = "file", feature = "sqlite"))]
pub(super) use entry_store::{EntryStore, begin_on_thread, on_thread_with, refresh_token_store};
#[cfg(any(feature = "file", feature = "sqlite"))]
pub(super) use numbered::Numbered;
#[cfg(feature = "sqlite")]
pub(super) use numbered::micros;
pub(super) use record::Record;
#[cfg(any(feature = "redis", feature = "sqlite"))]
pub(super) use record::TOMBSTONE;
#[cfg(feature = "redis")]
pub(super) use span::LONGEST;
#[cfg(feature = "sqlite")]
pub(super) use span::Span;
#[cfg(any(feature = "file", feature = "sqlite"))]
pub(super) use time_of_day::TimeOfDay;
