//! Operations that block, on threads of their own.

use std::thread;

use futures_channel::oneshot;

use crate::{StoreError, StoreFuture};

/// Whether anybody still waits for an operation.
pub(in crate::store) type IsWanted<'a> = &'a dyn Fn() -> bool;

/// Does the work on a thread that ends with it: a disk that is slow, or a process that is stopped while it has a lock, keeps
/// nobody else from their work.
pub(in crate::store) fn on_thread<'a, T: Send + 'static>(
    work: impl FnOnce(IsWanted<'_>) -> Result<T, StoreError> + Send + 'static,
) -> StoreFuture<'a, T> {
    on_thread_or_undo(work, drop)
}

/// Does so, and gives to `undo` what a caller who has left did not get.
pub(in crate::store) fn on_thread_or_undo<'a, T: Send + 'static>(
    work: impl FnOnce(IsWanted<'_>) -> Result<T, StoreError> + Send + 'static,
    undo: impl FnOnce(T) + Send + 'static,
) -> StoreFuture<'a, T> {
    Box::pin(async move {
        let (sender, outcome) = oneshot::channel();
        let work = move || {
            let outcome = work(&|| !sender.is_canceled());
            if let Err(Ok(undelivered)) = sender.send(outcome) {
                undo(undelivered);
            }
        };
        thread::Builder::new()
            .name("tokensmith-store".to_owned())
            .spawn(work)
            .map_err(StoreError::new)?;
        outcome.await.map_err(StoreError::new)?
    })
}
