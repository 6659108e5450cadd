//! How a command ends when it does not end well.

mod advice;
pub(crate) mod context;
mod json;
mod text;

use std::io;
use std::process::ExitCode;

use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_runtime::Error;

use self::context::Context;

/// How a failure is told: to people, or as JSON to programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    Text,
    Json,
}

/// Why a command did not do what it was asked to.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The arguments make no sense: exit code 2.
    Usage(String),
    /// Something that the arguments or the environment name cannot be used.
    Failed(String),
    /// Nobody did in time what was waited for.
    TimedOut(String),
    /// Nobody reads what is printed any more, such as `head` after its last line.
    Unread,
    /// A request had no success.
    Request(Box<RequestFailure>),
}

/// An error of a request, and what is known of the provider.
#[derive(Debug)]
pub(crate) struct RequestFailure {
    pub(crate) error: Error,
    pub(crate) context: Context,
}

impl Failure {
    /// The same failure with what is known of the provider, which people are told.
    pub(crate) fn with_context(self, context: &Context) -> Self {
        match self {
            Self::Request(mut failure) => {
                failure.context = context.clone();
                Self::Request(failure)
            }
            other => other,
        }
    }

    /// What went wrong, in one line unless it is about a document. No secret is in it.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Usage(message) | Self::Failed(message) | Self::TimedOut(message) => {
                message.clone()
            }
            Self::Unread => "nobody reads the output".to_owned(),
            Self::Request(failure) if failure.errors().any(is_about_body) => {
                let error = &failure.error;
                format!("{error}; `--verbose` shows the response body")
            }
            Self::Request(failure) => failure.error.to_string(),
        }
    }

    /// Tells why on standard error, and returns how the command ends: with 2 if its arguments make
    /// no sense, else with 1.
    pub(crate) fn report(&self, form: Form) -> ExitCode {
        match (self, form) {
            (Self::Usage(message), _) => {
                text::print(message);
                print_error("\nFor more information, try '--help'.");
                return ExitCode::from(2);
            }
            (Self::Unread, _) => {}
            (_, Form::Json) => json::print(self),
            (Self::Failed(message) | Self::TimedOut(message), Form::Text) => text::print(message),
            (Self::Request(failure), Form::Text) => text::print_request(failure),
        }
        ExitCode::FAILURE
    }
}

impl RequestFailure {
    /// The error, and before it the refusal of the client authentication that was tried first.
    fn errors(&self) -> impl Iterator<Item = &Error> {
        let error = &self.error;
        error.previous().into_iter().chain([error])
    }
}

/// Whether the server said nothing that the message repeats, so that the message is about a body
/// that can be shown.
fn is_about_body(error: &Error) -> bool {
    let is_explained = error.code().is_some() || error.description().is_some();
    !is_explained && error.masked_body().is_some()
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        let context = Context::default();
        Self::Request(Box::new(RequestFailure { error, context }))
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Unread,
            _ => Self::Failed(error.to_string()),
        }
    }
}
