//! Driving work to its end, whoever waits for it.

use std::fmt;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread::{self, Thread};

/// Work that is driven to its end.
pub type Work = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Has work driven to its end, whoever waits for it: a request that carries a credential which can
/// be used once, for example.
///
/// ```
/// use tokensmith_runtime::Spawner;
///
/// // What `HyperTransport` does where there is a tokio runtime:
/// let spawner = Spawner::new(|work| drop(tokio::spawn(work)));
/// ```
#[derive(Clone)]
pub struct Spawner(Arc<dyn Fn(Work) + Send + Sync>);

impl Spawner {
    /// Creates a spawner from a function that takes work and returns at once.
    pub fn new(spawn: impl Fn(Work) + Send + Sync + 'static) -> Self {
        Self(Arc::new(spawn))
    }

    /// Creates a spawner that drives each piece of work on a thread of its own, for futures that
    /// need no runtime.
    pub fn threads() -> Self {
        Self::new(|work| on_thread(move || block_on(work)))
    }

    /// Has this work driven to its end.
    pub fn spawn(&self, work: Work) {
        (self.0)(work);
    }
}

impl fmt::Debug for Spawner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Spawner(..)")
    }
}

/// Does something on a thread of its own. If the machine has no thread left, the work is dropped,
/// and whoever waits for it is told.
pub(super) fn on_thread(work: impl FnOnce() + Send + 'static) {
    let thread = thread::Builder::new().name("tokensmith".to_owned());
    drop(thread.spawn(work));
}

fn block_on(future: impl Future<Output = ()>) {
    struct Unpark(Thread);

    impl Wake for Unpark {
        fn wake(self: Arc<Self>) {
            self.0.unpark();
        }
    }

    let waker = Waker::from(Arc::new(Unpark(thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    while future.as_mut().poll(&mut context).is_pending() {
        thread::park();
    }
}
