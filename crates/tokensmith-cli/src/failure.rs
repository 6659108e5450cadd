//! How a command ends when it does not end well.

use std::io;
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::print_error;
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
            Self::NoToken(error) => error.to_string(),
        }
    }

    /// Tells a person, and says how the command ends.
    pub(crate) fn report(&self) -> ExitCode {
        print_error(format!("error: {}", self.message()));
        if let Self::Usage(_) = self {
            print_error("\nFor more information, try '--help'.");
            return ExitCode::from(2);
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
