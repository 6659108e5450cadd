//! Where the variables of a URL stand.

use crate::{Fault, Template};

/// A piece of a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part<'t> {
    Text(&'t str),
    /// The name, without its braces.
    Variable(&'t str),
}

pub(crate) fn template(text: &str) -> Result<Template<'_>, Fault> {
    let parts = parts(text);
    let scheme_end = find(text, &parts, "://").ok_or_else(|| Fault::not_absolute(text))?;
    let scheme = self::parts(text.get(..scheme_end).unwrap_or_default());
    // A URL parser would find the host before a `//` that comes later.
    if !scheme.iter().all(may_be_scheme) {
        return Err(Fault::not_absolute(text));
    }
    let after = text.get(scheme_end + 3..).unwrap_or_default();
    let authority_end = first(after, &['/', '?', '#', '\\']);
    let (authority, rest) = after.split_at(authority_end);
    // A URL parser takes what follows more slashes for the host.
    if authority.is_empty() {
        return Err(Fault::not_absolute(text));
    }
    let (path, query) = rest.split_at(first(rest, &['?', '#']));
    let authority_parts = self::parts(authority);
    let has_variables =
        |parts: &[Part<'_>]| parts.iter().any(|part| matches!(part, Part::Variable(_)));
    if has_variables(&authority_parts) && find(authority, &authority_parts, "@").is_some() {
        return Err(Fault::user_name(text));
    }
    let (host, port) = match colon(authority) {
        Some(colon) => (
            authority.get(..colon).unwrap_or_default(),
            authority.get(colon + 1..),
        ),
        None => (authority, None),
    };
    Ok(Template {
        text,
        scheme,
        host: self::parts(host),
        port: port.map(self::parts),
        path: self::parts(path),
        query: self::parts(query),
    })
}

/// Whether a piece may be of a scheme (RFC 3986 section 3.1).
fn may_be_scheme(part: &Part<'_>) -> bool {
    let Part::Text(text) = part else {
        return true;
    };
    let is_of_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    text.trim().bytes().all(is_of_scheme)
}

/// Cuts a text at its variables.
pub(crate) fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    let mut searched = 0;
    while let Some(open) = rest.get(searched..).and_then(|text| text.find('{')) {
        let open = searched + open;
        let inner = rest.get(open + 1..).unwrap_or_default();
        let end = inner.find(['{', '}', '/', '?', '#', '\\']);
        match end {
            Some(end) if end > 0 && inner.as_bytes().get(end) == Some(&b'}') => {
                let (before, _) = rest.split_at(open);
                if !before.is_empty() {
                    parts.push(Part::Text(before));
                }
                let (name, after) = inner.split_at(end);
                parts.push(Part::Variable(name));
                rest = after.get(1..).unwrap_or_default();
                searched = 0;
            }
            _ => searched = open + 1,
        }
    }
    if !rest.is_empty() {
        parts.push(Part::Text(rest));
    }
    parts
}

/// Where a text is found outside the variables.
fn find(text: &str, parts: &[Part<'_>], wanted: &str) -> Option<usize> {
    let mut at = 0;
    for part in parts {
        match part {
            Part::Text(fixed) => match fixed.find(wanted) {
                Some(found) => return Some(at + found),
                None => at += fixed.len(),
            },
            Part::Variable(name) => at += name.len() + 2,
        }
    }
    debug_assert_eq!(at, text.len());
    None
}

/// Where the first of some characters stands; no name of a variable holds one.
fn first(text: &str, characters: &[char]) -> usize {
    text.find(|letter| characters.contains(&letter))
        .unwrap_or(text.len())
}

/// The colon before a port: not one of an IPv6 address, nor of a variable's name.
fn colon(authority: &str) -> Option<usize> {
    let after_brackets = authority.rfind(']').unwrap_or_default();
    let tail = authority.get(after_brackets..)?;
    let found = find(tail, &parts(tail), ":")?;
    Some(after_brackets + found)
}
