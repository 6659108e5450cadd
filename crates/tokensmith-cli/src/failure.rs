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
            Self::NoToken(error) if self.errors().any(is_about_body) => {
                format!("{error}; `--verbose` shows the response body")
            }
            Self::NoToken(error) => error.to_string(),
        }
    }

    /// The error, and before it the refusal of the client authentication that was tried first.
    fn errors(&self) -> impl Iterator<Item = &Error> {
        let error = match self {
            Self::NoToken(error) => Some(error),
            Self::Usage(_) | Self::Failed(_) => None,
        };
        error.and_then(Error::previous).into_iter().chain(error)
    }

    /// The beginnings of the response bodies, of two client authentications that were tried, for
    /// example.
    pub(crate) fn bodies(&self) -> Vec<String> {
        self.errors().filter_map(body).collect()
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

/// Whether the server said nothing that the message repeats, so that the message is about a body
/// that can be shown.
fn is_about_body(error: &Error) -> bool {
    let is_explained = error.code().is_some() || error.description().is_some();
    !is_explained && error.masked_body().is_some()
}

/// What is said of the response body. Nothing where there is no response.
fn body(error: &Error) -> Option<String> {
    let status = error.status()?;
    let body = match error.masked_body() {
        Some(body) => body,
        None if error.raw_body().trim_ascii().is_empty() => "empty",
        None => "not shown, since a success may hold a token",
    };
    Some(format!("note: the response body of HTTP {status}: {body}"))
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
