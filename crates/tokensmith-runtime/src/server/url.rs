//! The URL of a request: put together, and fit to carry credentials.

use std::borrow::Cow;

use http::Uri;
use tokensmith_template::is_dot_segment;

use crate::error::mask;
use crate::server::plain_http::HOW_TO_ALLOW;
use crate::{Error, PlainHttpHosts};

/// Fails unless a base URL is one that credentials may be sent to.
pub(crate) fn check(base: &str, plain: &PlainHttpHosts) -> Result<(), Error> {
    compose(base, "", &[], plain).map(|_| ())
}

/// Fails if a server that is asked by `https` names a URL that plain http is allowed to only
/// because it is on this machine: nobody else is to say what is asked there.
#[cfg(feature = "discovery")]
pub(crate) fn check_named(url: &str, by: &str, plain: &PlainHttpHosts) -> Result<(), Error> {
    let is_plain_http = |url: &Uri| url.scheme_str() == Some("http");
    let is_here = |url: Uri| is_plain_http(&url) && plain.contains(&url) && !plain.names(&url);
    let is_by_https = by.parse().is_ok_and(|by| !is_plain_http(&by));
    if is_by_https && url.parse().is_ok_and(is_here) {
        let (by, url) = (shown(by), shown(url));
        let message = format!("`{by}` names `{url}`, which is on this machine: {HOW_TO_ALLOW}");
        return Err(Error::config(message));
    }
    Ok(())
}

/// Fails unless a URL that a server names in its metadata is one that requests may be sent to, or a
/// browser. A fragment of it is not sent.
#[cfg(feature = "discovery")]
pub(crate) fn check_member(
    (member, url): (&str, &str),
    by: &str,
    plain: &PlainHttpHosts,
) -> Result<(), Error> {
    let sent = url.split('#').next().unwrap_or_default();
    let checked = check_is_whole(member, url)
        .and_then(|()| check(sent, plain))
        .and_then(|()| check_named(sent, by, plain));
    checked.map_err(|error| {
        let by = shown(by);
        Error::config(format!(
            "the metadata of `{by}` have an invalid `{member}`: {error}"
        ))
    })
}

/// Fails for `javascript:`, `data:` and paths: what a browser would do with them is not to open an
/// endpoint, and the client would take them for paths on its own server.
#[cfg(feature = "discovery")]
pub(crate) fn check_is_whole(member: &str, url: &str) -> Result<(), Error> {
    if split_whole(url).is_some() {
        return Ok(());
    }
    Err(Error::config(format!(
        "`{member}` is `{}`: the scheme must be `https`",
        shown(url)
    )))
}

/// Joins a base URL and a path, and fills in what stands in braces in the path.
///
/// Trailing slashes and queries stay as they are; a base URL's query comes before the path's. A
/// fragment of the path is dropped: some documents tell operations on one path apart by it.
pub(crate) fn compose(
    base: &str,
    path: &str,
    path_values: &[(String, String)],
    plain: &PlainHttpHosts,
) -> Result<Uri, Error> {
    let path = path.split('#').next().unwrap_or_default();
    let (base, base_query) = split_query(base);
    let (path, path_query) = split_query(path);
    let values: Vec<(&str, &str)> = path_values
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let path = tokensmith_template::fill_path(path, &values)
        .map_err(|fault| Error::config(fault.to_string()))?;
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

/// Returns the URL with names and values added to its query, form-encoded (RFC 6749 appendix B).
///
/// # Errors
///
/// Of the kind [`Request`](crate::ErrorKind::Request) if the result is too long for a URL.
pub fn with_query<'p>(
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

/// Adds parameters to a URL that a browser is sent to, and keeps its query (RFC 6749 section 3.1).
/// What stands there with the same value is not added again: no parameter may be included twice.
///
/// # Errors
///
/// Of the kind [`Config`](crate::ErrorKind::Config) if the query has one of them with another value:
/// it is up to the server which of the two counts.
#[cfg(feature = "authorization")]
pub(crate) fn with_own_query<'p>(
    url: &Uri,
    pairs: impl IntoIterator<Item = (&'p str, &'p str)>,
) -> Result<Uri, Error> {
    let mut added = Vec::new();
    for (name, value) in pairs {
        match find_in_query(url, name) {
            None => added.push((name, value)),
            Some(there) if there == value => {}
            Some(_) => {
                return Err(Error::config(format!(
                    "the query of `{}` has `{name}` with another value than the one to send: take it out of the \
                     URL",
                    shown(&url.to_string())
                )));
            }
        }
    }
    with_query(url, added)
}

/// Returns whether the query has a parameter of this name, however it is encoded.
pub fn has_in_query(url: &Uri, name: &str) -> bool {
    find_in_query(url, name).is_some()
}

/// The first value of this name in the query.
pub(crate) fn find_in_query<'u>(url: &'u Uri, name: &str) -> Option<Cow<'u, str>> {
    let query = url.query().unwrap_or_default();
    let mut pairs = form_urlencoded::parse(query.as_bytes());
    pairs.find_map(|(other, value)| (other == name).then_some(value))
}

/// The scheme and host, and the rest, of a path that is a whole URL: an endpoint that the metadata
/// of an authorization server names.
pub(crate) fn split_whole(path: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = path.split_once("://")?;
    if !["https", "http"]
        .iter()
        .any(|known| scheme.eq_ignore_ascii_case(known))
    {
        return None;
    }
    let end = rest.find(['/', '?', '#', '\\']).unwrap_or(rest.len());
    path.split_at_checked(scheme.len() + 3 + end)
}

/// The URL of a path below a base URL; a path that is a whole URL stays as it is.
pub(crate) fn join(base: &str, path: &str) -> String {
    match split_whole(path) {
        Some(_) => path.to_owned(),
        None => format!("{}{path}", base.trim_end_matches('/')),
    }
}

/// The URL that a request with a path is for, where `sent_to` is the one that it goes to: a server
/// of the caller's own may take the place of the one that a whole URL names.
#[cfg(feature = "discovery")]
pub(crate) fn asked(path: &str, sent_to: &Uri) -> String {
    match split_whole(path) {
        Some(_) => path.to_owned(),
        None => sent_to.to_string(),
    }
}

/// The port of a URL that names none.
pub(crate) fn usual_port(url: &Uri) -> Option<u16> {
    match url.scheme_str()? {
        "https" => Some(443),
        "http" => Some(80),
        _ => None,
    }
}

/// Whether an audience is a URL on the host and port that another URL leads to. What is read in two
/// ways, such as `//b.example` or `https:b.example`, is on none.
pub(crate) fn is_on_host_of(audience: &str, url: &Uri) -> bool {
    let place = |url: &Uri| {
        let usual = usual_port(url)?;
        let authority = url
            .authority()
            .filter(|authority| !authority.as_str().contains('@'))?;
        Some((
            authority.host().to_ascii_lowercase(),
            url.port_u16().unwrap_or(usual),
        ))
    };
    let audience = split_whole(audience)
        .filter(|_| audience.bytes().all(is_plain))
        .and_then(|_| Uri::try_from(audience).ok());
    let audience = audience.as_ref().and_then(place);
    audience.is_some() && audience == place(url)
}

/// What messages show of a URL that was refused: without user name, password and query, and without
/// what looks like a credential.
pub(crate) fn shown(url: &str) -> String {
    let url = without_query(url);
    let (scheme, rest) = url.split_once("://").unwrap_or(("", url));
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    // A slash in a password ends the authority too early: what follows goes along.
    let (authority, path) = match (authority.rfind('@'), path.rfind('@')) {
        (_, Some(at)) => ("…", path.split_at(at).1),
        (Some(at), None) => ("…", rest.split_at(at).1),
        (None, None) => (authority, path),
    };
    let colon = if scheme.is_empty() { "" } else { "://" };
    let (scheme, authority) = (mask::host(scheme), mask::host(authority));
    mask::visible(&format!("{scheme}{colon}{authority}{}", mask::path(path)))
}

/// The part that is fit to be shown.
pub(crate) fn without_query(url: &str) -> &str {
    split_query(url).0
}

fn split_query(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

fn parse(url: String, plain: &PlainHttpHosts) -> Result<Uri, Error> {
    let invalid = |reason: &str| Error::config(format!("invalid URL `{}`: {reason}", shown(&url)));
    if let Some(variable) = variable(&url) {
        return Err(invalid(&format!("`{variable}` has no value")));
    }
    // The parsers of a URL, ours and the transport's, must not see two different hosts in it: what
    // a URL may not hold is refused here, before one of them mends it.
    if !url.bytes().all(is_plain) {
        return Err(invalid("it has characters that RFC 3986 does not allow"));
    }
    let uri = Uri::try_from(url.as_str()).map_err(|error| invalid(&error.to_string()))?;
    let (Some(scheme), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Err(invalid(
            "expected a scheme and a host, as in `https://login.example.com`",
        ));
    };
    if authority.as_str().contains('@') {
        return Err(invalid(
            "it has a user name: give the credentials apart from it",
        ));
    }
    let host = authority.host();
    if host.is_empty() {
        return Err(invalid("the host is missing"));
    }
    // Some programs on the way would shorten the path, and others would not.
    if uri.path().split('/').any(is_dot_segment) {
        return Err(invalid(
            "its path has `.` or `..` as a segment: write the path that they lead to",
        ));
    }
    if authority.as_str() != host && authority.port_u16().is_none() {
        return Err(invalid("the port must be a number up to 65535"));
    }
    match scheme {
        "https" => Ok(uri),
        "http" if plain.contains(&uri) => Ok(uri),
        "http" => Err(Error::config(format!(
            "plain http to `{authority}` is refused: {HOW_TO_ALLOW}"
        ))),
        _ => Err(invalid("the scheme must be `https`")),
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
