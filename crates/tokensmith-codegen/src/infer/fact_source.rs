//! Where the facts of a document come from, and how well they are known.

use std::sync::LazyLock;

use regex_lite::{Error, Regex};
use tokensmith_description::SourceKind;

use crate::diagnostic::{Diagnostic, Diagnostics, Rule};
use crate::model::FactSource;
use crate::openapi::extension::{InfoExtension, SourceExtension};
use crate::pointer;

/// Where `info` names its sources.
const AT: &str = "/info/x-tokensmith";

/// The sources that a document names.
pub(super) fn sources(info: &InfoExtension, diagnostics: &mut Diagnostics) -> Vec<FactSource> {
    let sources = info.sources.iter().enumerate();
    let sources = sources.map(|(index, source)| {
        let at = pointer::join_all(AT, &["sources", &index.to_string()]);
        check(source, &at, diagnostics);
        let SourceExtension {
            url,
            date,
            kind,
            facts,
        } = source.clone();
        FactSource {
            url,
            date,
            kind,
            facts,
        }
    });
    sources.collect()
}

fn check(source: &SourceExtension, at: &str, diagnostics: &mut Diagnostics) {
    let mut refuse = |key: &str, message: String, help: &str| {
        let diagnostic = Diagnostic::new(Rule::Extension, pointer::join(at, key), message);
        diagnostics.push(diagnostic.help(help));
    };
    let is_url = ["https://", "http://"].iter().any(|scheme| {
        source
            .url
            .strip_prefix(scheme)
            .is_some_and(|rest| !rest.is_empty())
    }) && !source.url.contains(char::is_whitespace);
    if !is_url {
        let message = format!("`{}` is not the URL of a page", source.url.escape_debug());
        refuse(
            "url",
            message,
            "write the whole URL: https://docs.example.com/oauth",
        );
    }
    if !is_date(&source.date) {
        let message = format!("`{}` is not a date", source.date.escape_debug());
        refuse(
            "date",
            message,
            "write the day on which the source was looked at: 2026-11-29",
        );
    }
}

/// Whether a text is a day, as RFC 3339 has its `full-date`.
fn is_date(text: &str) -> bool {
    static DATE: LazyLock<Result<Regex, Error>> =
        LazyLock::new(|| Regex::new(r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$"));
    DATE.as_ref().is_ok_and(|date| date.is_match(text))
}

/// How well the facts of a document are known: as it says, else as its best source is.
pub(super) fn verified(info: &InfoExtension, diagnostics: &mut Diagnostics) -> Option<SourceKind> {
    let kinds = || info.sources.iter().map(|source| source.kind);
    let Some(stated) = info.verified else {
        return kinds().min();
    };
    if !kinds().any(|kind| kind <= stated) {
        let message = format!(
            "no source is as good as `verified: {}` says",
            stated.as_str()
        );
        diagnostics.push(
            Diagnostic::new(Rule::Extension, pointer::join(AT, "verified"), message).help(
                "name that source in `sources`, or remove `verified`: the best source counts",
            ),
        );
    }
    Some(stated)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Source, read};

    /// What is said of a document with these members in the extension of its `info`.
    fn told(extension: &str) -> Vec<(String, String)> {
        let text = format!(
            r#"{{"openapi": "3.1.0", "info": {{"title": "A", "version": "1", "x-tokensmith": {extension}}},
                "servers": [{{"url": "https://a.example"}}],
                "paths": {{"/token": {{"post": {{"requestBody": {{"content": {{"application/json": {{"schema":
                {{"properties": {{"grant_type": {{"const": "client_credentials"}}}}}}}}}}}},
                "responses": {{"200": {{"description": "", "content": {{"application/json": {{"schema":
                {{"properties": {{"access_token": {{"type": "string"}}}}}}}}}}}}}}}}}}}}}}"#
        );
        let reading = read("a", Source::new("a.json", text.as_bytes()), None);
        let told = reading.diagnostics.into_iter();
        let told = told.filter(|diagnostic| diagnostic.rule == Rule::Extension);
        told.map(|diagnostic| (diagnostic.pointer, diagnostic.message))
            .collect()
    }

    fn source(url: &str, date: &str) -> String {
        format!(r#"{{"sources": [{{"url": "{url}", "date": "{date}", "kind": "documentation"}}]}}"#)
    }

    #[test]
    fn a_source_has_a_url_and_a_day() {
        assert_eq!(
            told(&source("https://docs.a.example/oauth", "2026-11-29")),
            []
        );
        for url in [
            "docs.a.example",
            "https://",
            "see the docs",
            "https://a.example/b c",
        ] {
            let [(at, message)] = told(&source(url, "2026-11-29")).try_into().expect("one");
            assert_eq!(at, "/info/x-tokensmith/sources/0/url");
            assert!(message.contains("is not the URL of a page"), "{message}");
        }
        for date in [
            "2026-13-01",
            "2026-00-10",
            "2026-1-1",
            "29.11.2026",
            "2026-11-29T00:00Z",
            "",
        ] {
            let [(at, message)] = told(&source("https://a.example/", date))
                .try_into()
                .expect("one");
            assert_eq!(at, "/info/x-tokensmith/sources/0/date");
            assert!(message.contains("is not a date"), "{message}");
        }
    }

    #[test]
    fn no_more_is_claimed_than_a_source_says() {
        let claim = |kind: &str, verified: &str| {
            told(&format!(
                r#"{{"verified": "{verified}", "sources": [{{"url": "https://a.example", "date": "2026-11-29", "kind": "{kind}"}}]}}"#
            ))
        };
        assert_eq!(claim("documentation", "documentation"), []);
        assert_eq!(claim("vendor-document", "documentation"), []);
        for (kind, verified) in [
            ("documentation", "live"),
            ("third-party", "vendor-document"),
        ] {
            let [(at, message)] = claim(kind, verified).try_into().expect("one");
            assert_eq!(at, "/info/x-tokensmith/verified");
            assert!(message.contains(verified), "{message}");
        }
        let unknown =
            told(&source("https://a.example", "2026-11-29").replace("documentation", "rumour"));
        assert!(unknown[0].1.contains("third-party"), "{unknown:?}");
    }
}
