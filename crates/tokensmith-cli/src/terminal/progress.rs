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
        if !is_error_terminal() {
            return Self(None);
        }
        let (sender, ended) = mpsc::channel();
        let thread = thread::Builder::new().spawn(move || {
            let start = Instant::now();
            let mut delay = QUIET;
            let mut pictures = SPINNER.iter().cycle();
            while ended.recv_timeout(delay) == Err(RecvTimeoutError::Timeout) {
                delay = STEP;
                let picture = pictures.next().unwrap_or(&"");
                let seconds = start.elapsed().as_secs();
                show_progress(format!("{picture} {what} ({seconds} s)"));
            }
            if start.elapsed() >= QUIET {
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
