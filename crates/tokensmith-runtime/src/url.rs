//! The URL of a request: put together, and fit to carry credentials.

use std::borrow::Cow;

use http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::plain_http::HOW_TO_ALLOW;
use crate::{Error, PlainHttpHosts};

/// Fails unless a base URL is one that credentials may be sent to.
pub(crate) fn check(base: &str, plain: &PlainHttpHosts) -> Result<(), Error> {
    compose(base, "", &[], plain).map(|_| ())
}

/// Joins a base URL and a path, and fills in what stands in braces in the path.
///
/// Trailing slashes and queries stay as they are; a base URL's query comes before the path's. A fragment of the path is
/// dropped: some documents tell operations on one path apart by it.
pub(crate) fn compose(
    base: &str,
    path: &str,
    path_values: &[(String, String)],
    plain: &PlainHttpHosts,
) -> Result<Uri, Error> {
    let path = path.split('#').next().unwrap_or_default();
    let (base, base_query) = split_query(base);
    let (path, path_query) = split_query(path);
    let mut path = Cow::Borrowed(path);
    for (name, value) in path_values {
        // Encoded or not, these would lead to another path on the way.
        if matches!(value.as_str(), "." | "..") {
            return Err(Error::config(format!(
                "the path parameter `{name}` may not be a dot segment"
            )));
        }
        let value = utf8_percent_encode(value, SEGMENT).to_string();
        path = path.replace(&format!("{{{name}}}"), &value).into();
    }
    let base = if path.is_empty() {
        base
    } else {
        base.trim_end_matches('/')
    };
    let slash = if path.is_empty() || path.starts_with('/') {
        ""
    } else {
        "/"
    };
    let mut url = format!("{base}{slash}{path}");

    let queries = [base_query, path_query];
    let queries = queries.into_iter().filter(|query| !query.is_empty());
    for (query, separator) in queries.zip(['?', '&']) {
        url.push(separator);
        url.push_str(query);
    }
    parse(url, plain)
}

/// Adds names and values to the query, form-encoded (RFC 6749 appendix B).
pub(crate) fn with_query<'p>(
    url: &Uri,
    pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> Result<Uri, Error> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(pairs);
    let added = form.finish();
    if added.is_empty() {
        return Ok(url.clone());
    }
    let separator = match url.query() {
        None => "?",
        Some("") => "",
        Some(_) => "&",
    };
    format!("{url}{separator}{added}")
        .parse()
        .map_err(|_| Error::request("the parameters are too long for a URL"))
}

/// Whether the query has a parameter of this name.
pub(crate) fn has_in_query(url: &Uri, name: &str) -> bool {
    let query = url.query().unwrap_or_default();
    form_urlencoded::parse(query.as_bytes()).any(|(other, _)| other == name)
}

/// Where a path is looked for that is a whole URL: an endpoint on a host of its own.
///
/// A caller who replaces the provider's servers replaces that host as well, so that a test reaches nothing else.
pub(crate) fn base_and_path<'a>(
    base: &'a str,
    path: &'a str,
    replaced: bool,
) -> (&'a str, &'a str) {
    let Some((_, rest)) = path.split_once("://") else {
        return (base, path);
    };
    if replaced {
        (
            base,
            rest.find('/')
                .and_then(|slash| rest.get(slash..))
                .unwrap_or_default(),
        )
    } else {
        (path, "")
    }
}

/// The part that is fit to be shown.
pub(crate) fn without_query(url: &str) -> &str {
    split_query(url).0
}

fn split_query(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

/// What may stand in a path segment as it is.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn parse(url: String, plain: &PlainHttpHosts) -> Result<Uri, Error> {
    if let Some(variable) = variable(&url) {
        return Err(Error::config(format!(
            "the URL lacks a value for `{variable}`"
        )));
    }
    // The parsers of a URL, ours and the transport's, must not see two different hosts in it: what a URL may not hold
    // is refused here, before one of them mends it.
    if !url.bytes().all(is_plain) {
        return Err(Error::config(
            "the URL holds characters that a URL may not hold",
        ));
    }
    let uri = Uri::try_from(url).map_err(|_| Error::config("the URL is none"))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(Error::config("the URL has no scheme or no host"));
    };
    if authority.as_str().contains('@') {
        return Err(Error::config(
            "the URL holds a user name: give the credentials apart from it",
        ));
    }
    let host = authority.host();
    if host.is_empty() {
        return Err(Error::config("the URL has no host"));
    }
    if authority.as_str() != host && authority.port_u16().is_none() {
        return Err(Error::config("the URL has a port that is no number"));
    }
    match scheme {
        "https" => Ok(uri),
        "http" if plain.contains(&uri) => Ok(uri),
        "http" => Err(Error::config(format!(
            "plain http to `{authority}` is refused: {HOW_TO_ALLOW}"
        ))),
        _ => Err(Error::config("the URL is not https")),
    }
}

/// What RFC 3986 lets a URL hold, but for the `#` of a fragment.
fn is_plain(byte: u8) -> bool {
    let is_reserved = matches!(
        byte,
        b':' | b'/'
            | b'?'
            | b'['
            | b']'
            | b'@'
            | b'!'
            | b'$'
            | b'&'
            | b'\''
            | b'('
            | b')'
            | b'*'
            | b'+'
            | b','
            | b';'
            | b'='
    );
    byte.is_ascii_alphanumeric() || is_reserved || matches!(byte, b'-' | b'.' | b'_' | b'~' | b'%')
}

/// What stands in braces.
fn variable(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once('{')?;
    let (variable, _) = rest.split_once('}')?;
    variable
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte))
        .then_some(variable)
}

#[cfg(test)]
mod tests;
