//! A failure for programs: a contract that scripts rely on. Members may be added.

use serde::Serialize;
use tokensmith_codegen::diagnostic::output::{Printable, print_error};
use tokensmith_runtime::{Error, ErrorCode};

use super::Failure;

/// Why there is no token, with `--output json`.
#[derive(Serialize)]
struct Refusal<'a> {
    error: Report<'a>,
}

#[derive(Serialize)]
struct Report<'a> {
    kind: &'a str,
    status: Option<u16>,
    code: Option<&'a str>,
    provider_code: Option<&'a str>,
    description: Option<&'a str>,
    uri: Option<&'a str>,
    /// Whole seconds.
    retry_after: Option<u64>,
    retryable: bool,
    sent: bool,
    request_id: Option<&'a str>,
    message: String,
    /// The short name, where a document names it.
    provider: Option<&'a str>,
    /// Method, host and path.
    endpoint: Option<String>,
    host: Option<&'a str>,
    /// Where a redirect leads that was refused.
    redirect_target: Option<&'a str>,
}

/// Prints a failure as one line of JSON on standard error. It is the last line.
pub(super) fn print(failure: &Failure) {
    print_error(Printable::json_line(&Refusal {
        error: report(failure),
    }));
}

fn report(failure: &Failure) -> Report<'_> {
    let message = failure.message();
    let kind = match failure {
        Failure::TimedOut(_) => "timeout",
        _ => "config",
    };
    let Some(failure) = failure.request() else {
        return Report {
            kind,
            status: None,
            code: None,
            provider_code: None,
            description: None,
            uri: None,
            retry_after: None,
            retryable: false,
            sent: false,
            request_id: None,
            message,
            provider: None,
            endpoint: None,
            host: None,
            redirect_target: None,
        };
    };
    let error = failure.error;
    // Where both client authentications were refused, the first refusal is the error, and the
    // message has both.
    let is_refused = error.status() == Some(401)
        || matches!(
            error.code(),
            Some(ErrorCode::InvalidClient | ErrorCode::UnauthorizedClient)
        );
    let error: &Error = error.previous().filter(|_| is_refused).unwrap_or(error);
    Report {
        kind: error.kind().as_str(),
        status: error.status(),
        code: error.code().map(ErrorCode::as_str),
        provider_code: error.provider_code(),
        description: error.description(),
        uri: error.uri(),
        retry_after: error
            .retry_after()
            .map(|delay| delay.as_secs_f64().ceil() as u64),
        retryable: error.is_retryable(),
        sent: error.may_have_been_sent(),
        request_id: error.request_id(),
        message,
        provider: error.provider(),
        endpoint: error.endpoint().map(ToString::to_string),
        host: error.host(),
        redirect_target: error.redirect_target(),
    }
}
