//! How a command ends when it does not end well.

use std::error::Error as _;
use std::io;
use std::process::ExitCode;

use tokensmith_runtime::Error;

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments make no sense: exit code 2.
    Usage(String),
    /// Something that the arguments or the environment name cannot be used.
    Failed(String),
    /// There is no token.
    NoToken(Error),
}

impl Failure {
    /// What went wrong, in one line unless it is about a document. No secret is in it.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Usage(message) | Self::Failed(message) => message.clone(),
            Self::NoToken(error) => with_cause(error),
        }
    }

    /// Tells a person, and says how the command ends.
    pub(crate) fn report(&self) -> ExitCode {
        eprintln!("error: {}", self.message());
        match self {
            Self::Usage(_) => {
                eprintln!("\nFor more information, try '--help'.");
                return ExitCode::from(2);
            }
            Self::NoToken(error) => {
                if let Some(delay) = error.retry_after() {
                    eprintln!("try again in {} s", delay.as_secs_f64().ceil());
                }
            }
            Self::Failed(_) => {}
        }
        ExitCode::FAILURE
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::NoToken(error)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The error, and the innermost cause of it: those in between say the same in other words.
fn with_cause(error: &Error) -> String {
    let causes = std::iter::successors(error.source(), |&cause| cause.source());
    match causes.last() {
        Some(cause) => format!("{error}: {cause}"),
        None => error.to_string(),
    }
}
