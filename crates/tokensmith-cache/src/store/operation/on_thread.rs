//! Operations that block, on threads of their own.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::{io, thread};

use futures_channel::oneshot;

use crate::{StoreError, StoreFuture};

/// Whether anybody still waits for an operation.
pub(in crate::store) type IsWanted<'a> = &'a dyn Fn() -> bool;

/// Does the work on a thread that ends when there is none left: a disk that is slow, or a process that is stopped while it has a
/// lock, keeps nobody else from their work, unless that holds for [`THREADS`] operations at once.
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
            // It may have waited for a thread for longer than its caller.
            if sender.is_canceled() {
                return;
            }
            let outcome = work(&|| !sender.is_canceled());
            if let Err(Ok(undelivered)) = sender.send(outcome) {
                undo(undelivered);
            }
        };
        submit(Box::new(work)).map_err(StoreError::new)?;
        outcome.await.map_err(StoreError::new)?
    })
}

/// How many operations of all stores of this process are under way at once. The others wait for them.
pub(in crate::store) const THREADS: usize = 64;

type Work = Box<dyn FnOnce() + Send>;

struct Threads {
    count: usize,
    waiting: VecDeque<Work>,
}

fn threads() -> MutexGuard<'static, Threads> {
    static ALL: Mutex<Threads> = Mutex::new(Threads {
        count: 0,
        waiting: VecDeque::new(),
    });
    ALL.lock().unwrap_or_else(PoisonError::into_inner)
}

fn submit(work: Work) -> io::Result<()> {
    let mut threads = threads();
    threads.waiting.push_back(work);
    if threads.count == THREADS {
        return Ok(());
    }
    let thread = thread::Builder::new().name("tokensmith-store".to_owned());
    match thread.spawn(do_what_waits) {
        Ok(_) => threads.count += 1,
        // Another one does it.
        Err(_) if threads.count > 0 => {}
        Err(error) => {
            threads.waiting.pop_back();
            return Err(error);
        }
    }
    Ok(())
}

fn do_what_waits() {
    loop {
        let mut threads = threads();
        let Some(work) = threads.waiting.pop_front() else {
            threads.count -= 1;
            return;
        };
        drop(threads);
        // Its caller is told, since the sender is dropped.
        drop(catch_unwind(AssertUnwindSafe(work)));
    }
}
