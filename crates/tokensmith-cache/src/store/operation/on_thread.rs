//! Operations that block, on threads of their own.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
#[cfg(feature = "file")]
use std::sync::LazyLock;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::{fmt, io, thread};

use futures_channel::oneshot;

use crate::{StoreError, StoreFuture};

/// Whether anybody still waits for an operation.
pub(in crate::store) type IsWanted<'a> = &'a dyn Fn() -> bool;

/// Threads that do operations in the order in which they came, so many at once. A thread ends when there is nothing left to do.
#[derive(Clone)]
pub(in crate::store) struct Threads {
    limit: usize,
    queue: Arc<Mutex<Queue>>,
}

struct Queue {
    threads: usize,
    waiting: VecDeque<Work>,
}

type Work = Box<dyn FnOnce() + Send>;

/// How many threads [`Threads::shared`] has at most.
#[cfg(feature = "file")]
pub(in crate::store) const SHARED: usize = 64;

impl Threads {
    /// Those of all stores of this process whose operations get in nobody's way: a disk that is slow, or a process that is stopped
    /// while it has a lock, keeps nobody else from their work, unless that holds for [`SHARED`] operations at once.
    #[cfg(feature = "file")]
    pub(in crate::store) fn shared() -> Self {
        static THREADS: LazyLock<Threads> = LazyLock::new(|| Threads::new(SHARED));
        THREADS.clone()
    }

    pub(in crate::store) fn new(limit: usize) -> Self {
        let queue = Queue {
            threads: 0,
            waiting: VecDeque::new(),
        };
        Self {
            limit,
            queue: Arc::new(Mutex::new(queue)),
        }
    }

    /// Does the work on a thread, and gives to `undo` what a caller who has left did not get.
    pub(in crate::store) fn run_or_undo<'a, T: Send + 'static>(
        &self,
        work: impl FnOnce(IsWanted<'_>) -> Result<T, StoreError> + Send + 'static,
        undo: impl FnOnce(T) + Send + 'static,
    ) -> StoreFuture<'a, T> {
        let threads = self.clone();
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
            threads.submit(Box::new(work)).map_err(StoreError::new)?;
            outcome.await.map_err(StoreError::new)?
        })
    }

    fn submit(&self, work: Work) -> io::Result<()> {
        let mut queue = self.queue();
        queue.waiting.push_back(work);
        if queue.threads == self.limit {
            return Ok(());
        }
        let (threads, thread) = (self.clone(), thread::Builder::new());
        let thread = thread.name("tokensmith-store".to_owned());
        match thread.spawn(move || threads.do_what_waits()) {
            Ok(_) => queue.threads += 1,
            // Another one does it.
            Err(_) if queue.threads > 0 => {}
            Err(error) => {
                queue.waiting.pop_back();
                return Err(error);
            }
        }
        Ok(())
    }

    fn do_what_waits(&self) {
        loop {
            let mut queue = self.queue();
            let Some(work) = queue.waiting.pop_front() else {
                queue.threads -= 1;
                return;
            };
            drop(queue);
            // Its caller is told, since the sender is dropped.
            drop(catch_unwind(AssertUnwindSafe(work)));
        }
    }

    #[cfg(all(test, feature = "sqlite"))]
    pub(in crate::store) fn count(&self) -> usize {
        self.queue().threads
    }

    fn queue(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Threads {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Threads")
            .field("limit", &self.limit)
            .finish_non_exhaustive()
    }
}
