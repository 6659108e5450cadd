//! What a person or a script has to know before a secret is sent: lines on standard error.

use std::collections::BTreeMap;

use tokensmith_codegen::diagnostic::output::print_error;
use tokensmith_codegen::diagnostic::report;
use tokensmith_codegen::{Diagnostic, Rule, Severity};

/// Says which host the credentials go to, unless it is the one of the server that the document
/// names first.
pub(crate) fn destination(url: &str, first: Option<&str>) {
    if let Some(line) = destination_line(url, first) {
        print_error(line.as_str());
    }
}

fn destination_line(url: &str, first: Option<&str>) -> Option<String> {
    let host = host(url);
    let said = match first.map(self::host) {
        Some(first) if first.eq_ignore_ascii_case(host) => return None,
        Some(first) => format!(
            "the server that the document names first is {}",
            line(first)
        ),
        None => "the document names no server for all of its operations".to_owned(),
    };
    Some(format!(
        "note: the credentials go to {}; {said}",
        line(host)
    ))
}

/// A text as a part of one line.
fn line(text: &str) -> String {
    report::plain(text).replace('\n', " ")
}

/// The host of a URL, and its port unless that is the scheme's own.
fn host(url: &str) -> &str {
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let port = match scheme {
        "http" => ":80",
        _ => ":443",
    };
    host.strip_suffix(port).unwrap_or(host)
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
            count => format!(" (and {} more of this rule)", count - 1),
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
        let first = Some("https://api.example.com/v1");
        for url in [
            "https://API.example.com/token",
            "https://api.example.com:443/token",
        ] {
            assert_eq!(destination_line(url, first), None, "{url}");
        }
        for url in [
            "https://evil.example/token",
            "https://api.example.com.evil.example",
            "https://api.example.com:8443/",
            "https://api.example.com@evil.example",
        ] {
            assert!(destination_line(url, first).is_some(), "{url}");
        }
        assert!(
            destination_line(
                "https://acme.example.com",
                Some("https://{tenant}.example.com")
            )
            .is_some()
        );
        assert_eq!(
            destination_line("https://evil.example/token", first).as_deref(),
            Some(
                "note: the credentials go to evil.example; the server that the document names first is api.example.com"
            )
        );
        assert_eq!(
            destination_line("https://evil.example/token", None).as_deref(),
            Some(
                "note: the credentials go to evil.example; the document names no server for all of its operations"
            )
        );
    }
}
