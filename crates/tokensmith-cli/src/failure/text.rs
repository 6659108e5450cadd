//! A failure for people, in plain words: what happened, where, what the provider said, what is
//! likely, and what to try.

use tokensmith_codegen::diagnostic::output::{
    Style, Styled, is_coloured, is_error_terminal, print_error,
};
use tokensmith_runtime::{Error, ErrorCode, ErrorKind};

use super::{RequestFailure, advice};
use crate::terminal::wrap::wrapped;

/// Prints a message after the word `error`.
pub(super) fn print(message: &str) {
    let mut text = styled();
    text.push(Style::Error, "error").text(": ").text(message);
    print_error(text);
}

fn styled() -> Styled {
    Styled::new(is_coloured(is_error_terminal()))
}

/// Prints all that is known of a request that had no success.
pub(super) fn print_request(failure: &RequestFailure<'_>) {
    let error = failure.error;
    let mut text = styled();
    text.push(Style::Error, "error")
        .text(": ")
        .push(
            Style::Strong,
            &fitted(&headline(failure), "error: ".len(), 0),
        )
        .end_line();
    match error.previous() {
        Some(first) => {
            facts(&mut text, first);
            text.text("\nthen, with the other client authentication:\n");
            facts(&mut text, error);
        }
        None => facts(&mut text, error),
    }
    let advice = advice::of(failure);
    if let Some(likely) = &advice.likely {
        text.end_line().push(Style::Strong, "Likely").text(": ");
        text.text(&fitted(likely, "Likely: ".len(), 0)).end_line();
    }
    if !advice.tries.is_empty() {
        text.end_line().push(Style::Strong, "Try").text(":\n");
        for step in &advice.tries {
            text.text("  - ").text(&fitted(step, 4, 4)).end_line();
        }
    }
    if let Some(url) = &failure.context.documentation {
        text.end_line().push(Style::Strong, "Documentation");
        text.text(": ").text(url).end_line();
    }
    print_error(text);
}

fn fitted(text: &str, before: usize, indent: usize) -> String {
    wrapped(text, before, indent, is_error_terminal())
}

/// What happened, in a sentence.
fn headline(failure: &RequestFailure<'_>) -> String {
    let error = failure.error;
    let who = failure.who();
    match error.kind() {
        ErrorKind::RateLimited => match error.retry_after() {
            Some(wait) => {
                let seconds = wait.as_secs_f64().ceil();
                format!("{who} asks for fewer requests: wait {seconds} s")
            }
            None => format!("{who} asks for fewer requests"),
        },
        ErrorKind::Provider => match error.previous().unwrap_or(error).code() {
            Some(code) => format!("{who} refused the request: {code}"),
            None => format!("{who} refused the request"),
        },
        ErrorKind::Server => format!("{who} failed to handle the request"),
        ErrorKind::Redirect => match error.redirect_target() {
            Some(target) => format!("{who} redirects to {target}, which is not followed"),
            None => format!("{who} redirects elsewhere, which is not followed"),
        },
        ErrorKind::Malformed => format!("the response of {who} cannot be used"),
        // Nothing was received, and the error says why.
        _ => error.reason().to_string(),
    }
}

/// Where the request went, and what the server said.
fn facts(text: &mut Styled, error: &Error) {
    let mut rows: Vec<(&str, String)> = Vec::new();
    if let Some(endpoint) = error.endpoint() {
        rows.push(("request", endpoint.to_string()));
    }
    let Some(status) = error.status() else {
        let sent = match error.may_have_been_sent() {
            true => "maybe: the server may have received the request",
            false => "no",
        };
        if !matches!(error.kind(), ErrorKind::Config) {
            rows.push(("sent", sent.to_owned()));
        }
        return table(text, &rows);
    };
    rows.push(("response", status_line(status)));
    if let Some(code) = error.code() {
        let own = error.provider_code();
        let own = own.map_or_else(String::new, |own| {
            format!(" (the provider's code is {own})")
        });
        rows.push(("error", format!("{code}{own}")));
    }
    match error.description() {
        Some(said) if error.code().is_none_or(|code| code.as_str() != said) => {
            rows.push(("message", said.to_owned()));
        }
        Some(_) => {}
        None if error.code().is_none() => rows.extend(body_kind(error, status)),
        None => {}
    }
    if let Some(uri) = error.uri() {
        rows.push(("see", uri.to_owned()));
    }
    if let Some(id) = error.request_id() {
        rows.push((
            "request id",
            format!("{id} (the provider's support asks for it)"),
        ));
    }
    table(text, &rows);
}

/// What an error without a code and a description says of the response.
fn body_kind(error: &Error, status: u16) -> Option<(&'static str, String)> {
    if error.redirect_target().is_some() || error.previous().is_some() {
        return None;
    }
    let reason = error.reason().to_string();
    let said = reason.strip_prefix(&format!("HTTP {status}: "))?;
    // What follows in parentheses has rows of its own.
    let said = match said.rsplit_once(" (") {
        Some((said, details))
            if details.contains("request id") || details.contains("retry after") =>
        {
            said
        }
        _ => said,
    };
    (!said.is_empty()).then(|| ("received", said.to_owned()))
}

fn status_line(status: u16) -> String {
    let status_code = http::StatusCode::from_u16(status).ok();
    let reason = status_code.and_then(|status| status.canonical_reason());
    match reason {
        Some(reason) => format!("HTTP {status} {reason}"),
        None => format!("HTTP {status}"),
    }
}

/// Writes names and values below each other.
fn table(text: &mut Styled, rows: &[(&str, String)]) {
    if rows.is_empty() {
        return;
    }
    let width = rows.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
    text.end_line();
    for (name, value) in rows {
        text.text("  ")
            .push(Style::Label, &format!("{name:width$}"));
        let column = width + 4;
        text.text("  ")
            .text(&fitted(value, column, column))
            .end_line();
    }
}

impl RequestFailure<'_> {
    /// Who responded, for people.
    fn who(&self) -> &str {
        let title = self.context.title.as_deref();
        let named = title.filter(|title| !title.is_empty());
        named.or_else(|| self.error.host()).unwrap_or("the server")
    }

    /// The error code that the advice is about.
    pub(super) fn code(&self) -> Option<&ErrorCode> {
        self.error.previous().unwrap_or(self.error).code()
    }
}
