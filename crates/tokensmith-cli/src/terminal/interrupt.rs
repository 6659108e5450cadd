//! Ctrl-C, which may come while files are being written.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// Held while something is written that has to become whole.
static WRITING: Mutex<()> = Mutex::new(());

/// Has Ctrl-C (SIGINT), and SIGTERM, wait for the end of what [`hold`] protects. Elsewhere than on
/// Unix, the process ends at once.
pub(crate) fn wait_for_writing() {
    #[cfg(unix)]
    {
        use signal_hook::consts::{SIGINT, SIGTERM};
        use signal_hook::iterator::Signals;
        use signal_hook::low_level::emulate_default_handler;
        let Ok(mut signals) = Signals::new([SIGINT, SIGTERM]) else {
            return;
        };
        std::thread::spawn(move || {
            for signal in signals.forever() {
                let _whole = hold();
                // Ends the process as if nobody had waited.
                let _ = emulate_default_handler(signal);
            }
        });
    }
}

/// Keeps the process from being interrupted until the guard is dropped.
pub(crate) fn hold() -> MutexGuard<'static, ()> {
    WRITING.lock().unwrap_or_else(PoisonError::into_inner)
}
