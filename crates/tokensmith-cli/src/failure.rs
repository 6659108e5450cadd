//! How a command ends when it does not end well.

mod advice;
pub(crate) mod context;
mod json;
mod text;

use std::io;
use std::process::ExitCode;

use tokensmith_cache::{TokenError, TokenErrorKind};
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
    Request(Box<(Error, Context)>),
    /// A kept token cannot be had.
    Token(Box<(TokenError, Context)>),
}

/// An error of a request, and what is known of the provider.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RequestFailure<'a> {
    pub(crate) error: &'a Error,
    pub(crate) context: &'a Context,
}

impl Failure {
    /// A kept token cannot be had.
    pub(crate) fn of_token(error: TokenError, context: &Context) -> Self {
        Self::Token(Box::new((error, context.clone())))
    }

    /// The same failure with what is known of the provider, which people are told.
    pub(crate) fn with_context(mut self, context: &Context) -> Self {
        if let Self::Request(failure) = &mut self {
            failure.1 = context.clone();
        }
        self
    }

    /// The request that had no success, if it was one.
    fn request(&self) -> Option<RequestFailure<'_>> {
        let (error, context) = match self {
            Self::Request(failure) => (&failure.0, &failure.1),
            Self::Token(failure) => (failure.0.exchange()?, &failure.1),
            _ => return None,
        };
        Some(RequestFailure { error, context })
    }

    /// What went wrong, in one line unless it is about a document. No secret is in it.
    pub(crate) fn message(&self) -> String {
        match self {
            Self::Usage(message) | Self::Failed(message) | Self::TimedOut(message) => {
                message.clone()
            }
            Self::Unread => "nobody reads the output".to_owned(),
            Self::Token(failure) => {
                let (error, context) = &**failure;
                match context.keep_again() {
                    Some(command) if error.kind() == TokenErrorKind::UserRequired => {
                        format!("{error}; `{command}` does it")
                    }
                    _ => error.to_string(),
                }
            }
            Self::Request(failure) => {
                let error = &failure.0;
                let mut errors = error.previous().into_iter().chain([error]);
                match errors.any(is_about_body) {
                    true => format!("{error}; `--verbose` shows the response body"),
                    false => error.to_string(),
                }
            }
        }
    }

    /// Tells why on standard error, and returns how the command ends: with 2 if its arguments make
    /// no sense, else with 1.
    pub(crate) fn report(&self, form: Form) -> ExitCode {
        match (self, form, self.request()) {
            (Self::Usage(message), ..) => {
                text::print(message);
                print_error("\nFor more information, try '--help'.");
                return ExitCode::from(2);
            }
            (Self::Unread, ..) => {}
            (_, Form::Json, _) => json::print(self),
            (_, Form::Text, Some(failure)) => text::print_request(&failure),
            (_, Form::Text, None) => text::print(&self.message()),
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

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Request(Box::new((error, Context::default())))
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
