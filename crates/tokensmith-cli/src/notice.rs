//! What a person or a script has to know before a secret is sent: lines on standard error.

use std::collections::BTreeMap;

use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Rule, Severity};

/// Says which host the credentials go to, unless it is the one of the server that the document names first.
pub(crate) fn destination(url: &str, first: Option<&str>) {
    if let Some(line) = destination_line(url, first) {
        print_error(line.as_str());
    }
}

fn destination_line(url: &str, first: Option<&str>) -> Option<String> {
    let host = line(host(url));
    match first {
        Some(first)
            if is_partly_fixed(self::host(first)) && has_shape(&host, self::host(first)) =>
        {
            None
        }
        Some(first) => Some(format!(
            "note: the credentials go to {host}; the server that the document names first is {}",
            line(self::host(first))
        )),
        None => Some(format!(
            "note: the credentials go to {host}; the document names no server for all of its operations"
        )),
    }
}

/// A text as a part of one line.
fn line(text: &str) -> String {
    report::plain(text).replace('\n', " ")
}

/// The host and port of a URL.
fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or_default()
}

/// Whether a template says anything of the host beside its variables.
fn is_partly_fixed(template: &str) -> bool {
    let fixed = template
        .split('{')
        .map(|piece| match piece.split_once('}') {
            Some((_, text)) => text,
            None => piece,
        });
    fixed
        .into_iter()
        .any(|text| text.bytes().any(|byte| byte.is_ascii_alphanumeric()))
}

/// Whether a host is that of a template, in which variables may stand for any text: their values were checked before.
fn has_shape(host: &str, template: &str) -> bool {
    let (host, template) = (host.to_ascii_lowercase(), template.to_ascii_lowercase());
    let mut rest = host.as_str();
    let mut pieces = template
        .split('{')
        .map(|piece| match piece.split_once('}') {
            Some((_, text)) => text,
            None => piece,
        });
    let Some(after) = pieces.next().and_then(|first| rest.strip_prefix(first)) else {
        return false;
    };
    rest = after;
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, between)) = pieces.split_last() else {
        return rest.is_empty();
    };
    for piece in between {
        match rest.find(piece) {
            Some(at) => rest = rest.get(at + piece.len()..).unwrap_or_default(),
            None => return false,
        }
    }
    rest.ends_with(last)
}

/// Shows what a document is warned about: a line for each rule, and one for what would be better.
pub(crate) fn warnings(file: &str, diagnostics: &[Diagnostic]) {
    for line in warning_lines(file, diagnostics) {
        print_error(line.as_str());
    }
}

fn warning_lines(file: &str, diagnostics: &[Diagnostic]) -> Vec<String> {
    let mut found: BTreeMap<Rule, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        if diagnostic.severity() != Severity::Error {
            found.entry(diagnostic.rule).or_default().push(diagnostic);
        }
    }
    let is_style = |rule: Rule| rule.is_lint() && rule != Rule::PlainHttp;
    let mut lines = Vec::new();
    let mut style = Vec::new();
    for (rule, found) in found {
        if is_style(rule) {
            style.push(format!("{} ({})", rule.code(), found.len()));
            continue;
        }
        let first = found
            .first()
            .map_or("", |diagnostic| diagnostic.message.as_str());
        let more = match found.len() {
            1 => String::new(),
            count => format!(" (and {} more)", count - 1),
        };
        lines.push(format!("warning[{}]: {}{more}", rule.code(), line(first)));
    }
    if !style.is_empty() {
        lines.push(format!(
            "warning: what would be better: {}",
            style.join(", ")
        ));
    }
    if !lines.is_empty() {
        lines.push(format!(
            "note: `tokensmith check {}` says where and what to do",
            line(file)
        ));
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_server_needs_no_word() {
        let is_told = |url, first| destination_line(url, first).is_some();
        assert!(!is_told(
            "https://api.example.com/token",
            Some("https://API.example.com/v1")
        ));
        assert!(!is_told(
            "https://acme.example.com/token",
            Some("https://{tenant}.example.com")
        ));
        assert!(!is_told(
            "https://a.b.example.com:1/",
            Some("https://{a}.{b}.example.com:{port}/")
        ));
        assert!(is_told(
            "https://evil.example/token",
            Some("https://{host}")
        ));
        assert!(is_told(
            "https://evil.example/",
            Some("https://{a}.{b}:{c}")
        ));
        assert!(is_told(
            "https://evil.example/token",
            Some("https://api.example.com")
        ));
        assert!(is_told(
            "https://api.example.com.evil.example",
            Some("https://api.example.com")
        ));
        assert!(is_told(
            "https://api.example.com:8443/",
            Some("https://api.example.com")
        ));
        assert!(is_told(
            "https://acme.evil.example",
            Some("https://{tenant}.example.com")
        ));
        assert_eq!(
            destination_line(
                "https://evil.example/token",
                Some("https://api.example.com/v1")
            )
            .as_deref(),
            Some(
                "note: the credentials go to evil.example; the server that the document names first is api.example.com"
            )
        );
        assert!(is_told("https://evil.example/token", None));
    }
}
