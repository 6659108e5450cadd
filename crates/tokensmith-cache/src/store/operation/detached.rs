//! Operations that go on when their caller has left.

use std::future::Future;
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;

use crate::StoreError;

/// How long an operation may take. Callers wait for less, by their policy.
pub(in crate::store) const LIMIT: Duration = Duration::from_secs(2);

/// The runtime that drives the operations of a store, whatever thread or runtime its callers wait on.
#[derive(Debug, Clone)]
pub(in crate::store) struct Detached(Handle);

impl Detached {
    /// Finds the runtime that this is called on.
    pub(in crate::store) fn here() -> Result<Self, StoreError> {
        match Handle::try_current() {
            Ok(handle) => Ok(Self(handle)),
            Err(_) => Err(StoreError::new(
                "this store needs a tokio runtime: create it inside one, for example in `#[tokio::main]` or after \
                 `Runtime::enter`",
            )),
        }
    }

    /// Whether nobody drives the runtime while a thread of its blocks.
    pub(in crate::store) fn is_driven_by_callers(&self) -> bool {
        self.0.runtime_flavor() == RuntimeFlavor::CurrentThread
    }

    /// Drives an operation to its end, however long its caller waits: a connection is never left in the middle of one.
    #[cfg(feature = "postgres")]
    pub(in crate::store) async fn run<T: Send + 'static>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>> + Send + 'static,
    ) -> Result<T, StoreError> {
        self.run_or_undo(operation, |_| std::future::ready(()))
            .await
    }

    /// Does so, and gives to `undo` what a caller who has left did not get.
    pub(in crate::store) async fn run_or_undo<T, U>(
        &self,
        operation: impl Future<Output = Result<T, StoreError>> + Send + 'static,
        undo: impl FnOnce(T) -> U + Send + 'static,
    ) -> Result<T, StoreError>
    where
        T: Send + 'static,
        U: Future<Output = ()> + Send + 'static,
    {
        let (sender, outcome) = oneshot::channel();
        self.0.spawn(async move {
            let outcome = operation.await;
            if let Err(Ok(undelivered)) = sender.send(outcome) {
                undo(undelivered).await;
            }
        });
        match outcome.await {
            Ok(outcome) => outcome,
            Err(_) => Err(StoreError::new("the runtime of this store has ended")),
        }
    }
}
