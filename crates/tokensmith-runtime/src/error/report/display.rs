//! An error in one line.

use std::fmt;

use super::{Previous, Report};
use crate::ErrorKind;
use crate::error::transport_error::TransportErrorKind;

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.provider.is_empty() {
            write!(formatter, "{}: ", self.provider)?;
        }
        match (&self.endpoint, self.status) {
            (Some(endpoint), Some(_)) if self.previous.is_some() => {
                write!(formatter, "{endpoint}: {}", Reason(self))
            }
            (Some(endpoint), Some(status)) => {
                write!(formatter, "HTTP {status} from {endpoint}: {}", Told(self))
            }
            (Some(endpoint), None) if self.is_unsent() => {
                write!(formatter, "cannot send {endpoint}: {}", Reason(self))
            }
            _ => Reason(self).fmt(formatter),
        }
    }
}

impl Report {
    /// Whether the request itself, or the client's settings, kept it from being sent.
    fn is_unsent(&self) -> bool {
        let is_local = matches!(self.kind, ErrorKind::Config | ErrorKind::Request);
        is_local && !self.sent
    }
}

/// An error in one line, without the provider and the endpoint.
pub(crate) struct Reason<'a>(pub(crate) &'a Report);

impl fmt::Display for Reason<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let report = self.0;
        if let Some(Previous { style, then, error }) = &report.previous {
            write!(
                formatter,
                "with {style}: {}; then with {then}: ",
                error.reason()
            )?;
        }
        match (report.transport, report.status, &report.code) {
            (Some(kind), ..) => lost(kind, report, formatter),
            (None, None, _) => Told(report).fmt(formatter),
            (None, Some(status), None) => write!(formatter, "HTTP {status}: {}", Told(report)),
            (None, Some(status), Some(code)) => {
                let known = [format!("HTTP {status}")]
                    .into_iter()
                    .chain(details(report));
                write!(formatter, "{code} ({})", joined(known, ", "))?;
                let rest = parts(report).filter(|part| *part != code.as_str());
                match joined(rest, ": ").as_str() {
                    "" => Ok(()),
                    rest => write!(formatter, ": {rest}"),
                }
            }
        }
    }
}

/// Why there is no response.
fn lost(
    kind: TransportErrorKind,
    report: &Report,
    formatter: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let Some(endpoint) = &report.endpoint else {
        formatter.write_str("the request failed")?;
        return because(report, formatter);
    };
    let (peer, host) = (endpoint.peer(), endpoint.host_name());
    match (kind, report.sent) {
        (TransportErrorKind::Resolve, _) => write!(formatter, "cannot resolve {host}"),
        (TransportErrorKind::Connect, _) => write!(formatter, "cannot connect to {peer}"),
        (TransportErrorKind::Timeout, false) => {
            write!(formatter, "timed out connecting to {peer}")
        }
        (TransportErrorKind::Timeout, true) => {
            write!(
                formatter,
                "timed out waiting for the response of {endpoint}"
            )
        }
        (TransportErrorKind::Tls, _) => {
            write!(formatter, "cannot make a TLS connection to {peer}")
        }
        (TransportErrorKind::TooLarge, _) => {
            write!(formatter, "the response of {endpoint} is larger than 1 MiB")
        }
        (TransportErrorKind::Other, false) => write!(formatter, "cannot send {endpoint}"),
        (TransportErrorKind::Other, true) => {
            write!(
                formatter,
                "the connection to {peer} broke before the response of {endpoint} was complete"
            )
        }
    }?;
    because(report, formatter)
}

fn because(report: &Report, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    match &report.cause {
        Some(cause) => write!(formatter, ": {cause}"),
        None => Ok(()),
    }
}

/// What we say of a response and what the server says in it, and in parentheses what else is known.
struct Told<'a>(&'a Report);

impl fmt::Display for Told<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.location.is_some() {
            formatter.write_str("redirect to ")?;
        }
        formatter.write_str(&joined(parts(self.0), ": "))?;
        match joined(details(self.0), ", ").as_str() {
            "" => Ok(()),
            details => write!(formatter, " ({details})"),
        }
    }
}

/// What happened: the most important first.
fn parts(report: &Report) -> impl Iterator<Item = &str> {
    let code = report.code.as_ref().map(|code| code.as_str());
    let description = report.description.as_deref();
    let is_explained = code.is_some() || description.is_some();
    [
        report.location.as_deref(),
        report.message.as_deref(),
        code,
        description.filter(|description| Some(*description) != code),
        report.received.as_deref().filter(|_| !is_explained),
        report.cause.as_deref(),
    ]
    .into_iter()
    .flatten()
}

/// What is known beside it.
fn details(report: &Report) -> impl Iterator<Item = String> {
    let wait = report.retry_after.map(|wait| {
        let seconds = wait.as_secs_f64().ceil();
        format!("retry after {seconds} s")
    });
    let own = report.provider_code.as_ref();
    let own = own.map(|code| format!("provider code {code}"));
    let uri = report.uri.as_ref().map(|uri| format!("see {uri}"));
    let id = report.request_id.as_ref();
    let id = id.map(|id| format!("request id {id}"));
    [own, wait, uri, id].into_iter().flatten()
}

fn joined(texts: impl Iterator<Item = impl Into<String>>, separator: &str) -> String {
    texts
        .map(Into::into)
        .collect::<Vec<String>>()
        .join(separator)
}
