//! Everything that a program may show without meaning to show a secret.

use std::cell::Cell;
use std::error::Error;
use std::fmt::{Debug, Write as _};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, Once, PoisonError};

use tracing_subscriber::filter::LevelFilter;

use crate::bird::Bird;

/// What was logged, and what panics said, since the process started.
static LOG: Mutex<String> = Mutex::new(String::new());

thread_local! {
    /// Whether a panic is part of the test.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Writes to the log.
struct Logger;

impl io::Write for Logger {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = LOG.lock().unwrap_or_else(PoisonError::into_inner);
        log.push_str(&String::from_utf8_lossy(bytes));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Listens to `tracing` and `log` at every level, and to panics.
fn listen() {
    static LISTENING: Once = Once::new();
    LISTENING.call_once(|| {
        tracing_subscriber::fmt()
            .with_max_level(LevelFilter::TRACE)
            .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
            .with_writer(|| Logger)
            .init();
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            let _ = writeln!(
                LOG.lock().unwrap_or_else(PoisonError::into_inner),
                "{panic}"
            );
            if !EXPECTED.get() {
                usual(panic);
            }
        }));
    });
}

/// The log so far.
pub(crate) fn log() -> String {
    LOG.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

/// What was shown in the course of a test.
pub(crate) struct Seen(String);

impl Seen {
    pub(crate) fn new() -> Self {
        listen();
        Self(String::new())
    }

    pub(crate) fn text(&mut self, text: &str) {
        self.0.push_str(text);
        self.0.push('\n');
    }

    pub(crate) fn debug(&mut self, value: &dyn Debug) {
        self.text(&format!("{value:?}\n{value:#?}"));
    }

    /// An error with all that is behind it.
    pub(crate) fn error(&mut self, error: &(dyn Error + 'static)) {
        let mut next = Some(error);
        while let Some(error) = next {
            self.text(&format!("{error}\n{error:#}"));
            self.debug(&error);
            next = error.source();
        }
    }

    /// An outcome, shown in every way; the panics that follow when it is not what was expected, too.
    pub(crate) fn outcome<T: Debug, B: Debug + 'static>(
        &mut self,
        outcome: Result<T, tokensmith_runtime::Error<B>>,
    ) {
        self.debug(&outcome);
        if let Err(error) = &outcome {
            self.error(error);
            self.debug(&error.body());
            for text in [error.description(), error.uri(), error.request_id()] {
                self.text(text.unwrap_or_default());
            }
            self.debug(&error.code());
            if let Some(previous) = error.previous() {
                self.error(previous);
                self.text(previous.description().unwrap_or_default());
            }
        }
        EXPECTED.set(true);
        let outcome = catch_unwind(AssertUnwindSafe(|| match outcome {
            Ok(value) => unwrap::<(), _>(Err(value)),
            Err(error) => unwrap(Err(error)),
        }));
        EXPECTED.set(false);
        let panic = outcome.expect_err("a panic");
        let message = panic.downcast_ref::<String>().expect("a message").clone();
        assert!(
            message.starts_with("called `Result::unwrap()`"),
            "{message}"
        );
        self.text(&message);
    }

    /// Fails if one of the birds is heard in anything that was shown or logged.
    #[track_caller]
    pub(crate) fn is_silent(&self, birds: &[Bird]) {
        assert!(!self.0.is_empty(), "nothing was shown");
        let log = log();
        for bird in birds {
            if let Some(heard) = bird.heard_in(&self.0) {
                panic!("{bird:?} shows as {heard}:\n{}", around(&self.0, &heard));
            }
            if let Some(heard) = bird.heard_in(&log) {
                panic!("{bird:?} is logged as {heard}:\n{}", around(&log, &heard));
            }
        }
    }
}

#[expect(clippy::unwrap_used, reason = "what it says is what is tested")]
fn unwrap<T, E: Debug>(outcome: Result<T, E>) -> T {
    outcome.unwrap()
}

/// The lines that hold it; for what is cut into lines, the last ones.
fn around(text: &str, heard: &str) -> String {
    let lines: Vec<_> = text.lines().filter(|line| line.contains(heard)).collect();
    if lines.is_empty() {
        let lines: Vec<_> = text.lines().collect();
        return lines[lines.len().saturating_sub(40)..].join("\n");
    }
    lines.join("\n")
}

#[test]
fn a_bird_that_shows_is_heard() {
    type Show = fn(&mut Seen, &io::Error);
    let ways: [(Bird, Show); 4] = [
        (Bird("Zs1"), |seen, error| seen.error(error)),
        (Bird("Zs2"), |seen, error| seen.debug(error)),
        (Bird("Zs3"), |_, error| log::trace!("{error}")),
        (Bird("Zs4"), |_, error| {
            let panics = AssertUnwindSafe(|| panic!("{error}"));
            assert!(catch_unwind(panics).is_err());
        }),
    ];
    EXPECTED.set(true);
    for (bird, show) in ways {
        let mut seen = Seen::new();
        seen.text("something");
        seen.is_silent(&[bird]);
        show(&mut seen, &io::Error::other(bird.secret()));
        let silent = catch_unwind(AssertUnwindSafe(|| seen.is_silent(&[bird])));
        assert!(silent.is_err(), "{bird:?} was not heard");
    }
    EXPECTED.set(false);
}
