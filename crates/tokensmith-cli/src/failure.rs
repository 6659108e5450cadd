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

/// How an error says where the response body is, and how the command says it.
const CALL: &str = "which `Error::raw_body` returns";
const FLAG: &str = "which `--verbose` shows";

impl Failure {
    /// What went wrong, in one line unless it is about a document. No secret is in it.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Usage(message) | Self::Failed(message) => message.clone(),
            // Nobody at a shell can call a method.
            Self::NoToken(error) => error.to_string().replace(CALL, FLAG),
        }
    }

    /// The beginnings of the response bodies, of two client authentications that were tried, for example.
    pub(crate) fn bodies(&self) -> Vec<String> {
        let Self::NoToken(error) = self else {
            return Vec::new();
        };
        let errors = error.previous().into_iter().chain([error]);
        errors.filter_map(body).collect()
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
