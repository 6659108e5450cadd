//! A line on standard error that says what a command waits for.

use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use tokensmith_codegen::diagnostic::output::{is_error_terminal, show_progress};

/// How long a command waits before it says so.
const QUIET: Duration = Duration::from_millis(500);

/// How often the line changes.
const STEP: Duration = Duration::from_millis(100);

/// The pictures of the spinner, one after the other.
const SPINNER: [&str; 4] = ["|", "/", "-", "\\"];

/// A line that appears after half a second, on a terminal only, and goes at the end.
#[derive(Debug)]
pub(crate) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Begins to wait for something.
    pub(crate) fn start(what: String) -> Self {
        Self::show(QUIET, move |elapsed| {
            format!("{what} ({} s)", elapsed.as_secs())
        })
    }

    /// Begins to wait until a time, and shows at once how much is left.
    pub(crate) fn until(what: String, end: Instant) -> Self {
        Self::show(Duration::ZERO, move |_| {
            let left = end.saturating_duration_since(Instant::now());
            format!("{what} ({} left)", lasting(left))
        })
    }

    /// Shows a line that changes with the time that has passed, after a while.
    fn show(quiet: Duration, line: impl Fn(Duration) -> String + Send + 'static) -> Self {
        if !is_error_terminal() {
            return Self(None);
        }
        let (sender, ended) = mpsc::channel();
        let thread = thread::Builder::new().spawn(move || {
            let start = Instant::now();
            let mut delay = quiet;
            let mut pictures = SPINNER.iter().cycle();
            while ended.recv_timeout(delay) == Err(RecvTimeoutError::Timeout) {
                delay = STEP;
                let picture = pictures.next().unwrap_or(&"");
                show_progress(format!("{picture} {}", line(start.elapsed())));
            }
            if start.elapsed() >= quiet {
                show_progress("");
            }
        });
        Self(thread.ok().map(|thread| (sender, thread)))
    }

    /// Removes the line.
    pub(crate) fn end(self) {
        drop(self);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((sender, thread)) = self.0.take() {
            drop(sender);
            drop(thread.join());
        }
    }
}

/// A time in minutes and seconds, rounded up.
pub(crate) fn lasting(time: Duration) -> String {
    let seconds = time.as_millis().div_ceil(1_000);
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} s"),
        (minutes, 0) => format!("{minutes} min"),
        (minutes, seconds) => format!("{minutes} min {seconds} s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_minutes_and_seconds() {
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (60, "1 min"),
            (899, "14 min 59 s"),
        ] {
            assert_eq!(lasting(Duration::from_secs(seconds)), text);
        }
    }
}
