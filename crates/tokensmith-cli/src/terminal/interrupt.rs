//! Ctrl-C, which may come while something is done that has to become whole.

use std::sync::atomic::{AtomicI32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held while something is written that has to become whole.
static WRITING: Mutex<()> = Mutex::new(());

/// The signal that came meanwhile; 0 if none did.
static SIGNAL: AtomicI32 = AtomicI32::new(0);

/// Has Ctrl-C (SIGINT), and SIGTERM, wait for the end of what [`hold`] protects. Elsewhere than on
/// Unix, the process ends at once.
pub(crate) fn wait_for_writing() {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::iterator::Signals;
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                SIGNAL.store(signal, Ordering::Release);
                drop(hold());
            }
        });
    }
}

/// Keeps the process from being interrupted until the guard is dropped.
pub(crate) fn hold() -> Whole {
    let guard = WRITING.lock().unwrap_or_else(PoisonError::into_inner);
    Whole(Some(guard))
}

/// The right to do something that is not interrupted.
#[must_use]
pub(crate) struct Whole(Option<MutexGuard<'static, ()>>);

impl Drop for Whole {
    fn drop(&mut self) {
        self.0 = None;
        #[cfg(unix)]
        if let signal @ 1.. = SIGNAL.load(Ordering::Acquire) {
            // Ends the process as if nobody had waited.
            let _ = signal_hook::low_level::emulate_default_handler(signal);
        }
    }
}
