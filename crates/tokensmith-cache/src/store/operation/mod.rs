//! How operations are driven to their end, however long their callers wait.

#[cfg(any(feature = "postgres", feature = "redis"))]
mod detached;
#[cfg(any(feature = "file", feature = "sqlite"))]
mod on_thread;

#[cfg(any(feature = "postgres", feature = "redis"))]
pub(super) use detached::{Detached, LIMIT};
#[cfg(all(test, any(feature = "file", feature = "sqlite")))]
pub(super) use on_thread::THREADS;
#[cfg(any(feature = "file", feature = "sqlite"))]
pub(super) use on_thread::{IsWanted, on_thread, on_thread_or_undo};
