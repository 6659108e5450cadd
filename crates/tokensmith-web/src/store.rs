//! Sign-ins that are under way, on the server.

use std::collections::HashMap;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::Error;

/// What a [`SignInStore`] does.
pub type StoreFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'a>>;

/// Keeps sign-ins on the server until the browser comes back: in a database that all machines
/// reach.
///
/// Values are encrypted. An entry is gone when its time is over, or soon after. Errors are made by
/// [`Error::of_store`].
pub trait SignInStore: Send + Sync {
    /// Keeps a value for as long. There is none of that name yet.
    fn put(&self, name: String, value: Vec<u8>, lifetime: Duration) -> StoreFuture<'_, ()>;

    /// Takes a value out, so that nobody gets it again: of two callers at the same time, on
    /// whatever machines, one gets `None`. A use of this that is not atomic lets a sign-in be used
    /// twice.
    fn take(&self, name: String) -> StoreFuture<'_, Option<Vec<u8>>>;
}

/// Sign-ins in memory, for tests and for an application that is one process.
#[derive(Default)]
pub struct MemorySignInStore(Mutex<HashMap<String, (Vec<u8>, Instant)>>);

/// The most entries. A sign-in that is begun when there are as many fails.
const MAX_ENTRIES: usize = 100_000;

impl MemorySignInStore {
    fn entries(&self) -> MutexGuard<'_, HashMap<String, (Vec<u8>, Instant)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SignInStore for MemorySignInStore {
    fn put(&self, name: String, value: Vec<u8>, lifetime: Duration) -> StoreFuture<'_, ()> {
        Box::pin(async move {
            let now = Instant::now();
            let mut entries = self.entries();
            if entries.len() >= MAX_ENTRIES {
                entries.retain(|_, (_, end)| *end > now);
            }
            if entries.len() >= MAX_ENTRIES {
                return Err(Error::of_store("there are too many sign-ins in memory"));
            }
            entries.insert(name, (value, now + lifetime));
            Ok(())
        })
    }

    fn take(&self, name: String) -> StoreFuture<'_, Option<Vec<u8>>> {
        Box::pin(async move {
            let entry = self.entries().remove(&name);
            Ok(entry
                .filter(|(_, end)| *end > Instant::now())
                .map(|(value, _)| value))
        })
    }
}

impl std::fmt::Debug for MemorySignInStore {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("MemorySignInStore")
    }
}
