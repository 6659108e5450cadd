//! How operations are driven to their end, however long their callers wait.

#[cfg(any(feature = "postgres", feature = "redis"))]
mod detached;
#[cfg(any(feature = "file", feature = "sqlite"))]
mod on_thread;

#[cfg(any(feature = "postgres", feature = "redis"))]
pub(super) use detached::{Detached, LIMIT};
#[cfg(all(test, feature = "file"))]
pub(super) use on_thread::SHARED;
#[cfg(any(feature = "file", feature = "sqlite"))]
pub(super) use on_thread::{IsWanted, Threads};
